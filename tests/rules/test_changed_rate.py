"""A learning rate changed between two steps acts as it does in each framework.

The recorded runs have constant rates; what the frameworks do with a changed one was tried apart, see the
README of tests/golden. Here g = 1 at all times, η = 0.1 in the first step and 0.01 in the second, μ = 0.9.
"""

import numpy as np
import pytest

from descentlab.rules import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, RMSpropGraves, like

SLOW = (0.1, 0.1)  # v = 0.9 · 0.1 + 0.01: the old rate lives on in the velocity
AT_ONCE = (0.1, 0.019)  # 0.01 · (0.9 + 1)
NESTEROV_SLOW = (0.19, 0.1)
NESTEROV_AT_ONCE = (0.19, 0.0271)  # 0.01 · (0.9 · 1.9 + 1)

FRAMEWORK_STEPS = [
    ("torch", "momentum", AT_ONCE),
    ("optax", "momentum", AT_ONCE),
    ("tensorflow", "momentum", AT_ONCE),
    ("keras", "momentum", SLOW),
    ("chainer", "momentum", SLOW),
    ("chainer", "CorrectedMomentumSGD", AT_ONCE),
    ("lasagne", "momentum", SLOW),
    ("dlfs", "momentum", SLOW),
    ("dlfs_2016", "momentum", SLOW),
    ("autograd", "sgd", (0.01, 0.0019)),
    ("torch", "nesterov", NESTEROV_AT_ONCE),
    ("optax", "nesterov", NESTEROV_AT_ONCE),
    ("tensorflow", "nesterov", NESTEROV_AT_ONCE),
    ("keras", "nesterov", NESTEROV_SLOW),
    ("lasagne", "nesterov", NESTEROV_SLOW),
    ("dlfs", "nesterov", NESTEROV_SLOW),
    ("chainer", "NesterovAG", (0.271, 0.1)),
    ("dlfs_2016", "nesterov", (0.271, 0.1)),
]
# With a decay of 0 and no ε, g / √n is 1: what is left is the momentum after RMSprop.
RMSPROP_STEPS = [
    ("torch", "rmsprop_momentum", AT_ONCE, {"alpha": 0.0, "eps": 0.0}),
    ("optax", "rmsprop_momentum", SLOW, {"decay": 0.0, "eps": 0.0}),
    ("keras", "rmsprop_momentum", SLOW, {"rho": 0.0, "epsilon": 0.0}),
    ("tensorflow", "rmsprop_momentum", SLOW, {"decay": 0.0, "epsilon": 0.0}),
    ("tensorflow", "rmsprop_legacy_momentum", SLOW, {"rho": 0.0, "epsilon": 0.0}),
    ("lasagne", "rmsprop+apply_momentum", SLOW, {"rho": 0.0, "epsilon": 0.0}),
    ("lasagne", "rmsprop+apply_nesterov_momentum", NESTEROV_SLOW, {"rho": 0.0, "epsilon": 0.0}),
]


def two_steps(rule):
    params, steps = {"x": np.zeros(1)}, []
    for lr in (0.1, 0.01):
        before = params["x"].copy()
        rule.lr = lr
        rule.update(params, {"x": np.ones(1)})
        steps.append((before - params["x"])[0])
    return steps


@pytest.mark.parametrize(("framework", "name", "wanted"), FRAMEWORK_STEPS)
def test_a_changed_rate_acts_as_in_the_framework(framework, name, wanted):
    required = {"learning_rate": 0.1} if framework in ("optax", "tensorflow", "lasagne") else {}
    assert two_steps(like(framework, name, **required)) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(("framework", "name", "wanted", "hyper"), RMSPROP_STEPS)
def test_a_changed_rate_acts_on_the_momentum_after_rmsprop(framework, name, wanted, hyper):
    required = {"learning_rate": 0.1} if framework in ("optax", "tensorflow") else {}
    assert two_steps(like(framework, name, **(required | hyper))) == pytest.approx(wanted, rel=1e-12)


def test_the_plain_rules_keep_the_rate_in_the_velocity():
    assert two_steps(SGD()) == pytest.approx((0.1, 0.01))
    assert two_steps(Momentum()) == pytest.approx(SLOW)
    assert two_steps(Nesterov()) == pytest.approx(NESTEROV_SLOW)
    assert two_steps(AdaGrad(eps=0.0)) == pytest.approx((0.1, 0.01 / np.sqrt(2)))
    assert two_steps(RMSprop(decay=0.0, eps=0.0)) == pytest.approx((0.1, 0.01))
    assert two_steps(RMSpropGraves(decay=0.9, eps=0.01)) == pytest.approx(
        (0.1 / np.sqrt(0.1), 0.9 * 0.1 / np.sqrt(0.1) + 0.01 / np.sqrt(0.19 - 0.19**2 + 0.01)), rel=1e-12
    )
    assert two_steps(Adam(eps=0.0)) == pytest.approx((0.1, 0.01))


@pytest.mark.parametrize(
    ("framework", "name"), [("torch", "adam"), ("keras", "adam"), ("torch", "adadelta"), ("keras", "rmsprop")]
)
def test_a_rule_without_velocity_takes_the_new_rate_at_once(framework, name):
    changed, constant = like(framework, name), like(framework, name)
    steps = two_steps(changed)
    params = {"x": np.zeros(1)}
    constant.lr = 0.01
    for _ in range(2):
        before = params["x"].copy()
        constant.update(params, {"x": np.ones(1)})
    assert steps[1] == pytest.approx((before - params["x"])[0], rel=1e-12)
