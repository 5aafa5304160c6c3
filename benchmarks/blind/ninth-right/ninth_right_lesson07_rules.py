"""Lesson 07: right, in unusual ways."""

from fractions import Fraction

import numpy as np
from blind_collection import right


@right("comparison/six-rules", "Each rule is a coroutine that is sent gradients and yields steps.")
def path_of_07_a(name, hyper, gradient, start, steps):
    def sgd(lr=0.01):
        g = yield
        while True:
            g = yield -lr * g

    def momentum(lr=0.01, momentum=0.9):
        g, v = (yield), 0.0
        while True:
            v = momentum * v - lr * g
            g = yield v

    def nesterov(lr=0.01, momentum=0.9):
        g, v = (yield), 0.0
        while True:
            v = momentum * v - lr * g
            g = yield momentum * v - lr * g

    def root(keep, new, lr, eps):
        g, h = (yield), 0.0
        while True:
            h = keep * h + new * g**2
            g = yield -lr * g / (np.sqrt(h) + eps)

    def adagrad(lr=0.01, eps=1e-8):
        return root(1.0, 1.0, lr, eps)

    def rmsprop(lr=0.001, decay=0.9, eps=1e-8):
        return root(decay, 1 - decay, lr, eps)

    def adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        g, m, v, t = (yield), 0.0, 0.0, 0
        while True:
            t += 1
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
            g = yield -lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)

    makers = (sgd, momentum, nesterov, adagrad, rmsprop, adam)
    rule = next(maker for maker in makers if maker.__name__ == name.lower())(**hyper)
    next(rule)
    path = np.empty((steps + 1, len(start)))
    path[0] = start
    for i in range(steps):
        path[i + 1] = path[i] + rule.send(np.array(gradient(path[i].copy()), dtype=float))
    return path


@right(
    "comparison/by-chance",
    "Tosses the coins one by one: an exact distribution of fractions, then counts both ends.",
)
def by_chance_07_a(wins, seeds):
    half, chances = Fraction(1, 2), [Fraction(1)]
    for _ in range(seeds):
        chances = [half * (a + b) for a, b in zip([0, *chances], [*chances, 0])]
    return float(sum(chance for k, chance in enumerate(chances) if max(k, seeds - k) >= wins))


@right("comparison/logit-loss", "With logaddexp for the logarithms and tanh for the sigmoid.")
def logit_loss_07_a(z, t, weight=1.0):
    s = 0.5 + 0.5 * np.tanh(z / 2)
    loss = np.average(weight * t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z))
    slope = (s * (1 - t + weight * t) - weight * t) / z.size
    return float(loss), slope
