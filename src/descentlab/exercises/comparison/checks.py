"""The checks of lesson 07-comparison."""

from functools import partial
from typing import Any

import numpy as np

from descentlab.exercises.shared_probes import Gradient, between, linear
from descentlab.objectives import Arrays
from descentlab.registry import EARLIER, RULES
from verdicts.recording.evidence_bytes import Evidence
from verdicts.spec import Criterion, FunctionCheck, FunctionProbe, Probes, probe
from verdicts.values import carried

# The bounds of hyperparameters that are not drawn as in a rule's check, for the same path in other units.
BOUNDS = {"eps": (0.05, 0.1), "decay": (0.9, 0.95)}
RATES = {"SGD": (0.1, 0.3), "AdaGrad": (0.3, 0.6)}
FLOATS, WHOLE_NUMBERS = "from an array", "from plain whole numbers"
FIRST_LOWER, OTHER_LOWER = "the first rule is lower on most seeds", "the other rule is lower on most seeds"
SEVERAL, MANY = "several comparisons", "so many comparisons that luck is certain to win one"
HALF_OF_SEEDS, MORE_THAN_HALF_OF_SEEDS = "half of the seeds", "more than half of the seeds"
STEPS = 6
SEEDS_AGREE, LUCKY_SEED = "where all seeds agree", "where one seed of three is lucky at a wrong rate"
LUCKY = tuple(f"{LUCKY_SEED}, {number}" for number in range(6))
AGREEING = tuple(f"{SEEDS_AGREE}, {number}" for number in range(6, 10))


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


def walks(rng: np.random.Generator) -> Probes:
    """A rule on a bowl of three coordinates, from an array and from a tuple of integers."""
    for name, start in ((FLOATS, rng.normal(size=3)), (WHOLE_NUMBERS, tuple(rng.integers(1, 9, 3).tolist()))):
        half, lr = rng.normal(size=(3, 3)), rng.uniform(0.1, 0.3)
        matrix = half @ half.T / 3 + np.eye(3) / 2
        data = {"lr": lr, "matrix": matrix, "start": start, "steps": STEPS}
        yield FunctionProbe(name, (partial(Creep, lr), linear(matrix), start, STEPS), data)


def races_of_seeds(rng: np.random.Generator) -> Probes:
    """Numbers of seeds, and of those that one of two rules has won."""
    half = int(rng.integers(4, 9))
    seeds = 2 * half + 1
    yield probe("a large majority", wins=seeds - int(rng.integers(1, 3)), seeds=seeds)
    yield probe("a small majority", wins=half + int(rng.integers(2, 4)), seeds=seeds)
    yield probe("every seed", wins=half, seeds=half)
    yield probe(HALF_OF_SEEDS, wins=half, seeds=2 * half)


def losses_of_two_rules(rng: np.random.Generator) -> Probes:
    """Losses of two rules on the same seeds; one seed is so bad for the winner that the means say the opposite."""
    for name, races in ((FIRST_LOWER, 1), (OTHER_LOWER, 1), (SEVERAL, int(rng.integers(3, 7))), (MANY, 900)):
        seeds, lost = int(rng.integers(9, 13)), 1 if name == SEVERAL else int(rng.integers(1, 3))
        easy, gap = rng.uniform(1.0, 9.0, seeds), rng.uniform(0.1, 0.3, seeds)
        gap[:lost] *= (-40, -0.5)[:lost]
        pair = (easy, easy + gap) if name != OTHER_LOWER else (easy + gap, easy)
        order = rng.permutation(seeds)
        yield probe(name, losses=pair[0][order] + 12, others=pair[1][order] + 12, races=races)


def losses_in_other_units(rng: np.random.Generator) -> Probes:
    """Each of the six rules, its hyperparameters, and the factor of the loss."""
    for place, name in enumerate(EARLIER):
        bounds = {h.name: BOUNDS.get(h.name, h.drawn) for h in RULES[name].hyper}
        bounds["lr"] = RATES.get(name, bounds["lr"])
        yield probe(name, name=name, hyper=between(rng, **bounds), c=rng.uniform(2.0, 9.0) ** (-1) ** place)


def valleys_and_angles(rng: np.random.Generator) -> Probes:
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


def predictions_and_targets(rng: np.random.Generator) -> Probes:
    """Predictions in a column, with a mean and a variance of their targets."""
    for name, rows in (("seven rows", 7), ("two rows", 2)):
        z = rng.normal(size=(rows, 1))
        yield probe(name, z=z, **between(rng, mean=(1.0, 2.0), variance=(2.0, 4.0)))


def trainings(rng: np.random.Generator) -> Probes:
    """A run whose best rate is known, and where to look; in some, one seed of three has another best rate."""
    for number, name in enumerate(LUCKY + AGREEING):
        odd = number % 3 if name in LUCKY else None
        low = 10.0 ** rng.uniform(-5, -3)
        best = low * 10.0 ** rng.uniform(0.8, 2.5)
        run = partial(_final_loss, best, odd, best * np.exp(rng.choice((-0.6, 0.6))))
        yield FunctionProbe(name, (run, low, 1e4 * low, 30), {"best": best}, said=name.split(", ")[0])


def _final_loss(best: float, odd: int | None, lucky: float, lr: float, seed: int) -> float:
    """1 at the best rate and more at others; of the odd seeds, 0.8 at the lucky rate; infinite far above."""
    odds = odd is not None and int(seed) % 3 == odd
    away = np.log(lr / (lucky if odds else best))
    return (0.8 if odds else 1.0) * float(1 + away**2) if away < np.log(5) else np.inf


def choose_in_budget(run: Evidence, answer: Any, probe: FunctionProbe) -> None:
    """Record the rate that a search chooses, and how many calls it made beyond its budget.

    The calls are counted beside the answer, like the function it calls: code that looks for them can reach both.
    """
    train, low, high, budget = probe.args
    made = []

    def counted(lr: float, seed: int) -> float:
        made.append(seed)
        return train(lr, seed)

    chosen = answer(counted, low, high, budget)
    run["result"] = carried({"rate": chosen, "calls beyond the budget": max(0, len(made) - budget)})


CHECKS = (
    FunctionCheck(
        "comparison/walk",
        "07-comparison, any rule on any loss",
        walks,
        stated_by="descentlab.objectives.descend",
        criteria=(
            Criterion(FLOATS, 1, (FLOATS,)),
            Criterion(WHOLE_NUMBERS, 1, (WHOLE_NUMBERS,), needs=(FLOATS,)),
        ),
    ),
    FunctionCheck(
        "comparison/by-chance",
        "07-comparison, a finding or a tie",
        races_of_seeds,
        bounds={"wins": "seeds"},
        criteria=(
            Criterion(MORE_THAN_HALF_OF_SEEDS, 3, ("a large majority", "a small majority", "every seed")),
            Criterion(HALF_OF_SEEDS, 1, (HALF_OF_SEEDS,), needs=(MORE_THAN_HALF_OF_SEEDS,)),
        ),
    ),
    FunctionCheck(
        "comparison/paired",
        "07-comparison, two rules, seed by seed",
        losses_of_two_rules,
        criteria=(
            Criterion(FIRST_LOWER, 1, (FIRST_LOWER,)),
            Criterion(OTHER_LOWER, 1, (OTHER_LOWER,)),
            Criterion("several comparisons: never above 1", 1, (SEVERAL, MANY)),
        ),
    ),
    FunctionCheck(
        "comparison/tuned-rate",
        "07-comparison, tune with thirty runs",
        trainings,
        call=choose_in_budget,
        rtol=5 / 13,
        criteria=(
            Criterion(SEEDS_AGREE, 1, AGREEING, part="rate"),
            Criterion(LUCKY_SEED, 1, LUCKY, part="rate"),
            Criterion("within the budget", 1, part="calls beyond the budget", needs=(SEEDS_AGREE,)),
        ),
    ),
    FunctionCheck(
        "comparison/same-path",
        "07-comparison, the same path in other units",
        losses_in_other_units,
        criteria=(
            Criterion("rules whose steps grow with the gradient", 1, ("SGD", "Momentum", "Nesterov")),
            Criterion("rules that divide by its size", 2, ("AdaGrad", "RMSprop", "Adam")),
        ),
    ),
    FunctionCheck("comparison/rotation-gap", "07-comparison, a turned valley", valleys_and_angles),
    FunctionCheck(
        "comparison/all-pairs",
        "07-comparison, the loss of all pairs",
        predictions_and_targets,
        stated_by="descentlab.models.net.squared_error",
        parts=("loss", "slope"),
        criteria=(
            Criterion("the loss of all pairs", 1, part="loss"),
            Criterion("its slope", 1, part="slope"),
        ),
    ),
)
