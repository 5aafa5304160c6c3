"""Training with mini-batches: one pass over the rows is an epoch, after each the net is validated.

runs = train_each({"SGD": SGD(0.5), "Adam": Adam(0.005)}, net, digits(), epochs=15)
figures.training_curves(runs, title=…)                                        loss and accuracy
gradient_noise(net, params, digits().train, batch=32)                         mean ‖g of a batch − g‖²
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .data import Data, Part
from .net import Net, Params


@dataclass(frozen=True)
class Epoch:
    """The results of one epoch of `train`."""

    number: int
    """1, 2, …"""
    loss: float
    """Loss on the training rows, with the L2 penalty."""
    valid_loss: float
    """Loss on the validation rows, with the L2 penalty."""
    train: float
    """Share of the training rows that are right, 0 to 1."""
    valid: float
    """Share of the validation rows that are right, 0 to 1."""
    best: bool
    """Whether `valid` is better than in all epochs before."""
    test: float
    """Share of the test rows right at the last epoch that was best: the number to report."""

    def __str__(self) -> str:
        words = "epoch {number:2d}: loss {loss:.4f}, validation accuracy {valid:.2%}"
        if self.best:
            words += ": best to date, test accuracy {test:.2%}"
        return words.format(**vars(self))


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
    stop: Callable[[list[Epoch]], bool] | None = None,
) -> list[Epoch]:
    """Train `params` in place with any rule that has `update(params, grads)`; one `Epoch` for each, also to
    `log`.

    `stop` is asked after each epoch, with all epochs so far, whether that is enough. The test rows are looked
    at only when validation finds a better net, and choose nothing. Stops early, without an `Epoch`, when the
    loss is no longer a finite number.
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
        train_share, valid = accuracy(net, params, *data.train), accuracy(net, params, *data.valid)
        best = valid > highest
        if best:
            highest, test = valid, accuracy(net, params, *data.test)
        valid_loss = net.loss(params, *data.valid)
        done.append(Epoch(number, loss, valid_loss, train_share, valid, best, test))
        if log:
            log(done[-1])
        if stop and stop(done):
            break
    return done


def train_each(
    rules: Mapping[str, Any], net: Net, data: Data, epochs: int, batch: int = 32, seed: int = 0
) -> dict[str, list[Epoch]]:
    """Train the net once with each rule, from the same start and on the same mini-batches.

    Args:
        rules: label → a new rule each.

    Returns:
        Label → the epochs; fewer, or none, where the run diverged.
    """
    runs = {}
    for label, rule in rules.items():
        params = net.start(np.random.default_rng(seed))
        runs[label] = train(net, params, rule, data, epochs, batch, seed, log=None)
    return runs


def gradient_noise(
    net: Net, params: Params, part: Part, batch: int, draws: int = 200, seed: int = 0
) -> float:
    """The mean squared distance of a mini-batch's gradient from that of all rows, all parameters together.

    The rows of a batch are drawn without replacement.
    """
    rng = np.random.default_rng(seed)
    whole = net.gradients(params, *part)
    total = 0.0
    for _ in range(draws):
        rows = rng.choice(len(part.t), batch, replace=False)
        grads = net.gradients(params, part.x[rows], part.t[rows])
        total += sum(float(np.sum((grads[key] - whole[key]) ** 2)) for key in whole)
    return total / draws
