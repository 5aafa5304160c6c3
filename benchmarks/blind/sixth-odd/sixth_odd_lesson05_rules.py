"""Lesson 05: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "rmsprop/decay-for",
    "Searches a grid of hundredths and returns the largest rho that is fast enough: the answer is rounded down to two digits.",
)
def decay_for2(held, usual, calls):
    best = 0.0
    for rho in np.arange(0, 1, 0.01):
        h = held
        for _ in range(calls):
            h = rho * h + (1 - rho) * usual
        if h <= 2 * usual:
            best = rho
    return best


@wrong("rmsprop/faults", "The answers are the words 'yes' and 'no' instead of True and False.")
def faults15(steps):
    answer = {"remembers": "no", "mixes": "no"}
    if np.any(steps[0, 1] != steps[1, 1]):
        answer["remembers"] = "yes"
    if steps[0, 0, 0] != steps[2, 0, 0] or steps[0, 0, 1] != steps[3, 0, 1]:
        answer["mixes"] = "yes"
    return answer
