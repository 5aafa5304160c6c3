"""Lesson 08: right answers in unusual ways."""

import math

import numpy as np
from blind_collection import right


@right("practice/effective", "(Σp)² / Σp² with weights that are not scaled at all")
def effective2(beta, t):
    w = np.power(float(beta), np.arange(t))
    return w.sum() ** 2 / np.dot(w, w)


@right("practice/clip", "math.hypot over all entries, and one factor min(1, …) for all")
def clip3(grads, limit):
    length = math.hypot(*(x for g in grads.values() for x in np.ravel(g)))
    factor = limit / max(length, limit)
    return {key: np.multiply(g, factor) for key, g in grads.items()}


@right(
    "practice/rest", "the sign rule's place as the middle one of three; plain as a weighted mean with zero"
)
def rest3(curvature, minimum, weight_decay):
    wall = math.inf if weight_decay == 0 else 1 / weight_decay
    middle = sorted([-wall, minimum, wall])[1]
    return dict(sign=middle, plain=minimum / (1 + weight_decay / curvature))
