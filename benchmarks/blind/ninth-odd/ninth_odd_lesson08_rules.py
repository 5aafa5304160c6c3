"""Lesson 08: wrong in an odd way."""

import math

import numpy as np
from blind_collection import wrong


@wrong("practice/clip", "Shortens the arrays of `grads` in place and gives the same dict back.")
def clip_08_a(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    if norm > limit:
        for g in grads.values():
            g *= limit / norm
    return grads


@wrong("practice/schedule", "Counts its own calls in a default list and ignores t.")
def schedule_08_a(t, lr, warmup, total, calls=[]):
    calls.append(t)
    now = len(calls)
    if now <= warmup:
        return lr * now / warmup
    return lr * 0.5 * (1 + math.cos(math.pi * (now - warmup) / (total - warmup)))
