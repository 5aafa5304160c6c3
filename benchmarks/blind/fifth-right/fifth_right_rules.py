"""Twenty right answers of the fifth blind set, written as students write them."""

from collections import defaultdict

import numpy as np
from blind_collection import right


@right("sgd/update", "np.subtract writes into the array itself.")
class SgdOut:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            np.subtract(params[k], self.lr * grads[k], out=params[k])


@right("sgd/update", "A new array is put under the key.")
class SgdWrittenBack:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k, p in list(params.items()):
            params[k] = p - self.lr * grads[k]


@right("momentum/update", "The velocity has the gradient's sign and is subtracted.")
class MomentumPositive:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.momentum * self.v.get(k, 0.0) + self.lr * g
            params[k] -= self.v[k]


@right("momentum/update", "The velocity is changed in place, in two statements.")
class MomentumInPlace:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, np.zeros_like(params[k]))
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += v


@right(
    "momentum/update",
    "The place before the call is kept, and the velocity is the difference of the last two places.",
)
class MomentumLastPlace:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, p in params.items():
            if k not in self.v:
                self.v[k] = p.copy()
            before = p.copy()
            p += self.momentum * (before - self.v[k]) - self.lr * grads[k]
            self.v[k] = before


@right("nesterov/update", "Step 4 with the old and the new velocity.")
class NesterovTwoVelocities:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v_prev = self.v[k].copy()
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += -self.momentum * v_prev + (1 + self.momentum) * self.v[k]


@right("nesterov/update", "It goes back to the ball, makes the ball's step, and looks ahead again.")
class NesterovThereAndBack:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, a in params.items():
            v = self.v.get(k, np.zeros_like(a))
            theta = a - self.momentum * v
            v = self.momentum * v - self.lr * grads[k]
            theta = theta + v
            params[k][...] = theta + self.momentum * v
            self.v[k] = v


@right("nesterov/update", "The velocity first, then the step μ v - η g with the new one.")
class NesterovNewVelocityOnly:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) - self.lr * grads[k]
            params[k] += self.momentum * self.v[k] - self.lr * grads[k]


@right("adagrad/update", "The root of the sum is kept, by np.hypot.")
class AdagradRootKept:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = np.hypot(self.h.get(k, np.zeros_like(g)), g)
            params[k] -= self.lr * g / (self.h[k] + self.eps)


@right(
    "adagrad/update", "The root is a power of one half, and the rate of each coordinate is computed first."
)
class AdagradPower:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr = lr
        self.eps = eps
        self.h = None

    def update(self, params, grads):
        if self.h is None:
            self.h = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.h[k] += grads[k] * grads[k]
            rate = self.lr / (self.h[k] ** 0.5 + self.eps)
            params[k] -= rate * grads[k]


@right("rmsprop/update", "The average moves by the share 1 - ρ of its distance to the new square.")
class RmspropDifference:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += (1 - self.decay) * (grads[k] ** 2 - self.h[k])
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


@right("rmsprop/update", "A defaultdict gives the zero at the start.")
class RmspropDefaultdict:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = defaultdict(float)

    def update(self, params, grads):
        rho = self.decay
        for k, g in grads.items():
            self.h[k] = rho * self.h[k] + (1 - rho) * g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


@right("rmsprop/update", "A method of its own makes the average, and the updates are made in a second loop.")
class RmspropHelper:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}

    def average(self, key, new):
        old = self.h[key] if key in self.h else 0 * new
        self.h[key] = self.decay * old + (1 - self.decay) * new
        return self.h[key]

    def update(self, params, grads):
        steps = {}
        for k in grads:
            h = self.average(k, grads[k] ** 2)
            steps[k] = grads[k] / (np.sqrt(h) + self.eps)
        for k in params:
            params[k] -= self.lr * steps[k]


@right("graves/update", "d has the gradient's sign and is subtracted.")
class GravesDownhill:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.decay * self.n.get(k, 0) + (1 - self.decay) * g * g
            self.a[k] = self.decay * self.a.get(k, 0) + (1 - self.decay) * g
            root = (self.n[k] - self.a[k] ** 2 + self.eps) ** 0.5
            self.d[k] = self.momentum * self.d.get(k, 0) + self.lr * g / root
            params[k] -= self.d[k]


@right("graves/update", "The velocity is kept without the learning rate, which multiplies it at the end.")
class GravesRateOutside:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k in params:
            for state in (self.n, self.a, self.d):
                state.setdefault(k, np.zeros_like(params[k]))
            g = grads[k]
            self.n[k] += (1 - self.decay) * (g**2 - self.n[k])
            self.a[k] += (1 - self.decay) * (g - self.a[k])
            spread = np.sqrt(self.n[k] - self.a[k] * self.a[k] + self.eps)
            self.d[k] = self.momentum * self.d[k] - g / spread
            params[k] += self.lr * self.d[k]


@right(
    "adam/update",
    "The paper's faster order: the rate is corrected, and ε is multiplied by the root of 1 - β₂^t.",
)
class AdamCorrectsRate:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t
        lr_t = self.lr * np.sqrt(c2) / c1
        for k in params:
            if k not in self.m:
                self.m[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * (grads[k] ** 2 - self.v[k])
            params[k] -= lr_t * self.m[k] / (np.sqrt(self.v[k]) + self.eps * np.sqrt(c2))


@right("adam/update", "The powers of β are multiplied up from call to call.")
class AdamRunningPowers:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.power1, self.power2 = 1.0, 1.0
        self.m, self.v = {}, {}

    def update(self, params, grads):
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.power1)
            v_hat = self.v[k] / (1 - self.power2)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right("adam/update", "t begins at 1 and is raised at the end of the call.")
class AdamCountsLate:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 1, {}, {}

    def update(self, params, grads):
        for key in params.keys():
            if key not in self.m:
                self.m[key] = np.zeros_like(params[key])
                self.v[key] = np.zeros_like(params[key])
            self.m[key] = self.beta1 * self.m[key] + (1 - self.beta1) * grads[key]
            self.v[key] = self.beta2 * self.v[key] + (1 - self.beta2) * np.power(grads[key], 2)
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            params[key] = params[key] - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        self.t += 1


@right("practice/adamw", "The parameters shrink by 1 - η w first, then Adam's step is subtracted.")
class AdamwShrinksFirst:
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
            p *= 1 - self.lr * self.weight_decay
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right("practice/adamw", "The decay is computed before Adam's step and subtracted after it.")
class AdamwTwoParts:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            m, v = self.m.get(k, 0), self.v.get(k, 0)
            decay = self.lr * self.weight_decay * params[k]
            m = self.beta1 * m + (1 - self.beta1) * grads[k]
            v = self.beta2 * v + (1 - self.beta2) * grads[k] ** 2
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] -= decay
            self.m[k], self.v[k] = m, v
