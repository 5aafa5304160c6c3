"""Lesson 03: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong("nesterov/look-ahead", "Keeps the look-ahead points in place of the ball's places.")
def look_ahead_03_a(gradient, theta, lr, momentum, steps):
    places = [theta.copy()]
    v = np.zeros_like(theta)
    for _ in range(steps):
        a = theta + momentum * v
        v = momentum * v - lr * gradient(a)
        theta = theta + v
        places.append(a)
    return np.array(places)


@wrong(
    "nesterov/update", "The old velocity is overwritten before it is used: both velocities are the new one."
)
class Nesterov_03_b:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = np.zeros_like(params[k])
            v_old = self.v[k]
            v_old *= self.momentum
            v_old -= self.lr * grads[k]
            self.v[k] = v_old
            params[k] += -self.momentum * v_old + (1 + self.momentum) * self.v[k]


@wrong("nesterov/matrix", "The slope is only taken of the part with θ_t: −μ lacks the factor 1 − ηλ.")
def nesterov_matrix_03_c(lr, momentum, curvature):
    q = lr * curvature
    return np.array([[(1 + momentum) * (1 - q), -momentum], [1, 0]])


@wrong("nesterov/limit", "Takes the smallest curvature, thinking that the flattest direction decides.")
def stable_limit_03_d(momentum, curvatures):
    q = 1 + 1 / (1 + 2 * momentum)
    return q / curvatures.min()


wrong("nesterov/slip", "Thinks that the velocity is changed wrongly in B; it is C that uses the new one.")(
    "B"
)


@wrong("nesterov/critical", "Uses lesson 02's formula, that of momentum: (1 − √q)².")
def critical_momentum_03_e(lr, curvature):
    return (1 - np.sqrt(lr * curvature)) ** 2
