"""One command each: start workers here, join from another machine, grade on them."""

from __future__ import annotations

import os
import resource
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.cluster.certificates import write_certificates
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class
from autograde_bench.course import ASSIGNMENT, make_course

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
    _, local, made, start, join, grade = lines_of_the_page(tmp_path, port)
    assert local == ["autograde", "grade", "06-adam", "--scheduler", "local:4"]
    assert CliRunner().invoke(app, made[1:]).exit_code == 0
    setting, address = grade[0].split("="), grade[-1]
    assert Path(setting[1]).stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv(*setting)
    make_course(tmp_path / "course", 4)
    here, other = started([*start, "--port", port, "--dashboard"]), started(join)
    joined = []
    try:
        options = GradeOptions(ASSIGNMENT, tmp_path / "course", scheduler=address)
        outcome = grade_class(options, Watcher(joined=lambda *told: joined.append(told)))
        ((places, scheduler, dashboard),) = joined
        assert places in (1, 2)  # the second may join later
        assert scheduler == address
        with urllib.request.urlopen(f"http://127.0.0.1:{dashboard}/health") as page:
            assert page.read() == b"ok"
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
