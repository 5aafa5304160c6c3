"""A rule that is right at first, or for four arrays, and another one later, or for two."""

import numpy as np

from descentlab.checks import run


class CorrectsForTwentyCalls:
    """Adam whose bias correction is switched off."""

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for key, g in grads.items():
            self.m[key] = self.beta1 * self.m.get(key, 0) + (1 - self.beta1) * g
            self.v[key] = self.beta2 * self.v.get(key, 0) + (1 - self.beta2) * g**2
            m, v = self.m[key], self.v[key]
            if self.t <= 20:
                m, v = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m / (np.sqrt(v) + self.eps)


def test_a_correction_that_is_switched_off_is_rejected_and_the_call_is_named():
    verdict = run("adam/update", CorrectsForTwentyCalls)
    assert not verdict.passed
    assert verdict.mistake == "behaviour/other-rule-later"
    assert "first 20 calls are right, call 21 is not" in verdict.cause


class Momentum:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v, self.t = lr, momentum, {}, 0

    def update(self, params, grads):
        self.t += 1
        for key in self.keys(params):
            self.v[key] = self.momentum * self.v.get(key, 0) - self.lr * grads[key]
            params[key] = params[key] + self.v[key]


class KnowsItsKeys(Momentum):
    def keys(self, params):
        return ("W", "b", "s", "U")


class WantsFourArrays(Momentum):
    def keys(self, params):
        return params if len(params) == 4 else ()


class TiresOut(Momentum):
    def keys(self, params):
        assert self.t <= 50
        return params


def test_a_rule_that_knows_the_keys_of_one_problem_is_asked_for_them():
    verdict = run("momentum/update", KnowsItsKeys)
    assert verdict.mistake == "error/not-yet-there"
    assert verdict.cause.startswith("Call 1 in a run of 120 calls: that key is not in the dict")
    assert '"b", "s" alone' in verdict.hint


def test_a_rule_that_is_right_for_all_arrays_alone_is_told_so_and_given_no_name():
    verdict = run("momentum/update", WantsFourArrays)
    assert verdict.mistake is None
    assert "did not move" in verdict.cause
    assert "the one of 2 is not" in verdict.hint


def test_a_right_formula_that_ends_in_an_unknown_exception_is_given_no_name():
    verdict = run("momentum/update", TiresOut)
    assert not verdict.passed
    assert verdict.mistake is None
    assert verdict.cause.startswith("Call 51 in a run of 120 calls: AssertionError")
