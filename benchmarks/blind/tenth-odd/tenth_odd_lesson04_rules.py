"""Strange answers of the tenth blind set, lesson 04."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/update", "Sets the caller's gradients to zero after the step, like a built-in zero_grad.")
class AdaGrad_04_odd_a:
    def __init__(self, lr=0.01, eps=1e-8):
        self.lr, self.eps = lr, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.zeros_like(params[k])
            self.h[k] += grads[k] * grads[k]
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
        for g in grads.values():
            g[...] = 0.0  # ready for the next backward pass


@wrong(
    "adagrad/rescaled",
    "Multiplies with *, MATLAB's matrix product, which is entry by entry here: only the diagonal is left.",
)
def rescaled_04_odd_b(A, h):
    D = np.diag(h**-0.25)
    return D * A * D
