"""Two independent slips in each answer, lesson 08 of the tenth blind set."""

import math

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/schedule",
    "The warm-up starts at 0: t - 1 in place of t.",
    "The cosine makes a whole wave, 2 pi, so it is back at the top at call total.",
)
def schedule_08_d1(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    done = (t - warmup) / (total - warmup)
    return lr * (1 + math.cos(2 * math.pi * done)) / 2


@wrong(
    "practice/clip",
    "The norms of the arrays are added, in place of their squares under one root.",
    "Gradients shorter than the limit are made longer: there is no condition.",
)
def clip_08_d2(grads, limit):
    total = sum(np.linalg.norm(g) for g in grads.values())
    return {k: g * (limit / total) for k, g in grads.items()}


@wrong(
    "practice/rest",
    "Plain descent: weight_decay / curvature is subtracted, as if the pull of the decay were constant.",
    "Sign rule: only the upper wall is there; a negative minimum far outside is reached.",
)
def rest_08_d3(curvature, minimum, weight_decay):
    plain = minimum - np.sign(minimum) * weight_decay / curvature
    wall = 1 / weight_decay if weight_decay > 0 else np.inf
    return {"plain": plain, "sign": min(minimum, wall)}
