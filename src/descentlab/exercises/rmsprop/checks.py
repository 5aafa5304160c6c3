"""The checks of lesson 05-rmsprop."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe, RuleCheck, probe
from descentlab.exercises.stand_in import StandIn


def _decay_probes(rng: np.random.Generator) -> Iterator[FunctionProbe]:
    """What h holds, what it usually holds, and the calls it has to forget the difference."""
    for name, times, calls in (("five bad gradients", 400.0, 50), ("slightly too much", 3.0, 12)):
        usual = float(rng.uniform(0.2, 3.0))
        held = times * usual * float(rng.uniform(0.9, 1.3))
        yield probe(name, held=held, usual=usual, calls=calls)


def _spread_probes(rng: np.random.Generator) -> Iterator[FunctionProbe]:
    decay = float(rng.uniform(0.8, 0.95))
    mean, slope = float(rng.uniform(1.2, 1.8)), float(rng.uniform(0.5, 2.0))
    almost = 1e5 * (1 + 1e-8 * rng.normal(size=900))
    yield probe(NOISE, gradients=rng.normal(mean, 1.0, size=30), decay=decay)
    yield probe(STEADY, gradients=np.full(15, slope), decay=decay)
    yield probe(ALMOST, gradients=almost, decay=decay)


def _faults_probes(rng: np.random.Generator) -> Iterator[FunctionProbe]:
    """Stand-ins with and without a memory, whose keys are apart or not."""
    for name, (memory, mixes) in STAND_INS.items():
        lr = float(rng.uniform(0.05, 0.2))
        data = {"remembers": bool(memory), "mixes": bool(mixes)}
        yield FunctionProbe(name, (partial(StandIn, lr, memory, mixes),), data)


NOISE, STEADY, ALMOST = "noise", "a steady slope", "gradients that agree in seven digits"
STAND_INS = {  # its memory: none, every call, only where gradients change; which keys it mixes
    "a memory, keys apart": ("sum", ""),
    "no memory, keys apart": ("", ""),
    "no memory, from key to key": ("", "next"),
    "a memory that shows where gradients change": ("average", "all"),
    "no memory, all keys": ("", "all"),
    "a memory, from key to key": ("sum", "next"),
}

CHECKS = (
    FunctionCheck(
        name="rmsprop/decay-for",
        probes=_decay_probes,
        rtol=1e-6,
        section="05-rmsprop, an average that forgets",
        criteria=(
            Criterion("much to forget", 1, ("five bad gradients",)),
            Criterion("little to forget", 1, ("slightly too much",)),
        ),
    ),
    RuleCheck(
        name="rmsprop/update",
        rule="RMSprop",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, the root mean square",
    ),
    RuleCheck(
        name="graves/update",
        rule="RMSpropGraves",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95), "momentum": (0.76, 0.84)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, divide by the spread",
    ),
    FunctionCheck(
        name="rmsprop/variance",
        probes=_spread_probes,
        rtol=1e-6,
        section="05-rmsprop, a variance without a difference of squares",
        criteria=(
            Criterion("noise, and a steady slope", 1, (NOISE, STEADY)),
            Criterion("never a rounding error in place of a variance", 1, (ALMOST,)),
        ),
    ),
    FunctionCheck(
        name="rmsprop/faults",
        probes=_faults_probes,
        section="05-rmsprop, code from a web page",
        criteria=(
            Criterion("whether it remembers", 2, part="remembers"),
            Criterion("whether it mixes keys", 1, part="mixes"),
        ),
    ),
)
