"""Wrong rules of the third set, odder ones: other courses' leftovers, NumPy's and Python's traps, misread sentences."""

import copy
import math

import numpy as np
from blind_collection import wrong


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr


@wrong("sgd/update", "the rate is divided by √t")
class RootSchedule(Sgd):
    t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr / np.sqrt(self.t) * grads[k]


@wrong("sgd/update", "gradients are clipped to ±1")
class Clips(Sgd):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * np.clip(grads[k], -1, 1)


@wrong("sgd/update", "the gradient is divided by a batch of 32")
class BatchOf32(Sgd):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k] / 32


@wrong("sgd/update", "biases (arrays of one axis) are left as they are")
class OnlyMatrices(Sgd):
    def update(self, params, grads):
        for k in params:
            if np.ndim(params[k]) > 1:
                params[k] -= self.lr * grads[k]


@wrong("sgd/update", "keys are fixed: W and b")
class FixedKeys(Sgd):
    def update(self, params, grads):
        params["W"] -= self.lr * grads["W"]
        params["b"] -= self.lr * grads["b"]


@wrong("sgd/update", "float32 in between")
class SinglePrecision(Sgd):
    def update(self, params, grads):
        for k in params:
            step = (self.lr * grads[k]).astype(np.float32)
            params[k] = params[k] - step


class Moving:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = {}


@wrong("momentum/update", "the velocity of the first key seen is made for all keys")
class FromKeys(Moving):
    def update(self, params, grads):
        if not self.v:
            self.v = dict.fromkeys(params, np.zeros(1))
        for k in params:
            self.v[k] += -(1 - self.momentum) * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the first velocity is the gradient itself")
class FirstIsGradient(Moving):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = grads[k].copy()
            self.v[k] = self.momentum * self.v[k] + grads[k]
            params[k] -= self.lr * self.v[k]


@wrong("momentum/update", "dampening: the new gradient weighs 1 − 0.9 from the second call on")
class Dampening(Moving):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = grads[k].copy()
            else:
                self.v[k] = self.momentum * self.v[k] + (1 - self.momentum) * grads[k]
            params[k] -= self.lr * self.v[k]


@wrong("momentum/update", "the momentum grows: 1 − 3/(t + 5)")
class GrowingMomentum(Moving):
    t = 0

    def update(self, params, grads):
        self.t += 1
        mu = min(self.momentum, 1 - 3 / (self.t + 5))
        for k in params:
            self.v[k] = mu * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the velocity remembers the parameters' last change of another dict (deep copy)")
class CopiesParams(Moving):
    def update(self, params, grads):
        params = copy.deepcopy(params)
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]
        return params


@wrong("momentum/update", "the velocity array is params' array after the first call")
class SharesArray(Moving):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] *= self.momentum
            self.v[k] -= self.lr * grads[k]
            params[k] += self.v[k]
            self.v[k] = params[k]


@wrong("nesterov/update", "takes the interim step itself, with the gradient at hand")
class InterimStep(Moving):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            ahead = params[k] + self.momentum * v
            v = self.momentum * v - self.lr * grads[k]
            params[k] = ahead + v
            self.v[k] = v


@wrong("nesterov/update", "only −η g moves the parameter, the rest is thought to be done")
class OnlyGradientMoves(Moving):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += -self.lr * grads[k]


@wrong("nesterov/update", "μ_t = t/(t + 3) in place of the given one")
class GrowingSequence(Moving):
    t = 0

    def update(self, params, grads):
        self.t += 1
        mu = self.t / (self.t + 3)
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = mu * old - self.lr * grads[k]
            params[k] += -mu * old + (1 + mu) * self.v[k]


class Squares:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}


@wrong("adagrad/update", "the mean of the squares, not their sum")
class MeanOfSquares(Squares):
    t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] / self.t) + self.eps)


@wrong("adagrad/update", "math.sqrt for arrays")
class MathSqrt(Squares):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (math.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "g.dot(g) for the square")
class DotForSquare(Squares):
    def update(self, params, grads):
        for k in params:
            g = np.ravel(grads[k])
            self.h[k] = self.h.get(k, 0) + g.dot(g)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "the squared gradient overwrites the gradient in place")
class SquaresInPlace(Squares):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            square = g
            square *= g
            self.h[k] = self.h.get(k, 0) + square
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class Leaky:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}


@wrong("rmsprop/update", "ρ is taken as 1 − ρ by + and brackets: ρ h + 1 − ρ g²")
class NoBrackets(Leaky):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + 1 - self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(np.abs(self.h[k])) + self.eps)


@wrong("rmsprop/update", "AdaDelta: the rate is replaced by the root of squared steps")
class AdaDelta(Leaky):
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        super().__init__(lr, decay, eps)
        self.s = {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * g**2
            step = np.sqrt((self.s.get(k, 0) + self.eps) / (self.h[k] + self.eps)) * g
            self.s[k] = self.decay * self.s.get(k, 0) + (1 - self.decay) * step**2
            params[k] -= step


@wrong("rmsprop/update", "the rate is added, not multiplied: −η + the ratio")
class RateAdded(Leaky):  # as a repair of a Lua library was told
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] += -self.lr + -grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "the denominator is at least 1")
class AtLeastOne(Leaky):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.maximum(np.sqrt(self.h[k]), 1.0)


class Centred:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}


@wrong("graves/update", "np.var of the gradient's array for the variance")
class VarianceOfArray(Centred):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * np.var(g)
            self.d[k] = self.momentum * self.d.get(k, 0) - self.lr * g / np.sqrt(self.n[k] + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "three names for one dict")
class ThreeNames(Centred):
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        super().__init__(lr, decay, momentum, eps)
        self.n = self.a = self.d = {}

    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            self.d[k] = self.momentum * self.d.get(k, 0) - self.lr * g / np.sqrt(
                np.abs(self.n[k] - self.a[k] ** 2) + self.eps
            )
            params[k] += self.d[k]


class Moments:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}


@wrong("adam/update", "AMSGrad: the largest v so far")
class Largest(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.top = {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            self.top[k] = np.maximum(self.top.get(k, 0), self.v[k])
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.top[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "AdaMax: the largest gradient in place of the root")
class AdaMax(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = np.maximum(self.beta2 * self.v.get(k, 0), np.abs(grads[k]))
            params[k] -= self.lr / (1 - self.beta1**self.t) * self.m[k] / (self.v[k] + self.eps)


@wrong("adam/update", "β₁ is itself multiplied by β₁ at each call and then used in m too")
class BetaOverwritten(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            params[k] -= (
                self.lr * self.m[k] / (1 - self.beta1) / (np.sqrt(self.v[k] / (1 - self.beta2)) + self.eps)
            )
        self.beta1 *= self.beta1
        self.beta2 *= self.beta2


class Decoupled(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def ratio(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
        return (
            self.m[k] / (1 - self.beta1**self.t) / (np.sqrt(self.v[k] / (1 - self.beta2**self.t)) + self.eps)
        )


@wrong("practice/adamw", "biases (arrays of one axis) are not decayed")
class DecaysMatricesOnly(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            w = self.weight_decay if np.ndim(params[k]) > 1 else 0.0
            params[k] -= self.lr * (self.ratio(k, grads[k]) + w * params[k])


@wrong("practice/adamw", "the decay pulls by the sign of the parameter, as an L1 penalty does")
class SignDecay(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr * (self.ratio(k, grads[k]) + self.weight_decay * np.sign(params[k]))
