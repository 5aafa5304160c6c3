"""Wrong rules of the third set, two ordinary mistakes each."""

import numpy as np
from blind_collection import wrong


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr


@wrong("sgd/update", "adds the step", "divides by the number of coordinates")
class UphillMean(Sgd):
    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k] / grads[k].size


@wrong("sgd/update", "no rate", "changes the gradients")
class NoRateChangesGradients(Sgd):
    def update(self, params, grads):
        for k in params:
            grads[k] *= -1
            params[k] += grads[k]


class Moving:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = {}


@wrong("momentum/update", "average of gradients", "adds the step")
class AverageUphill(Moving):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) + (1 - self.momentum) * grads[k]
            params[k] += self.lr * self.v[k]


@wrong("momentum/update", "one velocity for all keys", "no rate")
class OneVelocityNoRate(Moving):
    def update(self, params, grads):
        self.v = self.v or 0.0
        for k in params:
            self.v = self.momentum * self.v - np.mean(grads[k])
            params[k] = params[k] + self.v


@wrong("momentum/update", "the old velocity moves the parameter", "the rate comes in twice")
class LateRateTwice(Moving):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * old + self.lr * grads[k]
            params[k] -= self.lr * old


@wrong("nesterov/update", "plain momentum's step", "average of gradients")
class PlainAverage(Moving):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@wrong("nesterov/update", "the old look-ahead is not taken back", "the sign of the velocity")
class NoOldMinus(Moving):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] -= (1 + self.momentum) * self.v[k]


class Squares:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}


@wrong("adagrad/update", "ε inside the root", "adds the step")
class InsideUphill(Squares):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] += self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("adagrad/update", "no root", "the sum starts at ones")
class NoRootFromOne(Squares):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 1.0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "the sum after the step", "ε inside the root")
class LateInside(Squares):
    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            params[k] -= self.lr * grads[k] / np.sqrt(h + self.eps)
            self.h[k] = h + grads[k] ** 2


class Leaky:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}


@wrong("rmsprop/update", "weights exchanged", "no root")
class ExchangedNoRoot(Leaky):
    def update(self, params, grads):
        for k in params:
            self.h[k] = (1 - self.decay) * self.h.get(k, 0) + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("rmsprop/update", "the sum of AdaGrad", "ε inside the root")
class SumInside(Leaky):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("rmsprop/update", "starts from the first square", "adds the step")
class FirstUphill(Leaky):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.h[k] = self.decay * self.h.get(k, g**2) + (1 - self.decay) * g**2
            params[k] += self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class Centred:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}


@wrong("graves/update", "no momentum", "ε outside the root")
class NoMomentumOutside(Centred):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            params[k] -= self.lr * g / (np.sqrt(self.n[k] - self.a[k] ** 2) + self.eps)


@wrong("graves/update", "the mean is not squared", "(1 − μ) weighs the push")
class MeanAndPush(Centred):
    def update(self, params, grads):
        for k in params:
            g = grads[k]
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            root = np.sqrt(np.abs(self.n[k] - self.a[k]) + self.eps)
            self.d[k] = self.momentum * self.d.get(k, 0) - (1 - self.momentum) * self.lr * g / root
            params[k] += self.d[k]


class Moments:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def moments(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
        return self.m[k], self.v[k]


@wrong("adam/update", "no correction", "no root")
class RawNoRoot(Moments):
    def update(self, params, grads):
        for k in params:
            m, v = self.moments(k, grads[k])
            params[k] -= self.lr * m / (v + self.eps)


@wrong("adam/update", "t for each array", "ε inside the root")
class TimeInside(Moments):
    def update(self, params, grads):
        for k in params:
            self.t += 1
            m, v = self.moments(k, grads[k])
            v_hat = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m / (1 - self.beta1**self.t) / np.sqrt(v_hat + self.eps)


@wrong("adam/update", "only v is corrected", "the betas are exchanged")
class OnlyVExchanged(Moments):
    def update(self, params, grads):
        self.t += 1
        self.one, self.two = self.beta2, self.beta1
        for k in params:
            self.m[k] = self.one * self.m.get(k, 0) + (1 - self.one) * grads[k]
            self.v[k] = self.two * self.v.get(k, 0) + (1 - self.two) * grads[k] ** 2
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k] / (1 - self.two**self.t)) + self.eps)


class Decoupled(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = weight_decay


@wrong("practice/adamw", "the decay without the rate", "no correction")
class DecayNoRateRaw(Decoupled):
    def update(self, params, grads):
        for k in params:
            m, v = self.moments(k, grads[k])
            params[k] = (1 - self.weight_decay) * params[k] - self.lr * m / (np.sqrt(v) + self.eps)


@wrong("practice/adamw", "the decay after the step", "ε inside the root")
class DecayAfterInside(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            m, v = self.moments(k, grads[k])
            params[k] -= (
                self.lr * m / (1 - self.beta1**self.t) / np.sqrt(v / (1 - self.beta2**self.t) + self.eps)
            )
            params[k] *= 1 - self.lr * self.weight_decay
