"""Input that cannot be right: one line that names it, and nothing has been changed."""

import numpy as np
import pytest
from support import table_beside

from descentlab import registry, rules
from descentlab.rules import Adam

RULES = [getattr(rules, name) for name in registry.RULES]
STATES = {rule: [name for name, value in vars(rule()).items() if isinstance(value, dict)] for rule in RULES}
ONES, TALL, READ_ONLY = np.ones(2), np.ones((3, 2)), np.ones(2)
READ_ONLY.flags.writeable = False

WRONG = table_beside(__file__, "wrong_inputs.toml")


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("rule", RULES)
def test_a_wrong_input_is_named_before_anything_changes(rule, what):
    *given, words = WRONG[what]
    parameter, gradient, error = (eval(one) for one in given)
    # A right parameter stands first: it must not have moved when the wrong one is found.
    first = np.array([1.0, 2.0])
    params = {"a": first, "b": parameter}
    named = gradient if isinstance(gradient, dict) else {"b": gradient}
    grads = gradient if what.startswith("no dict") else {"a": ONES} | named
    r = rule()
    with pytest.raises(error) as caught:
        r.update(params, grads)
    assert "\n" not in str(caught.value)
    for word in words.split(" | "):
        assert word in str(caught.value)
    assert first.tolist() == [1.0, 2.0]
    assert not any(vars(r)[state] for state in STATES[rule])
    assert not vars(r).get("t")


@pytest.mark.parametrize(("before", "now"), [((), (2,)), ((2,), ()), ((2,), (3,))])
@pytest.mark.parametrize("rule", [rule for rule in RULES if STATES[rule]])
def test_a_parameter_of_another_shape_than_before_needs_a_new_rule(rule, before, now):
    r = rule()
    r.update({"a": np.ones(before)}, {"a": np.ones(before)})
    with pytest.raises(ValueError, match="parameters that changed need a new rule") as caught:
        r.update({"a": np.ones(now)}, {"a": np.ones(now)})
    assert f"['a'] has shape {now} now, but had {before} in" in str(caught.value)


@pytest.mark.parametrize("params", [None, [np.ones(2)], np.ones(2)], ids=["None", "list", "array"])
def test_parameters_outside_a_dict_are_refused(params):
    with pytest.raises(TypeError, match="params must be a dict of arrays"):
        Adam().update(params, {"a": np.ones(2)})


@pytest.mark.parametrize("rule", RULES)
def test_a_learning_rate_that_went_wrong_is_named(rule):
    params = {"a": np.ones(2)}
    r = rule()
    r.update(params, {"a": np.ones(2)})
    before = params["a"].copy()
    for lr in (float("nan"), float("inf"), -0.1):
        r.lr = lr
        with pytest.raises(ValueError, match=f"lr must be a finite number, 0 or more; got {lr}"):
            r.update(params, {"a": np.ones(2)})
    assert np.array_equal(params["a"], before)


@pytest.mark.parametrize("rule", RULES)
def test_hyper_parameters_that_cannot_be_right_are_named(rule):
    for hyper in registry.RULES[rule.__name__].hyper:
        name, wrong = hyper.name, [float("nan"), float("inf"), -0.1]
        if hyper.fraction:
            wrong += [1.0, 1.5]
        for value in wrong:
            with pytest.raises(ValueError, match=f"{name} must be .*; got {value}"):
                rule(**{name: value})
        for value in ("0.1", None, True, [0.1], np.ones(2), 1j):
            with pytest.raises(TypeError, match=f"{name} must be one number"):
                rule(**{name: value})
        assert isinstance(vars(rule(**{name: np.float32(0.5)}))[name], float)


@pytest.mark.parametrize("rule", RULES)
def test_a_parameter_may_come_later_and_gradients_may_be_more(rule):
    params, grads = {"a": np.ones(2)}, {"a": np.ones(2), "b": np.ones(3)}
    r = rule()
    r.update(params, grads)
    params["b"] = np.zeros(3)
    r.update(params, grads)
    assert np.all(params["b"] != 0)
