"""Dask's processes on this machine, and the certificates that make machines known to each other alone."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from autograde.errors import UsageError

# An HTTP server is there even without pages, and certificates do not guard it.
LOOPBACK = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
LOOK_SECONDS = 0.2
END_SECONDS = 10.0


def require_tls(address: str) -> None:
    """Refuse any address but tls://HOST:PORT.

    Whoever reaches a scheduler without TLS can run programs as the grader. A loopback address is no
    exception: every user of this machine reaches it, and a scheduler listens on every interface unless told
    otherwise.

    Raises:
        UsageError: it is another one; nothing was connected to.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not address.startswith("tls:"):
        raise UsageError(
            f"--scheduler {address}: without TLS anyone who reaches a scheduler, on this machine too, can "
            "run programs as the grader. Give it as tls://HOST:PORT."
        )
    if not host or not port or parts.path or parts.query or parts.username:
        raise UsageError(f"--scheduler {address}: must be tls://HOST:PORT.")


def write_certificates(path: Path) -> None:
    """Write a new certificate and its key as a configuration of Dask's, readable by its owner alone.

    Raises:
        UsageError: the file is there already or cannot be written.
    """
    from distributed import Security

    made = Security.temporary()
    pair = {"cert": made.tls_client_cert, "key": made.tls_client_key}
    tls = {"ca-file": made.tls_ca_file, "scheduler": pair, "worker": pair, "client": pair}
    pages = {"http": {"routes": []}}  # Dask's pages need no certificate
    settings = {"comm": {"require-encryption": True, "tls": tls}, "scheduler": pages, "worker": pages}
    text = json.dumps({"distributed": settings}, indent=1)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} is there already. Choose another name, or remove it.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")  # JSON is YAML, which Dask reads
    except OSError as error:  # a full disk: Dask must not read half of it
        path.unlink(missing_ok=True)
        raise UsageError(f"{path}: {error.strerror}.") from error


def serve(certificates: Path, workers: int, port: int) -> None:
    """Run a scheduler and workers here until Ctrl-C.

    Raises:
        UsageError: the certificates are missing, or a process ended.
    """
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", str(port), *LOOPBACK]
    _run([scheduler], certificates, f"tls://127.0.0.1:{port}", workers)


def join(address: str, certificates: Path, workers: int) -> None:
    """Run workers here for the scheduler at an address until Ctrl-C.

    Raises:
        UsageError: the address is without TLS, the certificates are missing, or the workers ended.
    """
    require_tls(address)
    _run([], certificates, address, workers)


def _run(commands: list[list[str]], certificates: Path, address: str, workers: int) -> None:
    if not certificates.is_file():
        raise UsageError(
            f"{certificates} is not there. Make it once, and give every machine a copy: "
            f"autograde cluster certificates {certificates}"
        )
    processes = []
    with tempfile.TemporaryDirectory(
        prefix="autograde-workers-"
    ) as folder:  # Dask's own is shared by all users
        if workers:
            commands.append([
                *(sys.executable, "-m", "distributed.cli.dask_worker", address, *LOOPBACK),
                # Each worker runs one notebook at a time, in a sandbox that has limits of its own.
                *("--nworkers", str(workers), "--nthreads", "1", "--memory-limit", "0"),
                *("--local-directory", folder),
            ])  # fmt: skip
        try:
            for words in commands:
                environment = {**os.environ, "DASK_CONFIG": str(certificates)}
                processes.append(subprocess.Popen(words, env=environment))
            while all(process.poll() is None for process in processes):
                time.sleep(LOOK_SECONDS)
            raise UsageError("A process of the cluster ended; its last lines are above.")
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(END_SECONDS)
                process.kill()
                process.wait()
