"""A second blind set, written once the engine was done."""

import numpy as np
from blind_collection import wrong


class SGDBase:
    def __init__(self, lr):
        self.lr = lr


class MomentumBase:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}


class AdaGradBase:
    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}


class RMSpropBase:
    def __init__(self, lr, decay, eps):
        self.lr, self.rho, self.eps, self.h = lr, decay, eps, {}


class GravesBase:
    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.rho, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}


class AdamBase:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0


@wrong("sgd/update", "steps along the parameter, not the gradient")
class StepsAlongItself(SGDBase):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * params[k]


@wrong("sgd/update", "has a momentum of 0.9 hidden in it")
class HiddenMomentum(SGDBase):
    def update(self, params, grads):
        self.v = getattr(self, "v", {})
        for k in params:
            self.v[k] = 0.9 * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("sgd/update", "adds a weight decay of 0.01")
class HiddenDecay(SGDBase):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * (grads[k] + 0.01 * params[k])


@wrong("sgd/update", "uses the gradient of the call before")
class OneBehind(SGDBase):
    def update(self, params, grads):
        last = getattr(self, "last", None)
        for k in params:
            if last is not None:
                params[k] -= self.lr * last[k]
        self.last = {k: g.copy() for k, g in grads.items()}


@wrong("momentum/update", "moves by μ v, not by v")
class MuTimesV(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.mu * self.v[k]


@wrong("momentum/update", "v += where v = belongs: the velocity is kept in full, and μ of it again")
class PlusAssigned(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, np.zeros_like(params[k]))
            self.v[k] += self.mu * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the parameter becomes the velocity")
class BecomesVelocity(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) - self.lr * grads[k]
            params[k] = self.v[k].copy()


@wrong("momentum/update", "the rate multiplies the old velocity too")
class RateOnAll(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.lr * (self.mu * self.v.get(k, 0) + grads[k])
            params[k] -= self.v[k]


@wrong("nesterov/update", "(1 + μ) v − μ v of the same new v: plain momentum")
class SameNewV(MomentumBase):
    def update(self, params, grads):
        for k in params:
            v_new = self.mu * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += (1 + self.mu) * v_new - self.mu * v_new
            self.v[k] = v_new


@wrong("nesterov/update", "torch's form with the buffer from before the update")
class OldBuffer(MomentumBase):
    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0)
            params[k] -= self.lr * (grads[k] + self.mu * old)
            self.v[k] = self.mu * old + grads[k]


@wrong("nesterov/update", "the average (1 − μ) g in torch's form")
class AveragedBuffer(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, 0) + (1 - self.mu) * grads[k]
            params[k] -= self.lr * (grads[k] + self.mu * self.v[k])


@wrong("adagrad/update", "brackets: ε is added to the rate η/√h")
class EpsOnTheRate(AdaGradBase):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= (self.lr / np.sqrt(self.h[k]) + self.eps) * grads[k]


@wrong("adagrad/update", "keeps the largest square in place of the sum")
class LargestSquare(AdaGradBase):
    def update(self, params, grads):
        for k in params:
            self.h[k] = np.maximum(self.h.get(k, 0), grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "cube root in place of the square root")
class CubeRoot(AdaGradBase):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.cbrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "multiplies by ε in place of adding it")
class TimesEps(RMSpropBase):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.rho * self.h.get(k, 0) + (1 - self.rho) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k]) * self.eps


@wrong("rmsprop/update", "ρ is raised to the number of the call")
class RhoToTheT(RMSpropBase):
    def update(self, params, grads):
        self.t = getattr(self, "t", 0) + 1
        for k in params:
            rho = self.rho**self.t
            self.h[k] = rho * self.h.get(k, 0) + (1 - rho) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "a momentum of the step, with ρ")
class MomentumOfTheStep(RMSpropBase):
    def update(self, params, grads):
        self.d = getattr(self, "d", {})
        for k in params:
            self.h[k] = self.rho * self.h.get(k, 0) + (1 - self.rho) * grads[k] ** 2
            self.d[k] = self.rho * self.d.get(k, 0) - self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            params[k] += self.d[k]


@wrong("rmsprop/update", "the square is of the scaled step, not of the gradient")
class SquareOfTheStep(RMSpropBase):
    def update(self, params, grads):
        for k in params:
            g = self.lr * grads[k]
            self.h[k] = self.rho * self.h.get(k, 0) + (1 - self.rho) * g**2
            params[k] -= g / (np.sqrt(self.h[k]) + self.eps)


@wrong("graves/update", "the momentum multiplies the new part too")
class MuOnAll(GravesBase):
    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0) + (1 - self.rho) * g**2
            self.a[k] = self.rho * self.a.get(k, 0) + (1 - self.rho) * g
            step = self.lr * g / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.mu * (self.d.get(k, 0) - step)
            params[k] += self.d[k]


@wrong("graves/update", "the mean fades with μ, not with ρ")
class MeanFadesWithMu(GravesBase):
    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0) + (1 - self.rho) * g**2
            self.a[k] = self.mu * self.a.get(k, 0) + (1 - self.mu) * g
            step = self.lr * g / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.mu * self.d.get(k, 0) - step
            params[k] += self.d[k]


@wrong("adam/update", "ε² inside the root")
class EpsSquaredInside(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m, v = self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m / np.sqrt(v + self.eps**2)


@wrong("adam/update", "the squares went into m and the gradients into v")
class SquaresInM(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g**2
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g
            m, v = self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m / (np.sqrt(np.abs(v)) + self.eps)


@wrong("adam/update", "β₁ is 0.9 whatever is given")
class Beta1TypedIn(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = 0.9 * self.m.get(k, 0) + 0.1 * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m, v = self.m[k] / (1 - 0.9**self.t), self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "AdamW with a decay of 0.01")
class WithDecay(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            params[k] -= self.lr * 0.01 * params[k]
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m, v = self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2**self.t)
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "NAdam: a look ahead in m̂")
class LooksAhead(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m = self.b1 * self.m[k] / (1 - self.b1 ** (self.t + 1)) + (1 - self.b1) * g / (
                1 - self.b1**self.t
            )
            params[k] -= self.lr * m / (np.sqrt(self.v[k] / (1 - self.b2**self.t)) + self.eps)


@wrong("adam/update", "t counts from 0 in the correction of v alone")
class VOneBehind(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m, v = self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - self.b2 ** (self.t + 1))
            params[k] -= self.lr * m / (np.sqrt(v) + self.eps)


@wrong("adam/update", "no ε", "β₂ is 0.999 whatever is given")
class NoEpsBeta2TypedIn(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = 0.999 * self.v.get(k, 0) + 0.001 * g * g
            m, v = self.m[k] / (1 - self.b1**self.t), self.v[k] / (1 - 0.999**self.t)
            params[k] -= self.lr * m / np.sqrt(v)


@wrong("rmsprop/update", "the sign is wrong", "the average from before the call is used")
class UphillAndLate(RMSpropBase):
    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.zeros_like(params[k]))
            params[k] += self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            self.h[k] = self.rho * self.h[k] + (1 - self.rho) * grads[k] ** 2


@wrong("momentum/update", "an average with 1 − μ", "v starts at the gradient")
class AverageFromTheGradient(MomentumBase):
    def update(self, params, grads):
        for k in params:
            self.v[k] = self.mu * self.v.get(k, grads[k].copy()) + (1 - self.mu) * grads[k]
            params[k] -= self.lr * self.v[k]


@wrong("graves/update", "not centred", "ε stands outside the root")
class NotCentredEpsOutside(GravesBase):
    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.rho * self.n.get(k, 0) + (1 - self.rho) * g**2
            self.d[k] = self.mu * self.d.get(k, 0) - self.lr * g / (np.sqrt(self.n[k]) + self.eps)
            params[k] += self.d[k]


@wrong("adam/update", "only v is corrected", "the sign is wrong")
class OnlyVUphill(AdamBase):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            params[k] += self.lr * self.m[k] / (np.sqrt(self.v[k] / (1 - self.b2**self.t)) + self.eps)
