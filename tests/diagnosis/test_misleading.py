"""What once led a reader away from the mistake: each class of it, and what is said now."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.diagnosis.errors import strange_shape


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}


class AheadInTheGradient(Momentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * v - self.lr * (grads[k] + self.momentum * v)
            params[k] += self.v[k]


class PushedByParameters(Momentum):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * params[k]
            params[k] = params[k] + self.v[k]


class QuarterOfTheStep(Momentum):
    def update(self, params, grads):
        for k in params:
            step = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += step
            self.v[k] = step / 4


class Squares:
    def __init__(self, lr=0.01, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}


class WholeSquares(Squares):
    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.zeros(params[k].shape, dtype=int))
            self.h[k][...] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class EpsStored:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0.0) + (1 - self.rho) * g**2 + self.eps
            self.a[k] = self.rho * self.a.get(k, 0.0) + (1 - self.rho) * g
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(self.n[k] - self.a[k] ** 2)
            params[k] += self.d[k]


class NewestSquare:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


class OuterSquare(NewestSquare):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + grads[k] @ grads[k].T
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class LastAlone:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] -= step
        self.lr *= 0.75


def by_own_length(grads, limit):
    norms = {k: np.sum(np.abs(g)) for k, g in grads.items()}
    return {k: g * limit / norms[k] if norms[k] > limit else g.copy() for k, g in grads.items()}


SAID = {
    AheadInTheGradient: ("nesterov/update", "In call 2 your self.v becomes", "What you remember is right"),
    PushedByParameters: ("momentum/update", "becomes − η θ; expected − η g", "line by line"),
    QuarterOfTheStep: ("momentum/update", "0.25 μ in place of μ", "the factor μ twice"),
    WholeSquares: ("rmsprop/update", "self.h holds int64 numbers", "decimals"),
    EpsStored: ("graves/update", "so that ε adds up", "first step is that of"),
    NewestSquare: ("adagrad/update", "the root of h left out", "square of the gradient"),
    OuterSquare: ("adagrad/update", "No parameter has the shape (3, 3)", "whose gradient"),
    LastAlone: ("sgd/update", "In each call the last array alone moves", "have in common"),
    by_own_length: ("practice/clip", "Each array is off by a factor of its own", "alone in the right ones"),
}


@pytest.mark.parametrize("answer", SAID, ids=lambda a: a.__name__)
def test_the_mistake_is_pointed_at_and_nothing_beside_it(answer):
    check, there, absent = SAID[answer]
    verdict = run(check, answer, 0)
    said = " ".join([verdict.cause, *verdict.facts, verdict.hint])
    assert not verdict.passed
    assert there in said
    assert absent not in said


def test_the_rate_that_shrinks_is_said_beside_the_array_that_moves():
    assert any("self.lr is" in fact for fact in run("sgd/update", LastAlone, 0).facts)


@pytest.mark.parametrize("message", ["no shapes here", "shapes (3,2) (4,)", "shape (4,) and ()"])
def test_shapes_of_parameters_are_not_called_strange(message):
    assert not strange_shape({"message": message}, {"W": (3, 2), "b": (4,)})
