"""Lesson 05's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np

from descentlab.exercises.catalogue import mistake

SEEDS = (0, 1, 77, 2**63 - 1)


def decay_for(held, usual, calls):
    """Bisection on a replay of the calls."""
    low, high = 0.0, 1.0
    for _ in range(60):
        decay, h = (low + high) / 2, held
        for _ in range(calls):
            h = decay * h + (1 - decay) * usual
        low, high = (low, decay) if h > 2 * usual else (decay, high)
    return low


def decay_by_logarithms(held, usual, calls):
    return np.exp(-np.log(held / usual - 1) / calls)


def spread(gradients, decay):
    v = a = 0.0
    for g in gradients:
        delta = g - a
        v = decay * v + decay * (1 - decay) * delta * delta
        a = decay * a + (1 - decay) * g
    return v


def spread_by_weights(gradients, decay):
    """Σ w (g − a)² + (1 − Σ w) a²: nothing is subtracted but the mean."""
    w = (1 - decay) * decay ** np.arange(len(gradients))[::-1]
    a = w @ gradients
    return w @ (gradients - a) ** 2 + decay ** len(gradients) * a**2


def spread_as_an_array(gradients, decay):
    return np.array(spread(gradients, decay))


def faults(make):
    def step(grads, before=None):
        rule, params = make(), {key: np.array([0.3, -0.2]) for key in grads}
        if before:
            rule.update(params, before)
        start = {key: p.copy() for key, p in params.items()}
        rule.update(params, grads)
        return {key: params[key] - start[key] for key in grads}

    x, y, z = np.array([1.0, 2.0]), np.array([-3.0, 0.5]), np.array([10.0, -7.0])
    alone = step({"W": x, "b": y})
    later = step({"W": x, "b": y}, before={"W": z, "b": x})
    other_b, other_w = step({"W": x, "b": z}), step({"W": z, "b": y})
    same_w, same_b = np.allclose(alone["W"], other_b["W"]), np.allclose(alone["b"], other_w["b"])
    return {"remembers": not np.allclose(alone["W"], later["W"]), "mixes": not (same_w and same_b)}


RIGHT = [
    ("rmsprop/decay-for", decay_for),
    ("rmsprop/decay-for", decay_by_logarithms),
    ("rmsprop/variance", spread),
    ("rmsprop/variance", spread_by_weights),
    ("rmsprop/variance", spread_as_an_array),
    ("rmsprop/faults", faults),
    ("rmsprop/faults", lambda make: {key: np.bool_(found) for key, found in faults(make).items()}),
]


WRONG = [
    ("rmsprop/decay-for", lambda held, usual, calls: 0.5 ** (1 / calls), 0.0),
    ("rmsprop/decay-for", lambda held, usual, calls: (usual / held) ** (1 / calls), 0.0),
    ("rmsprop/decay-for", lambda held, usual, calls: 1 - decay_for(held, usual, calls), 0.0),
    ("rmsprop/decay-for", lambda held, usual, calls: float("nan"), 0.0),
    ("rmsprop/variance", mistake("rmsprop/spread-by-subtraction").make(), 1 / 2),
    ("rmsprop/variance", mistake("rmsprop/spread-never-negative").make(), 1 / 2),
    ("rmsprop/variance", mistake("rmsprop/spread-with-the-old-mean").make(), 0.0),
    ("rmsprop/variance", lambda g, decay: np.sqrt(spread(g, decay)), 0.0),
    ("rmsprop/variance", lambda g, decay: spread(g, 1 - decay), 0.0),
    ("rmsprop/variance", lambda g, decay: np.var(g), 0.0),
    ("rmsprop/faults", lambda make: {"remembers": True, "mixes": False}, 0.0),
    ("rmsprop/faults", lambda make: {"remembers": False, "mixes": True}, 0.0),
    ("rmsprop/faults", lambda make: {"remembers": faults(make)["remembers"], "mixes": False}, 2 / 3),
    ("rmsprop/faults", mistake("rmsprop/faults-same-gradients").make(), 1 / 3),
    ("rmsprop/faults", mistake("rmsprop/faults-one-direction").make(), 2 / 3),
    ("rmsprop/faults", lambda make: faults(make)["remembers"], 0.0),
]
