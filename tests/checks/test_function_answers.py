"""Functions of the lessons: each known mistake loses its own criterion, and a part of a tuple is compared alone."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support import mistake

from descentlab.exercises.practice.withheld.reference import clip
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
VALUE, LETTER = ValueMessages(ASKED), ValueMessages(replace(ASKED, asks="the letter"))
TABLE = Path(__file__).with_name("said.txt").read_text(encoding="utf-8")
SAID = [
    (*eval(code), said.strip()) for code, _, said in (line.partition(" |") for line in TABLE.splitlines())
]
"""Messages, what is returned, what is expected | what is said."""


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
