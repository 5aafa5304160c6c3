"""Odd answers, lesson 04."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/hindsight", "The scales are written into an array of integers, which cuts them off.")
def hindsight_scales_odd_04_a(gradients, total):
    T, d = gradients.shape
    lengths = [np.sqrt(sum(gradients[t, i] ** 2 for t in range(T))) for i in range(d)]
    s = np.array([0] * d)
    for i in range(d):
        s[i] = total * lengths[i] / sum(lengths)
    return s


@wrong("adagrad/update", "As in Keras the sum of squares starts at 0.1 instead of zero.")
class AdaGrad_odd_04_b:
    def __init__(self, lr=0.01, eps=1e-8, initial_accumulator_value=0.1):
        self.lr, self.eps = lr, eps
        self.initial_accumulator_value = initial_accumulator_value
        self.h = {}

    def build(self, params):
        for name, p in params.items():
            if name not in self.h:
                self.h[name] = np.full(np.shape(p), self.initial_accumulator_value)

    def update(self, params, grads):
        self.build(params)
        for name in params:
            self.h[name] += np.square(grads[name])
            params[name] -= self.lr * grads[name] / (np.sqrt(self.h[name]) + self.eps)
