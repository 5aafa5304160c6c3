"""What the sandbox costs: a box's start, a submission, and the same cells by nbclient with a real kernel.

    python benchmarks/sandbox.py [--runs 40]

Seconds of CPU time, and ratios of one run: other machines have other seconds.
"""

import argparse
import resource
import statistics
import time

import nbformat
from nbclient import NotebookClient
from rich.console import Console
from rich.table import Table

from autograde.sandbox import CellTask, Pool, best_tier

RULE = """\
class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
"""
SMALL = [RULE, 'from descentlab import check\ncheck("sgd/update", SGD, points=5)']
FIGURE = [*SMALL, "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title('a figure')\nplt.show()"]


def cpu_of_children() -> float:
    """CPU time of all processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def sandboxed(sources: list[str], runs: int, isolation: str) -> tuple[float, float, float]:
    """Seconds to the first result; median CPU and wall seconds of a submission after it."""
    tasks = [CellTask(source, 5 if "check(" in source else None) for source in sources]
    began = time.monotonic()
    with Pool(jobs=1, isolation=isolation) as pool:
        pool.submit_run(tasks, 0).result()
        first = time.monotonic() - began
        results = [pool.submit_run(tasks, seed).result() for seed in range(runs)]
    if any(result.flags for result in results):
        raise RuntimeError(f"a run was disturbed: {results[0].flags}")
    cpu = statistics.median(result.cpu_seconds for result in results)
    return first, cpu, statistics.median(result.seconds for result in results)


def with_a_kernel(sources: list[str], runs: int) -> tuple[float, float]:
    """Mean CPU and wall seconds of the same cells by nbclient, a kernel for each notebook."""
    cpu, began = cpu_of_children(), time.monotonic()
    for _ in range(runs):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3").execute()
    return (cpu_of_children() - cpu) / runs, (time.monotonic() - began) / runs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    tier = best_tier()
    table = Table(
        "cells", "how", "first result", "CPU s", "wall s", "CPU, ratio", title=f"tier {tier.number}"
    )
    for name, sources in {"small": SMALL, "with a figure": FIGURE}.items():
        kernel_cpu, kernel_wall = with_a_kernel(sources, max(2, runs // 10))
        table.add_row(name, "nbclient, own kernel", "", f"{kernel_cpu:.3f}", f"{kernel_wall:.3f}", "1")
        for isolation in ("auto", "none"):
            first, cpu, wall = sandboxed(sources, runs, isolation)
            how = "sandbox" if isolation == "auto" else "sandbox, no isolation"
            ratio = f"1/{kernel_cpu / cpu:.0f}"
            table.add_row(name, how, f"{first:.1f} s", f"{cpu:.3f}", f"{wall:.3f}", ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
