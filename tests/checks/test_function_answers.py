"""Functions of the lessons: each known mistake loses its own criterion, and a part of a tuple is compared alone."""

import numpy as np
import pytest
from support import mistake

from descentlab.exercises.practice.answers.reference import clip
from verdicts.comparing.differences import FunctionMessages
from verdicts.judging import run
from verdicts.spec import Criterion, FunctionCheck

# Known mistakes by the share of the points that they earn.
EARNED = {
    0: [
        "sgd/batch-independent",
        "adam/other-eps-divided",
        "adam/other-eps-no-root",
        "gradients/forward-only",
        "gradients/not-put-back",
        "gradients/no-copy",
        "momentum/matrix-transposed",
        "momentum/limit-of-descent",
        "nesterov/looks-by-the-whole-velocity",
        "nesterov/start-left-out",
        "nesterov/one-array-for-all-places",
        "nesterov/matrix-transposed",
        "nesterov/limit-of-momentum",
        "nesterov/critical-of-momentum",
        "nesterov/slip-line-b",
        "adagrad/scales-by-squares",
        "adagrad/scales-without-the-total",
        "adagrad/scales-by-sizes",
        "adagrad/surprise-uphill",
        "adagrad/bound-rate-is-the-distance",
        "adagrad/rescaled-by-the-root",
        "rmsprop/decay-for-half-life",
        "rmsprop/decay-for-all-of-held",
        "rmsprop/spread-with-the-old-mean",
        "rmsprop/spread-is-a-variance",
        "comparison/no-copies",
        "comparison/no-start",
        "comparison/turn-last-point",
        "comparison/turn-by-last-way",
        "comparison/turn-last-by-last",
        "comparison/turn-not-back",
        "comparison/turn-other-way",
    ],
    1 / 3: [
        "momentum/friction-of-the-old-step",
        "momentum/matrix-plus",
        "nesterov/looks-where-it-is",
        "nesterov/looks-back",
        "nesterov/matrix-of-momentum",
        "adagrad/bound-hindsight",
        "adagrad/rescaled-rows",
        "adagrad/rescaled-columns",
        "rmsprop/faults-same-gradients",
        "comparison/units-all-rates-divided",
        "comparison/units-eps-stays",
        "practice/rest-sign-one-wall",
        "practice/worth-one-term-more",
        "landscapes/shares-by-depth-alone",
        "landscapes/slope-without-noise",
    ],
    1 / 2: [
        "momentum/limit-of-the-flattest",
        "rmsprop/spread-by-subtraction",
        "comparison/pairs-without-variance",
        "comparison/pairs-slope-not-divided",
    ],
    2 / 3: [
        "sgd/floor-no-batch",
        "landscapes/leave-counts-the-start",
        "gradients/one-sided-over-two-h",
        "rmsprop/faults-one-direction",
        "rmsprop/faults-own-gradient",
    ],
    3 / 4: [
        "comparison/chance-middle-twice",
    ],
}


@pytest.mark.parametrize(("id", "share"), [(id, share) for share, ids in EARNED.items() for id in ids])
def test_a_known_mistake_earns_what_is_right_in_it(id, share):
    entry = mistake(id)
    for seed in (0, 1, 77, 2**63 - 1):
        assert run(entry.check, entry.make(), seed).fraction == pytest.approx(share), seed


PAIR = FunctionCheck(name="unknown/pair", probes=lambda rng: (), section="", parts=("loss", "slope"))
RIGHT = {"result": [np.array(1.0), np.array([2.0, 3.0])]}
WRONG_SLOPE = {"result": [np.array(1.0), np.array([2.0, 4.0])]}


def difference(actual, part):
    return FunctionMessages(PAIR, PAIR.parts).difference(
        Criterion("its part", part=part), None, actual, RIGHT
    )


def test_a_part_of_a_tuple_is_compared_alone():
    assert difference(WRONG_SLOPE, "loss") is None
    assert difference(WRONG_SLOPE, "slope") is not None


def test_a_criterion_on_a_part_that_is_not_there_compares_nothing_and_says_so():
    with pytest.raises(LookupError, match="slpoe"):
        difference(RIGHT, "slpoe")


def test_a_key_that_nobody_asked_for_is_named_and_earns_nothing():
    verdict = run("practice/clip", lambda g, limit: clip({"grads": g, "limit": limit}) | {"extra": 1.0})
    assert not any(one.passed for one in verdict.criteria)
    assert ', "extra": an unexpected extra value' in verdict.criteria[0].message
