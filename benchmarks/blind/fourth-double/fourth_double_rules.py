"""The fourth set's twenty with two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "adds the step instead of subtracting it", "takes the mean of the gradient array")
class UphillOnTheMean:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * np.mean(grads[k])


@wrong(
    "sgd/update",
    "the writing line stands outside the loop: only the last key moves",
    "the learning rate is halved after each call",
)
class LastKeyRateShrinks:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] -= step
        self.lr /= 2


@wrong(
    "momentum/update",
    "the velocity is an average with (1 - mu) before the gradient",
    "it is added, not subtracted",
)
class AverageUphill:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(grads[k]))
            self.v[k] = self.momentum * v + (1 - self.momentum) * grads[k]
            params[k] += self.lr * self.v[k]


@wrong("momentum/update", "moves by the old velocity", "the learning rate is missing in the velocity")
class OldAndNoRate:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - grads[k]


@wrong(
    "momentum/update",
    "the momentum factor is missing, so v never fades",
    "the learning rate multiplies twice",
)
class NeverFadesRateTwice:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.v[k] - self.lr * grads[k]
            params[k] += self.lr * self.v[k]


@wrong(
    "nesterov/update",
    "moves by the new velocity as plain momentum does",
    "the learning rate is missing in the velocity",
)
class MomentumNoRate:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - grads[k]
            params[k] += self.v[k]


@wrong(
    "nesterov/update",
    "the old velocity has mu instead of mu squared",
    "(1 - mu) stands for (1 + mu) before the gradient",
)
class MuOnceMinus:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong(
    "nesterov/update",
    "the look-ahead is added, not taken back",
    "the velocity has a plus before the gradient",
)
class TwoSigns:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v_new = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] += self.momentum * self.v[k] + (1 + self.momentum) * v_new
            self.v[k] = v_new


@wrong("adagrad/update", "h is replaced, not added to", "the root is missing")
class NewestNoRoot:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "h is added to after the step", "eps stands under the root")
class LateEpsInside:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)
            self.h[k] += grads[k] ** 2


@wrong("adagrad/update", "sums the squares over the whole array", "adds the step")
class OneNumberUphill:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] += self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "the factor (1 - decay) is missing", "eps stands under the root")
class NoShareEpsInside:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("rmsprop/update", "decay and 1 - decay have changed places", "the root is missing")
class SwappedNoRoot:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("graves/update", "eps is added after the root", "the momentum factor before d is missing")
class EpsOutNoMomentum:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            for state in (self.n, self.a, self.d):
                if k not in state:
                    state[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            self.d[k] -= self.lr * grads[k] / (np.sqrt(self.n[k] - self.a[k] ** 2) + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "the average a stands in the numerator", "the squared mean is added to n")
class MeanOnTopPlus:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            for state in (self.n, self.a, self.d):
                if k not in state:
                    state[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            spread = np.sqrt(self.n[k] + self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * self.a[k] / spread
            params[k] += self.d[k]


@wrong("adam/update", "t is raised once for each array", "the root of v is missing")
class CountsArraysNoRoot:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.t += 1
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (v_hat + self.eps)


@wrong("adam/update", "v is not corrected", "eps stands under the root")
class RawVEpsInside:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / np.sqrt(self.v[k] + self.eps)


@wrong("adam/update", "beta1 and beta2 have changed places", "t begins at 1 and is 2 at the first call")
class StartsAtTwoSwapped:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 1, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta2 * self.m[k] + (1 - self.beta2) * grads[k]
            self.v[k] = self.beta1 * self.v[k] + (1 - self.beta1) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta2**self.t)
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay lacks the learning rate", "and is taken after the step")
class NoRateAfterwards:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] *= 1 - self.weight_decay


@wrong("practice/clip", "each array is clipped by a norm of its own", "the norm lacks its root")
def clip_each_by_squares(grads, limit):
    new = {}
    for k, g in grads.items():
        norm = np.sum(g**2)
        new[k] = g * limit / norm if norm > limit else g.copy()
    return new
