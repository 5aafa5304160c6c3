# Your rules, kept when their checks passed: later lessons draw with them.
import numpy as np


class Momentum:
    """The ball of section 2, for each key. Each velocity starts at zero."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):  # both dicts have the same keys, in any order at each call
        ### BEGIN SOLUTION
        for k, g in grads.items():
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * g
            params[k] += self.v[k]


class Adam:
    """Adam, Algorithm 1 of Kingma and Ba (2015)."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):  # both dicts have the same keys, in any order at each call
        ### BEGIN SOLUTION
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class AdamW:
    """Adam of lesson 06, with decoupled weight decay.

    Besides Adam's step, each parameter loses the share that plain descent with an L2 penalty takes from it. The
    share is taken of the parameter as it was before the call.
    """

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        ### BEGIN SOLUTION
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            step = m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] -= self.lr * (step + self.weight_decay * params[k])


class RMSprop:
    """AdaGrad that forgets: requirements 1 to 3."""

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.h = {}  # one array for each key

    def update(self, params, grads):  # both dicts have the same keys, in any order at each call
        ### BEGIN SOLUTION
        for key, g in grads.items():
            self.h[key] = self.decay * self.h.get(key, 0.0) + (1 - self.decay) * g**2
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


class RMSpropGraves:
    """Steps 1 to 4, for each key, with the constants of Graves' paper."""

    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}  # each starts at zero

    def update(self, params, grads):  # both dicts have the same keys, in any order at each call
        ### BEGIN SOLUTION
        for key, g in grads.items():
            self.n[key] = self.decay * self.n.get(key, 0.0) + (1 - self.decay) * g**2
            self.a[key] = self.decay * self.a.get(key, 0.0) + (1 - self.decay) * g
            radicand = self.n[key] - self.a[key] ** 2 + self.eps
            push = self.lr * g / np.sqrt(radicand)
            self.d[key] = self.momentum * self.d.get(key, 0.0) - push
            params[key] += self.d[key]
