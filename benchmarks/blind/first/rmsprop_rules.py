"""Wrong RMSprops."""

import numpy as np
from blind_collection import wrong


class Base:
    def __init__(self, lr=0.01, decay=0.99, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = None

    def start(self, params):
        if self.h is None:
            self.h = {k: np.zeros_like(v) for k, v in params.items()}


@wrong("rmsprop/update", "ρ and 1 − ρ changed places")
class SwappedWeights(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "the factor 1 − ρ of the new square is missing")
class LeakySum(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] *= self.decay
            self.h[k] += grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "ρ multiplies the new square too")
class DecaysAll(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * (self.h[k] + grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "averages the gradient, not its square")
class NotSquared(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "AdaGrad: the sum does not fade")
class StillAdaGrad(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.h[k] + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "corrects the average for its start, as Adam does")
class Corrected(Base):
    t = 0

    def update(self, params, grads):
        self.start(params)
        self.t += 1
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            h_hat = self.h[k] / (1 - self.decay**self.t)
            params[k] -= self.lr * grads[k] / (np.sqrt(h_hat) + self.eps)


@wrong("rmsprop/update", "squares the factor 1 − ρ together with the gradient")
class SquaresTheFactor(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + ((1 - self.decay) * grads[k]) ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "the decay is a constant in the code")
class DecayTypedIn(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = 0.9 * self.h[k] + 0.1 * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "ε is added twice: under the root and beside it")
class EpsTwice(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] + self.eps) + self.eps)


@wrong("rmsprop/update", "keeps the root as the state")
class RootKept(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = np.sqrt(self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("rmsprop/update", "the gradient in the numerator is missing: every step is positive")
class NoNumerator(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "ρ and 1 − ρ changed places", "no square root")
class SwappedNoRoot(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("rmsprop/update", "the factor 1 − ρ is missing", "ε stands inside the root")
class LeakyInside(Base):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.h[k] = self.decay * self.h[k] + grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)
