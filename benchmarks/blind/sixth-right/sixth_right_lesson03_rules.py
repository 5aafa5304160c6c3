"""Lesson 03: right answers in unusual ways."""

from itertools import accumulate
import numpy as np
from blind_collection import right


@right("nesterov/look-ahead", "itertools.accumulate over the pair (theta, v); np.vstack at the end.")
def look_ahead3(gradient, theta, lr, momentum, steps):
    def step(state, _):
        place, v = state
        new = momentum * v - lr * gradient(place + momentum * v)
        return place + new, new

    start = (np.array(theta, dtype=float), np.zeros(len(theta)))
    return np.vstack([place for place, _ in accumulate(range(steps), step, initial=start)])


@right(
    "nesterov/update", "Moves by mu*v - lr*g with the new v, the short form, with numpy in-place operations."
)
class Nesterov7:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, theta in params.items():
            push = -self.lr * grads[k]
            if k in self.v:
                self.v[k] = self.v[k] * self.momentum + push
            else:
                self.v[k] = push.copy() if hasattr(push, "copy") else push
            theta += push + self.momentum * self.v[k]


@right(
    "nesterov/critical",
    "Solves the quadratic, by the formula with the root below the line, which needs no special case at q = 1.",
)
def critical_momentum12(lr, curvature):
    q = lr * curvature
    # (1 - q) mu^2 - 2 (1 + q) mu + (1 - q) = 0; the smaller solution is c / (half + root)
    half = 1 + q
    root = (half**2 - (1 - q) ** 2) ** 0.5
    return (1 - q) / (half + root)
