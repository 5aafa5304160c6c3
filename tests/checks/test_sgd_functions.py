"""Lesson 01's functions and its value: what is asked for passes, and nothing less."""

import numpy as np
import pytest

from descentlab.diagnosis.errors import HINTS_FOR_FUNCTIONS, KNOWN_ERRORS
from descentlab.judging import run


@pytest.mark.parametrize("value", [0.235, 0.2353, 2 / 8.5, np.float32(0.235)])
def test_the_best_rate_passes_with_the_three_digits_that_are_asked_for(value):
    assert run("sgd/best-lr", value).passed


@pytest.mark.parametrize("value", [0.23, 0.234, 0.236, 0.24, "0.235"])
def test_a_wrong_third_digit_does_not_pass(value):
    assert not run("sgd/best-lr", value).passed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (0.24, "0.24"),
        (np.nan, "nan"),
        ({"lr": 0.2}, "a dict"),
    ],
)
def test_a_wrong_number_is_told_with_the_kind_of_number_that_is_asked_for(value, shown):
    cause = run("sgd/best-lr", value).cause
    assert cause == (
        f"Your answer is {shown}. Expected: one number, the rate η that is best "
        "for these curvatures, at most 0.2 % off"
    )


def test_the_worst_factor_is_not_found_at_the_ends_of_the_array():
    for seed in range(20):
        verdict = run("sgd/worst-factor", lambda lr, c: max(abs(1 - lr * c[0]), abs(1 - lr * c[-1])), seed)
        assert (verdict.fraction, verdict.mistake) == (0, "sgd/worst-first-and-last")


def test_each_hint_for_functions_replaces_one_that_exists():
    assert set(HINTS_FOR_FUNCTIONS) <= {name for name, *_ in KNOWN_ERRORS}
