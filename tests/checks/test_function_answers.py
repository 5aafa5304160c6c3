"""Functions of the lessons: right ones pass however written, each likely slip loses its own criterion.

The answers stand in each lesson's own `test_<lesson>_functions.py`: RIGHT, and WRONG with what they earn.
"""

from importlib import import_module

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.checks.comparing.functions import FunctionWords
from descentlab.checks.spec import Criterion, FunctionCheck
from descentlab.exercises.catalogue import mistake
from descentlab.exercises.practice.reference import clip

LESSONS = [
    import_module(f"test_{name}_functions")
    for name in ("gradients", "momentum", "nesterov", "adagrad", "rmsprop", "comparison", "practice")
]


@pytest.mark.parametrize(
    ("seeds", "name", "answer"), [(lesson.SEEDS, *row) for lesson in LESSONS for row in lesson.RIGHT]
)
def test_a_right_answer_earns_full_points_at_every_seed(seeds, name, answer):
    for seed in seeds:
        verdict = run(name, answer, seed)
        assert verdict.passed, verdict.cause
        assert verdict.fraction == 1


@pytest.mark.parametrize(
    ("seeds", "name", "answer", "fraction"),
    [(lesson.SEEDS, *row) for lesson in LESSONS for row in lesson.WRONG],
)
def test_a_slip_loses_the_criterion_it_breaks(seeds, name, answer, fraction):
    with np.errstate(invalid="ignore"):
        for seed in seeds:
            assert run(name, answer, seed).fraction == pytest.approx(fraction), seed


# The share of the points that known mistakes earn.
EARNED = {
    "gradients/one-sided-over-two-h": 2 / 3,
    "gradients/forward-only": 0,
    "gradients/not-put-back": 0,
    "gradients/no-copy": 0,
    "gradients/absolute-error": 0,
    "gradients/sum-of-sizes": 0,
    "gradients/no-guard": 1 / 2,
    "momentum/friction-of-the-old-step": 1 / 3,
    "momentum/matrix-transposed": 0,
    "momentum/matrix-plus": 1 / 3,
    "momentum/limit-of-the-flattest": 1 / 2,
    "momentum/limit-of-descent": 0,
    "nesterov/looks-where-it-is": 1 / 3,
    "nesterov/looks-by-the-whole-velocity": 0,
    "nesterov/looks-back": 1 / 3,
    "nesterov/start-left-out": 0,
    "nesterov/one-array-for-all-places": 0,
    "nesterov/matrix-of-momentum": 1 / 3,
    "nesterov/matrix-transposed": 0,
    "nesterov/limit-of-momentum": 0,
    "nesterov/critical-of-momentum": 0,
    "nesterov/slip-line-b": 0,
    "adagrad/scales-by-squares": 0,
    "adagrad/scales-without-the-total": 0,
    "adagrad/scales-by-sizes": 0,
    "adagrad/surprise-uphill": 0,
    "adagrad/bound-hindsight": 1 / 3,
    "adagrad/bound-rate-is-the-distance": 0,
    "adagrad/rescaled-rows": 1 / 3,
    "adagrad/rescaled-columns": 1 / 3,
    "adagrad/rescaled-by-the-root": 0,
    "rmsprop/decay-for-half-life": 0,
    "rmsprop/decay-for-all-of-held": 0,
    "rmsprop/spread-by-subtraction": 1 / 2,
    "rmsprop/spread-with-the-old-mean": 0,
    "rmsprop/spread-is-a-variance": 0,
    "rmsprop/faults-same-gradients": 1 / 3,
    "rmsprop/faults-one-direction": 2 / 3,
    "rmsprop/faults-own-gradient": 2 / 3,
    "comparison/no-copies": 0,
    "comparison/no-start": 0,
    "comparison/chance-middle-twice": 3 / 4,
    "comparison/units-all-rates-divided": 1 / 3,
    "comparison/units-eps-stays": 1 / 3,
    "comparison/turn-last-point": 0,
    "comparison/turn-by-last-way": 0,
    "comparison/turn-last-by-last": 0,
    "comparison/turn-not-back": 0,
    "comparison/turn-other-way": 0,
    "comparison/pairs-without-variance": 1 / 2,
    "comparison/pairs-slope-not-divided": 1 / 2,
    "comparison/logit-overflows": 1 / 2,
    "comparison/logit-slope-without-weight": 0,
    "practice/rest-sign-one-wall": 1 / 3,
    "practice/worth-one-term-more": 1 / 3,
}


@pytest.mark.parametrize("id", EARNED)
def test_a_known_mistake_earns_what_is_right_in_it(id):
    entry = mistake(id)
    for seed in (0, 1, 77, 2**63 - 1):
        assert run(entry.check, entry.make(), seed).fraction == pytest.approx(EARNED[id]), seed


PAIR = FunctionCheck("unknown/pair", probes=lambda rng: (), section="", parts=("loss", "slope"))
RIGHT = {"result": [np.array(1.0), np.array([2.0, 3.0])]}
WRONG_SLOPE = {"result": [np.array(1.0), np.array([2.0, 4.0])]}


def difference(actual, part):
    return FunctionWords(PAIR, PAIR.parts).difference(Criterion("its part", part=part), None, actual, RIGHT)


def test_a_part_of_a_tuple_is_compared_alone():
    assert difference(WRONG_SLOPE, "loss") is None
    assert difference(WRONG_SLOPE, "slope") is not None


def test_a_criterion_on_a_part_that_is_not_there_compares_nothing_and_says_so():
    with pytest.raises(LookupError, match="slpoe"):
        difference(RIGHT, "slpoe")


def test_a_key_that_nobody_asked_for_is_named_and_earns_nothing():
    verdict = run("practice/clip", lambda g, limit: clip({"grads": g, "limit": limit}) | {"extra": 1.0})
    assert not any(one.passed for one in verdict.criteria)
    assert '["extra"]: nothing of that name is asked for' in verdict.criteria[0].message
