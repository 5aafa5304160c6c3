"""Lesson 06: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("adam/weight-sum", "Returns a generator of the weights; the sum is never taken.")
def weight_sum1(beta, t):
    return ((1 - beta) * beta**k for k in range(t))


@wrong("adam/uncorrected", "Returns a list of the steps 1 to t instead of step t alone.")
def uncorrected9(beta1, beta2, t):
    m, v, steps = 0.0, 0.0, []
    for _ in range(t):
        m = beta1 * m + (1 - beta1)
        v = beta2 * v + (1 - beta2)
        steps.append(m / np.sqrt(v))
    return steps
