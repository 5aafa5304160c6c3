"""Lesson 07: right answers in unusual ways."""

from fractions import Fraction
from math import comb, factorial
import numpy as np
from blind_collection import right


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * grads[k]
            params[k] += self.v[k]


class Nesterov:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += -self.momentum * old + (1 + self.momentum) * self.v[k]


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class RMSprop:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * grads[k] ** 2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@right(
    "comparison/six-rules",
    "No classes at all: one generator with a branch for each rule, plain arrays, and np.stack.",
)
def path_of3(name, hyper, gradient, start, steps):
    lr = hyper.get("lr", 0.001 if name in ("RMSprop", "Adam") else 0.01)
    mu, eps, rho = hyper.get("momentum", 0.9), hyper.get("eps", 1e-8), hyper.get("decay", 0.9)
    b1, b2 = hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)

    def points():
        x = np.asarray(start) * 1.0
        first, second = 0.0 * x, 0.0 * x
        yield x
        for t in range(1, steps + 1):
            g = gradient(x.copy())
            if name == "SGD":
                x = x - lr * g
            elif name == "Momentum":
                first = mu * first - lr * g
                x = x + first
            elif name == "Nesterov":
                first = mu * first - lr * g
                x = x + mu * first - lr * g
            elif name == "Adam":
                first, second = b1 * first + (1 - b1) * g, b2 * second + (1 - b2) * g**2
                x = x - lr * (first / (1 - b1**t)) / (np.sqrt(second / (1 - b2**t)) + eps)
            else:
                second = second + g**2 if name == "AdaGrad" else rho * second + (1 - rho) * g**2
                x = x - lr * g / (np.sqrt(second) + eps)
            yield x

    return np.stack(list(points()))


@right(
    "comparison/by-chance",
    "Adds exact fractions over all numbers of heads and asks of each whether one side has enough.",
)
def by_chance6(wins, seeds):
    total = Fraction(0)
    for heads in range(seeds + 1):
        if max(heads, seeds - heads) >= wins:
            total += Fraction(factorial(seeds), factorial(heads) * factorial(seeds - heads))
    return float(total / 2**seeds)


@right(
    "comparison/same-path",
    "Asks whether eps is among the keys instead of for the name, and builds the dict in one expression.",
)
def same_path8(name, hyper, c):
    adaptive = name not in {"SGD", "Momentum", "Nesterov"}
    factor = {"eps": c} if adaptive else {"lr": 1 / c}
    return {key: number * factor.get(key, 1) for key, number in hyper.items()}


@right(
    "comparison/logit-loss",
    "np.logaddexp for both logarithms, and for the two sigmoids of the slope as exp of minus them.",
)
def logit_loss14(z, t, weight=1.0):
    one, zero = np.logaddexp(0, -z), np.logaddexp(0, z)
    loss = (weight * t * one + (1 - t) * zero).mean()
    return float(loss), ((1 - t) * np.exp(-one) - weight * t * np.exp(-zero)) / z.shape[0]
