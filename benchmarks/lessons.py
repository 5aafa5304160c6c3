"""Every lesson, graded by this grader and by stock nbgrader, beside what its cells alone cost.

    python benchmarks/lessons.py --submissions 6

Everybody hands in the complete lesson. "cells alone": the processor's time of the cells in a plain IPython
shell, without the imports of the first. "beyond": what this grader takes of the processor a submission more
than that, the share in starting included. The ratios are of one run on one machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cells import costs

from autograde.bench.run import measure
from autograde.lessons.release import SOURCE


def cells_alone(lesson: Path) -> float:
    """Processor seconds of a complete lesson's cells after the first, checks recorded as when graded."""
    (notebook,) = lesson.glob("*.ipynb")
    return sum(cell["cpu"] for cell in costs(notebook, "1")[1:])


def main() -> int:
    """Prints a line a lesson; returns 1 where the two graders' scores differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("lesson", nargs="*", help="folders in solutions/; all of them by default")
    asked = parser.parse_args()
    source = Path(__file__).resolve().parents[1] / SOURCE
    lessons = asked.lesson or sorted(path.parent.name for path in source.glob("*/*.ipynb"))
    differ = 0
    print(f"{'lesson':<16}{'autograde':>12}{'nbgrader':>12}{'ratio':>9}{'cells alone':>16}{'beyond':>14}")
    for lesson in lessons:
        ours, stock = measure(asked.submissions, True, asked.jobs, source / lesson)
        alone = cells_alone(source / lesson)
        beyond = ours.cpu_seconds / len(ours.scores) - alone
        print(
            f"{lesson:<16}{ours.each:>10.2f} s{stock.each:>10.2f} s{stock.seconds / ours.seconds:>8.1f}×"
            f"{alone:>10.2f} s CPU{beyond:>8.2f} s CPU",
            flush=True,
        )
        if ours.scores != stock.scores:
            differ += 1
            print(f"{'':16}the scores differ: {ours.scores} and {stock.scores}")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
