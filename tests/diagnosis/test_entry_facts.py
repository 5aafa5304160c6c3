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


class LengthOfThreeDigits(Rule):
    def update(self, params, grads):
        length = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
        for k in params:
            params[k] = params[k] - self.lr * grads[k] * 1.75 / length


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


class DeviationOfTheArray(Rule):
    def update(self, params, grads):
        rho = self.hyper["decay"]
        for k, g in grads.items():
            self.h[k] = rho * self.h.get(k, np.zeros_like(g)) + (1 - rho) * np.std(g)
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.hyper["eps"])


class LimitsTheParameters(Rule):
    def moved(self, p, g):
        return np.clip(p - self.lr * g, -1, 1)


class MovesEverySecondCall(Rule):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        for k in params:
            self.v[k] = self.v.get(k, 0.0) + grads[k]
            if self.calls % 2 == 0:
                params[k] -= self.lr * self.v.pop(k)


class GradientByShape(Rule):
    def update(self, params, grads):
        of_shape = {g.shape: g for g in grads.values()}
        for k in params:
            params[k] -= self.lr * of_shape[params[k].shape]


class LimitsTheStep(Rule):
    def update(self, params, grads):
        rho = self.hyper["decay"]
        for k, g in grads.items():
            self.h[k] = rho * self.h.get(k, 0.0) + (1 - rho) * g**2
            step = self.lr * g / (np.sqrt(self.h[k]) + self.hyper["eps"])
            params[k] -= np.clip(step, -self.lr, self.lr)


class FewDigits(Rule):
    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = np.float16(self.hyper["momentum"] * self.v.get(k, 0.0) - self.lr * g)
            params[k] += self.v[k]


class DecaysMatricesAlone(Rule):
    t = 0

    def update(self, params, grads):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        self.t += 1
        for k, g in grads.items():
            self.v[k] = b1 * self.v.get(k, 0.0) + (1 - b1) * g
            self.h[k] = b2 * self.h.get(k, 0.0) + (1 - b2) * g**2
            root = np.sqrt(self.h[k] / (1 - b2**self.t)) + self.hyper["eps"]
            decay = self.hyper["weight_decay"] * params[k] if k == "W" else 0.0
            params[k] -= self.lr * (self.v[k] / (1 - b1**self.t) / root + decay)


SAID = {
    LimitsTheParameters: ("sgd", "no parameter of yours is larger than 1, and", "limits the parameters"),
    MovesEverySecondCall: ("sgd", "In call 1 nothing moves", "Which `if`"),
    GradientByShape: ("sgd", 'the steps of "W" are those expected for "U"', "key"),
    LimitsTheStep: ("rmsprop", "No step of yours is longer than 0.0", "limits the step"),
    FewDigits: ("momentum", "self.v holds float16 numbers", "dtype"),
    DecaysMatricesAlone: ("practice", '+ η w θ, in "b", "s", "U"', "leaves it out"),
    Transposes: ("sgd", 'the steps of "W" are the expected ones, but at other places', "`.T`"),
    FirstRowAlone: ("sgd", "do not move", "Which entries does your line reach"),
    LengthOfThreeDigits: ("sgd", "1.75 divided by the length of the whole gradient", "divides by a length"),
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
    DeviationOfTheArray: ("rmsprop", "becomes (1 − ρ) std(g); expected (1 − ρ) g²", "self.h"),
}


def check_of(lesson):
    return "practice/adamw" if lesson == "practice" else f"{lesson}/update"


@pytest.mark.parametrize("answer", SAID, ids=lambda a: a.__name__)
def test_what_stands_out_is_said_and_the_hint_points_there(answer):
    lesson, fact, hint = SAID[answer]
    verdict = run(check_of(lesson), answer)
    assert verdict.mistake is None
    assert any(fact in each for each in verdict.facts), verdict.facts
    assert hint in verdict.hint


def test_few_sentences_are_said():
    assert all(len(run(check_of(lesson), answer).facts) <= 5 for answer, (lesson, *_) in SAID.items())


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


class DividesWhereItMoves(Rule):
    """h is right, and its numbers are those of a sum without weights."""

    def update(self, params, grads):
        rho = self.hyper["decay"]
        for k, g in grads.items():
            self.h[k] = rho * self.h.get(k, 0.0) + (1 - rho) * g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k] / (1 - rho)) + self.hyper["eps"])


class ForgetsTheWeight(Rule):
    """The same numbers, and h is wrong."""

    def update(self, params, grads):
        rho = self.hyper["decay"]
        for k, g in grads.items():
            self.h[k] = rho * self.h.get(k, 0.0) + g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.hyper["eps"])


class MovesByLess(Rule):
    """v is right, and its numbers are those of μ on the push."""

    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for k, g in grads.items():
            self.v[k] = mu * self.v.get(k, 0.0) - self.lr * g
            params[k] += mu * self.v[k]


def test_what_is_remembered_tells_which_of_two_lines_has_the_mistake():
    assert "h divided by 1 − ρ" in run("rmsprop/update", DividesWhereItMoves).cause
    assert "g² in place of (1 − ρ) g²" in run("rmsprop/update", ForgetsTheWeight).cause


def test_no_hint_sends_to_a_memory_that_is_right():
    verdict = run("momentum/update", MovesByLess)
    assert any("What you remember is right" in fact for fact in verdict.facts)
    assert verdict.hint.startswith("Compute the line that moves θ")


class OtherSignsThroughout(Rule):
    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for k, g in grads.items():
            old = self.v.get(k, 0.0)
            self.v[k] = mu * old + self.lr * g
            params[k] += mu * old + (1 + mu) * self.v[k]


def test_a_memory_of_the_other_sign_is_not_called_right():
    facts = run("nesterov/update", OtherSignsThroughout).facts
    assert not any("you remember is right" in fact for fact in facts)


class EachLineTwice(Rule):
    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for _ in range(2):
            for k, g in grads.items():
                old = self.v.get(k, 0.0)
                self.v[k] = mu * old - self.lr * g
                params[k] += (1 + mu) * self.v[k] - mu * old


def test_a_loop_in_a_loop_is_named():
    verdict = run("nesterov/update", EachLineTwice)
    assert "every line run twice" in verdict.cause
    assert "innermost loop" in verdict.hint


class OtherWeights(Rule):
    def update(self, params, grads):
        mu = self.hyper["momentum"]
        for k, g in grads.items():
            self.v[k] = (1 - mu) * self.v.get(k, 0.0) - mu * self.lr * g
            params[k] += self.v[k]


def test_weights_of_an_average_the_wrong_way_round_are_named():
    assert "weights 1 − μ and μ in place of μ and 1" in run("momentum/update", OtherWeights).cause


class CentresTheGradient(Rule):
    def moved(self, p, g):
        return p - self.lr * (g - np.mean(g))


def test_arrays_that_cannot_move_are_no_skipped_arrays_where_an_edit_says_why():
    assert "the gradient less the mean of its array" in run("sgd/update", CentresTheGradient).cause
