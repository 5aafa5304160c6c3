"""Objectives: exact gradients, and the loop that runs a rule."""

import warnings

import numpy as np
import pytest

from descentlab.objectives import (
    bowl,
    chain,
    descend,
    double_well,
    kinked,
    noisy,
    quadratic,
    rosenbrock,
    saddle,
    steps_to,
)  # fmt: skip
from descentlab.rules import SGD

QUADRATIC = [quadratic([0.1, 2.0], angle=0.7), quadratic([1.0, 2.0, 30.0, 4.0, 5.0])]
named = pytest.mark.parametrize(
    "objective",
    [bowl, rosenbrock, saddle, double_well, *QUADRATIC, kinked, chain(7)],
    ids=lambda objective: objective.name,
)


def points(objective):
    return np.random.default_rng(1).normal(size=(5, objective.start.size))


@named
def test_the_gradient_is_that_of_the_value(objective):
    for theta in points(objective):
        step = 1e-20j * np.eye(theta.size)  # complex step: no subtraction, exact to rounding
        slopes = [np.imag(objective.value(theta + h)) / 1e-20 for h in step]
        np.testing.assert_allclose(objective.gradient(theta), slopes, rtol=1e-12, atol=1e-12)


def test_the_hessian_of_a_quadratic_is_that_of_its_gradient():
    bowl = quadratic([0.1, 2.0], angle=0.6)
    slopes = [bowl.gradient(axis) for axis in np.eye(2)]
    np.testing.assert_allclose(bowl.hessian(bowl.start), np.transpose(slopes), rtol=1e-12)


@named
def test_a_whole_path_is_valued_at_once(objective):
    path = points(objective)
    np.testing.assert_allclose(objective.value(path.T), [objective.value(theta) for theta in path])


@named
def test_nothing_lies_below_the_minimum_nearby(objective):
    around = objective.minimum + 1e-3 * points(objective)
    assert all(objective.value(theta) > objective.value(objective.minimum) for theta in around)
    np.testing.assert_allclose(objective.gradient(objective.minimum), 0, atol=1e-12)


def test_a_saddle_point_has_no_slope_and_curvature_of_both_signs():
    np.testing.assert_allclose(saddle.gradient(np.zeros(2)), 0)
    uphill, downhill = saddle.value(np.zeros(2) + 0.1 * np.eye(2))
    assert downhill < saddle.value(np.zeros(2)) < uphill


def test_turning_a_quadratic_keeps_its_curvatures():
    turned = quadratic([0.1, 2.0], angle=0.6).hessian(np.zeros(2))
    np.testing.assert_allclose(np.linalg.eigvalsh(turned), [0.1, 2.0])
    assert abs(turned[0, 1]) > 0.5


def test_a_path_begins_at_the_start_and_follows_the_rule():
    path = descend(SGD(0.5), bowl, 3)
    assert path.shape == (4, 2)
    np.testing.assert_allclose(path, [(-7 * 0.95**t, 2 * 0.0**t) for t in range(4)])


def test_the_start_is_not_changed():
    start = np.array([1, 2])
    descend(SGD(0.5), bowl, 3, start=start)
    assert start.tolist() == [1, 2]
    assert bowl.start.tolist() == [-7, 2]


def test_a_path_that_runs_away_warns_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not np.isfinite(descend(SGD(1e9), bowl, 100)[-1]).all()


def test_the_best_constant_rate_takes_139_steps_on_the_test_bed():
    assert steps_to(bowl, descend(SGD(2 / 2.1), bowl, 200)) == 139
    assert steps_to(bowl, descend(SGD(2 / 2.1), bowl, 138)) is None


def test_noise_is_repeatable_and_has_its_size():
    first, second = noisy(bowl, 0.3, seed=4), noisy(bowl, 0.3, seed=4)
    draws = np.array([first.gradient(bowl.start) for _ in range(4000)])
    np.testing.assert_array_equal(draws[0], second.gradient(bowl.start))
    np.testing.assert_allclose(draws.mean(axis=0), bowl.gradient(bowl.start), atol=0.03)
    np.testing.assert_allclose(draws.std(axis=0), 0.3, rtol=0.05)


def test_the_kinked_function_is_continuous_at_its_kinks():
    for kink in (1.0, 2.0):
        left, right = np.array([kink - 1e-12]), np.array([kink])
        np.testing.assert_allclose(kinked.value(left), kinked.value(right), rtol=1e-10)
        np.testing.assert_allclose(kinked.gradient(left), kinked.gradient(right), rtol=1e-10)


def test_only_the_first_link_of_a_resting_chain_is_pulled():
    np.testing.assert_array_equal(chain(5).gradient(np.zeros(5)), [-1, 0, 0, 0, 0])
