"""Lesson 03: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("nesterov/look-ahead", "recursion; the velocity is the difference of the last two places")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    def go(places, left):
        if left == 0:
            return np.stack(places[1:])
        a = places[-1] + momentum * (places[-1] - places[-2])
        return go(places + [a - lr * gradient(a)], left - 1)

    return go([theta * 1.0, theta * 1.0], steps)


@right("nesterov/update", "goes back to the ball, moves it, and stores the new look-ahead point")
class Nesterov03A:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.velocity = {}

    def update(self, params, grads):
        for key, a in params.items():
            v = self.velocity.get(key, np.zeros_like(a))
            ball = a - self.momentum * v
            v = self.momentum * v - self.lr * grads[key]
            ball = ball + v
            self.velocity[key] = v
            a[...] = ball + self.momentum * v


@right("nesterov/limit", "each direction's own limit, 1 + 1/(1 + 2μ) over the curvature, then the smallest")
def stable_limit_03_a(momentum, curvatures):
    return min((1 + 1 / (1 + 2 * momentum)) / float(c) for c in curvatures)
