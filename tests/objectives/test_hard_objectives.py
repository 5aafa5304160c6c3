"""The two functions that show what momentum cannot do."""

import numpy as np
import pytest

from descentlab.objectives import chain, kinked

named = pytest.mark.parametrize("objective", [kinked, chain(7)], ids=lambda objective: objective.name)


def points(objective):
    return np.random.default_rng(3).uniform(-3, 3, size=(20, objective.start.size))


@named
def test_the_gradient_is_that_of_the_value(objective):
    for theta in points(objective):
        step = 1e-20j * np.eye(theta.size)  # complex step: no subtraction, exact to rounding
        slopes = [np.imag(objective.value(theta + h)) / 1e-20 for h in step]
        np.testing.assert_allclose(objective.gradient(theta), slopes, rtol=1e-12, atol=1e-12)


@named
def test_a_whole_path_is_valued_at_once(objective):
    path = points(objective)
    np.testing.assert_allclose(objective.value(path.T), [objective.value(theta) for theta in path])


@named
def test_nothing_lies_below_the_minimum(objective):
    assert all(objective.value(theta) > objective.value(objective.minimum) for theta in points(objective))
    np.testing.assert_allclose(objective.gradient(objective.minimum), 0, atol=1e-12)


def test_the_kinked_function_is_continuous_at_its_kinks():
    for kink in (1.0, 2.0):
        left, right = np.array([kink - 1e-12]), np.array([kink])
        np.testing.assert_allclose(kinked.value(left), kinked.value(right), rtol=1e-10)
        np.testing.assert_allclose(kinked.gradient(left), kinked.gradient(right), rtol=1e-10)


def test_only_the_first_link_of_a_resting_chain_is_pulled():
    np.testing.assert_array_equal(chain(5).gradient(np.zeros(5)), [-1, 0, 0, 0, 0])
