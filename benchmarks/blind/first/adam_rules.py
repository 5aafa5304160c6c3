"""Wrong Adams."""

import numpy as np
from blind_collection import wrong


class Base:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v = {}, {}
        self.t = 0

    def moments(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g * g
        return self.m[k], self.v[k]


@wrong("adam/update", "no bias correction")
class NoCorrection(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            m, v = self.moments(k, g)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "only m is corrected")
class OnlyM(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m = m / (1 - self.beta1**self.t)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "the clock ticks once for every array")
class ClockInLoop(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            self.t += 1
            m, v = self.moments(k, g)
            m = m / (1 - self.beta1**self.t)
            v = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "t is raised after its use: the first correction divides by zero")
class ClockTooLate(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        self.t += 1


@wrong("adam/update", "β₁ and β₂ changed places")
class SwappedBetas(Base):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta2, beta1, eps)

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m = m / (1 - self.beta1**self.t)
            v = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "β t where βᵗ belongs")
class TimesForPower(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m = m / (1 - self.beta1 * self.t)
            v = v / (1 - self.beta2 * self.t)
            params[k] -= self.lr * m / (np.sqrt(np.abs(v)) + self.eps)


@wrong("adam/update", "the corrected averages are stored back")
class StoresHats(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.moments(k, g)
            self.m[k] = self.m[k] / (1 - self.beta1**self.t)
            self.v[k] = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "no square root")
class NoRoot(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (v_hat + self.eps)


@wrong("adam/update", "ε stands inside the root")
class EpsInside(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / np.sqrt(v_hat + self.eps)


@wrong("adam/update", "the second average is taken of m², not of g²")
class SquaresM(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * self.m[k] ** 2
            m_hat, v_hat = self.m[k] / (1 - self.beta1**self.t), self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the clock stands still at one")
class ClockStands(Base):
    def update(self, params, grads):
        t = 0
        t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat, v_hat = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "both averages are corrected with β₁")
class SameBeta(Base):
    def update(self, params, grads):
        self.t += 1
        correction = 1 - self.beta1**self.t
        for k, g in grads.items():
            m, v = self.moments(k, g)
            params[k] -= self.lr * (m / correction) / (np.sqrt(v / correction) + self.eps)


@wrong("adam/update", "one step too many in the correction: t + 1")
class OneTooMany(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat = m / (1 - self.beta1 ** (self.t + 1))
            v_hat = v / (1 - self.beta2 ** (self.t + 1))
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "multiplies by the correction instead of dividing")
class MultipliesCorrection(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat = m * (1 - self.beta1**self.t)
            v_hat = v * (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "keeps the largest v: AMSGrad")
class LargestV(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            self.v[k] = np.maximum(v, self.top[k]) if hasattr(self, "top") and k in self.top else v
            self.top = getattr(self, "top", {}) | {k: self.v[k]}
            m_hat, v_hat = m / (1 - self.beta1**self.t), self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the gradient itself, not its average, is in the numerator")
class GradientOnTop(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            v_hat = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * g / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "`^` is not a power in Python")
class Caret(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat = m / (1 - self.beta1 ^ self.t)
            v_hat = v / (1 - self.beta2 ^ self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the averages start anew at each call")
class StartsAnew(Base):
    def update(self, params, grads):
        self.m = {k: np.zeros_like(g) for k, g in grads.items()}
        self.v = {k: np.zeros_like(g) for k, g in grads.items()}
        self.t += 1
        for k, g in grads.items():
            m, v = self.moments(k, g)
            m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "no bias correction", "no square root")
class NoCorrectionNoRoot(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            m, v = self.moments(k, g)
            params[k] -= self.lr * m / (v + self.eps)


@wrong("adam/update", "β₁ and β₂ changed places in the averages", "ε stands inside the root")
class SwappedAndInside(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta2 * self.m.get(k, 0) + (1 - self.beta2) * g
            self.v[k] = self.beta1 * self.v.get(k, 0) + (1 - self.beta1) * g**2
            m_hat = self.m[k] / (1 - self.beta2**self.t)
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / np.sqrt(v_hat + self.eps)


@wrong("adam/update", "the clock ticks for every array", "only m is corrected")
class ClockAndOnlyM(Base):
    def update(self, params, grads):
        for k, g in grads.items():
            self.t = self.t + 1
            m, v = self.moments(k, g)
            params[k] -= self.lr * (m / (1 - self.beta1**self.t)) / (np.sqrt(v) + self.eps)


@wrong("adam/update", "the factor 1 − β₁ is missing", "the sign is wrong")
class LeakyUphill(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[k] / (1 - self.beta1**self.t), self.v[k] / (1 - self.beta2**self.t)
            params[k] += self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the corrected averages are stored back", "ε stands inside the root")
class StoresHatsInside(Base):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.moments(k, g)
            self.m[k] /= 1 - self.beta1**self.t
            self.v[k] /= 1 - self.beta2**self.t
            params[k] -= self.lr * self.m[k] / np.sqrt(self.v[k] + self.eps)
