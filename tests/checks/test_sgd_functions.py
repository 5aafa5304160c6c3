"""Lesson 01's functions and its value: what is asked for passes, and nothing less."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.diagnosis.errors import IN_FUNCTIONS, KNOWN


@pytest.mark.parametrize("value", [0.235, 0.2353, 2 / 8.5, np.float32(0.235)])
def test_the_best_rate_passes_with_the_three_digits_that_are_asked_for(value):
    assert run("sgd/best-lr", value).passed


@pytest.mark.parametrize("value", [0.23, 0.234, 0.236, 0.24, "0.235"])
def test_a_wrong_third_digit_does_not_pass(value):
    assert not run("sgd/best-lr", value).passed


def test_the_worst_factor_is_not_found_at_the_ends_of_the_array():
    for seed in range(20):
        verdict = run("sgd/worst-factor", lambda lr, c: max(abs(1 - lr * c[0]), abs(1 - lr * c[-1])), seed)
        assert verdict.fraction == 0
        assert verdict.mistake == "sgd/worst-first-and-last"


def test_the_worst_factor_takes_any_way_to_write_it():
    for answer in (
        lambda lr, c: max(abs(1 - lr * x) for x in c),
        lambda lr, c: max(1 - lr * min(c), lr * max(c) - 1),
        lambda lr, c: np.linalg.norm(1 - lr * c, np.inf),
    ):
        assert all(run("sgd/worst-factor", answer, seed).passed for seed in range(5))


def test_a_function_is_not_told_of_keys_in_another_order():
    verdict = run("sgd/noise-floor", lambda lr, c, noise: (np.zeros(len(noise)) - lr * noise[0]).mean())
    assert "keys" not in (verdict.hint or "")
    verdict = run("sgd/noise-floor", lambda lr, c, noise: np.zeros(len(noise)) + np.zeros(3))
    assert verdict.mistake == "error/shapes"
    assert verdict.hint == IN_FUNCTIONS["shapes"]


def test_each_hint_for_functions_replaces_one_that_exists():
    assert set(IN_FUNCTIONS) <= {name for name, *_ in KNOWN}
