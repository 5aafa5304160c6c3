"""Odd answers of the twelfth blind set, lesson 08."""

import math

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/clip",
    "Writes the shortened gradients into the caller's dict and arrays, like PyTorch's clip_grad_norm_.",
)
def clip_o08_a(grads, limit):
    total = math.sqrt(sum(float(np.sum(np.square(g))) for g in grads.values()))
    if total > limit:
        for k in grads:
            grads[k] *= limit / total
    return grads


COUNT_o08 = 0


@wrong(
    "practice/schedule",
    "Counts its own calls in a global variable and ignores t: right only if asked once for t = 1, 2, 3, …",
)
def schedule_o08_b(t, lr, warmup, total):
    global COUNT_o08
    COUNT_o08 += 1
    t = COUNT_o08
    if t <= warmup:
        return lr * t / warmup
    return lr / 2 * (1 + math.cos(math.pi * (t - warmup) / (total - warmup)))
