"""Every lesson, graded by this grader and by stock nbgrader, beside what its cells alone cost.

    python benchmarks/lessons.py --submissions 6

Everybody hands in the complete lesson. The ratios are of one run on one machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from autograde.bench.run import measure
from autograde.lessons.release import SOURCE


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
    print(f"{'lesson':<16}{'autograde':>12}{'nbgrader':>12}{'ratio':>9}{'cells alone':>14}")
    for lesson in lessons:
        ours, stock = measure(asked.submissions, True, asked.jobs, source / lesson)
        cells = (ours.cells_seconds or 0.0) / len(ours.scores)
        ratio = stock.seconds / ours.seconds
        print(
            f"{lesson:<16}{ours.each:>10.2f} s{stock.each:>10.2f} s{ratio:>8.1f}×{cells:>10.2f} s CPU",
            flush=True,
        )
        if ours.scores != stock.scores:
            differ += 1
            print(f"{'':16}the scores differ: {ours.scores} and {stock.scores}")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
