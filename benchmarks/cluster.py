"""A class on this machine's own pool and on a cluster of as many worker processes here, in turns.

    python benchmarks/cluster.py --submissions 100 --times 3
    python benchmarks/cluster.py --submissions 400 --hostile 10 --times 1 --lesson 06-adam

Prints seconds by the clock from the first result to the last, which is what many machines divide, the whole
with starting, and the ratio of the medians. With --hostile every tenth submission has an endless loop; every
score must be the same on both.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from nbformat.v4 import new_code_cell

from autograde.assignments.settings import SOURCE
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class
from autograde_bench.course import ASSIGNMENT, make_course, register

MOST = 1.2
CELL_SECONDS = 3
CONFIG = f"c = get_config()\nc.Execute.timeout = {CELL_SECONDS}\n"


def make(root: Path, name: str, submissions: int, hostile: int) -> None:
    """A class of which every so many-th submission never ends by itself; 0 for none."""
    lesson = Path(__file__).resolve().parents[1] / SOURCE / name
    make_course(root, submissions, None if name == ASSIGNMENT else lesson)
    if hostile:
        (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    for number, path in enumerate(sorted(root.glob("submitted/*/*/*.ipynb"))):
        if hostile and number % hostile == 0:
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.insert(0, new_code_cell("while True:\n    pass", id="first"))
            nbformat.write(notebook, path)
    register(root, name)


def graded(root: Path, name: str, jobs: int, scheduler: str | None) -> tuple[float, float, list]:
    """Seconds from the first result to the last, seconds of the whole, and what came of it."""
    began, seen = time.perf_counter(), []
    watcher = Watcher(done=lambda result: seen.append(time.perf_counter()))
    outcome = grade_class(GradeOptions(name, root, jobs=jobs, scheduler=scheduler, force=True), watcher)
    results = [(result.student, result.status, result.score) for result in outcome.results]
    return seen[-1] - seen[0], time.perf_counter() - began, results


def main() -> int:
    """Returns 1 where the cluster takes more than 1.2 times as long, or a score differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--hostile", type=int, default=0, help="every so many-th never ends")
    parser.add_argument("--lesson", default=ASSIGNMENT)
    asked = parser.parse_args()
    ways = {"local pool": None, "local cluster": f"local:{asked.jobs}"}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    results = []
    with tempfile.TemporaryDirectory(prefix="autograde-cluster-") as scratch:
        root = Path(scratch) / "course"
        make(root, asked.lesson, asked.submissions, asked.hostile)
        for _ in range(asked.times):
            for way, scheduler in ways.items():
                steady, whole, result = graded(root, asked.lesson, asked.jobs, scheduler)
                seconds[way].append(steady)
                results.append(result)
                print(f"{way:<14}{steady:8.1f} s, with starting {whole:8.1f} s", flush=True)
    ratio = median(seconds["local cluster"]) / median(seconds["local pool"])
    same = all(result == results[0] for result in results)
    print(f"the cluster takes {ratio:.2f} × the time; scores {'the same' if same else 'differ'}")
    return int(ratio > MOST or not same)


if __name__ == "__main__":
    sys.exit(main())
