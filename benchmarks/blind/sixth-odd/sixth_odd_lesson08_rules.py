"""Lesson 08: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "practice/schedule",
    "Computes the rise before it asks for it: without a warm-up it divides by zero and raises.",
)
def schedule11(t, lr, warmup, total):
    rise = lr * t / warmup
    fall = 0.5 * lr * (1 + np.cos(np.pi * (t - warmup) / (total - warmup)))
    return rise if t < warmup else fall


@wrong("practice/clip", "Shortens the caller's arrays in place and returns the same dict.")
def clip13(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    if norm > limit:
        for key in grads:
            grads[key] *= limit / norm
    return grads
