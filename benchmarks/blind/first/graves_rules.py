"""Wrong centred RMSprops."""

import numpy as np
from blind_collection import wrong


class Base:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def averages(self, k, g):
        self.n[k] = self.rho * self.n.get(k, 0.0) + (1 - self.rho) * g**2
        self.a[k] = self.rho * self.a.get(k, 0.0) + (1 - self.rho) * g
        return self.n[k], self.a[k]


@wrong("graves/update", "the mean is not squared before it is subtracted")
class MeanNotSquared(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(np.abs(n - a) + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "not centred: the squared mean is not subtracted")
class NotCentred(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, _ = self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(n + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "the squared mean is added instead of subtracted")
class PlusMean(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(n + a**2 + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "no momentum: the last step is forgotten")
class NoMomentum(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            params[k] -= self.lr * g / np.sqrt(n - a * a + self.eps)


@wrong("graves/update", "ε stands outside the root")
class EpsBeside(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            s = np.sqrt(np.maximum(n - a * a, 0)) + self.eps
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / s
            params[k] += self.d[k]


@wrong("graves/update", "no square root")
class NoRoot(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / (n - a * a + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "the step is an average: (1 − μ) times the new part")
class AveragedStep(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            new = self.lr * g / np.sqrt(n - a * a + self.eps)
            self.d[k] = self.mu * self.d.get(k, 0.0) - (1 - self.mu) * new
            params[k] += self.d[k]


@wrong("graves/update", "decay and momentum changed places")
class SwappedNames(Base):
    def __init__(self, lr, decay, momentum, eps):
        super().__init__(lr, momentum, decay, eps)

    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(n - a * a + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "not centred", "no momentum")
class PlainRMSprop(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, _ = self.averages(k, g)
            params[k] -= self.lr * g / np.sqrt(n + self.eps)


@wrong("graves/update", "ε stands outside the root", "no momentum")
class Torchlike(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            n, a = self.averages(k, g)
            params[k] -= self.lr * g / (np.sqrt(n - a * a) + self.eps)
