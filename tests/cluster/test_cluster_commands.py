"""The lines of the page: make certificates, start a scheduler and workers, grade on them."""

import os
import resource
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from small_course import ASSIGNMENT, make_course
from support import ROOT, free_port
from typer.testing import CliRunner

from autograde.cli import app
from autograde.cluster.tls import write_certificates
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class

pytestmark = pytest.mark.needs("bubblewrap")


def lines_of_the_page(home: Path, port: str) -> list[list[str]]:
    """The commands of the page's first part, as words, for this machine."""
    page = (ROOT / "docs/cluster.md").read_text(encoding="utf-8").split("\n## ")[0]
    lines = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    here = {"~": str(home), "HOST": "127.0.0.1", "8786": port, "--nworkers 4": "--nworkers 1"}
    for name, value in here.items():
        lines = [line.replace(name, value) for line in lines]
    return [shlex.split(line) for line in lines]


def started(words: list[str]) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{words[1]}", *words[2:]]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def page(tmp_path, monkeypatch) -> Iterator[tuple[list[str], list[subprocess.Popen]]]:
    """The page's line that grades, and the scheduler and the worker that its other lines start."""
    _, made, export, scheduler, worker, grade = lines_of_the_page(tmp_path, str(free_port()))
    assert CliRunner().invoke(app, made[1:]).exit_code == 0
    setting = export[1].split("=")
    assert Path(setting[1]).stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv(*setting)
    processes = [started(scheduler), started(worker)]
    yield grade, processes
    for process in reversed(processes):
        os.killpg(process.pid, signal.SIGINT)
    for process in processes:
        process.wait(60)


def test_the_pages_lines_start_a_scheduler_and_workers_and_grade_on_them(tmp_path, page):
    address = page[0][-1]
    make_course(tmp_path / "course", 4)
    joined = []
    options = GradeOptions(ASSIGNMENT, tmp_path / "course", scheduler=address)
    outcome = grade_class(options, Watcher(joined=lambda *told: joined.append(told)))
    assert joined == [(1, address)]
    assert [result.score for result in outcome.results] == [5.0, 0.0, 5.0, 0.0]


def test_the_line_to_type_names_the_certificates_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["cluster", "certificates", "our tls.yaml"]).output
    assert f"export DASK_CONFIG='{tmp_path}/our tls.yaml'" in " ".join(told.split())


def test_a_file_of_certificates_is_never_overwritten(certificates):
    before = certificates.read_bytes()
    done = CliRunner().invoke(app, ["cluster", "certificates", str(certificates)])
    assert done.exit_code == 2
    assert "is there already" in done.output
    assert certificates.read_bytes() == before


def test_half_of_a_certificate_does_not_stay(tmp_path):
    file = tmp_path / "tls.yaml"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        with pytest.raises(UsageError, match="too large"):
            write_certificates(file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not file.exists()
    write_certificates(file)


def test_no_http_server_of_dasks_listens_beyond_this_machine(page):
    """Certificates do not guard them; what listens with TLS has to be reached from other machines."""
    deadline = time.monotonic() + 60
    # A scheduler and a worker with two each, a nanny.
    while len(listening := [one for process in page[1] for one in listeners(process.pid)]) < 5:
        assert time.monotonic() < deadline, listening
        time.sleep(0.2)
    assert {host for host, port in listening if answers_http(port)} == {"127.0.0.1"}


def listeners(pid: int) -> set[tuple[str, int]]:
    """Where a process and those below it listen."""
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    found: set[tuple[str, int]] = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # it has ended since
            sockets = process.net_connections("tcp")
            found |= {tuple(one.laddr) for one in sockets if one.status == psutil.CONN_LISTEN}
    return found


def answers_http(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 5) as asked:
        asked.settimeout(5)
        try:
            asked.sendall(b"GET /status HTTP/1.0\r\n\r\n")
            return asked.recv(9).startswith(b"HTTP/")
        except OSError:
            return False
