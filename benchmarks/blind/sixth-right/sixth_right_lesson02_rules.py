"""Lesson 02: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "momentum/update",
    "The velocity is stored with the opposite sign and subtracted, in place, made with setdefault.",
)
class Momentum8:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for name, g in grads.items():
            down = self.v.setdefault(name, np.zeros(np.shape(g)))
            down *= self.momentum
            down += self.lr * g
            params[name] -= down


@right(
    "momentum/read-off",
    "Fits theta_(t+1) = trace*theta_t - det*theta_(t-1) with the normal equations and reads q and mu from trace and det.",
)
def read_off12(path):
    path = np.asarray(path, dtype=float)
    scale = np.max(np.abs(path))
    past = np.stack([path[1:-1], -path[:-2]]) / scale
    trace, det = np.linalg.lstsq(past.T, path[2:] / scale, rcond=None)[0]
    return (1 + det - trace, det)


@right(
    "momentum/tuned", "Goes through the condition number, and gets eta back from mu by (4) at the flat end."
)
def tuned17(flattest, steepest):
    root = (steepest / flattest) ** 0.5
    left = (root - 1) / (root + 1)
    return (1 - left) ** 2 / flattest, left**2
