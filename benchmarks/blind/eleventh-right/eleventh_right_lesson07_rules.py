"""Right answers in unusual ways, for lesson 07."""

from functools import lru_cache

import numpy as np
from blind_collection import right


def _points(name, hyper, gradient, start, steps):
    """A generator of the points, every rule in three numbers per coordinate."""
    lr = hyper.get("lr", 0.001 if name in ("RMSprop", "Adam") else 0.01)
    mu, eps = hyper.get("momentum", 0.9), hyper.get("eps", 1e-8)
    theta = np.asarray(start) + 0.0
    m, h = 0 * theta, 0 * theta
    yield theta
    for t in range(1, steps + 1):
        g = np.asarray(gradient(theta.copy()))
        match name:
            case "SGD":
                step = -lr * g
            case "Momentum":
                m = step = mu * m - lr * g
            case "Nesterov":
                m = mu * m - lr * g
                step = mu * m - lr * g
            case "AdaGrad":
                h = h + g * g
                step = -lr * g / (h**0.5 + eps)
            case "RMSprop":
                rho = hyper.get("decay", 0.9)
                h = h + (1 - rho) * (g * g - h)
                step = -lr * g / (h**0.5 + eps)
            case "Adam":
                b1, b2 = hyper.get("beta1", 0.9), hyper.get("beta2", 0.999)
                m = m + (1 - b1) * (g - m)
                h = h + (1 - b2) * (g * g - h)
                step = -lr * (m / (1 - b1**t)) / ((h / (1 - b2**t)) ** 0.5 + eps)
        theta = theta + step
        yield theta


@right(
    "comparison/six-rules",
    "No classes: a generator of points with a match, never in place; Nesterov as μv − ηg.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    return np.stack(list(_points(name, hyper, gradient, start, steps)))


@lru_cache(maxsize=None)
def _chance(heads, tails, wins):
    """The chance to see `wins` heads or tails in all, with so many of both still to come."""
    if heads <= 0 or tails <= 0:
        return 1.0
    if wins <= 0:
        return 0.0
    return (_chance(heads - 1, tails, wins - 1) + _chance(heads, tails - 1, wins - 1)) / 2


@right(
    "comparison/by-chance", "Recursive over the seeds: how many wins either rule still needs; no binomials."
)
def by_chance_07_a(wins, seeds):
    return _chance(wins, wins, seeds)


@right("comparison/rotation-gap", "Points as complex numbers: a turn is a multiplication by e^(iφ).")
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    turn = np.exp(1j * angle)

    def as_complex(point):
        return complex(point[0], point[1])

    def as_array(number):
        return np.array([number.real, number.imag])

    def run(rule, slope, theta):
        params = {"theta": theta}
        seen = [as_complex(theta)]
        for _ in range(steps):
            rule.update(params, {"theta": slope(params["theta"])})
            seen.append(as_complex(params["theta"]))
        return np.array(seen)

    def turned_slope(theta):
        return as_array(turn * as_complex(gradient(as_array(as_complex(theta) / turn))))

    first = as_complex(start)
    path = run(make(), gradient, as_array(first))
    back = run(make(), turned_slope, as_array(turn * first)) * np.conj(turn)

    def largest(differences):
        return max(np.abs(differences.real).max(), np.abs(differences.imag).max())

    return largest(back - path) / largest(path - path[0])


@right(
    "comparison/logit-loss",
    "s by the hyperbolic tangent, both logarithms by logaddexp, the weights factored out.",
)
def logit_loss_07_a(z, t, weight=1.0):
    half_turn = np.tanh(np.asarray(z) / 2)
    ones, zeros = weight * t, 1 - t
    loss = np.average(ones * np.logaddexp(0, -z) + zeros * np.logaddexp(z, 0))
    slope = (half_turn * (ones + zeros) + zeros - ones) / (2 * len(z))
    return float(loss), slope
