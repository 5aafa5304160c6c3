"""Lesson 04: odd answers, all wrong."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/hindsight", "Off by one: skips the first row of the gradients.")
def hindsight_scales1(gradients, total):
    T, d = gradients.shape
    G2 = np.zeros(d)
    for t in range(1, T):
        G2 = G2 + gradients[t] ** 2
    G = np.sqrt(G2)
    return total * G / G.sum()


@wrong("adagrad/best-bound", "The values are formatted texts, not numbers.")
def best_bound1(farthest, G):
    lr = farthest / np.sqrt(2)
    bound = np.sqrt(2) * farthest * np.sum(G)
    return {"lr": f"{lr:.3f}", "bound": f"{bound:.3f}"}
