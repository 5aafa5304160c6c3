"""Lesson 06's functions and its value: right ones pass however written, likely slips are named."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.rules import Adam

SEEDS = (0, 1, 77, 2**63 - 1)


def steps(make_rule, grads, lr=1.0, beta1=0.9, beta2=0.999, eps=1e-12):
    rule, params, found = make_rule(lr, beta1, beta2, eps), {"x": np.zeros(1)}, []
    for g in grads:
        before = params["x"].copy()
        rule.update(params, {"x": np.array([g])})
        found.append((params["x"] - before)[0])
    return np.array(found)


def steps_by_differences(make_rule, grads, lr=1.0, beta1=0.9, beta2=0.999):
    return np.diff(np.cumsum(np.append(0.0, steps(make_rule, grads, lr, beta1, beta2)))).tolist()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", [steps, steps_by_differences])
def test_right_steps_pass_however_written(answer, seed):
    assert run("adam/steps", answer, seed).passed


@pytest.mark.parametrize("seed", SEEDS)
def test_an_eps_left_at_its_default_is_seen_and_named(seed):
    verdict = run("adam/steps", lambda make, g, lr, b1, b2: steps(make, g, lr, b1, b2, eps=1e-8), seed)
    assert [c.passed for c in verdict.criteria] == [False, True]
    assert verdict.misconception == "adam/steps-default-eps"


def test_the_parameter_in_place_of_its_changes_earns_nothing():
    for seed in SEEDS:
        verdict = run("adam/steps", lambda *problem: np.cumsum(steps(*problem)), seed)
        assert verdict.fraction == 0
        assert verdict.misconception == "adam/steps-where-it-stands"


def test_adam_itself_in_place_of_the_rule_that_is_handed_over_is_named():
    for seed in SEEDS:
        verdict = run("adam/steps", lambda make, *problem: steps(Adam, *problem), seed)
        assert verdict.fraction == 0
        assert verdict.misconception == "adam/steps-own-rule"


@pytest.mark.parametrize("value", [0.99 / 0.8, 1.2375, 1.238, np.float32(1.2375)])
def test_the_growth_passes_with_the_four_digits_that_are_asked_for(value):
    assert run("adam/worst-growth", value).passed


def test_wrong_growths_are_told_apart():
    wrong = [0.808081, 0.2375, 24, 23.75, 1.24, 1.11]
    verdicts = [run("adam/worst-growth", value) for value in wrong]
    assert not any(v.passed for v in verdicts)
    assert len({v.misconception for v in verdicts}) == len(wrong)
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
        assert verdict.misconception == name
