"""Odd answers of the twelfth blind set, lesson 06."""

from blind_collection import wrong


@wrong("adam/weight-sum", "Gives the list of the weights, not their sum.")
def weight_sum_o06_a(beta, t):
    weights = [(1 - beta) * beta ** (t - i) for i in range(1, t + 1)]
    return weights


worst_growth_o06_b = wrong("adam/worst-growth", "The number is in quotes: a text.")("1.2375")
