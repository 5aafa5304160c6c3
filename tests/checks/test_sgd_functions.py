"""Lesson 01's functions and its value: what is asked for passes, and nothing less."""

import numpy as np
import pytest

from verdicts.judging import run


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
        (0.26, "0.26"),
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


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1 / 8.5, "off by a factor of 2"),
        (4 / 8.5, "off by a factor of 2"),
        (-2 / 8.5, "Only the sign"),
        (8.5 / 2, "one over the right one"),
        ((2 / 8.5) ** 2, "A square or a root"),
        (0.24, "too few digits"),
    ],
)
def test_a_number_that_is_simply_related_to_the_right_one_is_told_how_but_not_what_it_should_be(value, words):
    verdict = run("sgd/best-lr", value)
    assert words in verdict.cause
    assert "0.235" not in f"{verdict.cause}{verdict.numbers}{verdict.hint}" or value < 0


def test_the_worst_factor_is_not_found_at_the_ends_of_the_array():
    for seed in range(20):
        verdict = run("sgd/worst-factor", lambda lr, c: max(abs(1 - lr * c[0]), abs(1 - lr * c[-1])), seed)
        assert (verdict.fraction, verdict.mistake) == (0, "sgd/worst-first-and-last")
