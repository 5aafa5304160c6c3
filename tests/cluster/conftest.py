"""Schedulers and workers as separate processes, with certificates, each ended by its id."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from autograde.cluster.tls import write_certificates

PATIENCE = 60.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def end_with_this_process() -> None:
    """In a child: no interrupted test leaves a scheduler or a worker behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Machines:
    """Processes of Dask's on this machine."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        self.folder, self.certificates = folder, certificates
        self.started: list[subprocess.Popen] = []
        self.workers: list[subprocess.Popen] = []

    def start(self, program: str, *words: str, awaited: str, **environment: str) -> subprocess.Popen:
        """Start `dask scheduler` or `dask worker` and wait until it says that it is there."""
        log = self.folder / f"{program}-{len(self.started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{program}", "--no-dashboard", *words],
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env={**os.environ, "DASK_CONFIG": str(self.certificates), **environment},
                start_new_session=True,
                preexec_fn=end_with_this_process,
            )
        self.started.append(process)
        end = time.monotonic() + PATIENCE
        while awaited not in (said := log.read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.05)
        return process

    def scheduler(self) -> tuple[subprocess.Popen, str]:
        """A scheduler, and its address."""
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", awaited="Scheduler at:")
        log = (self.folder / f"scheduler-{len(self.started) - 1}.log").read_text()
        return process, next(word for word in log.split() if word.startswith("tls://"))

    def worker(
        self, address: str, *words: str, threads: int = 1, nanny: bool = False, **environment: str
    ) -> subprocess.Popen:
        """A worker; its nanny would start it again."""
        words = (address, "--nthreads", str(threads), "--local-directory", str(self.folder), *words)
        words = (*words, "--nanny" if nanny else "--no-nanny")
        self.workers.append(self.start("worker", *words, awaited="Registered to:", **environment))
        return self.workers[-1]

    def cluster(self, workers: int) -> str:
        """The address of a scheduler with so many workers."""
        _, address = self.scheduler()
        for _ in range(workers):
            self.worker(address)
        return address

    def end(self) -> None:
        """End all that is still there."""
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for all machines."""
    path = tmp_path_factory.mktemp("certificates") / "tls.yaml"
    write_certificates(path)
    return path


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory, certificates: Path) -> Iterator[str]:
    """The address of a scheduler with one worker, for tests that leave both as they are."""
    found = Machines(tmp_path_factory.mktemp("joined"), certificates)
    _, address = found.scheduler()
    found.worker(address)
    yield address
    found.end()


@pytest.fixture
def trusted(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process and its children have the certificates."""
    monkeypatch.setenv("DASK_CONFIG", str(certificates))


@pytest.fixture
def machines(tmp_path: Path, certificates: Path, trusted: None) -> Iterator[Machines]:
    """An empty room for machines."""
    found = Machines(tmp_path, certificates)
    yield found
    found.end()
