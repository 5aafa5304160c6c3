"""What a command costs before it does anything: processor seconds, start and end of the process included.

    python benchmarks/start.py

Medians of several runs of `autograde grade` on a class of which nothing is new, and how many times as long
that is as to start Python and import nbgrader's gradebook.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from autograde.grading.grade_class import GradeOptions, grade_class

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from small_course import ASSIGNMENT, make_course

MOST_SECONDS = 2.0
COMMAND = "from autograde.cli import main; main()"


def processor_seconds(words: list[str]) -> float:
    """Of a process and all that it started and waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Returns 1 where the median is more than two seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograde-start-") as scratch:
        root = Path(scratch) / "course"
        make_course(root, asked.submissions)
        grade_class(GradeOptions(ASSIGNMENT, root))
        grade = ["-c", COMMAND, "grade", ASSIGNMENT, "--course-dir", str(root)]
        pairs = [
            (processor_seconds(grade), processor_seconds(["-c", "import nbgrader.api"]))
            for _ in range(asked.times)
        ]
    ours, imports = (median(column) for column in zip(*pairs, strict=True))
    print(f"autograde grade, {asked.submissions} submissions, nothing to do: {ours:.2f} s of processor")
    print(f"python -c 'import nbgrader.api': {imports:.2f} s, ratio {ours / imports:.2f}")
    return int(ours > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
