"""What readers of a blind set judged misleading, or true but not pointing: one test for each class."""

import numpy as np
import pytest

from descentlab.checks import run


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.velocity(k, g)
            params[k] += self.v[k]

    def velocity(self, k, g):
        return self.mu * self.v.get(k, 0.0) - self.lr * g


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = self.moved(params[k], grads[k])


class SubtractsTheVelocity(Momentum):
    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.velocity(k, g)
            params[k] -= self.v[k]


class PlusInTheVelocity(Momentum):
    def velocity(self, k, g):
        return self.mu * self.v.get(k, 0.0) + self.lr * g


@pytest.mark.parametrize("answer", [SubtractsTheVelocity, PlusInTheVelocity])
def test_a_wrong_sign_is_not_put_on_one_line_where_two_codes_have_the_numbers(answer):
    verdict = run("momentum/update", answer)
    assert "velocity takes" not in verdict.cause
    assert "θ" in verdict.hint
    assert "minus signs" in verdict.hint


class RateOverBoth(Sgd):
    def moved(self, p, g):
        return self.lr * (p - g)


class Decays(Sgd):
    def moved(self, p, g):
        return p - self.lr * (g + 0.0037 * p)


def test_a_rate_over_a_bracket_is_no_weight_decay():
    assert "η multiplying θ as well" in run("sgd/update", RateOverBoth).cause
    assert "weight decay of 0.0037" in run("sgd/update", Decays).cause


class NoBracketsInTheLookAhead(Momentum):
    def update(self, params, grads):
        for k, g in grads.items():
            old = self.v.get(k, 0.0)
            self.v[k] = self.velocity(k, g)
            params[k] += 1 + self.mu * self.v[k] - self.mu * old


def test_missing_brackets_are_said():
    assert "no brackets: 1 + μ v" in run("nesterov/update", NoBracketsInTheLookAhead).cause


class KeepsTheOtherForm(Momentum):
    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.velocity(k, g)
            params[k] += np.tanh(self.v[k])


def test_where_what_is_remembered_is_right_the_hint_is_of_the_line_that_moves():
    verdict = run("momentum/update", KeepsTheOtherForm)
    assert verdict.hint.startswith("What you remember is right after this call")


class MomentumGrows(Momentum):
    t = 0

    def velocity(self, k, g):
        share = min(self.mu, (1 + self.t) / (8 + self.t))
        return share * self.v.get(k, 0.0) - self.lr * g

    def update(self, params, grads):
        super().update(params, grads)
        self.t += 1


def test_weights_of_what_is_remembered_are_solved_for():
    verdict = run("momentum/update", MomentumGrows)
    (said,) = [fact for fact in verdict.facts if "becomes" in fact]
    assert "your self.v becomes 0.2222 v − η g; expected μ v − η g" in said  # 2/9: call 2, counted from t = 0
    assert "the line that makes self.v" in verdict.hint


class OverwritesItsArgument:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * g
            params[k] += self.v[k]
        self.momentum = np.tanh(self.momentum)


class RemembersTheParameters(Momentum):
    def update(self, params, grads):
        super().update(params, grads)
        for k in params:
            self.v[k] = params[k]


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        (OverwritesItsArgument, "self.momentum is "),
        (RemembersTheParameters, "self.v holds the parameters themselves"),
    ],
)
def test_what_a_call_overwrites_is_said_with_its_attribute(answer, fact):
    verdict = run("momentum/update", answer)
    assert any(fact in each for each in verdict.facts)
    assert "Which line of yours stores this" in verdict.hint


class SquaresInPlace:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            square = grads[k]
            square *= grads[k]
            self.h[k] = self.h.get(k, 0.0) + square
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


def test_changed_gradients_are_said_beside_a_name():
    verdict = run("adagrad/update", SquaresInPlace)
    assert verdict.mistake
    assert any("changes the caller's gradients" in fact for fact in verdict.facts)


class FirstStepOnePlusMu(Momentum):
    def velocity(self, k, g):
        first = -self.lr * g
        return (1 + self.mu) * first if k not in self.v else self.mu * self.v[k] + np.sin(first)


def test_a_ratio_of_constants_is_said_in_their_signs():
    verdict = run("momentum/update", FirstStepOnePlusMu)
    assert any(fact.endswith(" is 1 + μ.") for fact in verdict.facts)
    assert "on the call alone" not in verdict.hint


class NoCorrectionTwiceWrong:
    """m and v are right; t is never raised, and the step holds m + v."""

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            params[k] -= self.lr * (self.m[k] + self.v[k]) / (np.sqrt(self.v[k]) + self.eps)


def test_of_what_is_remembered_the_wrong_part_is_named():
    verdict = run("adam/update", NoCorrectionTwiceWrong)
    assert "Of m, v you remember the expected numbers, of t you do not." in " ".join(verdict.facts)
    assert verdict.hint.startswith("Look for the line that makes t")


class ExchangedWithoutRoot:
    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = (1 - self.decay) * self.h.get(k, 0.0) + self.decay * g**2
            params[k] -= self.lr * g / (self.h[k] + self.eps)


def test_exchanged_weights_are_never_asked_whether_they_sum_to_one():
    verdict = run("rmsprop/update", ExchangedWithoutRoot)
    assert "exchanged" in verdict.cause
    assert verdict.hint.startswith("Which weight in h is the large one")
