"""Right answers of the twelfth blind set, lesson 07, in unusual ways."""

from math import comb

import numpy as np
from blind_collection import right


def steps_r07(name, lr=None, momentum=0.9, decay=0.9, beta1=0.9, beta2=0.999, eps=1e-8):
    """A coroutine: send it gradients, it gives steps."""
    if lr is None:
        lr = 0.001 if name in ("RMSprop", "Adam") else 0.01
    first, second, t, step = 0.0, 0.0, 0, None
    while True:
        g = yield step
        t += 1
        match name:
            case "SGD":
                step = -lr * g
            case "Momentum":
                first = momentum * first - lr * g
                step = first
            case "Nesterov":
                first = momentum * first - lr * g
                step = momentum * first - lr * g
            case "AdaGrad":
                second = second + g * g
                step = -lr * g / (second**0.5 + eps)
            case "RMSprop":
                second = decay * second + (1 - decay) * g * g
                step = -lr * g / (second**0.5 + eps)
            case "Adam":
                first = beta1 * first + (1 - beta1) * g
                second = beta2 * second + (1 - beta2) * g * g
                step = -lr * first / (1 - beta1**t) / ((second / (1 - beta2**t)) ** 0.5 + eps)


@right(
    "comparison/six-rules",
    "one coroutine for all rules, a path allocated beforehand, Nesterov's step as μ v − η g",
)
def path_of_r07_a(name, hyper, gradient, start, steps):
    rule = steps_r07(name, **hyper)
    next(rule)
    path = np.empty((steps + 1, len(start)))
    path[0] = start
    for i in range(steps):
        path[i + 1] = path[i] + rule.send(np.asarray(gradient(path[i].copy()), dtype=float))
    return path


@right(
    "comparison/by-chance",
    "counts the outcomes in whole numbers, each outcome once: no factor 2 and nothing to cut off at 1",
)
def by_chance_r07_b(wins, seeds):
    return sum(comb(seeds, k) for k in range(seeds + 1) if max(k, seeds - k) >= wins) / 2**seeds


@right(
    "comparison/rotation-gap",
    "turns with complex numbers: a point is x + iy, and turning is one multiplication",
)
def rotation_gap_r07_c(make, gradient, start, angle, steps=30):
    def turn(points, by):
        points = np.asarray(points, dtype=float)
        z = (points[..., 0] + 1j * points[..., 1]) * np.exp(1j * by)
        return np.stack([z.real, z.imag], axis=-1)

    def run(slope, where):
        rule, params, rows = make(), {"p": np.array(where, dtype=float)}, []
        for _ in range(steps):
            rows.append(np.array(params["p"]))
            rule.update(params, {"p": slope(np.array(params["p"]))})
        return np.array([*rows, np.array(params["p"])])

    there = run(gradient, start)
    turned = run(lambda p: turn(gradient(turn(p, -angle)), angle), turn(start, angle))
    return np.max(np.abs(turn(turned, -angle) - there)) / np.max(np.abs(there - there[0]))


@right("comparison/logit-loss", "np.logaddexp for both logarithms, and its exponentials for s and 1 − s")
def logit_loss_r07_d(z, t, weight=1.0):
    no, yes = np.logaddexp(0, z), np.logaddexp(0, -z)  # −ln(1 − s), −ln s
    loss = np.sum(weight * t * yes + (1 - t) * no) / z.size
    slope = ((1 - t) * np.exp(-yes) - weight * t * np.exp(-no)) / z.size
    return float(loss), slope
