"""`like` answers what it does not know with what there is, and the nearest name."""

import pytest

from descentlab.rules import like
from descentlab.variants.frameworks import FRAMEWORKS


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("pytorch", "torch"), ("Keras", "keras"), ("tf", "tensorflow"), ("lasagna", "lasagne")],
)
def test_an_unknown_framework_lists_all_and_names_the_nearest(wrong, nearest):
    with pytest.raises(ValueError, match=f"no framework '{wrong}'.*nearest is '{nearest}'") as caught:
        like(wrong, "Adam")
    assert all(framework in str(caught.value) for framework in FRAMEWORKS)


@pytest.mark.parametrize(
    ("framework", "wrong", "nearest", "listed"),
    [
        ("torch", "Adamm", "Adam", ["SGD", "Adagrad", "RMSprop", "momentum", "rmsprop_centered_momentum"]),
        ("keras", "Momentumm", "momentum", ["SGD", "RMSprop", "nesterov"]),
        ("dlfs", "Adagradd", "AdaGrad", ["SGD", "Momentum", "Nesterov", "Adam"]),
        ("autograd", "adagrad", "adam", ["sgd", "rmsprop", "adam", "momentum_averaged"]),
        ("tensorflow", "RMSPropOptimiser", "RMSPropOptimizer", ["AdamOptimizer", "legacy_RMSprop"]),
    ],
)
def test_an_unknown_rule_lists_all_and_names_the_nearest(framework, wrong, nearest, listed):
    with pytest.raises(
        ValueError, match=f"{framework} has no rule '{wrong}' here.*nearest is '{nearest}'"
    ) as caught:
        like(framework, wrong)
    assert all(name in str(caught.value) for name in listed)


@pytest.mark.parametrize(
    ("framework", "rule", "hyper", "meant"),
    [
        ("keras", "Adam", {"lr": 0.1}, "you may mean 'learning_rate'"),
        ("torch", "Adam", {"beta1": 0.9}, "you may mean 'betas'"),
        ("optax", "adam", {"beta_1": 0.9}, "you may mean 'b1'"),
        ("torch", "RMSprop", {"decay": 0.9}, "you may mean 'alpha'"),
        ("chainer", "Adam", {"lr": 0.1}, "you may mean 'alpha'"),
        ("chainer", "RMSprop", {"rho": 0.9}, "you may mean 'alpha'"),
        ("dlfs", "Adam", {"eps": 1e-8}, "nearest is"),
        ("torch", "SGD", {"momentun": 0.9}, "the nearest is 'momentum'"),
        ("tensorflow", "nesterov", {"learning_rate": 0.1, "nesterov": True}, "you may mean 'use_nesterov'"),
    ],
)
def test_an_unknown_hyper_parameter_lists_all_and_names_the_nearest(framework, rule, hyper, meant):
    with pytest.raises(TypeError, match=meant) as caught:
        like(framework, rule, **hyper)
    assert "It takes " in str(caught.value)
    assert "=" in str(caught.value)


def test_a_missing_rate_is_asked_for_where_the_framework_has_no_default():
    with pytest.raises(TypeError, match="optax's adam has no default for 'learning_rate'"):
        like("optax", "adam")


@pytest.mark.parametrize(
    ("framework", "rule", "hyper", "error", "words"),
    [
        (
            "keras",
            "Adam",
            {"beta_1": 1.0},
            ValueError,
            "keras's Adam: beta_1 must be at least 0 and below 1; got 1.0",
        ),
        (
            "torch",
            "Adam",
            {"betas": (0.9, 1.5)},
            ValueError,
            r"betas\[1\] must be at least 0 and below 1; got 1.5",
        ),
        ("torch", "Adam", {"betas": 0.9}, TypeError, "betas must be a pair of numbers"),
        ("torch", "SGD", {"lr": -1.0}, ValueError, "lr must be a finite number, 0 or more; got -1.0"),
        ("torch", "SGD", {"lr": float("nan")}, ValueError, "lr must be a finite number, 0 or more; got nan"),
        ("torch", "SGD", {"nesterov": 1}, TypeError, "nesterov must be True or False; got 1"),
        ("torch", "SGD", {"nesterov": True}, ValueError, "nesterov needs a momentum and no dampening"),
        ("optax", "sgd", {"learning_rate": "0.1"}, TypeError, "learning_rate must be one number"),
    ],
)
def test_a_value_that_cannot_be_right_is_named_with_the_frameworks_word(framework, rule, hyper, error, words):
    with pytest.raises(error, match=words):
        like(framework, rule, **hyper)


def test_the_courses_names_are_understood():
    for name in ("RMSpropGraves", "rmspropgraves", "chainer.optimizers.RMSpropGraves"):
        assert like("chainer", name).centered
    assert like("torch", "RMSpropGraves").centered
    assert like("chainer", "Nesterov").new_velocity
    assert like("autograd", "Momentum").dampening == 0.9
    assert like("tensorflow", "tf.keras.optimizers.legacy.RMSprop").first_n == 0
    assert like("tensorflow", "RMSprop", learning_rate=0.1).first_n == 1


@pytest.mark.parametrize("name", [None, 3, "", "."])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="no framework"):
        like(name, "Adam")
    with pytest.raises(ValueError, match="has no rule"):
        like("torch", name)
