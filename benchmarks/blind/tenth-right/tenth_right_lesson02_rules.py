"""Right answers, written in unusual ways, of the tenth blind set, lesson 02."""

import numpy as np
from blind_collection import right


@right("momentum/update", "stores the opposite of the velocity and subtracts it, all in place")
class Momentum_02_r_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            try:
                drag = self.v[k]
            except KeyError:
                drag = self.v[k] = np.zeros(np.shape(g))
            drag *= self.momentum
            drag += self.lr * g
            params[k] -= drag


@right(
    "momentum/read-off",
    "least squares for θ_{t+1} = p θ_t + q θ_{t−1} over the whole path; then μ = −q, ηλ = 1 + μ − p",
)
def read_off_02_r_b(path):
    places = np.asarray(path, dtype=float)
    A = np.vstack([places[1:-1], places[:-2]]).T
    p, q = np.linalg.lstsq(A, places[2:], rcond=None)[0]
    return 1 - q - p, -q


@right("momentum/tuned", "first √μ from the condition number, then η from the steep end, (1 + √μ)²/λ")
def tuned_02_r_c(flattest, steepest):
    k = np.sqrt(steepest / flattest)
    root = 1 - 2 / (k + 1)
    return (1 + root) ** 2 / steepest, root * root
