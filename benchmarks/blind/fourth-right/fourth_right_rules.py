"""The fourth set's twenty answers that are right, each written in a way of its own."""

from collections import defaultdict

import numpy as np
from blind_collection import right


@right("sgd/update", "writes a new array into params instead of changing the old one")
class NewArrays:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k, g in grads.items():
            params[k] = params[k] - self.lr * g


@right("sgd/update", "uses np.subtract with out")
class SubtractOut:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in list(params.keys()):
            np.subtract(params[k], self.lr * grads[k], out=params[k])


@right("sgd/update", "builds all new parameters in one dict comprehension")
class DictUpdate:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        params.update({key: value - self.lr * grads[key] for key, value in params.items()})


@right("momentum/update", "keeps the velocity with the opposite sign and subtracts it")
class OppositeSign:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] -= self.v[k]


@right("momentum/update", "a defaultdict gives the number 0.0 as the first velocity")
class DefaultsToZero:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = defaultdict(float)

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@right("momentum/update", "changes a velocity of its own in place, all made at the first call")
class InPlaceVelocity:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        if not self.v:
            self.v = {k: np.zeros(p.shape) for k, p in params.items()}
        for k, v in self.v.items():
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += v


@right("nesterov/update", "copies the old velocity and uses both: -mu v_old + (1 + mu) v_new")
class CopiedOld:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v_prev = self.v[k].copy()
            self.v[k] *= self.momentum
            self.v[k] -= self.lr * grads[k]
            params[k] += -self.momentum * v_prev + (1 + self.momentum) * self.v[k]


@right("nesterov/update", "goes back to the ball, moves it, and looks ahead again")
class BackAndForth:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            ball = params[k] - self.momentum * v
            v = self.momentum * v - self.lr * grads[k]
            ball = ball + v
            params[k] = ball + self.momentum * v
            self.v[k] = v


@right("nesterov/update", "moves by mu v - lr g with the new velocity")
class NewVelocityOnly:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.momentum * self.v[k] - self.lr * grads[k]


@right("adagrad/update", "h**0.5 for the root and get with 0 for the start")
class HalfPower:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in grads:
            g = grads[k]
            self.h[k] = self.h.get(k, 0) + g * g
            params[k] -= (self.lr / (self.eps + self.h[k] ** 0.5)) * g


@right("adagrad/update", "keeps the root of the sum itself, by np.hypot")
class KeepsTheRoot:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = np.hypot(self.h[k], grads[k])
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@right("rmsprop/update", "moves h towards the square by the share 1 - decay")
class MovesTowards:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += (1 - self.decay) * (grads[k] ** 2 - self.h[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@right("rmsprop/update", "updates all h in one loop and all parameters in a second one")
class TwoLoops:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, np.zeros_like(g)) + (1 - self.decay) * np.abs(g) ** 2
        for k, g in grads.items():
            rms = np.sqrt(self.h[k]) + self.eps
            params[k] = params[k] - np.divide(self.lr * g, rms)


@right("graves/update", "multiplies by the power -0.5 of the variance")
class MinusHalfPower:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            for state in (self.n, self.a, self.d):
                state.setdefault(k, np.zeros_like(g))
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * g
            variance = self.n[k] - self.a[k] ** 2
            self.d[k] = self.momentum * self.d[k] - self.lr * g * (variance + self.eps) ** -0.5
            params[k] += self.d[k]


@right(
    "graves/update",
    "keeps rounding from making the variance negative by np.maximum, and d with the opposite sign",
)
class NotBelowZero:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.d:
                self.n[k], self.a[k], self.d[k] = (np.zeros_like(params[k]) for _ in range(3))
            self.n[k] += (1 - self.decay) * (np.square(grads[k]) - self.n[k])
            self.a[k] += (1 - self.decay) * (grads[k] - self.a[k])
            variance = np.maximum(self.n[k] - self.a[k] * self.a[k], 0)
            self.d[k] = self.momentum * self.d[k] + self.lr * grads[k] / np.sqrt(variance + self.eps)
            params[k] -= self.d[k]


@right("adam/update", "the fast form, with eps multiplied by the root of the second correction")
class FastFormRightEps:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        c1, c2 = 1 - self.beta1**self.t, np.sqrt(1 - self.beta2**self.t)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            params[k] -= self.lr * c2 / c1 * self.m[k] / (np.sqrt(self.v[k]) + self.eps * c2)


@right("adam/update", "multiplies the powers of beta from call to call instead of counting")
class RunningPowers:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v = {}, {}
        self.power1, self.power2 = 1.0, 1.0

    def update(self, params, grads):
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        for k in params:
            m = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * grads[k]
            v = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * np.square(grads[k])
            self.m[k], self.v[k] = m, v
            params[k] -= self.lr * (m / (1 - self.power1)) / (np.sqrt(v / (1 - self.power2)) + self.eps)


@right("adam/update", "copies the averages and divides the copies in place")
class HatsOfCopies:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t = self.t + 1
        for k in params:
            if k not in self.m:
                self.m[k], self.v[k] = np.zeros_like(params[k]), np.zeros_like(params[k])
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * (grads[k] * grads[k] - self.v[k])
            m_hat, v_hat = self.m[k].copy(), self.v[k].copy()
            m_hat /= 1 - self.beta1**self.t
            v_hat /= 1 - self.beta2**self.t
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right("practice/adamw", "shrinks the parameter by 1 - lr w before Adam's step")
class ShrinksFirst:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            if k not in self.m:
                self.m[k], self.v[k] = np.zeros_like(g), np.zeros_like(g)
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * g * g
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] *= 1 - self.lr * self.weight_decay
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right("practice/clip", "one norm of all entries in one long vector, and one factor of at most 1")
def clip_one_vector(grads, limit):
    everything = np.concatenate([np.ravel(g) for g in grads.values()])
    norm = np.linalg.norm(everything)
    factor = 1.0 if norm <= limit else limit / norm
    return {k: factor * g for k, g in grads.items()}
