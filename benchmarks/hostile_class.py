"""A class in which one in three misbehaves: does it cost more than the limits that are hit?

    python benchmarks/hostile_class.py --submissions 24

Grades the honest two thirds alone, then the whole class, and prints what each misbehaving submission took on
top, by the clock and shared out over the boxes, beside the limit that it hits.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.grading.results import ClassOutcome
from autograde_bench.course import ASSIGNMENT, make_course, register

CELL_SECONDS = 3
CONFIG = f"c = get_config()\nc.Execute.timeout = {CELL_SECONDS}\n"
MISBEHAVES = {
    "loops for ever": "while True:\n    pass",
    "sleeps": "import time\ntime.sleep(10_000)",
    "takes 25 GB": "held = [bytearray(2**27) for _ in range(200)]",
    "forks": "import os\nwhile True:\n    os.fork()",
    "prints for ever": "while True:\n    print('x' * 10_000)",
    "fills the disk": "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(2**20))",
    "ends itself": "import os\nos._exit(0)",
    "ignores interrupts": "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass",
}


def misbehave(root: Path) -> dict[str, str]:
    """Every third student's notebook gets a first cell that misbehaves; what each does, by student."""
    kinds: dict[str, str] = {}
    for number, folder in enumerate(sorted((root / "submitted").iterdir())):
        if number % 3:
            continue
        kind = list(MISBEHAVES)[len(kinds) % len(MISBEHAVES)]
        kinds[folder.name] = kind
        path = folder / ASSIGNMENT / "small.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, new_code_cell(MISBEHAVES[kind], id="first"))
        nbformat.write(notebook, path)
    return kinds


def graded(root: Path, jobs: int, students: tuple[str, ...] = ()) -> tuple[float, ClassOutcome]:
    """Seconds by the clock, and what came of it."""
    began = time.perf_counter()
    outcome = grade_class(GradeOptions(ASSIGNMENT, root, students=students, jobs=jobs, force=True))
    return time.perf_counter() - began, outcome


def main() -> int:
    """Returns 1 where an honest submission suffers or a misbehaving one is no result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=24)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograde-hostile-") as scratch:
        root = Path(scratch) / "course"
        make_course(root, asked.submissions)
        (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        register(root, ASSIGNMENT)
        kinds = misbehave(root)
        honest = tuple(sorted({path.name for path in (root / "submitted").iterdir()} - set(kinds)))
        alone, before = graded(root, asked.jobs, honest)
        together, outcome = graded(root, asked.jobs)
    for result in outcome.results:
        if result.student in kinds:
            print(f"{kinds[result.student]:20} {result.seconds:5.1f} s  {', '.join(result.flags) or '-'}")
    extra = (together - alone) * asked.jobs / len(kinds)
    print(f"{len(honest)} honest alone {alone:.1f} s, with {len(kinds)} that misbehave {together:.1f} s:")
    print(f"{extra:.1f} s of a box for each of these, where a cell may take {CELL_SECONDS} s")
    scores = {result.student: result.score for result in outcome.results}
    same = all(scores[result.student] == result.score for result in before.results)
    print(f"honest scores: {'the same' if same else 'different'}")
    return int(not same or any(result.status == "failed" for result in outcome.results))


if __name__ == "__main__":
    sys.exit(main())
