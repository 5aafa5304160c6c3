"""Strange answers for lesson 08."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/clip",
    "PyTorch's clip_grad_norm_: it changes the given arrays in place and returns their old norm.",
)
def clip_08_a(grads, limit):
    total_norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    clip_coef = limit / (total_norm + 1e-6)
    if clip_coef < 1:
        for g in grads.values():
            g *= clip_coef
    return total_norm


@wrong("practice/rest", "The two places are texts, rounded and in quotes.")
def rest_08_a(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature + weight_decay)
    wall = 1 / weight_decay if weight_decay else float("inf")
    sign = min(max(minimum, -wall), wall)
    return {"plain": f"{plain:.3f}", "sign": f"{sign:.3f}"}


@wrong(
    "practice/best-next", "It tries eleven η from 0 to 1 and takes the best of them: right only on this grid."
)
def best_next_08_a(a, curvature, sigma):
    candidates = np.linspace(0, 1, 11)
    following = [(1 - lr * curvature) ** 2 * a + lr**2 * sigma**2 for lr in candidates]
    best = int(np.argmin(following))
    return candidates[best], following[best]
