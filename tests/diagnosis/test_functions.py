"""Functions and values: what is off in a recognisable way is said, what a value should be is not."""

import numpy as np
import pytest

from descentlab.checks.spec import RuleCheck, ValueCheck
from descentlab.exercises import all_checks, find
from descentlab.judging import run


def whole(mass, friction, h):
    return mass + friction * h


def test_a_relation_of_one_criterions_examples_is_said_of_these_alone():
    def answer(mass, friction, h):
        factor = 2 if friction else 3
        return factor * h**2 / whole(mass, friction, h), mass / whole(mass, friction, h)

    cause = run("momentum/ball", answer).cause
    assert cause.startswith("A ball with friction: In every example your η is twice the expected one.")


def nesterov_matrix(lr, momentum, curvature):
    shrink = 1 - lr * curvature
    return np.array([[(1 + momentum) * shrink, -momentum * shrink], [1.0, 0.0]])


def decay_for(held, usual, calls):
    return (usual / (held - usual)) ** (1 / calls)


def test_a_relation_is_said_of_every_probe_only_where_it_holds_on_every_probe():
    for seed in (0, 1, 2):
        verdict = run("nesterov/matrix", lambda *problem: np.abs(nesterov_matrix(*problem)), seed)
        assert verdict.cause == "In every example your result is the absolute value of the expected one."
        verdict = run("rmsprop/decay-for", lambda *problem: -decay_for(*problem), seed)
        assert verdict.cause == "In every example your result is minus the expected one."
        verdict = run("rmsprop/decay-for", lambda *p: decay_for(*p) * (2 if p[2] == 50 else 1), seed)
        assert verdict.cause == "Wherever your result is wrong, it is twice the expected one."


def test_numbers_from_nowhere_are_not_explained():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        verdict = run("momentum/ball", lambda m, c, h, rng=rng: (rng.normal(), rng.normal()), seed)
        assert verdict.mistake is None
        assert verdict.notes == ()


ODD = [
    None,
    "text",
    3,
    {},
    np.zeros(0),
    np.full(3, np.nan),
    {"a": {"b": [1, "x"]}},
    [[1], [1, 2]],
    object(),
    1j,
]


@pytest.mark.parametrize("name", [n for n, c in all_checks().items() if not isinstance(c, RuleCheck)])
def test_whatever_a_function_returns_the_verdict_is_a_sentence(name):
    for odd in ODD:
        verdict = run(name, odd if isinstance(find(name), ValueCheck) else lambda *_, odd=odd: odd)
        assert not verdict.passed
        assert verdict.fraction < 1
        assert verdict.cause
        assert verdict.hint or isinstance(find(name), ValueCheck)
        assert verdict.notes == ()
