"""Sixty single slips of the fifth blind set, one mistake a class or function.

Written by a hand that had seen neither the diagnosis nor the sets before it; many are from public homework
repositories, pull requests and questions.
"""

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/update",
    "The whole dict of gradients is multiplied by the learning rate: the [k] behind grads is missing.",
)
class SgdForgotKey:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads


@wrong("sgd/update", "The loop variable is rebound to the new value, which is never written into params.")
class SgdLocalName:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key, p in params.items():
            p = p - self.lr * grads[key]


@wrong("sgd/update", "A return stands inside the loop, so only the first array is updated.")
class SgdReturnInLoop:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] -= self.lr * grads[key]
            return params


@wrong("sgd/update", "The constructor stores 0.01 and ignores the learning rate it is given.")
class SgdFixedRate:
    def __init__(self, lr=0.01):
        self.lr = 0.01

    def update(self, params, grads):
        for k in params.keys():
            params[k] -= self.lr * grads[k]


@wrong(
    "momentum/update", "The velocity is an average of gradients: the gradient enters with the weight 1 - μ."
)
class MomentumCoursera:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] + (1 - self.momentum) * grads[k]
            params[k] = params[k] - self.lr * self.v[k]


@wrong("momentum/update", "The velocity already has the minus sign and is subtracted from the parameters.")
class MomentumMinusVelocity:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in grads:
            if k not in self.v:
                self.v[k] = np.zeros_like(grads[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] -= self.v[k]


@wrong("momentum/update", "The velocities are never set to zero before they are first read.")
class MomentumNoStart:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "The parameters move by the old velocity, before the velocity is updated.")
class MomentumOldVelocity:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, p in params.items():
            v = self.v.get(k, np.zeros_like(p))
            p += v
            self.v[k] = self.momentum * v - self.lr * grads[k]


@wrong("momentum/update", "The velocities are set to zero at the start of each call.")
class MomentumZeroEachCall:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = np.zeros_like(params[k])
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "The learning rate is in the velocity and is multiplied in once more in the step.")
class MomentumRateTwice:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = 0
            self.v[k] = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] -= self.lr * self.v[k]


@wrong(
    "momentum/update",
    "The bracket closes too late: the momentum multiplies the difference of velocity and step.",
)
class MomentumBracket:
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


@wrong(
    "nesterov/update",
    "The velocity is updated first, and then used where the formula wants the old velocity.",
)
class NesterovBook:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        if not self.v:
            for key, val in params.items():
                self.v[key] = np.zeros_like(val)
        for key in params.keys():
            self.v[key] *= self.momentum
            self.v[key] -= self.lr * grads[key]
            params[key] += self.momentum * self.momentum * self.v[key]
            params[key] -= (1 + self.momentum) * self.lr * grads[key]


@wrong("nesterov/update", "It is plain momentum: nothing looks ahead.")
class NesterovOnlyMomentum:
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


@wrong(
    "nesterov/update",
    "The old look-ahead is added once more, where it should be taken back (sign of the old velocity).",
)
class NesterovPlusOld:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v_prev = self.v.get(k, np.zeros_like(params[k]))
            v = self.momentum * v_prev - self.lr * grads[k]
            params[k] += self.momentum * v_prev + (1 + self.momentum) * v
            self.v[k] = v


@wrong("nesterov/update", "The new velocity is weighted by 1 - μ in place of 1 + μ.")
class NesterovOneMinus:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            new = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * old + (1 - self.momentum) * new
            self.v[k] = new


@wrong(
    "nesterov/update", "The old look-ahead is never taken back: the step is (1 + μ) times the new velocity."
)
class NesterovNotTakenBack:
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
            params[k] += self.momentum * self.v[k]


@wrong("nesterov/update", "The momentum before the old velocity is not squared.")
class NesterovNotSquared:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += mu * self.v[k] - (1 + mu) * self.lr * grads[k]
            self.v[k] = mu * self.v[k] - self.lr * grads[k]


@wrong("nesterov/update", "The gradient's factor 1 + μ is missing in the step.")
class NesterovGradientAlone:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k, g in grads.items():
            if k not in self.v:
                self.v[k] = np.zeros_like(g)
            params[k] += mu**2 * self.v[k] - self.lr * g
            self.v[k] = mu * self.v[k] - self.lr * g


@wrong("adagrad/update", "The root is missing: the gradient is divided by the sum of squares.")
class AdagradNoRoot:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong("adagrad/update", "ε stands under the root.")
class AdagradEpsInside:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k] + self.eps)


@wrong("adagrad/update", "The step is made with the old sum, before the new square is added.")
class AdagradStepFirst:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            params[k] -= self.lr * grads[k] / (np.sqrt(h) + self.eps)
            self.h[k] = h + grads[k] ** 2


@wrong("adagrad/update", "The square replaces the sum: = in place of +=.")
class AdagradNotAccumulated:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "adagrad/update",
    "The squares of a whole array are summed to one number, so all its coordinates share one rate.",
)
class AdagradNorm:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "adagrad/update",
    "The brackets around the denominator are missing, so ε times the gradient is added behind the fraction.",
)
class AdagradNoBrackets:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += np.square(grads[k])
            rate = self.lr / np.sqrt(self.h[k]) + self.eps
            params[k] -= rate * grads[k]


@wrong("adagrad/update", "The gradients themselves are added, not their squares.")
class AdagradNotSquared:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "ρ and 1 - ρ are exchanged.")
class RmspropSwapped:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = (1 - self.decay) * self.h[k] + self.decay * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "The new square has the weight 1: the factor 1 - ρ is missing.")
class RmspropDecayedSum:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for key in params:
            if key not in self.h:
                self.h[key] = np.zeros_like(params[key])
            self.h[key] *= self.decay
            self.h[key] += grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + self.eps)


@wrong("rmsprop/update", "The gradient is multiplied by two where it should be squared.")
class RmspropTimesTwo:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] * 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "There is no ε in the denominator.")
class RmspropNoEps:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / np.sqrt(self.h[k])


@wrong(
    "rmsprop/update", "0.9 and 0.1 from a slide stand in the code, and the decay that was given is ignored."
)
class RmspropSlideNumbers:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = 0.9 * self.h[k] + 0.1 * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "A bracket is misplaced: 1 - ρ g² in place of (1 - ρ) g².")
class RmspropBracket:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + (1 - self.decay * grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "The average starts at the first squared gradient, not at zero.")
class RmspropStartsAtSquare:
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


@wrong("graves/update", "The square of the mean is added to the mean of squares, not subtracted.")
class GravesPlus:
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
            root = np.sqrt(self.n[k] + self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / root
            params[k] += self.d[k]


@wrong("graves/update", "The mean gradient is subtracted from the mean square without being squared.")
class GravesMeanNotSquared:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            n = self.n.get(k, np.zeros_like(g))
            a = self.a.get(k, np.zeros_like(g))
            d = self.d.get(k, np.zeros_like(g))
            n = self.decay * n + (1 - self.decay) * g**2
            a = self.decay * a + (1 - self.decay) * g
            d = self.momentum * d - self.lr * g / np.sqrt(n - a + self.eps)
            params[k] += d
            self.n[k], self.a[k], self.d[k] = n, a, d


@wrong("graves/update", "ε is added to the root, not under it.")
class GravesEpsOutside:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            spread = np.sqrt(self.n[k] - self.a[k] ** 2) + self.eps
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "The mean gradient a stands in the numerator, where g should be.")
class GravesMeanOnTop:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            variance = self.n[k] - self.a[k] ** 2
            self.d[k] = self.momentum * self.d[k] - self.lr * self.a[k] / np.sqrt(variance + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "The step d, which has its minus sign already, is subtracted from the parameters.")
class GravesStepSubtracted:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            variance = self.n[k] - self.a[k] ** 2
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / np.sqrt(variance + self.eps)
            params[k] -= self.d[k]


@wrong(
    "graves/update", "Decay and momentum are exchanged: μ averages the gradients and ρ keeps the velocity."
)
class GravesConstantsExchanged:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho, mu = self.momentum, self.decay
        for k, g in grads.items():
            self.n[k] = rho * self.n.get(k, 0.0) + (1 - rho) * g**2
            self.a[k] = rho * self.a.get(k, 0.0) + (1 - rho) * g
            v = self.n[k] - self.a[k] ** 2
            self.d[k] = mu * self.d.get(k, 0.0) - self.lr * g / np.sqrt(v + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "The line of a was copied from that of n, and still reads the old value from n.")
class GravesCopiedLine:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k]
            variance = self.n[k] - self.a[k] ** 2
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / np.sqrt(variance + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "The step is made at once: no velocity d carries over to the next call.")
class GravesNoVelocity:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            variance = self.n[k] - self.a[k] ** 2
            self.d[k] = -self.lr * grads[k] / np.sqrt(variance + self.eps)
            params[k] += self.d[k]


@wrong("adam/update", "There is no bias correction at all.")
class AdamAlmost:
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
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "The corrected averages are stored back into m and v.")
class AdamStoresCorrected:
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


@wrong("adam/update", "t is raised inside the loop, once for each array.")
class AdamCountsArrays:
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


@wrong("adam/update", "t starts at 1 and is raised before it is used, so the first call corrects for t = 2.")
class AdamStartsAtTwo:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 1, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            mt = self.m[k] / (1 - self.beta1**self.t)
            vt = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * mt / (np.sqrt(vt) + self.eps)


@wrong("adam/update", "The averages are multiplied by 1 - β^t, where they should be divided by it.")
class AdamMultipliesCorrection:
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
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] * grads[k]
            bias_corr1 = self.m[k] * (1 - self.beta1**self.t)
            bias_corr2 = self.v[k] * (1 - self.beta2**self.t)
            params[k] -= self.lr * bias_corr1 / (np.sqrt(bias_corr2) + self.eps)


@wrong("adam/update", "The correction divides by 1 - β at each call: the exponent t is missing.")
class AdamNoPower:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros(np.shape(grads[k]))
                self.v[k] = np.zeros(np.shape(grads[k]))
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * np.power(grads[k], 2)
            m_hat = self.m[k] / (1 - self.beta1)
            v_hat = self.v[k] / (1 - self.beta2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "The root of v̂ is missing.")
class AdamNoRoot:
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
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * (grads[k] * grads[k])
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (v_hat + self.eps)


@wrong("adam/update", "v is corrected with β₁: a line that was copied and not changed.")
class AdamWrongBeta:
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


@wrong("adam/update", "beta1 is read without self.")
class AdamForgotSelf:
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
            m_hat = self.m[k] / (1 - beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "m̂ is computed, but the gradient itself stands in the numerator.")
class AdamGradientOnTop:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            if k not in self.m:
                self.m[k], self.v[k] = np.zeros_like(g), np.zeros_like(g)
            self.m[k] += (1 - self.beta1) * (g - self.m[k])
            self.v[k] += (1 - self.beta2) * (g**2 - self.v[k])
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * g / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "The decay is added to the gradient, as an L2 penalty.")
class AdamwPenalty:
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


@wrong("practice/adamw", "The decay is not multiplied by the learning rate.")
class AdamwNoRate:
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
            step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] -= step + self.weight_decay * params[k]


@wrong(
    "practice/adamw",
    "The decay is taken from the parameter after Adam's step, not from that before the call.",
)
class AdamwDecayAfter:
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


@wrong("practice/adamw", "The decay stands in the numerator and is divided by the root as well.")
class AdamwInNumerator:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        b1, b2 = self.beta1, self.beta2
        for k, g in grads.items():
            self.m[k] = b1 * self.m.get(k, 0) + (1 - b1) * g
            self.v[k] = b2 * self.v.get(k, 0) + (1 - b2) * g * g
            m_hat = self.m[k] / (1 - b1**self.t)
            v_hat = self.v[k] / (1 - b2**self.t)
            params[k] -= self.lr * (m_hat + self.weight_decay * params[k]) / (np.sqrt(v_hat) + self.eps)


@wrong("practice/adamw", "The decay has the wrong sign: the parameters grow.")
class AdamwGrows:
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


@wrong("practice/adamw", "The decay multiplies the gradient, not the parameter.")
class AdamwDecaysGradient:
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
            params[k] -= self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * grads[k])


@wrong(
    "practice/adamw", "The decay takes the square of the parameter, as the penalty does, not the parameter."
)
class AdamwSquaredParameter:
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
            params[k] -= self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * params[k] ** 2)


@wrong(
    "gradients/relative-error",
    "The difference is divided by the sum of the two sizes, not by the larger one.",
)
def relative_error_of_sum(a, b):
    size = np.abs(a) + np.abs(b)
    return np.max(np.where(size == 0, 0.0, np.abs(a - b) / np.where(size == 0, 1.0, size)))


@wrong("practice/clip", "Each array is clipped by its own norm, not by that of all arrays together.")
def clip_each(grads, limit):
    clipped = {}
    for k, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[k] = g * limit / norm if norm > limit else g.copy()
    return clipped


@wrong(
    "sgd/noise-floor",
    "The noise σ is divided by the batch size before it is squared: σ²/B² in place of σ²/B.",
)
def noise_floor_of_batch(lr, curvature, sigma, batch):
    noise = sigma / batch
    return lr * noise**2 / (curvature * (2 - lr * curvature))
