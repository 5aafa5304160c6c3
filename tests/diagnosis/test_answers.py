"""Each answer of `tests/answers` gets the verdict that stands below it.

A seeded draw of 250 is from 1,415 answers by people who did not look at the diagnosis, in their proportion of kinds and
of answers without a name; the others were written for this test: ways to be right, and slips that once had a false
name.
"""

import os
import re

import numpy as np
import pytest
from student_answers import PASSED, UNNAMED, answers

from descentlab.rule_check.definition import RuleCheck
from verdicts.courses import find
from verdicts.judging import run
from verdicts.recorders import record
from verdicts.recording import evidence_bytes

SCORED = (2**63 - 1, *range(100, 100 + int(os.environ.get("SEEDS", "0"))))
NUMBER = re.compile(r"[-−]?\d[\d.]*(?:e[-+]?\d+)?")
ALL = answers().values()


def without_numbers(text: str) -> str:
    return NUMBER.sub("…", text)


def said_by(verdict) -> str:
    return "\n".join([verdict.cause, verdict.numbers, *verdict.facts, verdict.hint])


def has_its_score(answer, verdict) -> None:
    assert verdict.passed == (answer.expect == PASSED), verdict.cause
    if answer.score is not None:
        assert verdict.fraction == pytest.approx(float(answer.score))


@pytest.mark.parametrize("answer", ALL, ids=lambda answer: f"{answer.check}-{answer.name}")
def test_an_answer_is_accepted_or_named_as_it_says(answer, capfd):
    with np.errstate(all="ignore"):
        verdict = run(answer.check, answer.make())
    assert capfd.readouterr() == ("", "")
    has_its_score(answer, verdict)
    assert (verdict.mistake or UNNAMED) == answer.expect or verdict.passed, verdict.cause
    assert verdict.notes == ()
    if verdict.passed:
        assert not verdict.cause
        return
    assert verdict.cause
    assert "\n" not in verdict.cause
    assert verdict.hint
    said = without_numbers(said_by(verdict))
    assert [words for words in answer.says if without_numbers(words) not in said] == []
    assert [words for words in answer.never if words in said_by(verdict)] == []


@pytest.mark.usefixtures("score_alone")
@pytest.mark.parametrize("answer", ALL, ids=lambda answer: f"{answer.check}-{answer.name}")
def test_it_earns_the_same_at_other_seeds(answer):
    for seed in SCORED:
        with np.errstate(all="ignore"):
            has_its_score(answer, run(answer.check, answer.make(), seed))


EPS, ORDER = "where ε stands", "any key order, its own memory for each optimizer"
STEPS = ("the step", "the first step", "every step")
WRONG_RULES = [one for one in ALL if one.expect != PASSED and isinstance(find(one.check), RuleCheck)]


@pytest.mark.usefixtures("score_alone")
@pytest.mark.parametrize("answer", WRONG_RULES, ids=lambda answer: f"{answer.check}-{answer.name}")
def test_only_what_is_wrong_is_marked_so(answer):
    with np.errstate(all="ignore"):
        criteria = run(answer.check, answer.make(), 0).criteria
    wrong = {result.name for result in criteria if result.wrong}
    assert wrong
    if {EPS, ORDER} & wrong:
        assert all(result.passed for result in criteria if result.name.startswith(STEPS))
    if "gradients left as they were" in wrong:
        assert changes_gradients(answer)


def changes_gradients(answer) -> bool:
    runs = evidence_bytes.unpack(record(answer.check, answer.make(), 0))["runs"]
    calls = evidence_bytes.calls_of({run["probe"]: run for run in runs}["main"])
    return any(
        not np.array_equal(call["grads"].get(key), gradient)
        for call, gradients in zip(calls, find(answer.check).draw(0)[0].gradients, strict=False)
        for key, gradient in gradients.items()
    )
