"""A large class: does the last thousand cost what the first did, and does the grader's memory stay flat?

python benchmarks/scale.py --submissions 10000
python benchmarks/scale.py --submissions 10000 --interrupt 4000     stop there, go on, compare
python benchmarks/scale.py --submissions 2000 --postgresql          into a PostgreSQL gradebook
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Container
from contextlib import ExitStack
from pathlib import Path

from autograde.entries.entry import ClassOutcome, Entry
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import postgres
from small_course import ASSIGNMENT, make_course, register

PARTS = 10


class Clock:
    """Seconds, the processor's seconds (grader and submissions), and memory for each tenth of the class.

    What the submissions of students in `left_out` use is not counted.
    """

    def __init__(self, submissions: int, interrupt: int | None = None, left_out: Container[str] = ()) -> None:
        self.part = max(1, submissions // PARTS)
        self.left_out = left_out
        self.interrupt = interrupt
        self.done = 0
        self.seconds: list[float] = []
        self.worked: list[float] = []
        self.start()

    def start(self) -> None:
        """A part begins."""
        self.began, self.computed, self.in_cells = time.perf_counter(), time.process_time(), 0.0

    def one(self, result: Entry) -> None:
        """Called for every result."""
        self.done += 1
        if result.student not in self.left_out:
            self.in_cells += result.cpu_seconds
        if self.done % self.part == 0:
            self.seconds.append(time.perf_counter() - self.began)
            self.worked.append(time.process_time() - self.computed + self.in_cells)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{self.done:6d}  {self.seconds[-1]:7.1f} s  {self.worked[-1]:7.1f} s of processor"
                f"  {memory:6.0f} MB at most",
                flush=True,
            )
            self.start()
        if self.done == self.interrupt:
            raise KeyboardInterrupt

    def compare(self) -> None:
        """Print what the last tenth took beside the first."""
        if len(self.seconds) == PARTS:
            times, processor = (part[-1] / part[0] for part in (self.seconds, self.worked))
            print(f"the last tenth took {times:.2f} × the first, {processor:.2f} × its processor time")


def main() -> int:
    """Returns 1 where a submission is not graded with the score it deserves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--interrupt", type=int)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograde-scale-"))) / "course"
        make_course(root, asked.submissions)
        if asked.postgresql:
            postgres.configure(root, stack.enter_context(postgres.server()))
        register(root, ASSIGNMENT)
        clock = Clock(asked.submissions, asked.interrupt)
        outcome = _grade(root, asked.jobs, clock)
        if asked.interrupt:
            print(f"interrupted after {asked.interrupt}: {outcome.stopped}; going on")
            clock.start()
            outcome = _grade(root, asked.jobs, clock)
    right = sum(result.status == "graded" and result.score == 5.0 for result in outcome.results)
    print(f"{len(outcome.results)} graded, {right} of them with full points (every second answer is right)")
    clock.compare()
    return int(len(outcome.results) != asked.submissions or right != (asked.submissions + 1) // 2)


def _grade(root: Path, jobs: int, clock: Clock) -> ClassOutcome:
    return grade_class(GradeOptions(ASSIGNMENT, root, jobs=jobs), Watcher(done=clock.one))


if __name__ == "__main__":
    sys.exit(main())
