"""Lesson 05: right answers in unusual ways."""

from math import exp, log

import numpy as np
from blind_collection import right


@right("rmsprop/decay-for", "by logarithms, with the ratio held/usual")
def decay_for_05_a(held, usual, calls):
    return exp(-log(held / usual - 1) / calls)


@right("rmsprop/update", "keeps the root of h and updates it with np.hypot")
class RMSprop_05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.old, self.new = np.sqrt(decay), np.sqrt(1 - decay)
        self.root = {}

    def update(self, params, grads):
        for key in sorted(grads):
            self.root[key] = np.hypot(self.old * self.root.get(key, 0.0), self.new * grads[key])
            params[key] = params[key] - self.lr * (grads[key] / (self.root[key] + self.eps))


@right(
    "graves/update",
    "keeps the variance itself, as in section 7, and a velocity of the opposite sign without η",
)
class RMSpropGraves_05_a:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.state = {}

    def update(self, params, grads):
        for key, g in grads.items():
            mean, var, speed = self.state.get(key, (0.0, 0.0, 0.0))
            delta = g - mean
            mean = mean + (1 - self.decay) * delta
            var = self.decay * (var + (1 - self.decay) * delta**2)
            speed = self.momentum * speed + g / np.sqrt(var + self.eps)
            self.state[key] = mean, var, speed
            params[key] -= self.lr * speed


@right("rmsprop/faults", "with lists and sets of steps in place of comparisons")
def faults_05_a(steps):
    table = np.asarray(steps).tolist()
    second_calls = {tuple(table[run][1]) for run in (0, 1)}
    w = {table[run][0][0] for run in (0, 2)}
    b = {table[run][0][1] for run in (0, 3)}
    return dict(mixes=len(w) + len(b) > 2, remembers=len(second_calls) == 2)
