"""Two independent slips in each answer, lesson 07 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/same-path",
    "SGD, Momentum and Nesterov get the learning rate times c, not divided by c.",
    "eps is multiplied by c squared, not by c.",
)
def same_path_07_d1(name, hyper, c):
    result = {}
    for key, value in hyper.items():
        if key == "lr" and name in {"SGD", "Momentum", "Nesterov"}:
            value = value * c
        if key == "eps":
            value = value * c**2
        result[key] = value
    return result


@wrong(
    "comparison/logit-loss",
    "The weight stands at the targets 0, not at the targets 1.",
    "The slope is not divided by n, though the loss is a mean.",
)
def logit_loss_07_d2(z, t, weight=1.0):
    minus_log_s = np.logaddexp(0, -z)
    minus_log_rest = np.logaddexp(0, z)
    s = np.exp(-minus_log_s)
    loss = np.mean(t * minus_log_s + weight * (1 - t) * minus_log_rest)
    slope = weight * (1 - t) * s - t * (1 - s)
    return loss, slope
