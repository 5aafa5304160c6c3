"""A test that blocks fails by name, and what it started is gone."""

import subprocess
import sys
from pathlib import Path

from support import ROOT

BLOCKS = """
import subprocess, threading
import pytest

@pytest.fixture
def program():
    started = subprocess.Popen(["sleep", "1000"])
    print("started", started.pid, flush=True)
    yield
    started.kill()
    started.wait()

def test_that_blocks(program):
    threading.Event().wait()
"""


def test_a_test_that_blocks_fails_and_leaves_no_program(tmp_path: Path, pytestconfig):
    assert 0 < float(pytestconfig.getini("timeout")) <= 1800
    (tmp_path / "test_it.py").write_text(BLOCKS)
    words = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [*words, "-s", "-p", "no:cacheprovider", "--timeout=2", "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "FAILED test_it.py::test_that_blocks" in done.stdout
    assert "Timeout" in done.stdout
    [pid] = [
        line.split()[-1] for line in done.stdout.splitlines() if "started" in line and "print" not in line
    ]
    assert not Path("/proc", pid).exists()
