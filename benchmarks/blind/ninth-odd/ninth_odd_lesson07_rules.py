"""Lesson 07: wrong in an odd way."""

from math import comb

from blind_collection import wrong


@wrong("comparison/by-chance", "Endless loop: the counter is never raised.")
def by_chance_07_a(wins, seeds):
    total, k = 0, wins
    while k <= seeds:
        total += comb(seeds, k)
        total %= 2**seeds
    return min(1.0, 2 * total / 2**seeds)


@wrong(
    "comparison/same-path",
    "Reads hyper['eps'] before asking which rule it is: a KeyError for the rules without ε.",
)
def same_path_07_a(name, hyper, c):
    lr, eps = hyper["lr"], hyper["eps"]
    if name in ("SGD", "Momentum", "Nesterov"):
        return {**hyper, "lr": lr / c}
    return {**hyper, "eps": eps * c}
