"""Where a mistake has no name the verdict shows what was computed of its numbers."""

from collections import OrderedDict, defaultdict

import numpy as np
import pytest

from descentlab.checks import judge, record, run
from descentlab.checks.judging.display import as_html, as_text
from descentlab.checks.recording import evidence_bytes


class Rule:
    def __init__(self, lr, **hyper):
        self.lr, self.hyper = lr, hyper
        self.m, self.v, self.t = {}, {}, 0


class NestedLoop(Rule):
    def update(self, params, grads):
        for place, k in enumerate(params):
            self.v[k] = self.hyper["momentum"] * self.v.get(k, 0.0) - self.lr * grads[k]
            for _ in list(params)[place:]:
                params[k] += self.v[k]


class OneArray(Rule):
    def update(self, params, grads):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        self.t += 1
        for k, g in grads.items():
            if k not in self.m:
                self.m[k] = self.v[k] = np.zeros_like(g)
            self.m[k][...] = b1 * self.m[k] + (1 - b1) * g
            self.v[k][...] = b2 * self.v[k] + (1 - b2) * g**2
            m_hat, v_hat = self.m[k] / (1 - b1**self.t), self.v[k] / (1 - b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.hyper["eps"])


class Rounds(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] = np.round(params[k] - self.lr * grads[k], 5)


class LaterWrong(Rule):
    """The first step of momentum without η, and then none."""

    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= grads[k] if self.t == 1 else 0.1 * abs(grads[k])


def test_the_ratio_to_the_expected_step_is_said_array_by_array():
    verdict = run("momentum/update", NestedLoop)
    assert verdict.mistake is None
    assert 'beside the expected ones: "W" 4×, "b" 3×, "s" 2×, "U" 1×.' in verdict.facts[0]
    assert "how often is each line" in verdict.hint


def test_what_is_remembered_stands_beside_what_is_expected():
    verdict = run("momentum/update", NestedLoop)
    own, expected = verdict.facts[-1].split(". Expected: ")
    assert own.startswith('After call 1 you remember for "W"[0, 0]: self.v = ')
    assert expected.startswith("v = ")


def test_one_array_under_two_names_is_asked_about():
    assert "self.m is self.v" in run("adam/update", OneArray).hint


def test_right_digits_are_counted():
    verdict = run("sgd/update", Rounds)
    assert any("agree with the expected ones to 4 digits" in fact for fact in verdict.facts)
    assert "repr()" in verdict.hint


def test_the_known_mistake_that_agrees_on_call_one_is_said():
    facts = run("momentum/update", LaterWrong).facts
    assert any(f.startswith("Your first step is that of momentum with") for f in facts)


def test_facts_are_shown_in_text_and_page():
    verdict = run("momentum/update", NestedLoop)
    for fact in verdict.facts:
        assert fact in as_text(verdict, 5)
        assert fact.split('"')[0] in as_html(verdict, 5)


@pytest.mark.parametrize("odd", [None, 3, [], [3] * 6, [{"v": {"W": "text"}}] * 6, [{"v": [1, 2]}] * 6, {}])
def test_evidence_may_say_anything_of_what_is_remembered(odd):
    evidence = evidence_bytes.unpack(record("momentum/update", NestedLoop, 0))
    for one in evidence["runs"]:
        one["remembered"] = odd
        one["calls"] = list(one["calls"])
    verdict = judge("momentum/update", evidence_bytes.pack(evidence), 0)
    assert verdict.status == "answered"
    assert not any("remember" in fact for fact in verdict.facts)


def test_what_is_remembered_is_bounded():
    class Hoards(Rule):
        def __init__(self, lr, **hyper):
            super().__init__(lr, **hyper)
            vars(self).update({f"a{n}": np.zeros(10_000) for n in range(500)})
            self.words, self.deep = "x" * 10**6, {"a": {"b": [np.zeros(9)] * 99}}

        def update(self, params, grads):
            pass

    plain = len(record("momentum/update", Rule, 0))
    assert len(record("momentum/update", Hoards, 0)) < plain + 100_000


class AnotherStep(Rule):
    """Adam whose states are right, kept as a subclass decides, and whose step is damped."""

    keeps = dict

    def __init__(self, lr, **hyper):
        super().__init__(lr, **hyper)
        self.v = self.keeps() if self.keeps is not defaultdict else defaultdict(float)

    def update(self, params, grads):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        self.t += 1
        for k, g in grads.items():
            self.m[k] = b1 * self.m.get(k, 0.0) + (1 - b1) * g
            self.v[k] = b2 * self.v.get(k, 0.0) + (1 - b2) * g**2
            m_hat, v_hat = self.m[k] / (1 - b1**self.t), self.v[k] / (1 - b2**self.t)
            params[k] -= self.lr * np.tanh(m_hat / (np.sqrt(v_hat) + self.hyper["eps"]) / (1 + abs(g)))


@pytest.mark.parametrize("keeps", [dict, defaultdict, OrderedDict])
def test_what_is_remembered_right_is_never_said_to_be_wrong(keeps):
    verdict = run("adam/update", type("Adam", (AnotherStep,), {"keeps": keeps}))
    assert verdict.mistake is None
    assert not any("you do not" in fact for fact in verdict.facts)
    assert "What you remember is right" in verdict.hint


class OtherUnits(Rule):
    """A velocity without η, which the step has; and a step that is damped."""

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.hyper["momentum"] * self.v.get(k, 0.0) + grads[k]
            params[k] -= self.lr * np.tanh(self.v[k])


def test_a_state_in_other_units_is_no_mistake_of_its_own():
    verdict = run("momentum/update", OtherUnits)
    assert verdict.mistake is None
    assert any("your self.v is -13.92 times the expected v" in fact.lower() for fact in verdict.facts)
    assert not any("becomes" in fact for fact in verdict.facts)
    assert "But for its factor self.v is right" in verdict.hint


class EverySecondCall(Rule):
    """Moves by the mean of two gradients; the first is kept until then."""

    def update(self, params, grads):
        self.t += 1
        if self.t % 2:
            self.first = {k: g.copy() for k, g in grads.items()}
            return
        for k in params:
            g = (self.first[k] + grads[k]) / 2
            self.v[k] = self.hyper["momentum"] * self.v.get(k, 0.0) - self.lr * g
            params[k] += self.v[k]


def test_what_is_stored_before_the_velocity_is_is_not_taken_for_it():
    verdict = run("momentum/update", EverySecondCall)
    assert verdict.mistake is None
    assert not any("self.first becomes" in fact for fact in verdict.facts)
    assert "self.first" not in verdict.hint


class MinusTheSquare(AnotherStep):
    """v collects −g², whose root is no number."""

    def update(self, params, grads):
        b1, b2 = self.hyper["beta1"], self.hyper["beta2"]
        self.t += 1
        for k, g in grads.items():
            self.m[k] = b1 * self.m.get(k, 0.0) + (1 - b1) * g
            self.v[k] = b2 * self.v.get(k, 0.0) - (1 - b2) * g**2
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.hyper["eps"])


def test_a_sign_that_no_line_can_make_up_for_is_shown():
    facts = run("adam/update", MinusTheSquare).facts
    assert any("self.v becomes − (1 − β₂) g²; expected (1 − β₂) g²" in fact for fact in facts), facts
    assert not any("makes up for it" in fact for fact in facts)


def test_numbers_that_are_all_nan_are_named_by_what_is_remembered_beside_them():
    def update(self, params, grads):
        for k in params:
            params[k] *= np.nan

    assert run("adam/update", type("Adam", (Rule,), {"update": update})).mistake is None
