"""Lesson 06: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("adam/longest-step", "The return stands inside the loop: only the newest gradient's term is counted.")
def longest_step2(beta1, beta2, t):
    total = 0.0
    for k in range(t):
        p = (1 - beta1) * beta1**k / (1 - beta1**t)
        q = (1 - beta2) * beta2**k / (1 - beta2**t)
        total += p**2 / q
        return np.sqrt(total)


growth3 = wrong("adam/worst-growth", "The number stands in quotes: a text, not a number.")("1.2375")
