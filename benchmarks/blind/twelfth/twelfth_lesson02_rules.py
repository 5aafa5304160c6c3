"""Single slips of the twelfth blind set, lesson 02: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "momentum/update",
    "The gradient is subtracted a second time: the new velocity already holds −ηg.",
)
class MomentumPushesTwice_02_s1:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k] - self.lr * grads[k]


@wrong(
    "momentum/update",
    "Velocities are stored by the shape of the array instead of by its key: arrays of equal shape share one.",
)
class MomentumByShape_02_s2:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            v = self.v.get(g.shape, np.zeros(g.shape))
            v = self.momentum * v - self.lr * g
            self.v[g.shape] = v
            params[k] += v


@wrong(
    "momentum/update",
    "The brackets reach too far: μ multiplies the new gradient as well, v = μ(v − ηg).",
)
class MomentumDampsPush_02_s3:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key in params:
            old = self.v.get(key, 0.0)
            self.v[key] = self.momentum * (old - self.lr * grads[key])
            params[key] += self.v[key]


@wrong(
    "momentum/ball",
    "Friction acts on the old velocity instead of the new one: (h²/m, 1 − ch/m).",
)
def from_ball_explicit_02_s4(mass, friction, h):
    # v' = v + h * (-grad - c v) / m
    momentum = 1 - h * friction / mass
    lr = h**2 / mass
    return lr, momentum


@wrong(
    "momentum/matrix",
    "The second row is (0, 1): it keeps the older place instead of handing on the newer one.",
)
def momentum_matrix_row_02_s5(lr, momentum, curvature):
    M = np.eye(2)
    M[0, 0] = 1 + momentum - lr * curvature
    M[0, 1] = -momentum
    return M


@wrong(
    "momentum/read-off",
    "Takes it that the ball starts at rest at the first place, though the recording may begin in mid-run.",
)
def read_off_from_rest_02_s6(path):
    x0, x1, x2 = path[:3]
    q = (x0 - x1) / x0  # first step is plain descent
    mu = (x2 - x1 + q * x1) / (x1 - x0)
    return q, mu


@wrong(
    "momentum/limit",
    "Takes the Euclidean norm of the curvatures, as the norm of the matrix, where the largest one belongs.",
)
def stable_limit_norm_02_s7(momentum, curvatures):
    L = np.linalg.norm(curvatures)
    return 2 * (1 + momentum) / L
