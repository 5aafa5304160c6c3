"""Right answers in unusual ways, for lesson 08."""

import numpy as np
from blind_collection import right


@right(
    "practice/adamw",
    "Shrinks the parameter first and adds Adam's step, which does not see it; memory in one list per key.",
)
class AdamWShrinkFirst_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.betas, self.eps, self.weight_decay = lr, np.array([beta1, beta2]), eps, weight_decay
        self.kept = np.ones(2)
        self.memory = {}

    def update(self, params, grads):
        self.kept = self.kept * self.betas
        for key in grads:
            g = grads[key]
            pair = self.memory.get(key) or [np.zeros_like(g), np.zeros_like(g)]
            pair = [b * old + (1 - b) * new for b, old, new in zip(self.betas, pair, (g, g**2))]
            self.memory[key] = pair
            m_hat, v_hat = (x / (1 - kept) for x, kept in zip(pair, self.kept))
            params[key] *= 1 - self.lr * self.weight_decay
            params[key] -= self.lr * m_hat / (self.eps + v_hat**0.5)


@right(
    "practice/effective",
    "Kish's formula: the squared sum of the weights over the sum of their squares, weights by a loop.",
)
def effective_08_a(beta, t):
    weight = total = squares = 0.0
    for k in range(t):
        weight = weight * beta if k else 1.0
        total += weight
        squares += weight * weight
    return total * total / squares


@right(
    "practice/rest",
    "The place inside the box is the median of the two walls and the minimum; no division by w = 0.",
)
def rest_08_a(curvature, minimum, weight_decay):
    box = {"sign": minimum}
    if abs(minimum) * weight_decay > 1:
        box["sign"] = float(np.median([-1 / weight_decay, minimum, 1 / weight_decay]))
    return {"plain": minimum / (1 + weight_decay / curvature), **box}
