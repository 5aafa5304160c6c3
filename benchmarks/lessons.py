"""Every lesson, graded by this grader and by stock nbgrader, beside what its cells cost.

    python benchmarks/lessons.py --submissions 8
    python benchmarks/lessons.py --without-stock 00-gradients

Everybody hands in the complete lesson. Seconds of the processor a submission, medians:

alone    of the cells in a plain IPython shell but for the first, which imports; as many at once as boxes
cells    of the cells in the grader's boxes, as they measure it themselves
copied   of these, about, for memory that a forked process copies when it writes to it: pages touched beyond
         those in a plain shell, times the cost of one
beyond   of everything else: the box, the grader, sending what the cells show
start    paid once a run

Two runs of the same cells differ by a fifth on a busy or a shared machine. So "beyond" is no difference
between runs: each run measures its cells and all of itself. The ratios are of one run on one machine.
"""

import argparse
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import nbformat
from cells import costs
from measure import Measured, measure
from meter import Used, read, seconds_a_copied_page, with_meter

from autograde.course.assignments import SOURCE


@dataclass
class Lesson:
    """One lesson's measurements."""

    ours: Measured
    stock: Measured | None
    alone: list[Used]
    in_boxes: dict[str, Used] = field(default_factory=dict)

    def copied(self, page: float) -> float:
        """Processor seconds a submission for copied pages, at so many a page."""
        faults = [median(used.faults for used in runs) for runs in (self.in_boxes.values(), self.alone)]
        return (faults[0] - faults[1]) * page

    def beyond(self) -> float:
        """Processor seconds a submission that its cells did not use."""
        each = [
            self.ours.in_boxes[student] - used.seconds + used.showing
            for student, used in self.in_boxes.items()
        ]
        return median(each) + self.ours.grader_each

    def start(self) -> float:
        """Processor seconds paid once a run."""
        submissions = len(self.ours.scores) * self.ours.grader_each
        return self.ours.cpu_seconds - sum(self.ours.in_boxes.values()) - submissions

    def row(self, page: float) -> list[str]:
        """What is printed of it; `page` is what copying one costs."""
        return [
            f"{self.ours.each:.2f} s",
            f"{self.stock.each:.2f} s" if self.stock else "",
            f"{self.stock.seconds / self.ours.seconds:.1f}×" if self.stock else "",
            f"{median(used.seconds for used in self.alone):.2f} s",
            f"{median(used.seconds for used in self.in_boxes.values()):.2f} s",
            f"{self.copied(page):.3f} s",
            f"{self.beyond():.3f} s",
            f"{self.start():.1f} s",
        ]


HEADS = ["autograde", "nbgrader", "ratio", "alone", "cells", "copied", "beyond", "start"]


def measured(lesson: Path, submissions: int, against_stock: bool, jobs: int) -> Lesson:
    """Measure one lesson, its cells alone in as many shells as there are submissions."""
    in_boxes: dict[str, Used] = {}

    def look(course: Path) -> None:
        for path in course.glob("autograded/*/*/*.ipynb"):
            last = nbformat.read(path, as_version=4).cells[-1]
            in_boxes[path.parts[-3]] = read(last.outputs[0].text)

    with tempfile.TemporaryDirectory() as scratch:
        copy = with_meter(lesson, Path(scratch))
        (notebook,) = copy.glob("*.ipynb")
        ours, *others = measure(submissions, against_stock, jobs, copy, look)
        with ThreadPoolExecutor(jobs) as shells:
            runs = shells.map(lambda _: costs(notebook, "1")[-1]["printed"], range(submissions))
            alone = [read(printed, after=1) for printed in runs]
    return Lesson(ours, others[0] if others else None, alone, in_boxes)


def print_row(name: str, columns: list[str]) -> None:
    """One line of the table."""
    print(f"{name:<16}" + "".join(f"{column:>10}" for column in columns), flush=True)


def main() -> int:
    """Prints a line a lesson; returns 1 where the two graders' scores differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--without-stock", action="store_true")
    parser.add_argument("lesson", nargs="*", help="folders in solutions/; all of them by default")
    asked = parser.parse_args()
    source = Path(__file__).resolve().parents[1] / SOURCE
    lessons = asked.lesson or sorted(path.parent.name for path in source.glob("*/*.ipynb"))
    differ = 0
    page = seconds_a_copied_page()
    print_row("lesson", HEADS)
    for name in lessons:
        lesson = measured(source / name, asked.submissions, not asked.without_stock, asked.jobs)
        print_row(name, lesson.row(page))
        if lesson.stock and lesson.ours.scores != lesson.stock.scores:
            differ += 1
            print(f"{'':16}the scores differ: {lesson.ours.scores} and {lesson.stock.scores}")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
