"""What an honest submission costs beside a greedy one: its time by the clock, as ratios to its time alone.

    python benchmarks/fairness.py [--seconds 2]

"stopped": the greedy one's sixty busy processes are seen and ended. "borne": a course that allows them. The
tiers are this machine's and those below it; grades are the same in all rows, or the program says so.
"""

import argparse
import time
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from autograde.sandbox import CellTask, Limits, Pool, RunResult, Tier, best_tier, tiers
from autograde.sandbox import pool as pool_module

GREEDY = """
import os, time
for i in range(60):
    if os.fork() == 0:
        os.setsid()
        end = time.time() + 20
        while time.time() < end: pass
        os._exit(0)
time.sleep(20)
"""
HONEST = (
    "import time\nbegin = time.process_time()\nwhile time.process_time() - begin < {}: pass\nprint('done')"
)


def together(pool: Pool, seconds: float, busy_threads: int) -> tuple[float, RunResult, RunResult]:
    """Seconds by the clock from handing in to the result, of the honest one; both results."""
    limits = Limits(cell_seconds=60, busy_threads=busy_threads)
    greedy = pool.submit_run([CellTask(GREEDY)], 1, limits)
    time.sleep(0.5)
    began = time.monotonic()
    honest = pool.submit_run([CellTask(HONEST.format(seconds))], 1).result()
    return time.monotonic() - began, honest, greedy.result()


def rows(tier: int, seconds: float) -> Iterator[tuple[str, ...]]:
    """What came of both kinds of greedy submissions in a tier."""
    pool_module.best_tier = lambda: Tier(tier, tiers.NAMES[tier], "chosen")
    with Pool(jobs=2) as pool:
        alone = pool.submit_run([CellTask(HONEST.format(seconds))], 1).result()
        for what, busy_threads in (("stopped", Limits().busy_threads), ("borne", 1000)):
            took, honest, greedy = together(pool, seconds, busy_threads)
            if (honest.cells, honest.flags) != (alone.cells, ()):
                raise RuntimeError(f"the honest one lost: {honest.flags}")
            yield str(tier), what, ", ".join(greedy.flags) or "none", f"{took / alone.seconds:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="of processor time, the honest one's")
    seconds = parser.parse_args().seconds
    table = Table("tier", "the greedy one is", "its flags", "the honest one's time, ratio")
    for tier in range(best_tier().number, 1, -1):
        for row in rows(tier, seconds):
            table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
