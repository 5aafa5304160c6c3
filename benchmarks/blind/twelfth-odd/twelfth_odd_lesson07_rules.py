"""Odd answers of the twelfth blind set, lesson 07."""

import numpy as np
from blind_collection import wrong


@wrong("comparison/all-pairs", "Prints loss and slope and returns nothing.")
def all_pairs_o07_a(z, mean, variance):
    loss = np.mean((z - mean) ** 2) + variance
    slope = 2 * (z - mean) / z.shape[0]
    print(loss, slope)


@wrong(
    "comparison/same-path", "Returns what dict.update returns, which is None, and changes the caller's hyper."
)
def same_path_o07_b(name, hyper, c):
    if name in {"SGD", "Momentum", "Nesterov"}:
        return hyper.update(lr=hyper["lr"] / c)
    return hyper.update(eps=hyper["eps"] * c)


@wrong("comparison/by-chance", "A simulation of a hundred races in place of the exact chance: too coarse.")
def by_chance_o07_c(wins, seeds):
    rng = np.random.default_rng(42)
    heads = rng.integers(0, 2, size=(100, seeds)).sum(axis=1)
    return float(np.mean(np.maximum(heads, seeds - heads) >= wins))
