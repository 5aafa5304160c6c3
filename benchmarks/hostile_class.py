"""A class in which one in three misbehaves: does it cost more than the limits that are hit?

    python benchmarks/hostile_class.py --submissions 24
    python benchmarks/hostile_class.py --submissions 400 --one-in 10 --lesson 00-gradients --alone 8

Grades the honest alone, or so many of them, then the whole class. Prints for each tenth of it the grader's
and the honest submissions' processor time and the grader's memory, where the time went, and what each
misbehaving submission took on top, by the clock and shared out over the boxes, beside the limit that it hits.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from scale import Clock

from autograde.course.assignments import SOURCE
from autograde.entries.entry import ClassOutcome
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from small_course import ASSIGNMENT, make_course, register

SOLUTIONS = Path(__file__).resolve().parents[1] / SOURCE
CONFIG = "c = get_config()\nc.Execute.timeout = {}\n"
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


def misbehave(root: Path, assignment: str, one_in: int) -> dict[str, str]:
    """So many students' notebooks get a first cell that misbehaves; what each does, by student."""
    kinds: dict[str, str] = {}
    for number, folder in enumerate(sorted((root / "submitted").iterdir())):
        if number % one_in:
            continue
        kind = list(MISBEHAVES)[len(kinds) % len(MISBEHAVES)]
        kinds[folder.name] = kind
        (path,) = (folder / assignment).glob("*.ipynb")
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, new_code_cell(MISBEHAVES[kind], id="first"))
        nbformat.write(notebook, path)
    return kinds


def graded(options: GradeOptions, watcher: Watcher | None = None) -> tuple[float, ClassOutcome]:
    """Seconds by the clock, and what came of it."""
    began = time.perf_counter()
    outcome = grade_class(options, watcher)
    return time.perf_counter() - began, outcome


def asked_for() -> argparse.Namespace:
    """The words of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=24)
    parser.add_argument("--one-in", type=int, default=3, help="one of so many misbehaves")
    parser.add_argument("--lesson", help="a folder in solutions/; without it the small assignment")
    parser.add_argument("--alone", type=int, help="so many of the honest are graded before; all by default")
    parser.add_argument("--cell-seconds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def main() -> int:
    """Returns 1 where an honest submission suffers or a misbehaving one is no result."""
    asked = asked_for()
    with tempfile.TemporaryDirectory(prefix="autograde-hostile-") as scratch:
        root, assignment = Path(scratch) / "course", asked.lesson or ASSIGNMENT
        make_course(root, asked.submissions, SOLUTIONS / asked.lesson if asked.lesson else None)
        (root / "nbgrader_config.py").write_text(CONFIG.format(asked.cell_seconds), encoding="utf-8")
        register(root, assignment)
        kinds = misbehave(root, assignment, asked.one_in)
        honest = sorted({path.name for path in (root / "submitted").iterdir()} - set(kinds))[: asked.alone]
        options = GradeOptions(assignment, root, jobs=asked.jobs, force=True)
        alone, before = graded(replace(options, students=tuple(honest)))
        clock = Clock(asked.submissions, left_out=kinds)
        together, outcome = graded(options, Watcher(done=clock.one))
    clock.compare()
    _print_kinds(kinds, outcome)
    extra = (together - alone * (asked.submissions - len(kinds)) / len(honest)) * asked.jobs / len(kinds)
    print(f"{len(honest)} honest alone {alone:.1f} s, all with {len(kinds)} that misbehave {together:.1f} s:")
    print(f"{extra:.1f} s of a box for each of these, where a cell may take {asked.cell_seconds} s")
    of_everybody = {result.score for result in before.results} if asked.lesson else None
    scores = {result.student: result.score for result in outcome.results}
    same = all(scores[result.student] == result.score for result in before.results)
    if of_everybody:  # everybody hands in the same lesson
        same = same and all({scores[student]} == of_everybody for student in scores.keys() - kinds.keys())
    print(f"honest scores: {'the same' if same else 'different'}")
    return int(not same or any(result.status == "failed" for result in outcome.results))


def _print_kinds(kinds: dict[str, str], outcome: ClassOutcome) -> None:
    """Of each way to misbehave the longest run, and every flag that it got."""
    for kind in dict.fromkeys(kinds.values()):
        results = [result for result in outcome.results if kinds.get(result.student) == kind]
        flags = sorted({flag for result in results for flag in result.flags})
        longest = max(result.seconds for result in results)
        print(f"{kind:20} {len(results):3} times, {longest:5.1f} s at most  {', '.join(flags) or '-'}")


if __name__ == "__main__":
    sys.exit(main())
