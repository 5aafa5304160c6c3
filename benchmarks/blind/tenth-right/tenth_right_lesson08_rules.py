"""Right answers for lesson 08 of the tenth blind set, in unusual ways."""

import numpy as np
from blind_collection import right


@right("practice/adamw", "All arrays are joined into one long vector, which has one m and one v.")
class AdamW_08_r1:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, 0.0, 0.0

    def update(self, params, grads):
        self.t += 1
        names = sorted(params)
        g = np.concatenate([np.ravel(grads[name]) for name in names])
        theta = np.concatenate([np.ravel(params[name]) for name in names])
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g * g
        m_hat, v_hat = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        theta = theta - self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * theta)
        for name in names:
            size = np.size(params[name])
            params[name], theta = theta[:size].reshape(np.shape(params[name])), theta[size:]


@right(
    "practice/effective",
    "The squared sum of the weights over the sum of their squares: no normalization is needed.",
)
def effective_08_r2(beta, t):
    weights = np.power(float(beta), np.arange(t))
    return np.sum(weights) ** 2 / np.dot(weights, weights)


@right(
    "practice/schedule",
    "The falling half wave as a squared cosine of half the angle; the rise by interpolation.",
)
def schedule_08_r3(t, lr, warmup, total):
    if warmup and t <= warmup:
        return float(np.interp(t, [0, warmup], [0.0, lr]))
    return lr * np.cos(np.pi / 2 * (t - warmup) / (total - warmup)) ** 2
