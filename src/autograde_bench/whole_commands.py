"""Both graders as the commands that people type: the start and the end of the process count, too."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from autograde.errors import MachineError
from autograde_bench.course import ASSIGNMENT, same_courses
from autograde_bench.measure import Measured, adopting, processor_seconds, scores_in

OURS = ("-c", "from autograde.cli import main; main()", "grade", ASSIGNMENT)
STOCK = ("-m", "nbgrader", "autograde", ASSIGNMENT, "--CourseDirectory.source_directory=solutions")


def measure_commands(submissions: int, against_stock: bool, jobs: int) -> list[Measured]:
    """Grade a class of small submissions by `autograde grade` and, where asked, by `nbgrader autograde`: the
    same files.

    Raises:
        MachineError: a command fails, with the last line that it said.
    """
    with same_courses(submissions) as (first, second):
        measured = [_measured("autograde", [*OURS, "--jobs", str(jobs)], first)]
        if against_stock:
            measured.append(_measured("nbgrader", [*STOCK], second))
        return measured


def _measured(name: str, words: list[str], root: Path) -> Measured:
    began, cpu = time.perf_counter(), processor_seconds()
    with adopting():
        ended = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True)
        seconds = time.perf_counter() - began
    cpu = processor_seconds() - cpu
    if ended.returncode:
        lines = [*ended.stdout.splitlines(), *ended.stderr.splitlines()]
        last = next(filter(None, reversed(lines)), "")
        raise MachineError.say("{name} failed: {line}", name=name, line=last)
    return Measured(name, seconds, cpu, scores_in(root, ASSIGNMENT))
