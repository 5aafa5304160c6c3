"""Thirty odder mistakes of the fifth blind set: misread ideas, shared memory, mixed rules, wrong shapes."""

import math

import numpy as np
from blind_collection import wrong


@wrong(
    "sgd/update",
    "A schedule was added that nobody asked for: the rate is divided by one plus the number of calls so far.",
)
class SgdDecaysRate:
    def __init__(self, lr=0.01):
        self.lr = lr
        self.iterations = 0

    def update(self, params, grads):
        lr = self.lr / (1 + 0.1 * self.iterations)
        for k in params:
            params[k] -= lr * grads[k]
        self.iterations += 1


@wrong("sgd/update", "The gradient is made a vector of length one first, so only its direction counts.")
class SgdUnitGradient:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            norm = np.linalg.norm(grads[k])
            params[k] -= self.lr * grads[k] / (norm + 1e-8)


@wrong("sgd/update", "The gradient is divided by the number of rows, as if it were a sum over a batch.")
class SgdPerExample:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            m = grads[k].shape[0]
            params[k] -= self.lr / m * grads[k]


@wrong("momentum/update", "There is one velocity for all arrays, in place of one for each key.")
class MomentumOneVelocity:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = 0

    def update(self, params, grads):
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k]
            params[k] += self.v


@wrong("momentum/update", "The new velocity is a local variable and never goes back into self.v.")
class MomentumNotKept:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            v = self.momentum * v - self.lr * grads[k]
            params[k] += v


@wrong("momentum/update", "The dict of velocities belongs to the class, so all optimizers share it.")
class MomentumOfTheClass:
    v = {}

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "momentum/update",
    "The velocity starts with the first step, and the first call then adds the gradient once more.",
)
class MomentumStartsWithStep:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = -self.lr * grads[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "nesterov/update",
    "v_prev is another name for the same array, which is then changed in place: the old velocity is lost.",
)
class NesterovSameArray:
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


@wrong(
    "nesterov/update",
    "Params are taken for the ball: each call first moves by μ v, though the gradient is already from ahead.",
)
class NesterovLooksAheadAgain:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            params[k] += self.momentum * self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@wrong(
    "nesterov/update",
    "PyTorch's notation is used, with gradient and buffer exchanged in the step: b + μ g in place of g + μ b.",
)
class NesterovTorchMixed:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] + grads[k]
            params[k] -= self.lr * (self.v[k] + self.momentum * grads[k])


@wrong(
    "nesterov/update",
    "The velocity is Adam's average, with weights μ and 1 - μ, and the look-ahead is built on it.",
)
class NesterovAverage:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            m = self.v.get(k, np.zeros_like(g))
            m = self.momentum * m + (1 - self.momentum) * g
            self.v[k] = m
            params[k] -= self.lr * (self.momentum * m + (1 - self.momentum) * g)


@wrong("adagrad/update", "h is the mean of the squares so far, not their sum.")
class AdagradMean:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = ((self.t - 1) * self.h[k] + grads[k] ** 2) / self.t
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "The caller's gradient is squared in place, so the step is made with the square.")
class AdagradSquaresInPlace:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            g = grads[k]
            g **= 2
            self.h[k] += g
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "The array of sums is made of whole numbers, which cannot take the squares.")
class AdagradWholeNumbers:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros(params[k].shape, dtype=int)
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "math.sqrt, which takes one number, is given an array.")
class AdagradMathSqrt:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (math.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "Adam's bias correction was put into RMSprop.")
class RmspropCorrected:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            h_hat = self.h[k] / (1 - self.decay**self.t)
            params[k] -= self.lr * grads[k] / (np.sqrt(h_hat) + self.eps)


@wrong(
    "rmsprop/update",
    '"Mean square" is taken over the entries of the array, so all its coordinates share one number.',
)
class RmspropMeanOverArray:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = 0.0
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * np.mean(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "The root is taken of each square before averaging: h is the average of |g|.")
class RmspropRootFirst:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            rms = np.sqrt(grads[k] ** 2)
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * rms
            params[k] -= self.lr * grads[k] / (self.h[k] + self.eps)


@wrong(
    "rmsprop/update",
    "The last ten squares are kept in a list and averaged: a window, not an exponential average.",
)
class RmspropWindow:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = []
            self.h[k].append(grads[k] ** 2)
            mean_square = np.mean(self.h[k][-10:], axis=0)
            params[k] -= self.lr * grads[k] / (np.sqrt(mean_square) + self.eps)


@wrong("graves/update", "n, a and d are three names of one dict.")
class GravesOneDict:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n = self.a = self.d = {}

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
            params[k] += self.d[k]


@wrong(
    "graves/update",
    "n averages the squared distance from the new mean, in place of mean square minus squared mean.",
)
class GravesAveragesDeviation:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * (grads[k] - self.a[k]) ** 2
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / np.sqrt(self.n[k] + self.eps)
            params[k] += self.d[k]


@wrong("graves/update", "The whole velocity is divided by the spread, not the gradient that enters it.")
class GravesDividesVelocity:
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
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k]
            params[k] += self.d[k] / np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)


@wrong("graves/update", "The step is made with the averages of the call before; they are updated at the end.")
class GravesOldAverages:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = np.zeros_like(params[k])
                self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            spread = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]


@wrong("adam/update", "m and v begin as one and the same array of zeros, and both are changed in place.")
class AdamOneArray:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = self.v[k] = np.zeros_like(params[k])
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * (grads[k] ** 2 - self.v[k])
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "t is the number of the array in the loop, not that of the call.")
class AdamEnumerates:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        for t, k in enumerate(params, start=1):
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**t)
            v_hat = self.v[k] / (1 - self.beta2**t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong("adam/update", "AMSGrad was pasted in: the step is divided by the root of the largest v̂ so far.")
class AdamLargestV:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v, self.v_max = 0, {}, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
                self.v_max[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            self.v_max[k] = np.maximum(self.v_max[k], v_hat)
            params[k] -= self.lr * m_hat / (np.sqrt(self.v_max[k]) + self.eps)


@wrong(
    "adam/update",
    "The rate is divided by the root of t, as in the convergence proof, which the rule does not do.",
)
class AdamRateFalls:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        lr_t = self.lr / np.sqrt(self.t)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= lr_t * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong(
    "practice/adamw",
    "Only arrays with two or more axes decay, as large training scripts do; the lesson decays all.",
)
class AdamwSparesBiases:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, p in params.items():
            if k not in self.m:
                self.m[k] = np.zeros_like(p)
                self.v[k] = np.zeros_like(p)
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            wd = self.weight_decay if p.ndim >= 2 else 0.0
            p -= self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + wd * p)


@wrong(
    "practice/adamw",
    "m sees the gradient with the penalty, v the gradient alone; nothing decays beside the step.",
)
class AdamwHalfDecoupled:
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
            g = grads[k]
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * (g + self.weight_decay * params[k])
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong(
    "practice/adamw", "The decay makes a new dict under the name params, so the caller's arrays never change."
)
class AdamwNewDict:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        params = {k: p * (1 - self.lr * self.weight_decay) for k, p in params.items()}
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
