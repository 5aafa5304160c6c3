"""Training with mini-batches: one pass over the rows is an epoch, after each the net is validated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .data import Data
from .net import Net, Params


@dataclass(frozen=True)
class Epoch:
    """What one epoch of `train` ended with."""

    number: int
    """1, 2, …"""
    loss: float
    """On the rows trained on, the L2 penalty included."""
    valid: float
    """Share of the validation rows that are right, 0 to 1."""
    best: bool
    """Whether `valid` is better than in every epoch before."""
    test: float
    """Share of the test rows right at the last epoch that was best: the number to report."""

    def __str__(self) -> str:
        line = f"epoch {self.number:2d}: loss {self.loss:.4f}, validation accuracy {self.valid:.2%}"
        return line + (f": best to date, test accuracy {self.test:.2%}" if self.best else "")


def minibatches(rows: int, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The numbers 0 … rows − 1 in random order, in pieces of `size`; the last may be smaller."""
    order = rng.permutation(rows)
    for first in range(0, rows, size):
        yield order[first : first + size]


def accuracy(net: Net, params: Params, x: np.ndarray, t: np.ndarray) -> float:
    """Share of the rows whose largest output is their class."""
    return float(np.mean(net.outputs(params, x).argmax(axis=1) == t))


def train(
    net: Net,
    params: Params,
    rule: Any,
    data: Data,
    epochs: int,
    batch: int = 32,
    seed: int = 0,
    log: Callable[[Epoch], Any] | None = print,
) -> list[Epoch]:
    """Train `params` in place with any rule that has `update(params, grads)`; one `Epoch` for each, also to
    `log`.

    The test rows are looked at only when validation finds a better net, and choose nothing. Stops early,
    without an `Epoch`, when the loss is no longer a finite number.
    """
    rng = np.random.default_rng(seed)
    done: list[Epoch] = []
    highest = test = -1.0
    for number in range(1, epochs + 1):
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges ends below
            for rows in minibatches(len(data.train.t), batch, rng):
                rule.update(params, net.gradients(params, data.train.x[rows], data.train.t[rows]))
            loss = net.loss(params, *data.train)
        if not np.isfinite(loss):
            break
        valid = accuracy(net, params, *data.valid)
        best = valid > highest
        if best:
            highest, test = valid, accuracy(net, params, *data.test)
        done.append(Epoch(number, loss, valid, best, test))
        if log:
            log(done[-1])
    return done
