"""The checks of lesson 07-comparison."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from descentlab.arrays import Arrays
from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe

# The hyperparameters of each rule, drawn between these bounds.
HYPER = {
    "SGD": {"lr": (0.1, 0.3)},
    "Momentum": {"lr": (0.05, 0.09), "momentum": (0.76, 0.84)},
    "Nesterov": {"lr": (0.05, 0.09), "momentum": (0.76, 0.84)},
    "AdaGrad": {"lr": (0.3, 0.6), "eps": (0.05, 0.1)},
    "RMSprop": {"lr": (0.05, 0.09), "decay": (0.9, 0.95), "eps": (0.05, 0.1)},
    "Adam": {"lr": (0.05, 0.09), "beta1": (0.82, 0.88), "beta2": (0.95, 0.98), "eps": (0.05, 0.1)},
}
WHOLE_NUMBERS = "a start of plain whole numbers"
STEPS = 6


class Creep:
    """θ ← θ − η ∛g / (1 + t/10): a rule that no lesson names, with a memory, for functions that take rules.

    Multiplying the loss by c multiplies its steps by ∛c; it depends on the axes.
    """

    def __init__(self, lr: float):
        self.lr, self.t = lr, 0

    def update(self, params: Arrays, grads: Arrays) -> None:
        self.t += 1
        for key, g in grads.items():
            params[key] -= self.lr * np.cbrt(g) / (1 + self.t / 10)


def linear(matrix: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """The gradient of ½ θᵀ A θ."""
    return lambda theta: matrix @ theta


def steepening(matrix: np.ndarray, quartic: float) -> Callable[[np.ndarray], np.ndarray]:
    """The gradient of ½ θᵀ A θ + ¼ q Σ θ⁴, which no factor inside the gradient can imitate."""
    return lambda theta: matrix @ theta + quartic * theta**3


def rules_by_name(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Each of the six rules on a bowl of three coordinates; one begins at a tuple of integers.

    That one takes SGD: a slip in another rule's memory then fails no row but its own.
    """
    walks = [_walk(rng, name, name, rng.normal(size=3)) for name in HYPER]
    whole = tuple(int(x) for x in rng.integers(1, 9, 3))
    return (*walks, _walk(rng, WHOLE_NUMBERS, "SGD", whole))


def _walk(rng: np.random.Generator, probe: str, name: str, start: Any) -> FunctionProbe:
    half = rng.normal(size=(3, 3))
    matrix = half @ half.T / 3 + np.eye(3) / 2
    hyper = {key: float(rng.uniform(*bounds)) for key, bounds in HYPER[name].items()}
    data = {"name": name, "hyper": hyper, "matrix": matrix, "start": start, "steps": STEPS}
    return FunctionProbe(probe, (name, hyper, linear(matrix), start, STEPS), data)


def tables_of_losses(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Losses of six rates at five seeds, in which means, minima and runs without an end mislead."""
    probes = []
    for name in ("one bad seed", "one lucky seed", "runs that ended in inf", "runs that ended in NaN"):
        rates = np.sort(10 ** rng.uniform(-4, 0, 6))
        best, other = rng.permutation(6)[:2]
        losses = np.tile(rng.uniform(1.0, 2.0, (6, 1)), 5) * rng.uniform(0.95, 1.05, (6, 5))
        losses[best] = rng.uniform(0.5, 0.6, 5)
        if name == "one bad seed":
            losses[best, rng.integers(5)] = rng.uniform(50, 90)
        elif name == "one lucky seed":
            losses[other, rng.integers(5)] = rng.uniform(0.01, 0.02)
        else:
            losses[other] = rng.uniform(0.01, 0.02, 5)
            unfinished = np.inf if name == "runs that ended in inf" else np.nan
            losses[other, rng.permutation(5)[:3]] = unfinished
            losses[best, rng.integers(5)] = unfinished
        probes.append(FunctionProbe(name, (rates, losses), {"rates": rates, "losses": losses}))
    return tuple(probes)


TURNS_BACK = "a path that turns back"
_FACTORS = {"a smaller loss": (0.1, 0.5), "a larger loss": (2.0, 9.0), TURNS_BACK: (2.0, 9.0)}
_ANGLES = {"to the left": (0.3, 1.2), "to the right": (-1.2, -0.3), TURNS_BACK: (0.3, 1.2)}


def valleys_and_factors(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """A rule, a valley, a factor of the loss."""
    return tuple(_gap(rng, name, factor=float(rng.uniform(*bounds))) for name, bounds in _FACTORS.items())


def valleys_and_angles(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """A rule, a valley, an angle."""
    return tuple(_gap(rng, name, angle=float(rng.uniform(*bounds))) for name, bounds in _ANGLES.items())


def _gap(rng: np.random.Generator, name: str, **change: float) -> FunctionProbe:
    """A creeping path; or, at a larger η, one that overshoots, so that its end is not its farthest point."""
    lr = float(rng.uniform(*((1.4, 1.7) if name == TURNS_BACK else (0.05, 0.1))))
    matrix = np.diag(rng.uniform((0.1, 1.5), (0.3, 2.5)))
    quartic = float(rng.uniform(0.2, 0.5))
    start = rng.choice((-1, 1), 2) * rng.uniform(1.0, 3.0, 2)
    (amount,) = change.values()
    data = {"lr": lr, "matrix": matrix, "quartic": quartic, "start": start, "steps": 8, **change}
    return FunctionProbe(name, (partial(Creep, lr), steepening(matrix, quartic), start, amount, 8), data)


def batches_of_targets(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Predictions in a column, targets in a column or without one."""
    probes = []
    for name, shape in (("targets (n, 1)", (7, 1)), ("targets (n,)", (7,))):
        z, t = rng.normal(size=(7, 1)), rng.normal(size=shape)
        probes.append(FunctionProbe(name, (z, t), {"z": z, "t": t}))
    return tuple(probes)


def training_logs(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Accuracies of twelve epochs: the best test epoch is another than the best validation epoch."""
    probes = []
    for name in ("one best epoch", "a tie"):
        valid, test = rng.uniform(0.5, 0.9, 12), rng.uniform(0.5, 0.9, 12)
        first, second, lucky = np.sort(rng.permutation(12)[:3])
        valid[first] = 0.95
        test[lucky] = 0.99
        if name == "a tie":
            valid[second] = 0.95
        probes.append(FunctionProbe(name, (valid, test), {"valid": valid, "test": test}))
    return tuple(probes)


CHECKS = (
    FunctionCheck(
        name="comparison/six-rules",
        probes=rules_by_name,
        rtol=1e-9,
        section="07-comparison, six rules in one page",
        criteria=(
            *(Criterion(name, 1, (name,), follows=f"{name.lower()}/update") for name in HYPER),
            Criterion(WHOLE_NUMBERS, 1, (WHOLE_NUMBERS,), needs=("SGD",)),
        ),
    ),
    FunctionCheck(
        name="comparison/best-rate",
        probes=tables_of_losses,
        rtol=1e-9,
        section="07-comparison, the rules of a fair race",
        criteria=(
            Criterion("the median over the seeds decides", 2, ("one bad seed", "one lucky seed")),
            Criterion(
                "a run without an end never helps", 1, ("runs that ended in inf", "runs that ended in NaN")
            ),
        ),
    ),
    FunctionCheck(
        name="comparison/scale-gap",
        probes=valleys_and_factors,
        rtol=1e-9,
        section="07-comparison, a loss in other units",
    ),
    FunctionCheck(
        name="comparison/rotation-gap",
        probes=valleys_and_angles,
        rtol=1e-9,
        section="07-comparison, a turned valley",
    ),
    FunctionCheck(
        name="comparison/row-error",
        probes=batches_of_targets,
        rtol=1e-9,
        section="07-comparison, the shape of a loss",
        criteria=(
            Criterion("targets of shape (n, 1)", 1, ("targets (n, 1)",)),
            Criterion("targets of shape (n,)", 1, ("targets (n,)",)),
        ),
    ),
    FunctionCheck(
        name="comparison/reported",
        probes=training_logs,
        rtol=1e-9,
        section="07-comparison, which test accuracy is reported",
        criteria=(
            Criterion("validation chooses, the test does not", 1, ("one best epoch",)),
            Criterion("a tie goes to the earlier epoch", 1, ("a tie",)),
        ),
    ),
)
