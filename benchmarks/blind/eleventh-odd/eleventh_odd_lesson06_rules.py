"""Strange answers for lesson 06."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adam/update", "An option of a library is on by default: it divides by the largest v̂ so far (AMSGrad)."
)
class AdamProduction_06_a:
    """Production-ready Adam optimizer with optional AMSGrad and decoupled weight decay."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, *, amsgrad=True, weight_decay=0.0):
        if lr < 0 or not 0 <= beta1 < 1 or not 0 <= beta2 < 1 or eps < 0:
            raise ValueError("Invalid hyperparameters")
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.amsgrad, self.weight_decay = amsgrad, weight_decay
        self.t, self.m, self.v, self.v_max = 0, {}, {}, {}

    def _init_state(self, key, grad):
        if key not in self.m:
            self.m[key] = np.zeros_like(grad, dtype=np.float64)
            self.v[key] = np.zeros_like(grad, dtype=np.float64)
            self.v_max[key] = np.zeros_like(grad, dtype=np.float64)

    def update(self, params, grads):
        self.t += 1
        bias_correction1 = 1.0 - self.beta1**self.t
        bias_correction2 = 1.0 - self.beta2**self.t
        for key in params:
            grad = grads[key]
            self._init_state(key, grad)
            self.m[key] = self.beta1 * self.m[key] + (1.0 - self.beta1) * grad
            self.v[key] = self.beta2 * self.v[key] + (1.0 - self.beta2) * np.square(grad)
            v_hat = self.v[key] / bias_correction2
            if self.amsgrad:
                self.v_max[key] = np.maximum(self.v_max[key], v_hat)
                v_hat = self.v_max[key]
            step = self.lr * (self.m[key] / bias_correction1) / (np.sqrt(v_hat) + self.eps)
            params[key] = params[key] - step - self.lr * self.weight_decay * params[key]


@wrong("adam/worst-growth", "A function that would compute the factor, not called: the answer is no number.")
def worst_growth_06_a(beta1=0.8, beta2=0.99):
    return beta2 / beta1
