"""Right answers in unusual ways, lesson 02."""

import numpy as np
from blind_collection import right


@right(
    "momentum/update",
    "velocity with the opposite sign, kept in a buffer that is changed in place, and subtracted",
)
class Momentum_right_02_a:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            buffer = self.v.setdefault(k, np.zeros(np.shape(g)))
            buffer *= self.momentum
            buffer += self.lr * g
            params[k] -= buffer


@right("momentum/matrix", "a shifted identity plus an outer product")
def momentum_matrix_right_02_b(lr, momentum, curvature):
    first_row = [1 + momentum - lr * curvature, -momentum]
    return np.eye(2, k=-1) + np.outer([1.0, 0.0], first_row)


@right("momentum/read-off", "least squares for the velocities over the whole path")
def read_off_right_02_c(path):
    v = np.diff(path)
    unknowns = np.stack([-path[1:-1], v[:-1]], axis=1)
    product, momentum = np.linalg.lstsq(unknowns, v[1:], rcond=None)[0]
    return product, momentum


@right(
    "momentum/tuned", "through the root of the ratio: first the momentum, then the rate from the steep end"
)
def tuned_right_02_d(flattest, steepest):
    r = (flattest / steepest) ** 0.5
    root = (1 - r) / (1 + r)
    return (1 + root) ** 2 / steepest, root**2
