"""Rules that are wrong only for inputs that are rare in a notebook, as learners write them."""

import numpy as np
import pytest

from descentlab.checks import run

SEEDS = (0, 1, 2)
ZERO, ORDER, AGAIN = (
    "behaviour/other-at-zero-gradients",
    "behaviour/depends-on-order",
    "behaviour/keeps-the-callers-arrays",
)


class AdamSkipsZeros:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            if not g.any():
                continue
            self.m[k] = self.b1 * self.m.get(k, 0.0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0.0) + (1 - self.b2) * g**2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class NesterovSkipsZeros:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            if np.all(grads[k] == 0):
                continue
            before = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.mu * before - self.lr * grads[k]
            params[k] += -self.mu * before + (1 + self.mu) * self.v[k]


class MomentumReturnsEarly:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        if all(np.all(g == 0) for g in grads.values()):
            return
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


class MomentumInAList:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = [np.zeros_like(p) for p in params.values()]
        for i, k in enumerate(params):
            self.v[i] = self.mu * self.v[i] - self.lr * grads[k]
            params[k] = params[k] + self.v[i]


class AdamInLists(AdamSkipsZeros):
    def update(self, params, grads):
        self.t += 1
        for i, (k, p) in enumerate(params.items()):
            g = grads[k]
            self.m[i] = self.b1 * self.m.get(i, 0.0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0.0) + (1 - self.b2) * g**2
            p -= (
                self.lr
                * self.m[i]
                / (1 - self.b1**self.t)
                / (np.sqrt(self.v[i] / (1 - self.b2**self.t)) + self.eps)
            )


class AdamMadeAnew(AdamSkipsZeros):
    def update(self, params, grads):
        if list(self.m) != list(params):
            self.m = {k: np.zeros_like(p) for k, p in params.items()}
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m[k] + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v[k] + (1 - self.b2) * g**2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class MomentumKeepsGradients:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.all = lr, momentum, []

    def update(self, params, grads):
        self.all.append(grads)
        for k in params:
            ages = range(len(self.all) - 1, -1, -1)
            v = sum(self.mu**age * g[k] for age, g in zip(ages, self.all, strict=True))
            params[k] = params[k] - self.lr * v


def make_one_memory():
    class OneMemory:
        def __init__(self, lr, momentum):
            self.lr, self.mu = lr, momentum
            OneMemory.v = {}

        def update(self, params, grads):
            for k in params:
                OneMemory.v[k] = self.mu * OneMemory.v.get(k, 0.0) - self.lr * grads[k]
                params[k] += OneMemory.v[k]

    return OneMemory


@pytest.mark.parametrize(
    ("check", "make", "name", "words"),
    [
        ("adam/update", lambda: AdamSkipsZeros, ZERO, "zero in the middle"),
        ("nesterov/update", lambda: NesterovSkipsZeros, ZERO, "zero in the middle"),
        ("momentum/update", lambda: MomentumReturnsEarly, ZERO, "zero in the middle"),
        ("momentum/update", lambda: MomentumInAList, ORDER, "list their keys in another order"),
        ("adam/update", lambda: AdamMadeAnew, ORDER, "list their keys in another order"),
        ("momentum/update", lambda: MomentumKeepsGradients, AGAIN, "into the same arrays"),
        ("momentum/update", make_one_memory, "behaviour/shared-memory", "the two share memory"),
    ],
)
def test_a_rule_wrong_for_rare_inputs_only_is_rejected_and_told_which(check, make, name, words):
    for seed in SEEDS:
        verdict = run(check, make(), seed)
        assert verdict.mistake == name
        assert words in verdict.cause
        assert 0 < verdict.fraction < 1


def test_state_by_place_in_the_dict_meets_another_array_or_another_shape():
    for seed in SEEDS:
        verdict = run("adam/update", AdamInLists, seed)
        assert not verdict.passed
        assert "order" in verdict.cause + verdict.hint


@pytest.mark.parametrize("make", [make_one_memory, lambda: MomentumInAList])
def test_own_memory_for_each_optimizer_and_any_key_order_are_points_that_it_loses(make):
    failed = [c.name for c in run("momentum/update", make()).criteria if not c.passed]
    assert failed == ["any key order, its own memory for each optimizer"]
