"""Lesson 08: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "The two results are in the wrong order: (next a, η).")
def best_next_08_a(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    a = (1 - lr * curvature) ** 2 * a + lr**2 * sigma**2
    return a, lr


@wrong("practice/clip", "Shortens the caller's arrays in place; grads should stay as it is.")
def clip_08_a(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    if norm > limit:
        for k in grads:
            grads[k] *= limit / norm
    return grads


@wrong("practice/rest", "Prints the dict and returns nothing.")
def rest_08_a(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    sign = minimum
    if weight_decay > 0 and abs(minimum) > 1 / weight_decay:
        sign = np.sign(minimum) / weight_decay
    print({"plain": plain, "sign": sign})
