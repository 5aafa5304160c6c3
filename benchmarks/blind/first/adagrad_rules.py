"""Wrong AdaGrads."""

import numpy as np
from blind_collection import wrong


class Base:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def start(self, params):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])


@wrong("adagrad/update", "no square root")
class NoRoot(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "ε stands inside the root")
class EpsUnderRoot(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("adagrad/update", "the squares are not summed: only the last one counts")
class OnlyLast(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "a missing pair of brackets: ε is added to the step")
class NoBrackets(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k]) + self.eps


@wrong("adagrad/update", "sums the gradients, not their squares")
class SumsGradients(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(np.abs(self.h[k])) + self.eps)


@wrong("adagrad/update", "sums absolute values and takes no root")
class SumsAbsolute(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += abs(grads[k])
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "divides by the sum before this gradient was added")
class UsesOldSum(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            self.h[k] += grads[k] * grads[k]


@wrong("adagrad/update", "the learning rate is squared into the sum")
class RateInSum(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            step = self.lr * grads[k]
            self.h[k] += step**2
            params[k] -= step / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "one number for the whole array: the sum over its coordinates")
class NormOfArray(Base):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "ε is left out")
class NoEps(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k])


@wrong("adagrad/update", "multiplies by the root instead of dividing")
class MultipliesByRoot(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] * (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "the sum starts at one")
class StartsAtOne(Base):
    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.ones_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "divides the sum by the number of steps: a mean")
class MeanOfSquares(Base):
    count = 0

    def update(self, params, grads):
        self.start(params)
        self.count += 1
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] / self.count) + self.eps)


@wrong("adagrad/update", "no square root", "the sign is wrong")
class NoRootUphill(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] += grads[k] ** 2
            params[k] += self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "the squares are not summed", "ε stands inside the root")
class OnlyLastEpsInside(Base):
    def update(self, params, grads):
        for k in params:
            h = grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(h + self.eps)
