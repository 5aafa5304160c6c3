"""The checks of lesson 07-comparison."""

from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator

from descentlab.exercises.shared_probes import Gradient, between, linear
from descentlab.objectives import Arrays
from descentlab.registry import EARLIER, RULES
from verdicts.recording.evidence_bytes import Evidence
from verdicts.spec import FunctionCheck, FunctionProbe, Probes, probe
from verdicts.values import carried

# The bounds of hyperparameters that are not drawn as in a rule's check, for the same path in other units.
BOUNDS = {"eps": (0.05, 0.1), "decay": (0.9, 0.95)}
RATES = {"SGD": (0.1, 0.3), "AdaGrad": (0.3, 0.6)}
OTHER_LOWER, SEVERAL = "the other rule is lower on most seeds", "several comparisons"
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


def steepening(matrix: np.ndarray, quartic: float) -> Gradient:
    """The gradient of ½ θᵀ A θ + ¼ q Σ θ⁴, which no factor inside a linear gradient can imitate."""
    return lambda theta: matrix @ theta + quartic * theta**3


def walks(rng: Generator) -> Probes:
    """A rule on a bowl of three coordinates, from an array and from a tuple of integers."""
    for name, start in (
        ("from an array", rng.normal(size=3)),
        ("from plain whole numbers", tuple(rng.integers(1, 9, 3).tolist())),
    ):
        half, lr = rng.normal(size=(3, 3)), rng.uniform(0.1, 0.3)
        matrix = half @ half.T / 3 + np.eye(3) / 2
        data = {"lr": lr, "matrix": matrix, "start": start, "steps": STEPS}
        yield FunctionProbe(name, (partial(Creep, lr), linear(matrix), start, STEPS), data)


def races_of_seeds(rng: Generator) -> Probes:
    """Numbers of seeds, and of those that one of two rules has won."""
    half = int(rng.integers(4, 9))
    seeds = 2 * half + 1
    yield probe("a large majority", wins=seeds - int(rng.integers(1, 3)), seeds=seeds)
    yield probe("a small majority", wins=half + int(rng.integers(2, 4)), seeds=seeds)
    yield probe("every seed", wins=half, seeds=half)
    yield probe("half of the seeds", wins=half, seeds=2 * half)


def losses_of_two_rules(rng: Generator) -> Probes:
    """Losses of two rules on the same seeds; one seed is so bad for the winner that the means say the opposite."""
    for name, races in (
        ("the first rule is lower on most seeds", 1),
        (OTHER_LOWER, 1),
        (SEVERAL, int(rng.integers(3, 7))),
        ("so many comparisons that luck is certain to win one", 900),
    ):
        seeds, lost = int(rng.integers(9, 13)), 1 if name == SEVERAL else int(rng.integers(1, 3))
        easy, gap = rng.uniform(1.0, 9.0, seeds), rng.uniform(0.1, 0.3, seeds)
        gap[:lost] *= (-40, -0.5)[:lost]
        pair = (easy, easy + gap) if name != OTHER_LOWER else (easy + gap, easy)
        order = rng.permutation(seeds)
        yield probe(name, losses=pair[0][order] + 12, others=pair[1][order] + 12, races=races)


def losses_in_other_units(rng: Generator) -> Probes:
    """Each of the six rules, its hyperparameters, and the factor of the loss."""
    for place, name in enumerate(EARLIER):
        bounds = {h.name: BOUNDS.get(h.name, h.drawn) for h in RULES[name].hyper}
        bounds["lr"] = RATES.get(name, bounds["lr"])
        yield probe(name, name=name, hyper=between(rng, **bounds), c=rng.uniform(2.0, 9.0) ** (-1) ** place)


def valleys_and_angles(rng: Generator) -> Probes:
    """A rule, a valley, an angle: a creeping path, or one that overshoots, whose end is not its farthest point."""
    uniform = rng.uniform
    for name, angles, rates in (
        ("to the left", (0.3, 1.2), (0.05, 0.1)),
        ("to the right", (-1.2, -0.3), (0.05, 0.1)),
        ("a path that turns back", (0.3, 1.2), (1.4, 1.7)),
    ):
        angle, lr = uniform(*angles), uniform(*rates)
        matrix = np.diag(uniform((0.1, 1.5), (0.3, 2.5)))
        quartic = uniform(0.2, 0.5)
        start = rng.choice((-1, 1), 2) * uniform(1.0, 3.0, 2)
        data = {"lr": lr, "matrix": matrix, "quartic": quartic, "start": start, "steps": 8, "angle": angle}
        yield FunctionProbe(name, (partial(Creep, lr), steepening(matrix, quartic), start, angle, 8), data)


def predictions_and_targets(rng: Generator) -> Probes:
    """Predictions in a column, with a mean and a variance of their targets."""
    for name, rows in (("seven rows", 7), ("two rows", 2)):
        z = rng.normal(size=(rows, 1))
        yield probe(name, z=z, **between(rng, mean=(1.0, 2.0), variance=(2.0, 4.0)))


def trainings(rng: Generator) -> Probes:
    """A run whose best rate is known, and where to look; in some, one seed of three has another best rate."""
    for number in range(10):
        lucky = number < 6
        said = "where one seed of three is lucky at a wrong rate" if lucky else "where all seeds agree"
        odd = number % 3 if lucky else None
        low = 10.0 ** rng.uniform(-5, -3)
        best = low * 10.0 ** rng.uniform(0.8, 2.5)
        run = partial(_final_loss, best, odd, best * np.exp(rng.choice((-0.6, 0.6))))
        yield FunctionProbe(f"{said}, {number}", (run, low, 1e4 * low, 30), {"best": best}, said=said)


def _final_loss(best: float, odd: int | None, lucky: float, lr: float, seed: int) -> float:
    """1 at the best rate and more at others; of the odd seeds, 0.8 at the lucky rate; infinite far above."""
    odds = odd is not None and int(seed) % 3 == odd
    away = np.log(lr / (lucky if odds else best))
    return (0.8 if odds else 1.0) * float(1 + away**2) if away < np.log(5) else np.inf


def choose_in_budget(run: Evidence, answer: Any, probe: FunctionProbe) -> None:
    """Record the rate that a search chooses, how many calls it made beyond its budget, and the slip that its calls show.

    The calls are counted beside the answer, like the function it calls: code that looks for them can reach both.
    """
    train, low, high, budget = probe.args
    rates, losses, seeds = [], [], {}

    def counted(lr: float, seed: int) -> float:
        # Whatever the seeds, one of three is odd.
        losses.append(train(lr, seeds.setdefault(int(seed), len(seeds))))
        rates.append(float(lr))
        return losses[-1]

    chosen = answer(counted, low, high, budget)
    run["result"] = carried({"rate": chosen, "calls beyond the budget": max(0, len(losses) - budget)})
    slip = "one-seed" if len(seeds) == 1 else ""
    if sum(lr > high / 10 for lr in rates[: budget // 3]) > budget / 6:
        slip = "evenly"
    if isinstance(chosen, float) and chosen in losses and chosen not in rates:
        slip = "loss"
    run["slip"] = f"comparison/tuned-{slip}"


CHECKS = (
    FunctionCheck(
        "comparison/walk",
        "07-comparison, any rule on any loss",
        walks,
        stated_by="descentlab.objectives.descend",
    ),
    FunctionCheck("comparison/by-chance", "07-comparison, a finding or a tie", races_of_seeds),
    FunctionCheck("comparison/paired", "07-comparison, two rules, seed by seed", losses_of_two_rules),
    FunctionCheck(
        "comparison/tuned-rate",
        "07-comparison, tune with thirty runs",
        trainings,
        call=choose_in_budget,
        rtol=5 / 13,
    ),
    FunctionCheck(
        "comparison/same-path", "07-comparison, the same path in other units", losses_in_other_units
    ),
    FunctionCheck("comparison/rotation-gap", "07-comparison, a turned valley", valleys_and_angles),
    FunctionCheck(
        "comparison/all-pairs",
        "07-comparison, the loss of all pairs",
        predictions_and_targets,
        stated_by="descentlab.models.net.squared_error",
    ),
)
