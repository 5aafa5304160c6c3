"""The fourth set: sixty answers with one mistake each, of the kind that ordinary learners make."""

import math

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "adds the step instead of subtracting it")
class UphillStep:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]


@wrong("sgd/update", "computes the new parameter into a local name and never writes it into params")
class NameOnly:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            theta = params[k]
            theta = theta - self.lr * grads[k]


@wrong("sgd/update", "the line that writes stands outside the loop, so only the last key is changed")
class OutOfTheLoop:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] = params[k] - step


@wrong("sgd/update", "returns inside the loop, so only the first key is changed")
class ReturnsEarly:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            return params


@wrong("sgd/update", "writes lr for self.lr")
class SelfForgotten:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= lr * grads[k]  # noqa: F821


@wrong("sgd/update", "the learning rate is multiplied by 0.99 after every call")
class RateShrinks:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
        self.lr *= 0.99


@wrong("momentum/update", "v = mu v + lr g, with a plus, and v is added to the parameter")
class VelocityUphill:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the velocity is an average: the gradient has a factor (1 - mu) before it")
class AverageOfGradients:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key, grad in grads.items():
            if key not in self.v:
                self.v[key] = np.zeros_like(grad)
            self.v[key] = self.momentum * self.v[key] + (1 - self.momentum) * grad
            params[key] -= self.lr * self.v[key]


@wrong("momentum/update", "the first velocity is the negative gradient without the learning rate")
class FirstPushWithoutRate:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = -grads[k]
            else:
                self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "the new velocity is used but never stored in self.v")
class VelocityNotKept:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += v


@wrong("momentum/update", "the learning rate is in the velocity and multiplies it again in the step")
class RateTwice:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(grads[k]))
            self.v[k] = self.momentum * v - self.lr * grads[k]
            params[k] += self.lr * self.v[k]


@wrong("momentum/update", "moves by the old velocity before computing the new one")
class StepsByTheOld:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong("momentum/update", "the momentum multiplies the new gradient too: v = mu (v - lr g)")
class MomentumOnBoth:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * (self.v[k] - self.lr * grads[k])
            params[k] += self.v[k]


@wrong("momentum/update", "has params where grads belongs, in the line of the velocity")
class ParamsForGrads:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * params[k]
            params[k] += self.v[k]


@wrong("nesterov/update", "moves by the new velocity, which is lesson 02's rule: no look ahead")
class PastedMomentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("nesterov/update", "the velocity is updated before the line that needs the old one")
class VelocityFirst:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.momentum**2 * self.v[k] - (1 + self.momentum) * self.lr * grads[k]


@wrong("nesterov/update", "the old velocity is multiplied by mu instead of mu squared")
class MuNotSquared:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.momentum * self.v[k] - (1 + self.momentum) * self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong("nesterov/update", "has (1 - mu) where (1 + mu) belongs before the gradient")
class OneMinusMu:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.momentum**2 * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@wrong("nesterov/update", "adds mu times the old velocity where it must be subtracted")
class LookAheadNotTakenBack:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v_prev = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.momentum * v_prev - self.lr * grads[k]
            params[k] += self.momentum * v_prev + (1 + self.momentum) * self.v[k]


@wrong(
    "nesterov/update",
    "v_prev is no copy: the lines in place change it too, so old and new velocity are the same",
)
class OldIsNew:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v_prev = self.v[k]
            self.v[k] *= self.momentum
            self.v[k] -= self.lr * grads[k]
            params[k] += -self.momentum * v_prev + (1 + self.momentum) * self.v[k]


@wrong("nesterov/update", "the term mu v has a learning rate before it, though v has one inside already")
class RateOnTheVelocity:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.lr * self.momentum * self.v[k] - self.lr * grads[k]


@wrong("nesterov/update", "(1 + mu) is written without brackets, so 1 is subtracted and mu lr g is added")
class BracketsForgotten:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += mu**2 * self.v[k] - 1 + mu * self.lr * grads[k]
            self.v[k] = mu * self.v[k] - self.lr * grads[k]


@wrong("adagrad/update", "h is replaced by the newest square instead of added to")
class LastSquareOnly:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "divides by h instead of its root")
class RootMissing:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "adds up the gradients instead of their squares")
class SquareMissing:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "eps stands under the root")
class EpsUnderTheRoot:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("adagrad/update", "uses h before this call's square is added")
class AddsTooLate:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            self.h[k] += grads[k] ** 2


@wrong("adagrad/update", "sums the squares over the whole array: one h for all of its coordinates")
class OneNumberPerArray:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = 0.0
            self.h[k] += np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "no brackets round the denominator: eps is added to the quotient")
class EpsOutsideTheFraction:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k]) + self.eps


@wrong("rmsprop/update", "decay and 1 - decay have changed places")
class SharesSwapped:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "uses math.sqrt, which takes one number and no array")
class MathSqrt:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] *= self.decay
            self.h[k] += (1 - self.decay) * grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (math.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "the square covers the factor too: ((1 - decay) g)**2")
class ShareSquared:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + ((1 - self.decay) * grads[k]) ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "h begins at the first squared gradient instead of zero")
class StartsAtTheSquare:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = grads[k] ** 2
            else:
                self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "stores the root in h, and averages the root with the next square")
class RootKept:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = np.sqrt(self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("rmsprop/update", "has 0.99 written into the formula where self.decay belongs")
class OwnDecay:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = 0.99 * self.h[k] + 0.01 * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "writes self.h = {k: ...}, a new dict that forgets the other keys")
class DictMadeAnew:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h = {k: np.zeros_like(params[k])}
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("graves/update", "divides by the variance instead of its root")
class VarianceNotSpread:
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
            spread = self.n[k] - self.a[k] ** 2 + self.eps
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "eps is added after the root as in RMSprop")
class EpsAfterTheRoot:
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
            spread = np.sqrt(self.n[k] - self.a[k] ** 2) + self.eps
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "subtracts the mean from n instead of its square")
class MeanNotSquared:
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
            spread = np.sqrt(self.n[k] - self.a[k] + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "adds the squared mean to n instead of subtracting it")
class PlusTheMean:
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
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "the averaged gradient a stands in the numerator instead of g")
class MeanOnTop:
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
            spread = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * self.a[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "the momentum factor before d is forgotten: the velocity never fades")
class NoFriction:
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
            self.d[k] -= self.lr * grads[k] / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "uses self.decay where self.momentum belongs, before d")
class DecayForMomentum:
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
            spread = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.decay * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("adam/update", "t is raised inside the loop, once for each array")
class CountsArrays:
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
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "the corrected averages are stored back in self.m and self.v")
class CorrectedIsKept:
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
            self.m[k] = self.m[k] / (1 - self.beta1**self.t)
            self.v[k] = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "corrects by 1 - beta at every call, without the power t")
class PowerForgotten:
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
            m_hat = self.m[k] / (1 - self.beta1)
            v_hat = self.v[k] / (1 - self.beta2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "corrects v by 1 - beta2**2 instead of 1 - beta2**t")
class PowerTwo:
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
            v_hat = self.v[k] / (1 - self.beta2**2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "writes beta1 * t for beta1**t in the correction of m")
class TimesT:
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
            m_hat = self.m[k] / (1 - self.beta1 * self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "v is corrected with beta1, pasted from the line above")
class CorrectionPasted:
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
            v_hat = self.v[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "v averages the square of m instead of the square of the gradient")
class SquaresTheAverage:
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
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * self.m[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "m is corrected, but the step uses the uncorrected m")
class HatForgotten:
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
            m_hat = self.m[k] / (1 - self.beta1**self.t)  # noqa: F841
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * self.m[k] / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "t is raised at the end of the call, so the first correction divides by zero")
class CountsAfterwards:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        self.t += 1


@wrong("adam/update", "m and v are made anew, as zeros, at every call")
class ZeroedEachCall:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = np.zeros_like(params[k])
            self.v[k] = np.zeros_like(params[k])
        for k in params:
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay is added to the gradient, as an L2 penalty, so m and v see it")
class PenaltyInGradient:
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
            g = grads[k] + self.weight_decay * params[k]
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay is not multiplied by the learning rate")
class DecayWithoutRate:
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
            params[k] -= self.weight_decay * params[k]
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "decays the parameter after Adam's step instead of as it was before the call")
class DecayAfterStep:
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
            params[k] -= self.lr * self.weight_decay * params[k]


@wrong("practice/adamw", "the decay stands in the numerator, so it is divided by the root too")
class DecayDivided:
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
            params[k] -= self.lr * (m_hat + self.weight_decay * params[k]) / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "the decay has the wrong sign: parameters grow")
class DecayGrows:
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
            params[k] -= self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) - self.weight_decay * params[k])


@wrong("practice/clip", "the global norm lacks its root: it is the sum of squares")
def clip_by_squares(grads, limit):
    norm = sum(np.sum(g**2) for g in grads.values())
    factor = limit / norm if norm > limit else 1.0
    return {k: g * factor for k, g in grads.items()}


@wrong("momentum/limit", "uses the smallest curvature, where the largest one decides")
def limit_of_the_flattest(momentum, curvatures):
    return 2 * (1 + momentum) / np.min(curvatures)
