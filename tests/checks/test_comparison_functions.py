"""The capstone's function checks: right answers pass at every seed, each likely mistake is seen."""

from functools import partial
from math import comb

import numpy as np
import pytest
from support import walk

from descentlab import rules
from descentlab.exercises.comparison.checks import losses_in_other_units, races_of_seeds
from verdicts.judging import run

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def gap(make, changed, gradient, start, steps):
    plain = walk(make(), gradient, start, steps)
    return np.abs(changed - plain).max() / np.abs(plain - plain[0]).max()


def rotation_gap_of_rows(make, gradient, start, angle, steps=30):
    """The same with points as rows and complex numbers for the turn: its rounding is another."""
    turn = np.exp(1j * angle)
    turned = lambda point, by: np.array([(z := complex(*point) * by).real, z.imag])  # noqa: E731
    path = walk(
        make(),
        lambda theta: turned(gradient(turned(theta, turn.conjugate())), turn),
        turned(start, turn),
        steps,
    )
    back = np.array([turned(point, turn.conjugate()) for point in path])
    return gap(make, back, gradient, start, steps)


def by_chance(wins, seeds):
    return min(1.0, 2 * sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds)


def by_counting(wins, seeds):
    rows = [bin(row).count("1") for row in range(2**seeds)]
    return np.mean([max(k, seeds - k) >= wins for k in rows])


def same_path(name, hyper, c):
    return hyper | ({"eps": c * hyper["eps"]} if "eps" in hyper else {"lr": hyper["lr"] / c})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chance_of_a_race_is_that_of_a_fair_coin(seed):
    """An oracle from outside: the two-sided binomial test's sum, by counting every row of tosses."""
    rng = np.random.default_rng(seed % 2**32)
    for probe in races_of_seeds(rng):
        assert by_chance(*probe.args) == pytest.approx(by_counting(*probe.args), rel=1e-12)


def quartic(theta):
    return np.array([0.2, 2.0]) * theta + 0.3 * theta**3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_expected_hyperparameters_give_the_same_path_in_other_units(seed):
    for probe in losses_in_other_units(np.random.default_rng(seed % 2**32)):
        name, hyper, c = probe.args
        times_c = partial(lambda c, theta: c * quartic(theta), c)
        rule = getattr(rules, name)
        plain = walk(rule(**hyper), quartic, (1.0, -2.0), 20)
        scaled = walk(rule(**same_path(name, hyper, c)), times_c, (1.0, -2.0), 20)
        assert np.allclose(scaled, plain, rtol=1e-9, atol=1e-12)


def test_a_turn_computed_in_another_order_passes():
    for seed in range(300):
        verdict = run("comparison/rotation-gap", rotation_gap_of_rows, seed)
        assert verdict.passed, f"seed {seed}: {verdict.cause}"
