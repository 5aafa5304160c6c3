"""Lesson 08: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("practice/effective", "the closed form (1 + β)/(1 − β) · (1 − βᵗ)/(1 + βᵗ)")
def effective_08_a(beta, t):
    faded = beta**t
    return (1 + beta) * (1 - faded) / ((1 - beta) * (1 + faded))


@right("practice/schedule", "the half wave as a squared cosine of half the angle")
def schedule_08_a(t, lr, warmup, total):
    rising = t <= warmup
    return lr * (t / warmup if rising else np.cos(0.5 * np.pi * (t - warmup) / (total - warmup)) ** 2)


@right(
    "practice/adamw",
    "shrinks the parameter first, then takes Adam's step with the weights' sums kept as averages of 1",
)
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.b1, self.b2, self.eps, self.weight_decay = lr, beta1, beta2, eps, weight_decay
        self.sum1 = self.sum2 = 0.0
        self.first, self.second = {}, {}

    def update(self, params, grads):
        self.sum1 = self.b1 * self.sum1 + (1 - self.b1)
        self.sum2 = self.b2 * self.sum2 + (1 - self.b2)
        for key in reversed(list(params)):
            g = grads[key]
            self.first[key] = self.b1 * self.first.get(key, 0) + (1 - self.b1) * g
            self.second[key] = self.b2 * self.second.get(key, 0) + (1 - self.b2) * g * g
            kept = (1 - self.lr * self.weight_decay) * params[key]
            root = np.sqrt(self.second[key] / self.sum2)
            params[key] = kept - self.lr * (self.first[key] / self.sum1) / (root + self.eps)
