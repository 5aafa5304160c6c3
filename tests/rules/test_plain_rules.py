"""The seven plain rules give the numbers of the frameworks that share their convention."""

import golden_runs
import numpy as np
import pytest

from descentlab.rules import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop, RMSpropGraves

# Where a framework's default convention is the plain rule's own: its names for our hyper-parameters.
SAME = {
    ("torch", "sgd"): (SGD, {"lr": "lr"}),
    ("keras", "sgd"): (SGD, {"lr": "learning_rate"}),
    ("keras", "momentum"): (Momentum, {"lr": "learning_rate", "momentum": "momentum"}),
    ("chainer", "momentum"): (Momentum, {"lr": "lr", "momentum": "momentum"}),
    ("dlfs", "momentum"): (Momentum, {"lr": "lr", "momentum": "momentum"}),
    ("keras", "nesterov"): (Nesterov, {"lr": "learning_rate", "momentum": "momentum"}),
    ("torch", "nesterov"): (Nesterov, {"lr": "lr", "momentum": "momentum"}),
    ("dlfs", "nesterov"): (Nesterov, {"lr": "lr", "momentum": "momentum"}),
    ("chainer", "adagrad"): (AdaGrad, {"lr": "lr", "eps": "eps"}),
    ("chainer", "rmsprop"): (RMSprop, {"lr": "lr", "decay": "alpha", "eps": "eps"}),
    ("torch", "rmsprop"): (RMSprop, {"lr": "lr", "decay": "alpha", "eps": "eps"}),
    ("chainer", "rmsprop_centered_momentum"): (
        RMSpropGraves,
        {"lr": "lr", "decay": "alpha", "momentum": "momentum", "eps": "eps"},
    ),
    ("optax", "adam"): (Adam, {"lr": "learning_rate", "beta1": "b1", "beta2": "b2", "eps": "eps"}),
    ("autograd", "adam"): (Adam, {"lr": "step_size", "beta1": "b1", "beta2": "b2", "eps": "eps"}),
}

RULES = [SGD, Momentum, Nesterov, AdaGrad, RMSprop, RMSpropGraves, Adam]


@pytest.mark.parametrize(("framework", "rule"), SAME)
def test_a_plain_rule_gives_the_iterates_of_a_framework_with_its_convention(framework, rule):
    plain, names = SAME[framework, rule]
    recorded = golden_runs.cases(framework, rule)
    assert recorded
    compared = 0
    for case in recorded:
        hyper = {ours: case["hyper"][theirs] for ours, theirs in names.items()}
        compared += golden_runs.compare(plain(**hyper), framework, case)["golden steps compared"]
    assert compared > 100


def network():
    rng = np.random.default_rng(1)
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=4), "s": np.array(0.5)}
    grads = {k: np.array(rng.normal(size=np.shape(p))) for k, p in params.items()}
    return params, grads


@pytest.mark.parametrize("rule", RULES)
def test_parameters_change_in_place_and_gradients_do_not(rule):
    params, grads = network()
    arrays, before = dict(params), {k: g.copy() for k, g in grads.items()}
    moved = {k: p.copy() for k, p in params.items()}
    r = rule()
    for _ in range(3):
        r.update(params, grads)
    for k in params:
        assert params[k] is arrays[k]
        assert np.array_equal(grads[k], before[k])
        assert not np.array_equal(params[k], moved[k])


@pytest.mark.parametrize("rule", RULES)
def test_two_instances_know_nothing_of_each_other(rule):
    first, grads = network()
    second = {k: p.copy() for k, p in first.items()}
    used, fresh = rule(), rule()
    used.update({k: p.copy() for k, p in first.items()}, grads)
    fresh.update(first, grads)
    rule().update(second, grads)
    assert all(np.array_equal(first[k], second[k]) for k in first)


@pytest.mark.parametrize("rule", RULES)
def test_reused_gradient_buffers_do_no_harm(rule):
    fresh, grads = network()
    shared = {k: p.copy() for k, p in fresh.items()}
    buffer = {k: np.zeros_like(g) for k, g in grads.items()}
    a, b = rule(), rule()
    for step in range(1, 5):
        a.update(fresh, {k: g * step for k, g in grads.items()})
        for k, g in grads.items():
            buffer[k][...] = g * step
        b.update(shared, buffer)
    assert all(np.array_equal(fresh[k], shared[k]) for k in fresh)


@pytest.mark.parametrize("rule", RULES)
def test_a_plain_python_number_is_moved_through_the_dict(rule):
    number, array = {"x": -7.0}, {"x": np.array([-7.0])}
    a, b = rule(), rule()
    for _ in range(3):
        a.update(number, {"x": 0.7})
        b.update(array, {"x": np.array([0.7])})
    assert number["x"] == array["x"][0] != -7.0
