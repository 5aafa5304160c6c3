"""The definition of the check of an update rule: the runs it puts an answer through, and the ideas it judges.

With one array, one step and ε = 1e-8, 39 of 108 wrong rules pass. So: four arrays (a matrix, a second one of its
shape, a vector, a scalar of shape ()), six calls, ε both tiny and 0.1, gradients near 1e-9, a start without
gradient, a zero gradient in the middle, both dicts in another key order, arrays that the caller uses again, a
second instance, a spike. Hyperparameters are drawn from ranges in which no two can be confused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from descentlab.objectives import Arrays
from descentlab.registry import EPS, RULES, Hyperparameter
from verdicts.recording.probes import generator
from verdicts.spec import Check, Criterion

SHAPES = {"W": (3, 2), "b": (4,), "s": (), "U": (3, 2)}
CALLS = 6
# The one long run, of two arrays: six calls do not show later changes.
LONG, MANY_CALLS, MANY_KEYS = "many calls", 120, ("b", "s")
# Small enough not to show in the main probe where ε stands: that is a criterion of its own.
TINY_EPS = 1e-15
# Relative as RTOL: what another small ε makes of a step whose gradients are not small.
EPS_SLACK = 1e-5
LARGE_EPS = 0.1


@dataclass(frozen=True)
class RuleProbe:
    """One run of a rule on prescribed gradients, which do not depend on the parameters."""

    name: str
    hyper: dict[str, float]
    """The constructor's arguments, passed by name."""
    start: Arrays
    """The parameters before the first call."""
    gradients: tuple[Arrays, ...]
    """The gradients of each call, in the key order in which the caller passes them."""
    reuses_buffers: bool = False
    """Whether the caller reuses the same arrays for each call's gradients."""
    params_turned_in: tuple[int, ...] = ()
    """The calls, counted from 1, in which the keys of the caller's parameters are reversed."""
    two_in_turn: bool = False
    """Whether two instances are made, then called in turn on the same gradients; the first one is recorded.

    The other has other hyperparameters."""

    def params_order(self, call: int) -> list[str]:
        """The keys of the caller's parameters in the order of that call, counted from 1."""
        keys = list(self.start)
        return keys[::-1] if call in self.params_turned_in else keys

    @property
    def given(self) -> Any:
        """What an answer is given, for a digest."""
        return self.hyper, self.start, self.gradients


@dataclass(frozen=True, kw_only=True)
class RuleCheck(Check):
    """The student's answer is a class with the signature of a rule."""

    rule: str = field(kw_only=False)
    """The name of the reference class."""
    remembers: bool = True
    """Whether the rule has a state."""

    def __post_init__(self) -> None:
        if not self.criteria:
            object.__setattr__(self, "criteria", rule_criteria(EPS in RULES[self.rule].hyper, self.remembers))

    @property
    def lends(self) -> str:
        return self.rule

    def draw(self, seed: int) -> tuple[RuleProbe, ...]:
        """The runs to put an answer through."""
        return rule_probes(self.name, seed, RULES[self.rule].hyper, self.remembers)


def rule_criteria(has_eps: bool, remembers: bool) -> tuple[Criterion, ...]:
    """The ideas in an update rule: the first step, its memory, ε, order and ownership of arrays.

    The weights sum to 5, so that scores are round.
    """
    if remembers:
        first = Criterion("the first step", 1, ("main",), calls=1)
        probes = ("main", "quiet start", "zero in the middle", "many calls")
        every = "every step: what is remembered"
        criteria = [first, Criterion(every, 2 - has_eps, probes, shown_after=(first.name,))]
    else:
        first = Criterion("the step", 3 - has_eps, ("main", "quiet start"))
        criteria = [first]
    steps = tuple(criterion.name for criterion in criteria)
    if has_eps:
        eps_probes = ("large eps", "small gradients")
        criteria.append(Criterion("where ε stands", 1, eps_probes, shown_after=steps))
    return (
        *criteria,
        Criterion(
            "any key order, its own memory for each optimizer",
            1,
            ("other order", "arrays used again", "second instance", "spike"),
            needs=(first.name,),
            shown_after=steps,
        ),
        Criterion("gradients left as they were", 1, ("main",), of_arguments=True, needs=(first.name,)),
    )


def rule_probes(
    check: str, seed: int, hyper: Sequence[Hyperparameter], remembers: bool
) -> tuple[RuleProbe, ...]:
    """The probes of a rule's class that takes these; one that takes ε is probed with a tiny one and with 0.1."""
    rng = generator(check, seed)
    tiny = {h.name: rng.uniform(*h.drawn) for h in hyper if h.drawn}
    if EPS in hyper:
        tiny["eps"] = TINY_EPS
    start = draw(rng, 1.0)
    gradients = tuple(draw(rng, (1.0, 3.0, 0.5, 2.0)[call % 4]) for call in range(CALLS))
    still = tuple(scaled(g, 0.0 if call < 2 else 1.0) for call, g in enumerate(gradients))
    spike = (scaled(gradients[0], 1e4), *gradients[1:])
    # Not at every call: state kept by position in the loop is right as long as the order is the same.
    turned = tuple(dict(reversed(g.items())) if call % 2 == 0 else g for call, g in enumerate(gradients))
    # One array has no gradient in call 4, and none has one in call 5: states must persist.
    pause = tuple(
        scaled(g, 0.0) if call == 4 else g | ({"W": 0.0 * g["W"]} if call == 3 else {})
        for call, g in enumerate(gradients)
    )
    probes = [
        RuleProbe("main", tiny, start, gradients),
        RuleProbe("quiet start", tiny, start, still),
        RuleProbe("other order", tiny, start, turned, params_turned_in=(4,)),
        RuleProbe("arrays used again", tiny, start, gradients, reuses_buffers=True),
        RuleProbe("second instance", tiny, start, gradients, two_in_turn=True),
        RuleProbe("spike", tiny, start, spike),
    ]
    if EPS in hyper:
        small = tuple(scaled(g, 1e-9) for g in gradients)
        # ε near the size of the gradients, inside or outside the root; from zero, so that no digits are lost.
        near = tiny | {"eps": 1e-8}
        probes += [
            RuleProbe("large eps", tiny | {"eps": LARGE_EPS}, start, gradients),
            RuleProbe("small gradients", near, scaled(start, 0.0), small),
        ]
    if remembers:
        probes.append(RuleProbe("zero in the middle", tiny, start, pause))
        few = {key: start[key] for key in MANY_KEYS}
        long = tuple({key: gradients[call % CALLS][key] for key in MANY_KEYS} for call in range(MANY_CALLS))
        probes.append(RuleProbe(LONG, tiny, few, long))
    return tuple(probes)


def draw(rng: np.random.Generator, scale: float) -> Arrays:
    """Gaussian arrays, kept away from zero so that ratios are not decided by rounding."""
    arrays = {}
    for key, shape in SHAPES.items():
        drawn = rng.normal(size=shape)
        arrays[key] = np.asarray(scale * np.sign(drawn) * np.maximum(np.abs(drawn), 0.1))
    return arrays


def scaled(arrays: Arrays, factor: float) -> Arrays:
    """The arrays times a number, as new arrays (a product of a 0-d array alone would be a scalar)."""
    return {key: np.asarray(factor * value) for key, value in arrays.items()}
