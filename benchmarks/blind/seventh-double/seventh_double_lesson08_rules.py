"""Lesson 08: two mistakes each."""

import math

from blind_collection import wrong


@wrong(
    "practice/schedule",
    "The warm-up is one call late: it begins with 0 and ends below lr.",
    "A whole cosine from lr to -lr: neither shifted up nor halved.",
)
def schedule2(t, lr, warmup, total):
    if t <= warmup:
        return lr * (t - 1) / warmup
    return lr * math.cos(math.pi * (t - warmup) / (total - warmup))


@wrong(
    "practice/rest",
    "The decay is subtracted from the curvature, not added: sign slip when solving for theta.",
    "The walls of the sign rule stand at the weight decay itself, not at one over it.",
)
def rest2(curvature, minimum, weight_decay):
    plain = curvature * minimum / (curvature - weight_decay)
    sign = max(-weight_decay, min(weight_decay, minimum))
    return {"plain": plain, "sign": sign}
