"""Functions of the lessons: each known mistake loses its own criterion, and a part of a tuple is compared alone."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support import mistake

from descentlab.exercises.practice.answers.reference import clip
from verdicts.comparing.differences import FunctionMessages, ValueMessages, error_text
from verdicts.judging import run
from verdicts.spec import Criterion, FunctionCheck, ValueCheck
from verdicts.values import carried, first

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
    assert "your dict has the key 'extra' too many" in verdict.criteria[0].message


MEANT, MEASURED = (FunctionMessages(replace(PAIR, rtol=rtol, parts=())) for rtol in (PAIR.rtol, 0.05))
ASKED = ValueCheck(name="unknown/value", section="", rtol=0.02)
SAID = [
    (MEANT, None, 1.0, "x: you return None, expected the number 1"),
    (MEANT, "3", 3, "x: you return the text '3', expected the number 3"),
    (MEANT, range(3), 1.0, "x: you return a range, expected the number 1"),
    (MEANT, {1}, 1.0, "x: you return {1}, expected the number 1"),
    (MEANT, True, 1.0, "x: you return True, expected the number 1"),
    (MEANT, 2, True, "x: you return the number 2, expected True"),
    (MEANT, False, True, "x: yours False, expected True"),
    (MEANT, 1, True, ""),
    (MEANT, -0.0, 0, ""),
    (MEANT, [1.0, 2.0], 1.0, "x: shape (2,), expected ()"),
    (MEANT, "b", np.ones(2), "x: you return the text 'b', expected [1, 1]"),
    (MEANT, "a", "A", "x: right but for upper and lower case: yours 'a', expected 'A'"),
    (MEANT, "a  b", "a b", "x: right but for blanks: yours 'a  b', expected 'a b'"),
    (MEANT, "a" * 50 + "b", "a" * 50 + "c", "x: from character 43 on yours 'aaaaaaaab', expected 'aaaaaaaac'"),
    (ValueMessages(ASKED), " a", "A", ""),
    (MEANT, np.array([[1, 2], [3, 4.5]]), np.array([[1, 2], [3, 4]]), "x, [1, 1]: yours 4.5, expected 4"),
    (MEANT, 1.00001, 1, "x: yours 1.00001, expected 1"),
    (MEANT, 1 + 3e-9, 1, "x: yours 1.000000003, expected 1"),
    (FunctionMessages(PAIR), np.array([1, 3.5]), np.array([1, 3]), "x, slope: yours 3.5, expected 3"),
    (MEASURED, 1.1, 1.0, "x: yours 1.1, expected 1: 10.0% off, and 5% is allowed"),
    (MEASURED, 1.3, 1.0, "x: yours 1.3, expected 1"),
    (MEASURED, 0.1, 0.0, "x: yours 0.1, expected 0"),
    (MEASURED, 1.04, 1.0, ""),
    (MEASURED, 21 * 10**30, 20 * 10**30, ""),
    (MEASURED, 22 * 10**30, 20 * 10**30, "x: yours 22000000000000000000000000000000, expected 20000000000000000000000000000000"),
    (MEASURED, float("nan"), 20 * 10**30, "x: yours nan, expected 20000000000000000000000000000000"),
    (ValueMessages(ASKED), 0.26, 0.24, "your answer is 0.26. Expected: a number, at most 2 % off"),
    (ValueMessages(ASKED), "63", 63, "your answer is the text '63'. Expected: a number, without quotes, at most 2 % off"),
    (ValueMessages(ASKED), np.array([1, 2.5]), np.array([1, 2]), "your answer is 2.5 at [1]. Expected: a number, at most 2 % off"),
    (ValueMessages(ASKED), np.ones(1), np.ones(2), "your answer is [1]. Expected: an array of shape (2,), at most 2 % off"),
    (ValueMessages(ASKED), ["b"], ["a", "b"], "your answer is 'b' at [0]. Expected: a text in quotes"),
    (ValueMessages(replace(ASKED, asks="the letter")), "b", "A", "your answer is 'b'. Expected: the letter"),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "actual", "expected", "said"), SAID)
def test_a_wrong_result_is_told_by_its_kind_its_place_and_its_numbers(messages, actual, expected, said):
    found = first(carried(actual), carried(expected), messages.rules)
    assert (messages.said("x", found) if found else "") == said


def test_an_error_is_told_with_its_line():
    error = {"type": "ValueError", "message": "no", "line": "x = y"}
    assert error_text({}) == "no numbers were recorded"
    assert error_text(error) == "ValueError: no, in your line `x = y`"
    stopped = "your code did not finish: stopped after 2 seconds "
    assert error_text({"type": "waiting", "seconds": 2}) == f"{stopped}in which it computed nothing"
    assert error_text({"type": "endless", "seconds": 2}) == f"{stopped}of computing"
