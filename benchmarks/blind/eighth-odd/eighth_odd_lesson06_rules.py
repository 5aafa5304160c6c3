"""Lesson 06: odd answers."""

from blind_collection import wrong


@wrong("adam/weight-sum", "Returns inside the loop: only the newest weight is counted.")
def weight_sum_06_a(beta, t):
    total = 0
    for k in range(t):
        total += (1 - beta) * beta**k
        return total


value_06_a = wrong(
    "adam/worst-growth", "The growth in percent, as a text; asked for is the factor itself, a number."
)("23.75 %")
