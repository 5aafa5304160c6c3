"""The checks of lesson 04-adagrad."""

from __future__ import annotations

import numpy as np

from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe, RuleCheck, ValueCheck
from descentlab.exercises.counting_rule import CountingRule


def _gradients(rng: np.random.Generator, rounds: int, spread: tuple[float, ...]) -> np.ndarray:
    return rng.normal(size=(rounds, len(spread))) * np.asarray(spread)


def _hindsight_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    dense = _gradients(rng, 12, (1.0, 0.1, 5.0))
    sparse = _gradients(rng, 40, (1.0, 1.0, 1.0, 2.0))
    sparse[:, 2] *= np.arange(40) % 10 == 3
    problems = {
        "three coordinates": (dense, float(rng.uniform(2, 4))),
        "one of four rarely seen": (sparse, float(rng.uniform(5, 9))),
    }
    return tuple(
        FunctionProbe(name, (gradients, total), {"gradients": gradients, "total": total})
        for name, (gradients, total) in problems.items()
    )


def _lemma_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    noise = rng.normal(size=60)
    late = np.concatenate([np.zeros(5), rng.normal(size=20)])
    growing = rng.uniform(1.2, 1.8) ** np.arange(25)
    sequences = {"random": noise, "growing": growing, "zero at first": late}
    return tuple(FunctionProbe(name, (g,), {"g": g}) for name, g in sequences.items())


def _steps_probes(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    probes = []
    for name, in_place in (("a rule that changes the array", True), ("a rule that makes a new array", False)):
        gradients = _gradients(rng, 7, (1.0, 3.0, 0.2))
        rate = float(rng.uniform(0.1, 0.4))
        data = {"gradients": gradients, "rate": rate}
        probes.append(FunctionProbe(name, (CountingRule(rate, in_place), gradients), data))
    return tuple(probes)


CHECKS = (
    FunctionCheck(
        name="adagrad/hindsight",
        probes=_hindsight_probes,
        rtol=1e-9,
        section="04-adagrad, the best scales in hindsight",
        criteria=(
            Criterion("any coordinates", 2, ("three coordinates",)),
            Criterion("rare coordinates", 1, ("one of four rarely seen",)),
        ),
    ),
    FunctionCheck(
        name="adagrad/lemma",
        probes=_lemma_probes,
        rtol=1e-9,
        section="04-adagrad, without hindsight",
        criteria=(
            Criterion("sequences that start at once", 2, ("random", "growing")),
            Criterion("sequences that are zero at first", 1, ("zero at first",)),
        ),
    ),
    RuleCheck(
        name="adagrad/update",
        rule="AdaGrad",
        hyper={"lr": (0.05, 0.09)},
        has_eps=True,
        remembers=True,
        section="04-adagrad, the sum of squares",
    ),
    FunctionCheck(
        name="adagrad/steps",
        probes=_steps_probes,
        rtol=1e-9,
        section="04-adagrad, steps you can predict",
        criteria=(
            Criterion("rules that change the array", 2, ("a rule that changes the array",)),
            Criterion("rules that make a new one", 1, ("a rule that makes a new array",)),
        ),
    ),
    ValueCheck(
        name="adagrad/surprise",
        rtol=2e-3,
        section="04-adagrad, steps you can predict",
    ),
)
