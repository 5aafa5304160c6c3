"""`python benchmarks/rules.py [SIZE ...]`: what one step of each plain rule costs.

CPU time and peak extra memory of one step on one array of 10³, 10⁵ and 10⁷ numbers (or SIZE), beside the
textbook's NumPy form of the same rule, a class with the same values that checks nothing, and beside torch
where it is installed. Ours and theirs take turns and the ratio is the median over the turns, so that a busy
machine changes it little. Below 1 ours is faster.
A step of ours first checks its input, half a microsecond an array that counts only where arrays are small.
NumPy re-uses the temporaries of an expression from 256 KiB on.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from descentlab import rules

SIZES = (10**3, 10**5, 10**7)
SECONDS = 0.4  # spent on each measurement, turns included


class Textbook:
    """A rule as books print it: a new array for each line, nothing checked."""

    def __init__(self, lr: float, **others: float):
        self.lr, self.t = lr, 0
        vars(self).update(others)
        self.v = self.h = None

    def start(self, params):
        if self.v is None:
            self.v, self.h, self.a = ({k: np.zeros_like(p) for k, p in params.items()} for _ in range(3))
        self.t += 1


class SGD(Textbook):
    def update(self, params, grads):
        for k in params:
            params[k] = params[k] - self.lr * grads[k]


class Momentum(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] = params[k] + self.v[k]


class Nesterov(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            old = self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] = params[k] - self.momentum * old + (1 + self.momentum) * self.v[k]


class AdaGrad(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.h[k] + grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] = params[k] - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSpropGraves(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            s = np.sqrt(self.h[k] - self.a[k] ** 2 + self.eps)
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k] / s
            params[k] = params[k] + self.v[k]


class Adam(Textbook):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.beta1 * self.v[k] + (1 - self.beta1) * grads[k]
            self.h[k] = self.beta2 * self.h[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.v[k] / (1 - self.beta1**self.t)
            v_hat = self.h[k] / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


TEXTBOOK = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, RMSpropGraves, Adam)
TORCH = {
    "SGD": ("SGD", {}),
    "Momentum": ("SGD", {"momentum": 0.9}),
    "Nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "AdaGrad": ("Adagrad", {}),
    "RMSprop": ("RMSprop", {}),
    "RMSpropGraves": ("RMSprop", {"momentum": 0.9, "centered": True}),
    "Adam": ("Adam", {}),
}


def stepper(rule, size: int) -> Callable[[], None]:
    """One call: one step of `rule` on an array of `size` numbers of its own."""
    params, grads = {"x": np.ones(size)}, {"x": np.full(size, 0.1)}
    return lambda: rule.update(params, grads)


def torch_stepper(name: str, size: int) -> Callable[[], None] | None:
    """The same with torch's optimiser on one thread, in float64; None where torch is not installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    optimiser, choices = TORCH[name]
    x = torch.ones(size, dtype=torch.float64, requires_grad=True)
    x.grad = torch.full((size,), 0.1, dtype=torch.float64)
    return getattr(torch.optim, optimiser)([x], lr=0.01, foreach=False, **choices).step


def seconds(step: Callable[[], None], calls: int) -> float:
    """CPU time of one call."""
    start = time.process_time()
    for _ in range(calls):
        step()
    return (time.process_time() - start) / calls


def times(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    """The median time of one of our steps, and the median ratio to theirs, in turns."""
    seconds(ours, 1), seconds(theirs, 1)  # makes the state
    once = max(seconds(ours, 1), seconds(theirs, 1))
    turns = 25
    calls = max(1, int(SECONDS / (2 * turns * once)))
    pairs = []
    stop = time.perf_counter() + 6 * SECONDS
    while len(pairs) < turns and (len(pairs) < 3 or time.perf_counter() < stop):
        pairs.append((seconds(ours, calls), seconds(theirs, calls)))
    return statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)


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
    print(f"{'':14} {'':>9} {'one step':>12} {'time: ours /':>22} {'temporary arrays':>22}")
    print(
        f"{'rule':14} {'numbers':>9} {'ours':>12} {'textbook':>13} {'torch':>8} {'ours':>13} {'textbook':>8}"
    )
    for textbook in TEXTBOOK:
        name = textbook.__name__
        plain = getattr(rules, name)
        values = {key: value for key, value in vars(plain()).items() if isinstance(value, float)}
        for size in sizes:
            one, ratio = times(stepper(plain(), size), stepper(textbook(**values), size))
            torch = torch_stepper(name, size)
            beside = f"{times(stepper(plain(), size), torch)[1]:8.2f}" if torch else f"{'none':>8}"
            arrays = temporaries(stepper(plain(), size), size)
            theirs = temporaries(stepper(textbook(**values), size), size)
            row = (
                f"{name:14} {size:9d} {one * 1e6:9.1f} µs {ratio:13.2f} {beside} {arrays:13.1f} {theirs:8.1f}"
            )
            print(row, flush=True)


if __name__ == "__main__":
    main([int(float(size)) for size in sys.argv[1:]] or list(SIZES))
