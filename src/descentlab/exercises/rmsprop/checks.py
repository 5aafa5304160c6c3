"""The checks of lesson 05-rmsprop."""

import numpy as np
from numpy.random import Generator

from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, Probes, probe


def _decay_probes(rng: Generator) -> Probes:
    """The value of h, its usual value, and the calls it has to forget the difference."""
    for name, times, calls in (("five bad gradients", 400.0, 50), ("slightly too much", 3.0, 12)):
        usual = rng.uniform(0.2, 3.0)
        held = times * usual * rng.uniform(0.9, 1.3)
        yield probe(name, held=held, usual=usual, calls=calls)


def _spread_probes(rng: Generator) -> Probes:
    decay = rng.uniform(0.8, 0.95)
    mean, slope = rng.uniform(1.2, 1.8), rng.uniform(0.5, 2.0)
    almost = 1e5 * (1 + 1e-8 * rng.normal(size=900))
    yield probe("noise", gradients=rng.normal(mean, 1.0, size=30), decay=decay)
    yield probe("a steady slope", gradients=np.full(15, slope), decay=decay)
    yield probe("gradients that agree in seven digits", gradients=almost, decay=decay)


def _faults_probes(rng: Generator) -> Probes:
    from descentlab.exercises.rmsprop.withheld.reference import tested_optimizers  # in no box

    return tested_optimizers(rng)


CHECKS = (
    FunctionCheck("rmsprop/decay-for", "05-rmsprop, an average that forgets", _decay_probes),
    RuleCheck("rmsprop/update", "05-rmsprop, the root mean square", "RMSprop"),
    RuleCheck("graves/update", "05-rmsprop, divide by the spread", "RMSpropGraves"),
    FunctionCheck(
        "rmsprop/variance", "05-rmsprop, a variance without a difference of squares", _spread_probes
    ),
    FunctionCheck("rmsprop/faults", "05-rmsprop, a test for optimizers", _faults_probes, drawn_outside=True),
)
