"""`python benchmarks/whole_commands.py [SUBMISSIONS]`: this grader beside stock nbgrader.

Both grade one class (one stub, one check, no figure) as whole commands: starting a process counts.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from small_course import ASSIGNMENT, same_courses

JOBS = str(len(os.sched_getaffinity(0)))
OURS = ("-c", "from autograde.cli import main; main()", "grade", ASSIGNMENT, "--jobs", JOBS)
STOCK = ("-m", "nbgrader", "autograde", ASSIGNMENT, "--CourseDirectory.source_directory=solutions")


def seconds_and_scores(words: tuple[str, ...], root: Path) -> tuple[float, dict[str, float]]:
    """Seconds that a command took in a course folder, and the scores in its gradebook, by student."""
    began = time.perf_counter()
    ended = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if ended.returncode:
        sys.exit(f"{words[1]} failed: {(ended.stdout + ended.stderr).strip()[-300:]}")
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        graded = gradebook.assignment_submissions(ASSIGNMENT)
        return seconds, {submission.student.id: submission.score for submission in graded}


def main(submissions: int = 40) -> None:
    """Print milliseconds per submission and the ratio; fail where the two graders' scores differ."""
    with same_courses(submissions) as (first, second):
        ours, our_scores = seconds_and_scores(OURS, first)
        stock, stock_scores = seconds_and_scores(STOCK, second)
    for name, seconds in (("autograde", ours), ("nbgrader", stock)):
        print(f"{name:<10} {1000 * seconds / submissions:8.1f} ms per submission")
    print(f"ratio      {stock / ours:8.1f} × as fast, on {submissions} submissions")
    if our_scores != stock_scores:
        sys.exit("the two graders' scores differ")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
