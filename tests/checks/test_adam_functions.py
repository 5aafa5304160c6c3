"""Lesson 06's functions and its value: right ones pass however written, likely slips are named."""

import numpy as np
import pytest

from descentlab.exercises.adam.answers.reference import longest_step
from descentlab.judging import run
from descentlab.rules import Adam

SEEDS = (0, 1, 77, 2**63 - 1)


def weight_sum_by_a_loop(beta, t):
    average = 0.0
    for _ in range(t):
        average = beta * average + (1 - beta) * 1
    return average


def uncorrected_by_a_run(beta1, beta2, t):
    m = v = np.zeros(1)
    for _ in range(t):
        m, v = beta1 * m + 1 - beta1, beta2 * v + 1 - beta2
    return (m / np.sqrt(v)).item()


def longest_step_of_its_own_worst_gradients(beta1, beta2, t):
    """The step itself, on gradients for which Cauchy and Schwarz are equal."""
    rule, params, before = Adam(lr=1.0, beta1=beta1, beta2=beta2, eps=0.0), {"x": np.zeros(1)}, 0.0
    for k in range(t - 1, -1, -1):
        before = params["x"].copy()
        rule.update(params, {"x": np.array([(beta1 / beta2) ** k])})
    return abs(params["x"] - before).item()


def longest_step_by_ratios(beta1, beta2, t):
    k = np.arange(t)
    p, ratio = beta1**k / np.sum(beta1**k), (beta1 / beta2) ** k * np.sum(beta2**k) / np.sum(beta1**k)
    return np.sqrt(p @ ratio)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("check", "answer"),
    [
        ("adam/weight-sum", weight_sum_by_a_loop),
        ("adam/uncorrected", uncorrected_by_a_run),
        ("adam/longest-step", longest_step_by_ratios),
    ],
)
def test_right_functions_pass_however_written(check, answer, seed):
    assert run(check, answer, seed).passed


@pytest.mark.parametrize("t", [1, 2, 30, 300])
def test_the_longest_step_is_one_that_adam_takes(t):
    problem = {"beta1": 0.8, "beta2": 0.98, "t": t}
    assert longest_step(problem) == pytest.approx(
        longest_step_of_its_own_worst_gradients(**problem), rel=1e-9
    )


def test_no_gradients_make_a_longer_step():
    rng, t = np.random.default_rng(3), 12
    p, q = (b ** np.arange(t) / np.sum(b ** np.arange(t)) for b in (0.8, 0.98))
    grads = rng.standard_normal((100_000, t)) * 0.8 ** rng.integers(0, 3, (100_000, 1)) ** np.arange(t)
    made = np.abs(grads @ p) / np.sqrt(grads**2 @ q)
    assert made.max() <= longest_step({"beta1": 0.8, "beta2": 0.98, "t": t})


def test_the_papers_worst_case_is_not_taken_for_the_worst():
    for seed in SEEDS:
        verdict = run("adam/longest-step", lambda b1, b2, t: (1 - b1) / np.sqrt(1 - b2), seed)
        assert not verdict.passed


@pytest.mark.parametrize("value", [0.99 / 0.8, 1.2375, 1.238, np.float32(1.2375)])
def test_the_growth_passes_with_the_four_digits_that_are_asked_for(value):
    assert run("adam/worst-growth", value).passed


def test_wrong_growths_are_told_apart():
    wrong = [0.808081, 0.2375, 24, 23.75, 1.24, 1.11]
    verdicts = [run("adam/worst-growth", value) for value in wrong]
    assert not any(v.passed for v in verdicts)
    assert len({v.mistake for v in verdicts}) == len(wrong)
    assert not any("1.2375" in v.cause + v.hint for v in verdicts)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda eps, beta2, t: eps / np.sqrt(1 - beta2**t), "adam/other-eps-divided"),
        (lambda eps, beta2, t: eps * (1 - beta2**t), "adam/other-eps-no-root"),
    ],
)
def test_wrong_places_of_eps_are_named(answer, name):
    for seed in SEEDS:
        verdict = run("adam/eps-hat", answer, seed)
        assert verdict.fraction == 0
        assert verdict.mistake == name
