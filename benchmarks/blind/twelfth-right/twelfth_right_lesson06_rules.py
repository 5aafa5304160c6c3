"""Right answers of the twelfth blind set, lesson 06, in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right(
    "adam/update",
    "the paper's faster order (5), with ε times the root of c₂; m and v together in one array a key",
)
class Adam_r06_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.betas = beta1, beta2
        self.calls = 0
        self.moments = {}

    def update(self, params, grads):
        self.calls += 1
        b1, b2 = self.betas
        c1, root = 1 - b1**self.calls, math.sqrt(1 - b2**self.calls)
        for k in params:
            g = np.asarray(grads[k], dtype=float)
            if k not in self.moments:
                self.moments[k] = np.zeros((2, *g.shape))
            mv = self.moments[k]
            mv[0] = b1 * mv[0] + (1 - b1) * g
            mv[1] = b2 * mv[1] + (1 - b2) * g * g
            params[k] = params[k] - self.lr * root / c1 * mv[0] / (np.sqrt(mv[1]) + root * self.eps)


@right("adam/weight-sum", "runs the average on inputs that are all 1: its value is the sum of the weights")
def weight_sum_r06_b(beta, t):
    a = 0.0
    for _ in range(t):
        a = beta * a + (1 - beta)
    return a


@right("adam/longest-step", "the geometric sum by Horner: np.polyval of ones at β₁²/β₂")
def longest_step_r06_c(beta1, beta2, t):
    series = np.polyval(np.ones(t), beta1 * beta1 / beta2)
    head = (1 - beta1) / (1 - beta1**t)
    return float(head * np.sqrt(series * (1 - beta2**t) / (1 - beta2)))


@right("adam/uncorrected", "in logarithms: expm1 for both sums, and the root as a half")
def uncorrected_r06_d(beta1, beta2, t):
    def log_sum(beta):
        return 0.0 if beta == 0 else math.log(-math.expm1(t * math.log(beta)))

    return math.exp(log_sum(beta1) - log_sum(beta2) / 2)
