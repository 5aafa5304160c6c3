"""Traps of NumPy and Python, as learners write them: each is named, with the line where there is one."""

import itertools
import math
from copy import copy

import numpy as np
import pytest

from descentlab.checks import run

SEEDS = (0, 1, 2)
TRAPS = []


def trap(check, id, *words):
    """Keep the class or function that follows: the id of its verdict, and what is said of it."""

    def keep(answer):
        TRAPS.append(pytest.param(check, answer, id, words, id=answer.__name__))
        return answer

    return keep


class Momentum:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}


class AdaGrad:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}


class Graves:
    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n = self.a = self.d = {}


class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0


@trap(
    "adam/update", "adam/stores-the-hats", "divides m and v themselves", "`m_hat = self.m[k]` makes no copy"
)
class DividesInPlace(Adam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat = self.m[k]
            m_hat /= 1 - self.b1**self.t
            v_hat = self.v[k]
            v_hat /= 1 - self.b2**self.t
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("adam/update", "adam/stores-m-hat", "divides m itself", "`m_hat = self.m[k]` makes no copy")
class DividesMInPlace(Adam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat = self.m[k]
            m_hat /= 1 - self.b1**self.t
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("adam/update", "adam/one-memory", "two names of one memory", "self.m is self.v")
class OneDictTwoNames(Adam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.m = self.v = {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("adam/update", "adam/one-memory", "two names of one memory", "self.m[k] is self.v[k]")
class OneArrayTwoNames(Adam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = self.v[k] = np.zeros_like(params[k])
            self.m[k] *= self.b1
            self.m[k] += (1 - self.b1) * grads[k]
            self.v[k] *= self.b2
            self.v[k] += (1 - self.b2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("graves/update", "graves/one-memory", "three names of one memory", "self.n is self.a")
class OneDictThreeNames(Graves):
    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0) + (1 - self.rho) * g**2
            self.a[k] = self.rho * self.a.get(k, 0) + (1 - self.rho) * g
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.mu * self.d.get(k, 0) - self.lr * g / root
            params[k] += self.d[k]


@trap("nesterov/update", "nesterov/momentum", "`dict(params)` copies none")
class ShallowCopy(Momentum):
    def update(self, params, grads):
        before = dict(params)
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k]
            params[k] += self.mu * (params[k] - before[k])


@trap("momentum/update", "momentum/forgets", "`dict(params)` and `params.copy()` copy no array")
class StepFromNoCopy(Momentum):
    def update(self, params, grads):
        old = copy(params)
        for k in params:
            params[k] -= self.lr * grads[k]
            params[k] += self.mu * self.v.get(k, 0)
            self.v[k] = params[k] - old[k]


@trap("adagrad/update", "error/power-sign", "`^`", "grads[k] ^ 2")
class Caret(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ^ 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adagrad/update", "error/number-function", "math.sqrt(self.h[k])")
class MathRoot(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (math.sqrt(self.h[k]) + self.eps)


@trap("momentum/update", "error/dict-in-arithmetic", "self.mu * self.v")
class NumberTimesDict(Momentum):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v - self.lr * grads[k]
            params[k] += self.v[k]


@trap("sgd/update", "error/dict-in-arithmetic", "params -= self.lr * grads")
class DictMinusDict:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        params -= self.lr * grads


@trap("sgd/update", "error/dict-in-arithmetic", "params -= self.lr * g")
class DictMinusArray:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for g in grads.values():
            params -= self.lr * g


@trap("adagrad/update", "error/dict-replaced", "self.h")
class StateReplaced(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h) + self.eps)


@trap("adagrad/update", "error/numpy-name", "np.zeros.like(params[k])")
class ZerosDotLike(AdaGrad):
    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros.like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adagrad/update", "error/numpy-name", "np.sqr(")
class MisspeltRoot(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqr(self.h[k]) + self.eps)


@trap("adagrad/update", "error/lost-axis", "axis=")
class WrongAxis(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + np.sum(grads[k] ** 2, axis=1)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adagrad/update", "error/matrix-product", "np.dot(grads[k], grads[k])")
class Dot(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + np.dot(grads[k], grads[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adagrad/update", "error/matrix-product", "grads[k] @ grads[k]")
class MatrixProduct(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] @ grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("momentum/update", "behaviour/changes-nothing", "over an empty dict it never runs")
class LoopsOverNothing(Momentum):
    def update(self, params, grads):
        for k in self.v:
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@trap("adagrad/update", "adagrad/starts-at-one", "starts at one")
class Offset(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 1.0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adam/update", "pattern/offset", "-0.01 is added to every entry")
class AddsANumber(Adam):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.b1**self.t)
            v_hat = self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps) + 0.01


@trap("momentum/update", "error/dict-replaced", "self.v = self.mu * self.v[k]")
class VelocityReplaced(Momentum):
    def update(self, params, grads):
        if not len(self.v):
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v = self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v


class SGD:
    def __init__(self, lr):
        self.lr = lr


@trap("sgd/update", "error/constructor", "takes no arguments", "two underscores")
class MisspeltInit:
    def __init_(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


@trap("momentum/update", "error/string-as-array", "a list is multiplied", "self.mu * self.v[k]")
class ListOfZeros(Momentum):
    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, [0.0])
            self.v[k] = self.mu * self.v[k] - self.lr * grads[k]


@trap("momentum/update", "error/list-as-array", "a list stands where an array is meant")
class ListLessNumber(Momentum):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.v.get(k, []) - float(self.lr)


@trap("sgd/update", "error/string-as-array", "such as a key", "p.shape")
class ShapeOfAKey(SGD):
    def update(self, params, grads):
        for p in params:
            np.zeros(p.shape)


@trap("sgd/update", "error/string-as-array", "such as a key", "p[...] = 0")
class WritesIntoAKey(SGD):
    def update(self, params, grads):
        for p in params:
            p[...] = 0


@trap("sgd/update", "error/unpacked", "more values than names", "its keys alone")
class UnpacksKeys(SGD):
    def update(self, params, grads):
        for k, g in grads:
            params[k] -= self.lr * g


@trap("sgd/update", "error/not-called", "a function itself", "in grads.items:")
class LoopsOverAMethod(SGD):
    def update(self, params, grads):
        for k, g in grads.items:
            params[k] -= self.lr * g


@trap("momentum/update", "error/not-called", "a function itself", "self.v.get[k]")
class SquareBracketsAfterGet(Momentum):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get[k] - self.lr * grads[k]


@trap("sgd/update", "error/number-as-dict", "a single number", "norm[0]")
class IndexesANumber(SGD):
    def update(self, params, grads):
        for k in params:
            norm = np.linalg.norm(grads[k])
            params[k] -= self.lr * grads[k] / norm[0]


@trap("sgd/update", "error/number-as-dict", "a single number", "in grads[k]:")
class LoopsOverTheScalar(SGD):
    def update(self, params, grads):
        for k in ("s", "b"):
            for g in grads[k]:
                params[k] -= self.lr * g


@trap("sgd/update", "error/dict-replaced", "no place in it, such as a key or a fraction")
class HalfAPlace(SGD):
    def update(self, params, grads):
        for k in ("b",):
            params[k][len(params[k]) / 2] = 0


@trap("sgd/update", "error/dict-replaced", "stands where a dict is meant", "one key's array already")
class ItemsOfAnArray(SGD):
    def update(self, params, grads):
        for k in params:
            for i, g in grads[k].items():
                params[k][i] -= self.lr * g


@trap("adagrad/update", "error/no-method", "no such method", "np.sqrt(x)")
class RootAsAMethod(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k].sqrt() + self.eps)


@trap("adagrad/update", "error/none-in-arithmetic", "still None")
class NoneHasNoGet(AdaGrad):
    def update(self, params, grads):
        self.h = None
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2


@trap("sgd/update", "error/unchangeable", "a tuple cannot be changed")
class WritesIntoATuple(SGD):
    def update(self, params, grads):
        for k in params:
            params[k].shape[0] = 1


@trap("adam/update", "adam/correction-never-fades", "without the power t")
class ClockForEachKey(Adam):
    def update(self, params, grads):
        self.t = self.t or {}
        for k in params:
            self.t[k] = self.t.get(k, 0) + 1
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat, v_hat = self.m[k] / (1 - self.b1), self.v[k] / (1 - self.b2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("adam/update", "adam/correction-never-fades", "t stays at 1, or", "without the power t")
class ClockThatNobodyReads(Adam):
    """Whether it counts cannot be seen, so neither name is given alone."""

    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.t = itertools.count(1)

    def update(self, params, grads):
        next(self.t)
        for k in params:
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * grads[k]
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * grads[k] ** 2
            m_hat, v_hat = self.m[k] / (1 - self.b1), self.v[k] / (1 - self.b2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@trap("momentum/update", "momentum/forgets", "nothing is left of the last step")
class MadeAnewInside(Momentum):
    def update(self, params, grads):
        self.state = {k: {"v": np.zeros_like(p)} for k, p in params.items()}
        for k in params:
            state = self.state[k]
            state["v"] = self.mu * state["v"] - self.lr * grads[k]
            params[k] += state["v"]


@trap("adagrad/update", "error/dict-in-arithmetic", "a whole dict", "np.sqrt(self.h)")
class RootOfTheDict(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h) + self.eps)


@trap("sgd/update", "error/dict-replaced", "no place in it, such as a key or a fraction")
class IndexedByNumbers(SGD):
    def update(self, params, grads):
        for k in params:
            params[k][grads[k]] = 0


@trap("adagrad/update", "adagrad/sums-columns", "along the first axis")
class SumsOfColumns(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + np.sum(grads[k] ** 2, axis=0)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("adagrad/update", "error/no-such-axis", "axis=1")
class SumsOfRows(AdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + np.sum(grads[k] ** 2, axis=1, keepdims=True)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@trap("rmsprop/variance", "function/array-for-number", "shape (1,)", "one number")
def variance_in_an_array(gradients, decay):
    v = a = np.zeros(1)
    for g in gradients:
        v, a = decay * (v + (1 - decay) * (g - a) ** 2), a + (1 - decay) * (g - a)
    return v


@trap("nesterov/look-ahead", "function/ragged", "2 and 1")
def ragged_look_ahead(gradient, start, lr, momentum, steps):
    theta, v, places, velocities = start.copy(), np.zeros_like(start), [start.copy()], []
    for _ in range(steps):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta = theta + v
        places.append(theta)
        velocities.append(v)
    return places, velocities


@pytest.mark.parametrize(("check", "answer", "id", "words"), TRAPS)
def test_a_trap_is_named_and_its_line_is_shown(check, answer, id, words):
    for seed in SEEDS:
        verdict = run(check, answer, seed)
        assert not verdict.passed
        assert verdict.mistake == id
        said = verdict.cause + " " + verdict.hint
        assert [word for word in words if word not in said] == []
