"""`python benchmarks/whole_commands.py [SUBMISSIONS]`: this grader beside stock nbgrader.

Both grade one class (one stub, one check, no figure) as whole commands: starting a process counts.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from measure import Measured, adopting, processor_seconds, scores_in
from small_course import ASSIGNMENT, same_courses

from autograde.errors import MachineError

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
        raise MachineError(f"{name} failed: {last}")
    return Measured(name, seconds, cpu, scores_in(root, ASSIGNMENT))


def main(submissions: int = 40) -> None:
    ours, stock = measure_commands(submissions, True, len(os.sched_getaffinity(0)))
    for one in (ours, stock):
        milliseconds = one.cpu_seconds / len(one.scores) * 1000
        print(
            f"{one.name:<10} {one.each * 1000:8.1f} ms and {milliseconds:8.1f} ms of processor per submission"
        )
    print(f"ratio      {stock.seconds / ours.seconds:8.1f} × as fast, on {submissions} submissions")
    if ours.scores != stock.scores:
        sys.exit("the two graders' scores differ")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
