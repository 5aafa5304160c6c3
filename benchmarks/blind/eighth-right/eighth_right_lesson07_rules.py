"""Lesson 07: right answers in unusual ways."""

from fractions import Fraction
from math import comb

import numpy as np
from blind_collection import right


@right("comparison/by-chance", "counts both tails at once, in fractions")
def by_chance_07_a(wins, seeds):
    cases = [comb(seeds, k) for k in range(seeds + 1) if max(k, seeds - k) >= wins]
    return float(Fraction(sum(cases), 2**seeds))


@right("comparison/same-path", "a comprehension with exponents of c")
def same_path_07_a(name, hyper, c):
    c = float(c)
    exponents = {"lr": -1} if name in {"SGD", "Momentum", "Nesterov"} else {"eps": 1}
    return {key: value * c ** exponents.get(key, 0) for key, value in hyper.items()}


@right("comparison/rotation-gap", "turns by multiplication with a complex number")
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    turn = np.exp(1j * angle)

    def points_of(phase):
        rule = make()
        z = complex(*start) * phase
        params, points = {"p": np.array([z.real, z.imag])}, [z]
        for _ in range(steps):
            home = complex(*params["p"]) / phase
            slope = complex(*gradient(np.array([home.real, home.imag]))) * phase
            rule.update(params, {"p": np.array([slope.real, slope.imag])})
            points.append(complex(*params["p"]))
        back = np.array(points) / phase
        return np.stack((back.real, back.imag), axis=1)

    old, new = points_of(1 + 0j), points_of(turn)
    return np.max(np.abs(new - old)) / np.max(np.abs(old - old[0]))


@right("comparison/logit-loss", "with np.logaddexp for both logarithms and their exponentials for the slope")
def logit_loss_07_a(z, t, weight=1.0):
    no, yes = np.logaddexp(0, z), np.logaddexp(0, -z)
    rows = weight * t * yes + (1 - t) * no
    slope = (1 - t) * np.exp(-yes) - weight * t * np.exp(-no)
    return rows.sum() / rows.size, slope / rows.size
