"""The fourth set's thirty odder ones: misconceptions, aliases, borrowed lines, wrong axes and types."""

import numpy as np
from blind_collection import wrong


@wrong("sgd/update", "clips each gradient entry to the range from -1 to 1 before the step")
class ClipsFirst:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            g = np.clip(grads[k], -1, 1)
            params[k] -= self.lr * g


@wrong("sgd/update", "casts the new parameter to float32")
class HalfPrecision:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = (params[k] - self.lr * grads[k]).astype(np.float32)


@wrong("sgd/update", "divides the learning rate by the number of the call")
class RobbinsMonro:
    def __init__(self, lr=0.01):
        self.lr = lr
        self.calls = 0

    def update(self, params, grads):
        self.calls += 1
        for k in params:
            params[k] -= self.lr / self.calls * grads[k]


@wrong("sgd/update", "multiplies the parameter by 1 - lr g instead of subtracting lr g")
class ShrinksInstead:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] *= 1 - self.lr * grads[k]


@wrong("momentum/update", "keeps one velocity and carries it from array to array")
class OneForAll:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = 0.0

    def update(self, params, grads):
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k]
            params[k] = params[k] + self.v


@wrong(
    "momentum/update",
    "finds a velocity by the position of its key in the dict, and the order may change",
)
class ByPosition:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = []

    def update(self, params, grads):
        if not self.v:
            self.v = [np.zeros_like(p) for p in params.values()]
        for i, k in enumerate(params):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[k]
            params[k] += self.v[i]


@wrong("momentum/update", "moves by -lr g + mu v, then keeps half of the step just made as v")
class HalfOfTheStep:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            step = -self.lr * grads[k] + self.momentum * self.v[k]
            params[k] += step
            self.v[k] = step / 2


@wrong(
    "momentum/update",
    "takes the velocity as new place minus old place, but old is the same array: always zero",
)
class OldPlaceIsAView:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            old = params[k]
            params[k] += self.momentum * self.v[k] - self.lr * grads[k]
            self.v[k] = params[k] - old


@wrong("nesterov/update", "looks ahead anew at every call but never takes the old look-ahead back")
class LooksFurtherEachCall:
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


@wrong("nesterov/update", "writes mu ^ 2 for mu ** 2")
class CaretForPower:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v = self.v[k]
            params[k] += self.momentum ^ 2 * v - (1 + self.momentum) * self.lr * grads[k]
            self.v[k] = self.momentum * v - self.lr * grads[k]


@wrong("nesterov/update", "calls the gradient array as if it were a function of the look-ahead point")
class CallsTheGradient:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            ahead = params[k] + self.momentum * self.v[k]
            g = grads[k](ahead)
            self.v[k] = self.momentum * self.v[k] - self.lr * g
            params[k] += self.v[k]


@wrong("nesterov/update", "adds mu v to the gradient, as if that were the gradient at the look-ahead point")
class AheadInTheGradient:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            g_ahead = grads[k] + self.momentum * self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * g_ahead
            params[k] += self.v[k]


@wrong(
    "adagrad/update",
    "stores the divided learning rate back in self.lr, so it is divided again and again",
)
class RateStored:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            self.lr = self.lr / (np.sqrt(self.h[k]) + self.eps)
            params[k] = params[k] - self.lr * grads[k]


@wrong("adagrad/update", "h starts at 0.1, as in a library, instead of zero")
class StartsAtATenth:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.full_like(params[k], 0.1)
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "uses the matrix product g.T @ g for the square")
class MatrixProduct:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            square = grads[k].T @ grads[k]
            self.h[k] = self.h.get(k, 0) + square
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("adagrad/update", "divides the sum of squares by the number of calls: a mean, not a sum")
class MeanOverCalls:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k] / self.t) + self.eps)


@wrong("rmsprop/update", "corrects h by 1 - decay**t, as Adam does")
class CorrectedLikeAdam:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h, self.t = {}, 0

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
    "g **= 2 squares the gradient itself, so the step uses the square and loses the sign",
)
class SquaresInPlace:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            g = grads[k]
            g **= 2
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * g
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("rmsprop/update", "h is an array of integers and is filled in place, so its decimals are cut off")
class WholeNumbers:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros(params[k].shape, dtype=int)
            self.h[k][...] = self.decay * self.h[k] + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong(
    "rmsprop/update",
    "takes the mean square over the entries of the array: one number for all coordinates",
)
class MeanOverTheArray:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = 0.0
            self.h[k] = self.decay * self.h[k] + (1 - self.decay) * np.mean(grads[k] ** 2)
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@wrong("graves/update", "n and a are made as one array under two names and changed in place")
class TwoNamesOneArray:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        rho = self.decay
        for k in params:
            if k not in self.n:
                self.n[k] = self.a[k] = np.zeros_like(params[k])
                self.d[k] = np.zeros_like(params[k])
            self.n[k] *= rho
            self.n[k] += (1 - rho) * grads[k] ** 2
            self.a[k] *= rho
            self.a[k] += (1 - rho) * grads[k]
            spread = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "takes np.var over the entries of one gradient instead of n - a**2 over the calls")
class VarianceOfTheArray:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            if k not in self.n:
                self.n[k] = 0.0
                self.d[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * np.var(grads[k])
            spread = np.sqrt(self.n[k] + self.eps)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong("graves/update", "adds eps to the stored n at every call, so it adds up")
class EpsAddsUp:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            for state in (self.n, self.a, self.d):
                state.setdefault(k, np.zeros_like(params[k]))
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] ** 2 + self.eps
            self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
            spread = np.sqrt(self.n[k] - self.a[k] ** 2)
            self.d[k] = self.momentum * self.d[k] - self.lr * grads[k] / spread
            params[k] += self.d[k]


@wrong(
    "adam/update",
    "m, v and t are attributes of the class, not of the object: two optimizers share m and v",
)
class SharedMemory:
    m, v = {}, {}
    t = 0

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps

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


@wrong(
    "adam/update",
    "stores the corrected learning rate in self.lr, so the corrections multiply from call to call",
)
class RateCorrectedForGood:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        self.lr = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * (grads[k] ** 2 - self.v[k])
            params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("adam/update", "divides by the largest v so far, as AMSGrad does")
class LargestV:
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
    "corrects the learning rate as in the fast form, but leaves eps as it is beside the uncorrected root",
)
class PlainEpsInTheFastForm:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        lr_t = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            params[k] -= lr_t * self.m[k] / (np.sqrt(self.v[k]) + self.eps)


@wrong("practice/adamw", "decays only arrays of two or more dimensions, as if the others were biases")
class BiasesSpared:
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
            if params[k].ndim >= 2:
                params[k] -= self.lr * self.weight_decay * params[k]
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@wrong(
    "practice/adamw",
    "keeps the old parameters by dict(params), which copies no array: the decay sees the new ones",
)
class OldIsShallow:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        old = dict(params)
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] -= self.lr * self.weight_decay * old[k]


@wrong(
    "rmsprop/decay-for",
    "lets h decay to zero, not towards its usual value: solves held * rho**calls = 2 * usual",
)
def decays_to_nothing(held, usual, calls):
    return (2 * usual / held) ** (1 / calls)
