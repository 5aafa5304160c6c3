"""Right answers for lesson 05 of the tenth blind set, in unusual ways."""

import numpy as np
from blind_collection import right


@right("rmsprop/decay-for", "By bisection: the rule itself is run, no formula is solved.")
def decay_for_05_r1(held, usual, calls):
    low, high = 0.0, 1.0
    for _ in range(100):
        rho, h = (low + high) / 2, held
        for _ in range(int(calls)):
            h = rho * h + (1 - rho) * usual
        if h > 2 * usual:
            high = rho  # forgets too slowly
        else:
            low = rho
    return (low + high) / 2


@right(
    "rmsprop/variance",
    "No loop: the weighted variance about the weighted mean, and the part that the missing weight of the start adds.",
)
def spread_05_r3(gradients, decay):
    gradients = np.asarray(gradients, dtype=float)
    weights = (1 - decay) * decay ** np.arange(len(gradients))[::-1]
    total, rest = 1 - decay ** len(gradients), decay ** len(gradients)
    mean = np.average(gradients, weights=weights)
    return float(weights @ (gradients - mean) ** 2 + total * rest * mean**2)
