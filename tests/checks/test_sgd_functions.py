"""Lesson 01's functions and its value: what is asked for passes, and nothing less."""

import numpy as np
import pytest

from verdicts.judging import run


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
