"""Functions and values: what is off in a recognizable way is said, what a value should be is not."""

import math
import re

import numpy as np
import pytest

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from verdicts.courses import find
from verdicts.diagnosis.formula_tables import formulas
from verdicts.diagnosis.functions import RELATIONS
from verdicts.judging import run
from verdicts.recording import run_student
from verdicts.recording.time_limit import time_limit
from verdicts.spec import ValueCheck


def test_numbers_from_nowhere_are_not_explained():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        verdict = run("momentum/ball", lambda m, c, h, rng=rng: (rng.normal(), rng.normal()), seed)
        assert verdict.mistake is None
        assert verdict.notes == ()


def test_of_what_did_not_finish_no_number_is_told(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", lambda: time_limit(0.05))

    def endless(path):
        while True:
            pass

    verdict = run("momentum/read-off", endless)
    assert "your code did not finish" in verdict.cause
    assert verdict.facts == ()
    assert verdict.mistake is None
    assert "loop" in verdict.hint


ODD = [
    None,
    "text",
    3,
    {},
    np.zeros(0),
    np.full(3, np.nan),
    {"a": {"b": [1, "x"]}},
    [[1], [1, 2]],
    object(),
    1j,
]


@pytest.mark.parametrize("name", [n for n, c in all_checks().items() if not isinstance(c, RuleCheck)])
def test_whatever_a_function_returns_the_verdict_is_a_sentence(name):
    for odd in ODD:
        verdict = run(name, odd if isinstance(find(name), ValueCheck) else lambda *_, odd=odd: odd)
        assert not verdict.passed
        assert verdict.fraction < 1
        assert verdict.cause
        assert verdict.hint or isinstance(find(name), ValueCheck)
        assert verdict.notes == ()


def test_a_factor_is_the_number_that_its_words_say():
    factors = {
        line.words: line.of for _, lines in formulas("relations") for line in lines if " times" in line.words
    }
    assert len(factors) > 10
    for words, of in factors.items():
        number = re.sub(r"ln (\d+)", r"log(\1)", words.removesuffix(" times").replace("2π", "2*π"))
        assert of(3.0) == pytest.approx(3 * eval(number, {"π": math.pi, "e": math.e, "log": math.log})), words


def test_each_relation_has_an_id_of_its_own_that_keeps_to_no_words():
    keys = [relation.key for relation in RELATIONS]
    assert len({*keys}) == len(keys)
    assert all(key.isascii() and " " not in key for key in keys)
