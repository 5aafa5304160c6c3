"""Functions of the lessons: each known mistake loses its own criterion, and a part of a tuple is compared alone."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support import mistake

from descentlab.exercises.practice.answers.reference import clip
from verdicts.comparing.differences import FunctionMessages
from verdicts.judging import run
from verdicts.spec import Criterion, FunctionCheck

# Known mistakes by the share of the points that they earn.
EARNED = json.loads(Path(__file__).with_name("earned.json").read_text())


@pytest.mark.parametrize(
    ("id", "share"), [(id, Fraction(share)) for share, ids in EARNED.items() for id in ids]
)
def test_a_known_mistake_earns_what_is_right_in_it(id, share):
    entry = mistake(id)
    for seed in (0, 1, 77, 2**63 - 1):
        assert run(entry.check, entry.make(), seed).fraction == pytest.approx(float(share)), seed


PAIR = FunctionCheck(name="unknown/pair", probes=lambda rng: (), section="", parts=("loss", "slope"))
RIGHT = {"result": [np.array(1.0), np.array([2.0, 3.0])]}
WRONG_SLOPE = {"result": [np.array(1.0), np.array([2.0, 4.0])]}


def difference(actual, part):
    return FunctionMessages(PAIR).difference(Criterion("its part", part=part), None, actual, RIGHT)


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
