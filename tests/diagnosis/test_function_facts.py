"""A function's results that have no name: their form, the examples that are wrong, and a hint."""

import numpy as np
import pytest

from verdicts.judging import run
from verdicts.recording import run_student
from verdicts.recording.time_limit import time_limit


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


def of_half_a_place(loss, params, h):
    return {key: np.zeros(range(len(p) / 2)) for key, p in params.items()}


def of_two_arguments(loss, params):
    return {}


@pytest.mark.parametrize(
    ("answer", "cause", "hint"),
    [
        (of_half_a_place, "cannot be interpreted as an integer", "Just above the line where it stops"),
        (of_two_arguments, "but 3 were given", "first line of your function"),
    ],
)
def test_of_a_function_that_raises_nothing_is_said_of_what_it_returns(answer, cause, hint):
    verdict = run("gradients/numerical", answer)
    assert cause in verdict.cause
    assert hint in verdict.hint
    assert verdict.facts == ()
