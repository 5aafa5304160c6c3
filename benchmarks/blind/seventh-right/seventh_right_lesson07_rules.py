"""Lesson 07: right answers in unusual ways."""

from math import comb

import numpy as np
from blind_collection import right


def steps_from(name, lr=None, momentum=0.9, decay=0.9, beta1=0.9, beta2=0.999, eps=1e-8):
    """A function g → step with its memory in a closure, for each of the six rules."""
    if lr is None:
        lr = 0.001 if name in ("RMSprop", "Adam") else 0.01
    one = two = 0.0
    t = 0

    def step(g):
        nonlocal one, two, t
        t += 1
        if name == "SGD":
            return -lr * g
        if name == "Momentum":
            one = momentum * one - lr * g
            return one
        if name == "Nesterov":
            one = momentum * one - lr * g
            return momentum * one - lr * g
        if name == "AdaGrad":
            two = two + g * g
            return -lr * g / (np.sqrt(two) + eps)
        if name == "RMSprop":
            two = two + (1 - decay) * (g * g - two)
            return -lr * g / (np.sqrt(two) + eps)
        one = beta1 * one + (1 - beta1) * g
        two = beta2 * two + (1 - beta2) * g * g
        return -lr * (one / (1 - beta1**t)) / (np.sqrt(two / (1 - beta2**t)) + eps)

    return step


@right(
    "comparison/six-rules",
    "no classes: closures, and an array filled row by row; Nesterov's step as μ v − η g",
)
def path_of4(name, hyper, gradient, start, steps):
    step = steps_from(name, **hyper)
    path = np.empty((steps + 1, len(start)))
    path[0] = start
    for i in range(steps):
        here = path[i].copy()
        path[i + 1] = here + step(gradient(here))
    return path


@right("comparison/by-chance", "counts the results in which neither rule reaches `wins`, with whole numbers")
def by_chance4(wins, seeds):
    undecided = sum(comb(seeds, k) for k in range(seeds - wins + 1, wins))
    return (2**seeds - undecided) / 2**seeds


@right(
    "comparison/rotation-gap",
    "complex numbers turn the points; the path is kept as one list for each problem",
)
def rotation_gap2(make, gradient, start, angle, steps=30):
    turn = np.exp(1j * angle)

    def turned(point, by):
        w = complex(point[0], point[1]) * by
        return np.array([w.real, w.imag])

    def places(slope, begin):
        rule, params = make(), {"p": np.array(begin, dtype=float)}
        found = [params["p"].copy()]
        while len(found) <= steps:
            rule.update(params, {"p": slope(params["p"].copy())})
            found.append(np.array(params["p"]))
        return found

    there = places(gradient, start)
    other = places(lambda p: turned(gradient(turned(p, turn.conjugate())), turn), turned(start, turn))
    back = [turned(p, turn.conjugate()) for p in other]
    return np.max(np.abs(np.subtract(back, there))) / np.max(np.abs(np.subtract(there, there[0])))


@right("comparison/logit-loss", "the small logarithm once, the rest by cases; s from its own logarithm")
def logit_loss4(z, t, weight=1.0):
    # ln(1 + e^-|z|), and the rest by cases
    small = np.log1p(np.exp(-abs(z)))
    minus_ln_s = small + np.where(z < 0, -z, 0)
    minus_ln_rest = small + np.where(z > 0, z, 0)
    yes, no = weight * t, 1 - t
    s, rest_of_s = np.exp(-minus_ln_s), np.exp(-minus_ln_rest)
    return float(np.mean(yes * minus_ln_s + no * minus_ln_rest)), (no * s - yes * rest_of_s) / z.size
