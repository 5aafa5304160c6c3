"""Single slips in the exercises of lesson 02."""

import numpy as np
from blind_collection import wrong


@wrong("momentum/ball", "The friction stands in the denominators without h: m + c instead of m + c h.")
def from_ball_02_a(mass, friction, h):
    total = mass + friction
    return h**2 / total, mass / total


@wrong(
    "momentum/matrix",
    "The second row is (0, 1): it keeps the old theta_{t-1} instead of handing theta_t down.",
)
def momentum_matrix_02_b(lr, momentum, curvature):
    return np.array([[1 + momentum - lr * curvature, -momentum], [0.0, 1.0]])


@wrong(
    "momentum/read-off",
    "From the first coefficient p = 1 + mu - eta lambda it computes eta lambda = 1 - p, as for plain descent: mu is forgotten there.",
)
def read_off_02_c(path):
    columns = np.column_stack([path[1:-1], path[:-2]])
    (p, q), *_ = np.linalg.lstsq(columns, path[2:], rcond=None)
    return 1 - p, -q


@wrong("momentum/tuned", "The momentum is the factor itself, its square root: the square is missing.")
def tuned_02_d(flattest, steepest):
    a, b = np.sqrt(flattest), np.sqrt(steepest)
    lr = 4 / (a + b) ** 2
    momentum = (b - a) / (b + a)
    return lr, momentum


@wrong("momentum/update", "An average instead of a sum: the new gradient is multiplied by 1 - momentum.")
class Momentum_02_e:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@wrong("momentum/update", "Moves by the old velocity: the parameters are changed before the velocity is.")
class Momentum_02_f:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            params[k] += v
            self.v[k] = self.momentum * v - self.lr * grads[k]


@wrong(
    "momentum/update",
    "The dict of velocities is a default argument, so all optimizers share one: a second one starts with the first one's velocity.",
)
class Momentum_02_g:
    def __init__(self, lr=0.01, momentum=0.9, v={}):
        self.lr = lr
        self.momentum = momentum
        self.v = v

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, 0.0)
            self.v[k] = self.momentum * old - self.lr * grads[k]
            params[k] += self.v[k]
