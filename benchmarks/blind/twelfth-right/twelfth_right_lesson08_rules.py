"""Right answers of the twelfth blind set, lesson 08, in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right(
    "practice/adamw",
    "sums without 1 − β, which cancels in the corrected averages; the decay as a factor, the rest added in place",
)
class AdamW_r08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.sums = {}
        self.w1 = self.w2 = 0.0  # sums of the weights

    def update(self, params, grads):
        self.w1 = self.beta1 * self.w1 + 1
        self.w2 = self.beta2 * self.w2 + 1
        for k in grads:
            s1, s2 = self.sums.get(k, (0.0, 0.0))
            s1 = self.beta1 * s1 + grads[k]
            s2 = self.beta2 * s2 + np.square(grads[k])
            self.sums[k] = s1, s2
            step = (s1 / self.w1) / (np.sqrt(s2 / self.w2) + self.eps)
            params[k] = (1 - self.lr * self.weight_decay) * params[k] - self.lr * step


@right("practice/clip", "math.hypot of all entries, and divided by max(1, norm / limit) in a comprehension")
def clip_r08_b(grads, limit):
    norm = math.hypot(*(float(x) for g in grads.values() for x in np.ravel(g)))
    return {k: np.array(g, dtype=float) / max(1.0, norm / limit) for k, g in grads.items()}


@right(
    "practice/rest",
    "plain: an average of the minimum and 0, weighted by curvature and decay; sign: the middle one of three numbers",
)
def rest_r08_c(curvature, minimum, weight_decay):
    box = math.inf if weight_decay == 0 else 1 / weight_decay
    return {
        "plain": float(np.average([minimum, 0.0], weights=[curvature, weight_decay])),
        "sign": sorted((-box, minimum, box))[1],
    }
