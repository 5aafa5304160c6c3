"""`autograde bench` compares the commands that people type."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograde.errors import MachineError
from autograde_bench import whole_commands

BENCH = "from autograde.cli import main; main()"


def test_both_commands_are_run_whole_and_give_the_same_scores(tmp_path):
    words = ["-c", BENCH, "bench", "--against", "stock", "--submissions", "2", "--jobs", "1"]
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ours, stock, ratio, scores = [line.split() for line in done.stdout.splitlines()]
    assert (ours[0], stock[0], scores) == ("autograde", "nbgrader", ["scores", "the", "same"])
    assert float(ratio[1]) == pytest.approx(float(stock[1]) / float(ours[1]), abs=0.1)
    assert not list(tmp_path.iterdir())


def test_a_command_that_fails_is_named_with_the_last_line_that_it_said(monkeypatch):
    monkeypatch.setattr(whole_commands, "STOCK", ("-c", "import sys; sys.exit('no such course')"))
    with pytest.raises(MachineError, match="nbgrader failed: no such course"):
        whole_commands.measure_commands(1, against_stock=True, jobs=1)
