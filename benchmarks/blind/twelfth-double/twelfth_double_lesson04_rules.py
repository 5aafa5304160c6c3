"""Double slips of the twelfth blind set, lesson 04: two independent mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "adagrad/after-a-calm",
    "The minus sign is missing: the step goes uphill.",
    "Off by one: only calls − 1 usual gradients are in the sum.",
)
def surprise_uphill_off_by_one_04_d1(calls, usual, big):
    h = 0.0
    for _ in range(1, calls):
        h += usual**2
    h += big**2
    return big / np.sqrt(h)


@wrong(
    "adagrad/best-bound",
    "η is D√2 instead of D/√2.",
    "The bound has the Euclidean norm of G instead of the sum of its entries.",
)
def best_bound_root_and_norm_04_d2(farthest, G):
    return {"lr": farthest * np.sqrt(2), "bound": np.sqrt(2) * farthest * np.linalg.norm(G)}
