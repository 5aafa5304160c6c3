"""Every lesson, graded by this grader and by stock nbgrader, beside what its cells alone cost.

    python benchmarks/lessons.py --submissions 8
    python benchmarks/lessons.py --without-stock 00-gradients

Everybody hands in the complete lesson. The processor's time: "alone" of the cells in a plain IPython shell,
without the imports of the first, as many shells at once as there are boxes: where cores share their units the
same cells cost up to twice as much beside others. "beyond" is what a submission costs this grader more than
that, in its box and in the grader; "start" is paid once a run. Of runs of the same cells the quickest counts.
The ratios are of one run on one machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cells import costs

from autograde.bench.run import measure
from autograde.lessons.release import SOURCE

ROUNDS = 2  # before the graders' runs, and again after them: a machine's speed drifts


def cells_alone(lesson: Path, jobs: int) -> float:
    """Processor seconds of a complete lesson's cells after the first, checks recorded as when graded."""
    (notebook,) = lesson.glob("*.ipynb")

    def once(_: int) -> float:
        return sum(cell["cpu"] for cell in costs(notebook, "1")[1:])

    with ThreadPoolExecutor(jobs) as shells:
        return min(shells.map(once, range(ROUNDS * jobs)))


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
    print(f"{'lesson':<16}{'autograde':>12}{'nbgrader':>12}{'ratio':>9}{'alone':>9}{'beyond':>9}{'start':>8}")
    for lesson in lessons:
        before = cells_alone(source / lesson, asked.jobs)
        ours, *others = measure(asked.submissions, not asked.without_stock, asked.jobs, source / lesson)
        clock = f"{'':>12}{'':>9}"
        for stock in others:
            clock = f"{stock.each:>10.2f} s{stock.seconds / ours.seconds:>8.1f}×"
            if ours.scores != stock.scores:
                differ += 1
                print(f"{'':16}the scores differ: {ours.scores} and {stock.scores}")
        alone = min(before, cells_alone(source / lesson, asked.jobs))
        beyond = min(ours.in_boxes) - alone + ours.grader_each
        start = ours.cpu_seconds - sum(ours.in_boxes) - asked.submissions * ours.grader_each
        print(
            f"{lesson:<16}{ours.each:>10.2f} s{clock}{alone:>7.2f} s{beyond:>7.2f} s{start:>6.1f} s",
            flush=True,
        )
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
