"""`autograde bench` compares the commands that people type."""

from __future__ import annotations

import subprocess
import sys

import pytest

STOCK_FAILS = """
from autograde_bench import whole_commands
whole_commands.STOCK = ("-c", "import sys; sys.exit('no such course')")
"""


def bench(*words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run in a process of its own: it waits for all that it has started."""
    code = f"{before}\nfrom autograde.cli import main; main()"
    command = [sys.executable, "-c", code, "bench", *words, "--jobs", "1"]
    return subprocess.run(command, capture_output=True, text=True)


def test_both_commands_are_run_whole_and_give_the_same_scores():
    done = bench("--against", "stock", "--submissions", "2")
    assert done.returncode == 0, done.stderr
    ours, stock, ratio, scores = [line.split() for line in done.stdout.splitlines()]
    assert (ours[0], stock[0], scores) == ("autograde", "nbgrader", ["scores", "the", "same"])
    assert float(ratio[1]) == pytest.approx(float(stock[1]) / float(ours[1]), abs=0.1)


def test_a_command_that_fails_is_named_with_the_last_line_that_it_said():
    done = bench("--against", "stock", "--submissions", "1", before=STOCK_FAILS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "autograde bench: nbgrader failed: no such course\n"
