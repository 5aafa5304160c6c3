"""A large class: does the last thousand cost what the first did, and does the grader's memory stay flat?

python benchmarks/scale.py --submissions 10000
python benchmarks/scale.py --submissions 10000 --interrupt 4000     stop there, go on, compare
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from autograde.bench.course import ASSIGNMENT, make_course
from autograde.grading.classroom import Options, Watcher, grade_class
from autograde.grading.work import Outcome, Result
from autograde.lessons.release import register

PARTS = 10


class Clock:
    """Seconds and memory for each tenth of the class."""

    def __init__(self, submissions: int, interrupt: int | None) -> None:
        self.part = max(1, submissions // PARTS)
        self.interrupt = interrupt
        self.done = 0
        self.began = time.perf_counter()
        self.seconds: list[float] = []
        self.memory: list[float] = []

    def one(self, result: Result) -> None:
        """Called for every result."""
        self.done += 1
        if self.done % self.part == 0:
            now = time.perf_counter()
            self.seconds.append(now - self.began)
            self.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            self.began = now
            print(f"{self.done:6d}  {self.seconds[-1]:7.1f} s  {self.memory[-1]:6.0f} MB at most", flush=True)
        if self.done == self.interrupt:
            raise KeyboardInterrupt


def main() -> int:
    """Returns 1 where a submission is not graded with the score it deserves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--interrupt", type=int)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograde-scale-") as scratch:
        root = Path(scratch) / "course"
        make_course(root, asked.submissions)
        register(root, ASSIGNMENT, f"sqlite:///{root}/gradebook.db")
        clock = Clock(asked.submissions, asked.interrupt)
        outcome = _grade(root, asked.jobs, clock)
        if asked.interrupt:
            print(f"interrupted after {asked.interrupt}: {outcome.stopped}; going on")
            clock.began = time.perf_counter()
            outcome = _grade(root, asked.jobs, clock)
    right = sum(result.status == "graded" and result.score == 5.0 for result in outcome.results)
    print(f"{len(outcome.results)} graded, {right} of them with full points (every second answer is right)")
    if len(clock.seconds) == PARTS:
        print(f"the last tenth took {clock.seconds[-1] / clock.seconds[0]:.2f} × the first")
    return int(len(outcome.results) != asked.submissions or right != (asked.submissions + 1) // 2)


def _grade(root: Path, jobs: int, clock: Clock) -> Outcome:
    return grade_class(Options(ASSIGNMENT, root, jobs=jobs), Watcher(done=clock.one))


if __name__ == "__main__":
    sys.exit(main())
