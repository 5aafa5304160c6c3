"""`python benchmarks/rules.py [SIZE ...]`: what one step of each rule costs.

CPU time and peak extra memory of one step on one array of 10³, 10⁵ and 10⁷ numbers (or SIZE). A step first
checks its input, a few microseconds an array that count only where arrays are small.
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from descentlab import rules
from descentlab.registry import RULES

SIZES = (10**3, 10**5, 10**7)
SECONDS = 0.4  # spent on each measurement
TURNS = 25


def stepper(name: str, size: int) -> Callable[[], None]:
    """One call: one step of a rule of that name on an array of `size` numbers of its own."""
    rule = getattr(rules, name)()
    params, grads = {"x": np.ones(size)}, {"x": np.full(size, 0.1)}
    return lambda: rule.update(params, grads)


def seconds(step: Callable[[], None], calls: int) -> float:
    """CPU time of one call."""
    start = time.process_time()
    for _ in range(calls):
        step()
    return (time.process_time() - start) / calls


def median_seconds(step: Callable[[], None]) -> float:
    """The median time of one call, in turns."""
    seconds(step, 1)  # makes the state
    calls = max(1, int(SECONDS / (TURNS * seconds(step, 1))))
    return statistics.median(seconds(step, calls) for _ in range(TURNS))


def temporaries(step: Callable[[], None], size: int) -> float:
    """Peak extra memory of one step, in arrays of the parameter's size. Needs a fresh `step`."""
    tracemalloc.start()
    step()  # makes the state, which is no temporary
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / (8 * size)


def main(sizes: list[int]) -> None:
    print(f"{'rule':14} {'numbers':>9} {'one step':>12} {'temporary arrays':>17}")
    for name in RULES:
        for size in sizes:
            once = median_seconds(stepper(name, size))
            arrays = temporaries(stepper(name, size), size)
            print(f"{name:14} {size:9d} {once * 1e6:9.1f} µs {arrays:17.1f}", flush=True)


if __name__ == "__main__":
    main([int(float(size)) for size in sys.argv[1:]] or list(SIZES))
