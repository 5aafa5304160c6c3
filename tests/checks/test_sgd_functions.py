"""Lesson 01's functions and its value: what is asked for passes, and nothing less."""

from itertools import combinations

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


@pytest.mark.parametrize(
    ("value", "cause", "hint"),
    [
        ("0.235", "is '0.235'; it should be a number", "without quotes"),
        ([0.235], "a list or an array; it should be one number", "one entry"),
        (lambda lr: lr, "is a function; it should be a number", "call it"),
    ],
)
def test_a_value_of_another_kind_is_named_with_what_to_do(value, cause, hint):
    verdict = run("sgd/best-lr", value)
    assert cause in verdict.cause
    assert hint in verdict.hint


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
    verdict = run("sgd/worst-factor", lambda lr, c: (np.zeros(len(c)) - lr * c[0]).mean())
    assert "keys" not in (verdict.hint or "")
    verdict = run("sgd/worst-factor", lambda lr, c: np.zeros(len(c)) + np.zeros(3))
    assert verdict.mistake == "error/shapes"
    assert verdict.hint == HINTS_FOR_FUNCTIONS["shapes"]


def test_the_floor_passes_however_the_equation_is_solved():
    def iterated(lr, curvature, sigma, batch):
        mean_square = 0.0
        for _ in range(3000):
            mean_square = (1 - lr * curvature) ** 2 * mean_square + lr**2 * sigma**2 / batch
        return mean_square

    def by_its_series(lr, curvature, sigma, batch):
        return (lr * sigma) ** 2 / batch / (1 - (1 - lr * curvature) ** 2)

    for answer in (iterated, by_its_series):
        assert all(run("sgd/noise-floor", answer, seed).passed for seed in range(5))


def test_a_floor_without_batches_earns_the_share_of_single_examples():
    def without(lr, curvature, sigma, batch):
        return (lr * sigma) ** 2 / (1 - (1 - lr * curvature) ** 2)

    verdict = run("sgd/noise-floor", without)
    assert verdict.fraction == pytest.approx(2 / 3)
    assert verdict.mistake == "sgd/floor-no-batch"


def test_the_noise_of_a_batch_agrees_with_all_batches_that_there_are():
    def counted(one, rows, batch):
        """Every batch of a small data set, or the formula by pairs where there are too many."""
        if rows > 15:
            return (batch * one - batch * (batch - 1) * one / (rows - 1)) / batch**2
        deviations = np.random.default_rng(5).normal(size=rows)
        deviations -= deviations.mean()
        deviations *= np.sqrt(one / np.mean(deviations**2))
        return np.mean([np.mean(chosen) ** 2 for chosen in combinations(deviations, batch)])

    assert all(run("sgd/batch-noise", counted, seed).passed for seed in range(3))


def test_independent_rows_earn_nothing_for_some_and_for_all_rows():
    verdict = run("sgd/batch-noise", lambda one, rows, batch: one / batch)
    assert verdict.fraction == 0
    assert verdict.mistake == "sgd/batch-independent"


def test_each_hint_for_functions_replaces_one_that_exists():
    assert set(HINTS_FOR_FUNCTIONS) <= {name for name, *_ in KNOWN_ERRORS}
