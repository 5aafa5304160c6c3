"""Where a mistake has no name: what its entries share, what is remembered, and a hint that points there."""

import numpy as np
import pytest

from descentlab.checks import run


class Rule:
    def __init__(self, lr, **hyper):
        self.lr, self.hyper = lr, hyper
        self.h, self.v = {}, {}

    def update(self, params, grads):
        for k in params:
            params[k] = self.moved(params[k], grads[k])


class Transposes(Rule):
    def moved(self, p, g):
        return p - self.lr * g.reshape(p.T.shape).T


class FirstRowAlone(Rule):
    def moved(self, p, g):
        first = np.zeros_like(p)
        first[(slice(1),) if p.ndim else ()] = 1.0
        return p - self.lr * g * first


class LengthOne(Rule):
    def update(self, params, grads):
        length = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
        for k in params:
            params[k] = params[k] - self.lr * grads[k] * min(1.0, 2.5 / length)


class ThreeDecimals(Rule):
    def moved(self, p, g):
        return np.round(p - self.lr * g, 3)


class LastGradientForAll(Rule):
    def update(self, params, grads):
        for k in grads:
            last = grads[k]
        for k in params:
            params[k] = params[k] - self.lr * np.mean(last)


class MeanForAll(Rule):
    def moved(self, p, g):
        return p - 0.5 * self.lr * (np.mean(g) + np.max(g))


class SumWithoutKeys(Rule):
    def __init__(self, lr, **hyper):
        super().__init__(lr, **hyper)
        self.h = 0.0

    def update(self, params, grads):
        for k, g in grads.items():
            self.h = self.h + np.sum(g**2)
            params[k] -= self.lr * g / (np.sqrt(self.h) + self.hyper["eps"])


class OneKeyForAll(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            self.h["k"] = self.h.get("k", 0.0) + np.mean(g**2)
            params[k] -= self.lr * g / (np.sqrt(self.h["k"]) + self.hyper["eps"])


class OneMeanEach(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.h.get(k, 0.0) + np.std(g) * np.max(np.abs(g))
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.hyper["eps"])


class AtLeastOne(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.h.get(k, 0.0) + g**2
            params[k] -= self.lr * g / np.maximum(np.sqrt(self.h[k]), 1.0)


class LastThree(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            self.h.setdefault(k, []).append(g**2)
            params[k] -= self.lr * g / (np.sqrt(sum(self.h[k][-3:])) + self.hyper["eps"])


class KeepsTheFirst(Rule):
    def update(self, params, grads):
        self.v = self.v or {k: g.copy() for k, g in grads.items()}
        for k in params:
            params[k] -= self.lr * self.v[k]


class VarianceOfTheArray(Rule):
    def update(self, params, grads):
        rho = self.hyper["decay"]
        for k, g in grads.items():
            self.h[k] = rho * self.h.get(k, np.zeros_like(g)) + (1 - rho) * (g - np.mean(g)) ** 2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.hyper["eps"])


SAID = {
    Transposes: ("sgd", 'the steps of "W" are the expected ones, but at other places', "`.T`"),
    FirstRowAlone: ("sgd", "do not move", "Which entries does your line reach"),
    LengthOne: ("sgd", "2.5 divided by the length of the whole gradient", "divides by a length"),
    ThreeDecimals: ("sgd", "no parameter of yours has more than 3 decimals", "rounded"),
    LastGradientForAll: ("sgd", "keys in another order, your steps are others", "from the end of a loop"),
    MeanForAll: ("sgd", "all entries of an array make one and the same step", "one number of a whole array"),
    SumWithoutKeys: ("adagrad", "self.h is one number, for all keys together", "self.h[k]"),
    OneKeyForAll: ("adagrad", "self.h has the key 'k', which no parameter has", "self.h[k]"),
    OneMeanEach: ("adagrad", 'self.h["W"] is one number; "W" has the shape (3, 2)', "a sum, a mean"),
    AtLeastOne: ("adagrad", "wrong where |g| is at most", "a `max`"),
    LastThree: (
        "adagrad",
        "the root of g₄² + g₃² + g₂²; expected g₄² + g₃² + g₂² + g₁²",
        "gradient of call 1",
    ),
    KeepsTheFirst: ("sgd", "Your step of call 2 is −", "The gradient of this call does not count"),
    VarianceOfTheArray: ("rmsprop", "becomes (1 − ρ) (g − mean(g))²; expected (1 − ρ) g²", "self.h"),
}


@pytest.mark.parametrize("answer", SAID, ids=lambda a: a.__name__)
def test_what_stands_out_is_said_and_the_hint_points_there(answer):
    lesson, fact, hint = SAID[answer]
    verdict = run(f"{lesson}/update", answer)
    assert verdict.mistake is None
    assert any(fact in each for each in verdict.facts), verdict.facts
    assert hint in verdict.hint


def test_few_sentences_are_said():
    assert all(len(run(f"{lesson}/update", answer).facts) <= 5 for answer, (lesson, *_) in SAID.items())


class RateOnTheWrongTerm(Rule):
    """Numbers that are momentum's: of a rule without keys in its memory they must not be said."""

    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for k, g in grads.items():
            self.v[k] = mu * self.v.get(k, 0.0) - (1 - mu) * self.lr * g
            params[k] += self.v[k]


def test_two_edits_of_this_rule_are_not_said_where_one_of_the_rule_before_explains_all():
    verdict = run("nesterov/update", RateOnTheWrongTerm)
    assert (
        "momentum, which has not yet become Nesterov's momentum, with η g weighted with 1 − μ"
        in verdict.cause
    )
    assert "minus signs" not in verdict.hint
    assert "Which line of Nesterov's momentum is not in your code" in verdict.hint


class NewVelocityWithoutRate(Rule):
    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for k, g in grads.items():
            self.v[k] = mu * self.v.get(k, 0.0) - self.lr * g
            params[k] += mu * self.v[k] - g


def test_the_form_with_the_new_velocity_is_known():
    assert "θ ← θ + μ v − η g" in run("nesterov/update", NewVelocityWithoutRate).cause


class OneCallBehind(Rule):
    t = 0

    def update(self, params, grads):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        t, self.t = max(self.t, 1), self.t + 1
        for k, g in grads.items():
            self.v[k] = b1 * self.v.get(k, 0.0) + (1 - b1) * g
            self.h[k] = b2 * self.h.get(k, 0.0) + (1 - b2) * g**2
            root = np.sqrt(self.h[k] / (1 - b2**t)) + self.hyper["eps"]
            params[k] -= self.lr * self.v[k] / (1 - b1**t) / root


def test_a_clock_that_is_one_call_behind_is_named():
    assert "t one call behind" in run("adam/update", OneCallBehind).cause
