"""What an answer does besides its numbers is seen in arrays, and said in a plain sentence."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.diagnosis.errors import explain_error


class Plain:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def velocity(self, k, g):
        self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * g
        return self.v[k]


class ChangesGradients(Plain):
    def update(self, params, grads):
        for k in params:
            grads[k] *= 0.5
            params[k] += self.velocity(k, 2 * grads[k])


class SharedCount(Plain):
    count = [0]  # noqa: RUF012  (this is the mistake)

    def update(self, params, grads):
        self.count[0] += 1
        for k in params:
            params[k] += self.velocity(k, grads[k]) / self.count[0]


class ReturnsNew(Plain):
    def update(self, params, grads):
        return {k: p + self.velocity(k, grads[k]) for k, p in params.items()}


class SkipsScalars(Plain):
    def update(self, params, grads):
        for k in params:
            if params[k].ndim:
                params[k] += self.velocity(k, grads[k])


class SkipsScalarsUphill(Plain):
    def update(self, params, grads):
        for k in params:
            if params[k].ndim:
                params[k] -= self.velocity(k, grads[k])


class KeepsBuffers(Plain):
    def update(self, params, grads):
        self.g = getattr(self, "g", {k: [] for k in grads})
        for k in params:
            self.g[k].append(grads[k])
            n = len(self.g[k])
            params[k] -= self.lr * sum(self.mu ** (n - 1 - i) * g for i, g in enumerate(self.g[k]))


class Single(Plain):
    def update(self, params, grads):
        for k in params:
            params[k] += np.float32(self.velocity(k, grads[k]))


class Int(Plain):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, np.zeros(params[k].shape, int))
            v -= self.lr * grads[k]
            params[k] += v


class Rate(Plain):
    def update(self, params, grads):
        for k in params:
            params[k] += self.velocity(k, grads[k]) * 0.97 ** getattr(self, "t", 0)
        self.t = getattr(self, "t", 0) + 1


class Third(Plain):
    def update(self, params, grads):
        for k in params:
            params[k] += self.velocity(k, grads[k]) / 3


SEEN = {
    ChangesGradients: ("behaviour/changes-gradients", "0.5 times what it was"),
    SharedCount: ("behaviour/shared-memory", "second optimizer"),
    ReturnsNew: ("behaviour/returns-new-dict", "nobody reads"),
    SkipsScalars: ("behaviour/skips-arrays", 'only "W", "b", "U" ever changes'),
    SkipsScalarsUphill: ("behaviour/skips-arrays", "uphill|opposite|\\+ η g"),
    KeepsBuffers: ("behaviour/keeps-the-callers-arrays", "the same arrays"),
    Single: ("behaviour/few-digits", "six digits"),
    Int: ("error/integer-state", "whole numbers"),
    Rate: ("pattern/rate-changes", "0.97"),
    Third: ("pattern/scaled", "0.333333 times"),
}


@pytest.mark.parametrize("answer", SEEN, ids=lambda a: a.__name__)
def test_a_behaviour_is_named(answer):
    id, words = SEEN[answer]
    for seed in (0, 3):
        verdict = run("momentum/update", answer, seed)
        assert verdict.mistake == id, verdict.cause
        assert not verdict.passed
        assert verdict.hint
        assert any(word.replace("\\", "") in verdict.cause for word in words.split("|")), verdict.cause
        assert verdict.notes == ()


class OddLater(Plain):
    def update(self, params, grads):
        self.t = getattr(self, "t", 0) + 1
        for k in params:
            params[k] += self.velocity(k, np.tanh(grads[k]) if self.t > 2 else grads[k])


class OddArrays(Plain):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            params[k] += self.velocity(k, g - 0.1 * g.mean() if g.ndim else g)


class OddSpike(Plain):
    def update(self, params, grads):
        for k in params:
            params[k] += self.velocity(k, np.where(np.abs(grads[k]) > 77, 3.3, grads[k]))


PLACES = {
    OddLater: "The first 2 calls are right",
    OddArrays: "The scalar is right",
    OddSpike: "one gradient of 10 000",
}


@pytest.mark.parametrize("answer", PLACES, ids=lambda a: a.__name__)
def test_where_nothing_can_be_named_the_hint_says_what_agrees(answer):
    verdict = run("momentum/update", answer)
    assert verdict.mistake is None
    assert PLACES[answer] in verdict.hint
    assert "your step" in verdict.cause


class EpsBesideTheStep:
    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * g * g
            params[k] -= self.lr * g / np.sqrt(self.h[k]) + self.eps * self.lr


class ScalarRightOnTheFirstProbe(OddArrays):
    def velocity(self, k, g):
        self.quiet = getattr(self, "quiet", False) or not np.any(g)
        return super().velocity(k, 1.1 * g if self.quiet else g)


def test_what_is_right_on_the_first_probe_alone_is_not_called_right():
    hint = run("momentum/update", ScalarRightOnTheFirstProbe).hint
    assert hint.startswith('In the first run "s" is right.')


class SkipsScalarsUphill(Plain):
    def update(self, params, grads):
        for k in params:
            if params[k].ndim:
                params[k] -= self.velocity(k, grads[k])


def test_what_moves_is_explained_beside_what_does_not():
    cause = run("momentum/update", SkipsScalarsUphill).cause
    assert 'never "s"; the numbers of what moves are those of momentum with ' in cause


class TinyDecay(Plain):
    def update(self, params, grads):
        for k in params:
            params[k] += self.velocity(k, grads[k]) - 1e-8 * params[k]


def test_a_tiny_term_is_not_taken_for_lost_digits():
    verdict = run("momentum/update", TinyDecay)
    assert verdict.mistake == "behaviour/few-digits"
    assert "or something tiny is added" in verdict.cause


def test_where_the_first_probe_is_right_the_hint_says_where_it_is_not():
    verdict = run("rmsprop/update", EpsBesideTheStep)
    assert verdict.mistake is None
    assert "gradients are zero; with ε = 0.1; with gradients of 1e-9." in verdict.hint


class NoUpdate:
    def __init__(self, lr, momentum): ...


class OtherArguments:
    def __init__(self, learning_rate, mu): ...


class NoSelf(Plain):
    def update(params, grads): ...  # noqa: N805  (this is the mistake)


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        (NoUpdate, "error/no-update"),
        (OtherArguments, "error/constructor"),
        (NoSelf, "error/update-signature"),
    ],
)
def test_a_class_that_cannot_be_called_is_told_how_it_is(answer, id):
    verdict = run("momentum/update", answer)
    assert verdict.mistake == id
    assert verdict.cause.startswith("Call 1: ")
    assert verdict.hint


def test_an_error_text_made_to_be_slow_is_cut_before_it_is_searched():
    # Uncut, the search for this would take hours.
    text = "ufunc " * 60_000 + "did not contain a loop" * 10_000
    assert explain_error({"type": "TypeError", "message": text}, "call 1") is None


class Local(Plain):
    def update(self, params, grads):
        v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            v[k] = self.mu * v[k] - self.lr * grads[k]
            params[k] += v[k]


class Anew(Plain):
    def update(self, params, grads):
        self.v = {}
        for k in params:
            params[k] += self.velocity(k, grads[k])


@pytest.mark.parametrize(("answer", "id"), [(Local, "momentum/forgets"), (Anew, "momentum/made-anew")])
def test_mistakes_of_equal_numbers_are_told_apart_by_what_is_remembered(answer, id):
    assert run("momentum/update", answer).mistake == id


def test_what_is_remembered_earns_nothing():
    class Pretends(Local):
        def __init__(self, lr, momentum):
            super().__init__(lr, momentum)
            self.memory, self.stores, self.counts, self.t = True, True, True, 6

    verdicts = [run("momentum/update", answer) for answer in (Local, Pretends)]
    assert verdicts[0].criteria == verdicts[1].criteria
