"""One command each: start workers here, join from another machine, grade on them."""

import os
import resource
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from small_course import ASSIGNMENT, make_course
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.cluster.machines import write_certificates
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class

pytestmark = pytest.mark.needs("bubblewrap")

COMMAND = "from autograde.cli import main; main()"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def lines_of_the_page(home: Path, port: str) -> list[list[str]]:
    """The commands of the page's first part, as words, for this machine."""
    page = (ROOT / "docs/cluster.md").read_text(encoding="utf-8").split("\n## ")[0]
    lines = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    here = {"~": str(home), "HOST": "127.0.0.1", "8786": port, "--workers 4": "--workers 1"}
    for name, value in here.items():
        lines = [line.replace(name, value) for line in lines]
    return [shlex.split(line) for line in lines]


def started(words: list[str]) -> subprocess.Popen:
    command = [sys.executable, "-c", COMMAND, *words[1:]]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


def test_the_pages_lines_start_workers_here_let_others_join_and_grade_on_both(tmp_path, monkeypatch):
    port = free_port()
    _, made, start, join, grade = lines_of_the_page(tmp_path, port)
    assert CliRunner().invoke(app, made[1:]).exit_code == 0
    setting, address = grade[0].split("="), grade[-1]
    assert Path(setting[1]).stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv(*setting)
    make_course(tmp_path / "course", 4)
    here, other = started([*start, "--port", port]), started(join)
    joined = []
    try:
        options = GradeOptions(ASSIGNMENT, tmp_path / "course", scheduler=address)
        outcome = grade_class(options, Watcher(joined=lambda *told: joined.append(told)))
        ((places, scheduler),) = joined
        assert places in (1, 2)  # the second may join later
        assert scheduler == address
    finally:
        for process in (other, here):
            os.killpg(process.pid, signal.SIGINT)
    assert [result.score for result in outcome.results] == [5.0, 0.0, 5.0, 0.0]
    assert [process.wait(60) for process in (here, other)] == [0, 0]


@pytest.mark.parametrize("words", [("start",), ("join", "tls://127.0.0.1:9")])
def test_without_certificates_one_line_says_how_to_make_them(tmp_path, words):
    file = str(tmp_path / "none.yaml")
    done = CliRunner().invoke(app, ["cluster", *words, "--certificates", file])
    assert done.exit_code == 2
    assert f"autograde cluster certificates {file}" in done.output
    assert done.output.count("\n") == 1


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "local:2", "127.0.0.1"])
def test_nobody_joins_a_scheduler_without_tls(certificates, address):
    done = CliRunner().invoke(app, ["cluster", "join", address, "--certificates", str(certificates)])
    assert done.exit_code == 2
    assert "tls://HOST:PORT" in done.output


def test_the_line_to_type_names_the_certificates_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["cluster", "certificates", "our tls.yaml"]).output
    assert f"export DASK_CONFIG='{tmp_path}/our tls.yaml'" in " ".join(told.split())


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


def test_no_http_server_of_dasks_listens_beyond_this_machine(tmp_path):
    """Certificates do not guard them; what listens with TLS has to be reached from other machines."""
    write_certificates(tmp_path / "tls.yaml")
    words = ["start", "--workers", "1", "--port", free_port(), "--certificates", str(tmp_path / "tls.yaml")]
    cluster = started(["autograde", "cluster", *words])
    try:
        deadline = time.monotonic() + 60
        while len(listening := listeners(cluster.pid)) < 5:  # a scheduler and a worker with two each, a nanny
            assert time.monotonic() < deadline, listening
            time.sleep(0.2)
        assert {host for host, port in listening if answers_http(port)} == {"127.0.0.1"}
    finally:
        os.killpg(cluster.pid, signal.SIGINT)
        cluster.wait(60)


def listeners(pid: int) -> set[tuple[str, int]]:
    """Where a process and those below it listen."""
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    sockets = [one for process in processes for one in process.net_connections("tcp")]
    return {tuple(one.laddr) for one in sockets if one.status == psutil.CONN_LISTEN}


def answers_http(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 5) as asked:
        asked.settimeout(5)
        try:
            asked.sendall(b"GET /status HTTP/1.0\r\n\r\n")
            return asked.recv(9).startswith(b"HTTP/")
        except OSError:
            return False
