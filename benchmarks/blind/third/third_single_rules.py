"""Wrong rules of the third set, one ordinary mistake each. Some stood in public code; the entry says where."""

import math

import numpy as np
from blind_collection import wrong


class Sgd:
    def __init__(self, lr=0.01):
        self.lr = lr


@wrong("sgd/update", "the dict's name is given a new dict")
class NewDict(Sgd):
    def update(self, params, grads):
        params = {key: params[key] - self.lr * grads[key] for key in params}


@wrong("sgd/update", "returns the new values and stores none")
class OnlyReturns(Sgd):
    def update(self, params, grads):
        new = {}
        for key in params:
            new[key] = params[key] - self.lr * grads[key]
        return new


@wrong("sgd/update", "pairs values by position: zip of the two dicts")
class ZipsValues(Sgd):
    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values()):
            p -= self.lr * g


@wrong("sgd/update", "the step is the parameter times the gradient")
class TimesParameter(Sgd):
    def update(self, params, grads):
        for key in params:
            params[key] -= self.lr * grads[key] * params[key]


@wrong("sgd/update", "=- in place of -=")
class AssignsMinus(Sgd):
    def update(self, params, grads):
        for key in params:
            params[key] = -self.lr * grads[key]


@wrong("sgd/update", "brackets: the rate multiplies the difference")
class RateOutside(Sgd):
    def update(self, params, grads):
        for key in params:
            params[key] = self.lr * (params[key] - grads[key])


class Moving:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}


@wrong("momentum/update", "the velocity's step is taken with momentum again: θ += μ v − η g")
class BookMomentum(Moving):  # the listing of a well-known book, chapter 2
    def update(self, params, grads):
        for key in params:
            past = self.v.get(key, 0.0)
            velocity = past * self.momentum - self.lr * grads[key]
            params[key] += self.momentum * velocity - self.lr * grads[key]
            self.v[key] = velocity


@wrong("momentum/update", "the old velocity is added")
class OneStepLate(Moving):
    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = np.zeros_like(params[key])
            params[key] += self.v[key]
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]


@wrong("momentum/update", "the velocity is an average: (1 − μ) times the gradient")
class AverageOfGradients(Moving):
    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = np.zeros_like(grads[key])
            self.v[key] = self.momentum * self.v[key] + (1 - self.momentum) * grads[key]
            params[key] -= self.lr * self.v[key]


@wrong("momentum/update", "the velocity is made of the gradient without the rate, and added without it")
class RateForgotten(Moving):
    def update(self, params, grads):
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0) - grads[key]
            params[key] += self.v[key]


@wrong("momentum/update", "a velocity at zero at the start of each call")
class ZerosEachCall(Moving):
    def update(self, params, grads):
        for key in params:
            self.v[key] = np.zeros_like(params[key])
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] = params[key] + self.v[key]


@wrong("momentum/update", "the sign of the velocity: v = μ v − η g, and θ −= v")
class SubtractsVelocity(Moving):
    def update(self, params, grads):
        for key, value in params.items():
            v = self.v.setdefault(key, np.zeros_like(value))
            v = self.momentum * v - self.lr * grads[key]
            self.v[key] = v
            params[key] = value - v


@wrong("momentum/update", "the rate is multiplied in twice")
class RateTwice(Moving):
    def update(self, params, grads):
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0) + self.lr * grads[key]
            params[key] -= self.lr * self.v[key]


@wrong("momentum/update", "the velocity is never written back")
class LocalVelocity(Moving):
    def update(self, params, grads):
        for key in params:
            v = self.v.get(key, 0.0)
            v = self.momentum * v - self.lr * grads[key]
            params[key] += v


@wrong("nesterov/update", "plain momentum's step")
class PlainStep(Moving):
    def update(self, params, grads):
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0.0) - self.lr * grads[key]
            params[key] += self.v[key]


@wrong("nesterov/update", "the old look-ahead is added, not taken back")
class PlusOld(Moving):
    def update(self, params, grads):
        for key in params:
            old = self.v.get(key, 0.0)
            self.v[key] = self.momentum * old - self.lr * grads[key]
            params[key] += self.momentum * old + (1 + self.momentum) * self.v[key]


@wrong("nesterov/update", "the old look-ahead is not taken back")
class NoOld(Moving):
    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = np.zeros_like(params[key])
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] += (1 + self.momentum) * self.v[key]


@wrong("nesterov/update", "a sign: θ −= η g − μ η v, of a library's pull request")
class LibrarySign(Moving):
    def update(self, params, grads):
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0.0) + grads[key]
            params[key] = params[key] - grads[key] * self.lr + self.momentum * self.v[key] * self.lr


@wrong("nesterov/update", "the old velocity is read after it was overwritten")
class OldIsNew(Moving):
    def update(self, params, grads):
        for key in params:
            if key not in self.v:
                self.v[key] = np.zeros_like(params[key])
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            v_old = self.v[key]
            params[key] += -self.momentum * v_old + (1 + self.momentum) * self.v[key]


@wrong("nesterov/update", "brackets: 1 + μ v in place of (1 + μ) v")
class BracketsLeftOut(Moving):
    def update(self, params, grads):
        for key in params:
            v_prev = self.v.get(key, 0.0)
            self.v[key] = self.momentum * v_prev - self.lr * grads[key]
            params[key] += -self.momentum * v_prev + 1 + self.momentum * self.v[key]


@wrong("nesterov/update", "the velocity before this call in the μ² form")
class SquareOfNew(Moving):
    def update(self, params, grads):  # as in a framework's issue, turned round
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0.0) - self.lr * grads[key]
            params[key] += self.momentum**2 * self.v[key] - (1 + self.momentum) * self.lr * grads[key]


class Squares:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}


@wrong("adagrad/update", "the sum is of gradients, not of their squares")
class SumOfGradients(Squares):
    def update(self, params, grads):
        for key in params:
            self.h[key] = self.h.get(key, 0) + np.abs(grads[key])
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "the sum starts at ones")
class StartsAtOne(Squares):  # a Java library did
    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.ones_like(params[key])
            self.h[key] += grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "ε is added to the sum at each call")
class EpsEachCall(Squares):
    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] += grads[key] ** 2 + self.eps
            params[key] -= self.lr * grads[key] / np.sqrt(self.h[key])


@wrong("adagrad/update", "the square root is left out")
class RootLeftOut(Squares):
    def update(self, params, grads):
        for key in params:
            self.h.setdefault(key, np.zeros_like(params[key]))
            self.h[key] = self.h[key] + grads[key] * grads[key]
            params[key] = params[key] - self.lr / (self.h[key] + self.eps) * grads[key]


@wrong("adagrad/update", "one sum for the whole array")
class SumOverArray(Squares):
    def update(self, params, grads):
        for key in params:
            self.h[key] = self.h.get(key, 0.0) + np.sum(grads[key] ** 2)
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "the sum is replaced by the latest square")
class NoPlus(Squares):
    def update(self, params, grads):
        for key in params:
            self.h[key] = np.square(grads[key])
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("adagrad/update", "the sum after the step")
class SumAfter(Squares):
    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)
            self.h[key] += grads[key] ** 2


class Leaky:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}


@wrong("rmsprop/update", "the weights of the average are exchanged")
class WeightsExchanged(Leaky):
    def update(self, params, grads):
        for key in params:
            self.h[key] = (1 - self.decay) * self.h.get(key, 0.0) + self.decay * grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "ε inside the root")
class EpsInside(Leaky):
    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] = self.decay * self.h[key] + (1 - self.decay) * grads[key] ** 2
            params[key] -= self.lr * grads[key] / np.sqrt(self.h[key] + self.eps)


@wrong("rmsprop/update", "brackets: the root, divided, then ε added")
class EpsLoose(Leaky):
    def update(self, params, grads):
        for key in params:
            self.h[key] = self.decay * self.h.get(key, 0.0) + (1 - self.decay) * grads[key] ** 2
            params[key] -= self.lr * grads[key] / np.sqrt(self.h[key]) + self.eps


@wrong("rmsprop/update", "the average starts from the first square")
class StartsAtFirst(Leaky):
    def update(self, params, grads):
        for key, g in grads.items():
            if key not in self.h:
                self.h[key] = g**2
            else:
                self.h[key] = self.decay * self.h[key] + (1 - self.decay) * g**2
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "the decay is typed in as 0.99")
class DecayTypedIn(Leaky):
    def update(self, params, grads):
        for key in params:
            self.h[key] = 0.99 * self.h.get(key, 0) + 0.01 * grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "the new square is not weighted")
class SquareUnweighted(Leaky):
    def update(self, params, grads):
        for key in params:
            self.h[key] = self.decay * self.h.get(key, 0) + grads[key] ** 2
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "the average is divided by 1 − ρᵗ, as Adam does")
class Corrected(Leaky):
    def update(self, params, grads):
        self.t = getattr(self, "t", 0) + 1
        for key in params:
            self.h[key] = self.decay * self.h.get(key, 0) + (1 - self.decay) * grads[key] ** 2
            h_hat = self.h[key] / (1 - self.decay**self.t)
            params[key] -= self.lr * grads[key] / (np.sqrt(h_hat) + self.eps)


class Centred:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def start(self, params):
        for key in params:
            for memory in (self.n, self.a, self.d):
                memory.setdefault(key, np.zeros_like(params[key]))


@wrong("graves/update", "n is of gradients, not of squares")
class NoSquareInN(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * np.abs(g)
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            self.d[key] = self.momentum * self.d[key] - self.lr * g / np.sqrt(
                self.n[key] - self.a[key] ** 2 + self.eps
            )
            params[key] += self.d[key]


@wrong("graves/update", "the numerator is the average a, not g")
class MeanOnTop(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            spread = np.sqrt(self.n[key] - self.a[key] ** 2 + self.eps)
            self.d[key] = self.momentum * self.d[key] - self.lr * self.a[key] / spread
            params[key] += self.d[key]


@wrong("graves/update", "(g − a)² is averaged in place of n − a²")
class SpreadDirect(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * (g - self.a[key]) ** 2
            self.d[key] = self.momentum * self.d[key] - self.lr * g / np.sqrt(self.n[key] + self.eps)
            params[key] += self.d[key]


@wrong("graves/update", "the velocity holds −η g and is subtracted")
class SignOfD(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            self.d[key] = self.momentum * self.d[key] - self.lr * g / np.sqrt(
                self.n[key] - self.a[key] ** 2 + self.eps
            )
            params[key] -= self.d[key]


@wrong("graves/update", "the decay stands where the momentum belongs")
class DecayForMomentum(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            self.d[key] = self.decay * self.d[key] - self.lr * g / np.sqrt(
                self.n[key] - self.a[key] ** 2 + self.eps
            )
            params[key] += self.d[key]


@wrong("graves/update", "brackets: (n − a)² under the root")
class SquareOfDifference(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            below = np.sqrt((self.n[key] - self.a[key]) ** 2 + self.eps)
            self.d[key] = self.momentum * self.d[key] - self.lr * g / below
            params[key] += self.d[key]


@wrong("graves/update", "the velocity is kept and the plain step is taken")
class StepWithoutVelocity(Centred):
    def update(self, params, grads):
        self.start(params)
        for key in params:
            g = grads[key]
            self.n[key] = self.decay * self.n[key] + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a[key] + (1 - self.decay) * g
            step = self.lr * g / np.sqrt(self.n[key] - self.a[key] ** 2 + self.eps)
            self.d[key] = self.momentum * self.d[key] - step
            params[key] -= step


class Moments:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}


@wrong("adam/update", "the correction uses 1 − β, without t")
class NoPower(Moments):  # a quantum library's documentation
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1)
            v_hat = self.v[k] / (1 - self.beta2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "β₂² in place of β₂ᵗ, as on a lecture's slide")
class SlideSquare(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the corrected m is stored back")
class StoresMHat(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            self.m[k] = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "t is raised for each array")
class TimeInLoop(Moments):
    def update(self, params, grads):
        for k in params:
            self.t += 1
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "v takes the square of m in place of g")
class SquareOfM(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * self.m[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "√(1 − c₂) where c₂ is the correction already: √β₂ᵗ")
class CorrectionTwice(Moments):  # a port of AdaBound
    def update(self, params, grads):
        self.t += 1
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t
        step_size = self.lr * math.sqrt(1 - c2) / c1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            params[k] -= step_size * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "m in place of m̂ in the step")
class ForgotHat(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "t is never raised")
class TimeStands(Moments):
    def update(self, params, grads):
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1 ** (self.t + 1))
            v_hat = self.v[k] / (1 - self.beta2 ** (self.t + 1))
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "m and v are single arrays shared by all keys")
class OneMomentForAll(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr, beta1, beta2, eps)
        self.m, self.v = 0.0, 0.0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m = self.beta1 * self.m + (1 - self.beta1) * grads[k]
            self.v = self.beta2 * self.v + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m / (1 - self.beta1**self.t)
            v_hat = self.v / (1 - self.beta2**self.t)
            params[k] = params[k] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "β₁ also for v")
class SameBeta(Moments):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta1 * self.v.get(k, 0) + (1 - self.beta1) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class Decoupled(Moments):
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def ratio(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
        m_hat = self.m[k] / (1 - self.beta1**self.t)
        v_hat = self.v[k] / (1 - self.beta2**self.t)
        return m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay is not multiplied by the rate")
class DecayWithoutRate(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.weight_decay * params[k]
            params[k] -= self.lr * self.ratio(k, grads[k])


@wrong("practice/adamw", "the decay is not multiplied by the parameter")
class DecayWithoutParameter(Decoupled):  # a port to R
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr * (self.ratio(k, grads[k]) + self.weight_decay)


@wrong("practice/adamw", "the decay after the step, of the moved parameter")
class DecayAfter(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr * self.ratio(k, grads[k])
            params[k] -= self.lr * self.weight_decay * params[k]


@wrong("practice/adamw", "the decay is in the gradient")
class DecayInGradient(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k] + self.weight_decay * params[k]
            params[k] -= self.lr * self.ratio(k, g)


@wrong("practice/adamw", "the decay is added")
class DecayAdded(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] = params[k] * (1 + self.lr * self.weight_decay) - self.lr * self.ratio(k, grads[k])


@wrong("practice/adamw", "no decay")
class DecayLeftOut(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            params[k] -= self.lr * self.ratio(k, grads[k])


@wrong("practice/adamw", "the decay is added to m̂, so it is divided too")
class DecayUnderTheRoot(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * (m_hat + self.weight_decay * params[k]) / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay is halved, as the derivative of w θ²/2 is taken twice too small")
class DecayHalved(Decoupled):
    def update(self, params, grads):
        self.t += 1
        for k in params:
            old = params[k]
            params[k] = old - self.lr * self.ratio(k, grads[k]) - self.lr * self.weight_decay / 2 * old
