"""Wrong Nesterov rules."""

import numpy as np
from blind_collection import wrong


class Base:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu, self.v = lr, momentum, {}


@wrong("nesterov/update", "plain momentum: no look-ahead")
class JustMomentum(Base):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0)
            v = self.mu * v - self.lr * grads[k]
            params[k] += v
            self.v[k] = v


@wrong("nesterov/update", "the look-ahead uses the velocity before its update")
class OldLookAhead(Base):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0)
            params[k] += self.mu * v - self.lr * grads[k]
            self.v[k] = self.mu * v - self.lr * grads[k]


@wrong("nesterov/update", "v_prev is the same array as v: the old velocity is lost")
class AliasedOld:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            v_prev = self.v[k]
            self.v[k] *= self.mu
            self.v[k] -= self.lr * grads[k]
            params[k] += -self.mu * v_prev + (1 + self.mu) * self.v[k]


@wrong("nesterov/update", "adds the old velocity's part instead of taking it back")
class AddsOld(Base):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = self.mu * old - self.lr * grads[k]
            params[k] = params[k] + self.mu * old + (1 + self.mu) * new
            self.v[k] = new


@wrong("nesterov/update", "the velocity is updated before the line that needs the old one")
class UpdatesFirst(Base):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.mu * self.mu * self.v[k]
            params[k] -= (1 + self.mu) * self.lr * grads[k]


@wrong("nesterov/update", "μ where μ² belongs")
class NotSquared(Base):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0.0)
            params[k] = params[k] + self.mu * v - (1 + self.mu) * self.lr * grads[k]
            self.v[k] = self.mu * v - self.lr * grads[k]


@wrong("nesterov/update", "does not go back by μ v before the step")
class NeverGoesBack(Base):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += (1 + self.mu) * self.v[k]


@wrong("nesterov/update", "moves by v, not by (1 + μ) v, after going back")
class NoSecondLook(Base):
    def update(self, params, grads):
        for k in params:
            v_prev = self.v.get(k, 0.0)
            self.v[k] = self.mu * v_prev - self.lr * grads[k]
            params[k] += self.v[k] - self.mu * v_prev


@wrong("nesterov/update", "the factor of the gradient is 1 instead of 1 + μ")
class GradientOnce(Base):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, 0.0)
            params[k] += self.mu**2 * v
            params[k] -= self.lr * grads[k]
            self.v[k] = self.mu * v - self.lr * grads[k]


@wrong("nesterov/update", "1 − μ in place of 1 + μ")
class MinusForPlus(Base):
    def update(self, params, grads):
        for k in params:
            v_old = self.v.get(k, 0.0)
            v_new = self.mu * v_old - self.lr * grads[k]
            params[k] += (1 - self.mu) * v_new - self.mu * v_old
            self.v[k] = v_new


@wrong("nesterov/update", "μ where μ² belongs", "the velocity is updated first")
class NotSquaredAndFirst(Base):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.mu * self.v[k]
            params[k] -= (1 + self.mu) * self.lr * grads[k]


@wrong("nesterov/update", "the sign of the velocity's push is wrong", "does not go back")
class SignAndNoBack(Base):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0.0) + self.lr * grads[k]
            params[k] += (1 + self.mu) * self.v[k]
