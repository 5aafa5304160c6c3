"""Two mistakes in one answer, lesson 03."""

import numpy as np
from blind_collection import wrong


@wrong(
    "nesterov/matrix",
    "Top left 1 - mu instead of 1 + mu.",
    "Top right is momentum's -mu: the factor 1 - lr curvature is missing there.",
)
def nesterov_matrix_double_03_a(lr, momentum, curvature):
    q = lr * curvature
    return np.array([[(1 - momentum) * (1 - q), -momentum], [1, 0]])


@wrong(
    "nesterov/update",
    "The old velocity is taken back whole: -v_t instead of -mu v_t.",
    "The gradient's push in the new velocity is multiplied by mu as well.",
)
class Nesterov_double_03_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v_old = self.v.get(k, np.zeros_like(params[k]))
            v_new = self.momentum * (v_old - self.lr * grads[k])
            params[k] += -v_old + (1 + self.momentum) * v_new
            self.v[k] = v_new
