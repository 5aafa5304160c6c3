"""The checks of lesson 05-rmsprop."""

import numpy as np

from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import Criterion, FunctionCheck, Probes, probe


def _decay_probes(rng: np.random.Generator) -> Probes:
    """The value of h, its usual value, and the calls it has to forget the difference."""
    for name, times, calls in (("five bad gradients", 400.0, 50), ("slightly too much", 3.0, 12)):
        usual = rng.uniform(0.2, 3.0)
        held = times * usual * rng.uniform(0.9, 1.3)
        yield probe(name, held=held, usual=usual, calls=calls)


def _spread_probes(rng: np.random.Generator) -> Probes:
    decay = rng.uniform(0.8, 0.95)
    mean, slope = rng.uniform(1.2, 1.8), rng.uniform(0.5, 2.0)
    almost = 1e5 * (1 + 1e-8 * rng.normal(size=900))
    yield probe(NOISE, gradients=rng.normal(mean, 1.0, size=30), decay=decay)
    yield probe(STEADY_SLOPE, gradients=np.full(15, slope), decay=decay)
    yield probe(NEARLY_EQUAL_GRADIENTS, gradients=almost, decay=decay)


def _faults_probes(rng: np.random.Generator) -> Probes:
    from descentlab.exercises.rmsprop.answers.reference import tested_optimizers  # in no box

    return tested_optimizers(rng)


NOISE, STEADY_SLOPE, NEARLY_EQUAL_GRADIENTS = (
    "noise",
    "a steady slope",
    "gradients that agree in seven digits",
)

CHECKS = (
    FunctionCheck(
        "rmsprop/decay-for",
        "05-rmsprop, an average that forgets",
        _decay_probes,
        rtol=1e-6,
        criteria=(
            Criterion("much to forget", 1, ("five bad gradients",)),
            Criterion("little to forget", 1, ("slightly too much",)),
        ),
    ),
    RuleCheck("rmsprop/update", "05-rmsprop, the root mean square", "RMSprop"),
    RuleCheck("graves/update", "05-rmsprop, divide by the spread", "RMSpropGraves"),
    FunctionCheck(
        "rmsprop/variance",
        "05-rmsprop, a variance without a difference of squares",
        _spread_probes,
        bounds={"decay": 1.0},
        rtol=1e-6,
        criteria=(
            Criterion("noise, and a steady slope", 1, (NOISE, STEADY_SLOPE)),
            Criterion("never a rounding error instead of a variance", 1, (NEARLY_EQUAL_GRADIENTS,)),
        ),
    ),
    FunctionCheck(
        "rmsprop/faults",
        "05-rmsprop, a test for optimizers",
        _faults_probes,
        drawn_outside=True,
        criteria=(
            Criterion("whether it remembers", 2, part="remembers"),
            Criterion("whether it mixes keys", 1, part="mixes"),
        ),
    ),
)
