"""A number that the student typed in is solved for, and named where all numbers then agree to rounding."""

import numpy as np
import pytest

from descentlab.checks import run


class Own:
    """An answer with a number of its own."""

    decay, start, eps, slower = 0.0, 0.0, None, 0.0

    def __init__(self, lr, **hyper):
        self.lr, self.hyper = lr, hyper
        self.eps = hyper.get("eps") if self.eps is None else self.eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            rate = self.lr / (1 + self.slower * (self.t - 1))
            self.step(params, k, grads[k] + self.decay * params[k], rate)


class Descent(Own):
    def step(self, params, k, g, rate):
        params[k] -= rate * g


class Momentum(Own):
    def step(self, params, k, g, rate):
        self.v[k] = self.hyper["momentum"] * self.v.get(k, 0.0) - rate * g
        params[k] += self.v[k]


class AdaGrad(Own):
    def step(self, params, k, g, rate):
        self.v[k] = self.v.get(k, self.start) + g**2
        params[k] -= rate * g / (np.sqrt(self.v[k]) + self.eps)


class Adam(Own):
    def step(self, params, k, g, rate):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        self.m[k] = b1 * self.m.get(k, 0.0) + (1 - b1) * g
        self.v[k] = b2 * self.v.get(k, 0.0) + (1 - b2) * g**2
        m_hat, v_hat = self.m[k] / (1 - b1**self.t), self.v[k] / (1 - b2**self.t)
        params[k] -= rate * m_hat / (np.sqrt(v_hat) + self.eps)


@pytest.mark.parametrize(
    ("check", "rule", "own", "words"),
    [
        ("sgd/update", Descent, {"decay": 5e-4}, "a weight decay of 0.0005 in the gradient"),
        ("momentum/update", Momentum, {"decay": 5e-4}, "a weight decay of 0.0005 in the gradient"),
        ("adam/update", Adam, {"decay": 5e-4}, "a weight decay of 0.0005 in the gradient"),
        ("adagrad/update", AdaGrad, {"start": 0.1}, "h starting at 0.1, not at zero"),
        ("adam/update", Adam, {"eps": 3e-7}, "ε = 3e-07 whatever the constructor is given"),
        ("adam/update", Adam, {"slower": 0.05}, "the rate divided by 1 + 0.05 (t − 1)"),
        ("sgd/update", Descent, {"slower": 0.03}, "the rate divided by 1 + 0.03 (t − 1)"),
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_number_of_ones_own_is_named(check, rule, own, words, seed):
    answer = type("Answer", (rule,), own)
    assert words in run(check, answer, seed).cause


def test_a_rate_that_is_wrong_by_a_factor_is_no_fixed_number():
    class Slow(Descent):
        def step(self, params, k, g, rate):
            params[k] -= 0.37 * rate * g

    assert "whatever" not in run("sgd/update", Slow).cause


def test_a_number_that_is_not_the_same_on_all_probes_is_not_named():
    class Odd(Descent):
        def step(self, params, k, g, rate):
            params[k] -= rate * (g + (5e-4 if abs(g).max() < 5 else 4e-4) * params[k])

    assert "weight decay" not in run("sgd/update", Odd).cause
