"""Right answers of the twelfth blind set, lesson 05, in unusual ways."""

import numpy as np
from blind_collection import right


@right("rmsprop/update", "keeps the root mean square itself and lets np.hypot average the squares")
class RMSprop_r05_a:
    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.rms = {}

    def update(self, params, grads):
        old, new = np.sqrt([self.decay, 1 - self.decay])
        for k, g in grads.items():
            self.rms[k] = np.hypot(old * self.rms.get(k, 0.0), new * g)
            params[k] = params[k] - self.lr * g / (self.rms[k] + self.eps)


@right(
    "graves/update",
    "the variance by the sum of section 7, no average of squares; one list of three arrays a key, changed in place",
)
class RMSpropGraves_r05_b:
    def __init__(self, lr=1e-4, decay=0.95, momentum=0.9, eps=1e-4):
        self.lr, self.decay, self.momentum, self.eps = lr, decay, momentum, eps
        self.memory = {}

    def update(self, params, grads):
        rho = self.decay
        for k in sorted(params):
            g = np.asarray(grads[k], dtype=float)
            var, a, d = self.memory.setdefault(k, [np.zeros(g.shape) for _ in range(3)])
            delta = g - a
            var += (1 - rho) * delta**2
            var *= rho
            a += (1 - rho) * delta
            d *= self.momentum
            d -= self.lr * g * (var + self.eps) ** -0.5
            params[k] = params[k] + d


@right(
    "rmsprop/variance",
    "no loop: weighted squares around the last average, and the weight that still lies on the zero at the start",
)
def spread_r05_c(gradients, decay):
    g = np.asarray(gradients, dtype=float)
    left = decay ** np.arange(len(g))[::-1]
    w = (1 - decay) * left
    a = w @ g
    return float(w @ (g - a) ** 2 + decay ** len(g) * a**2)
