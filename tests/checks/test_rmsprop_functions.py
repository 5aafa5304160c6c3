"""Lesson 05's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np

from descentlab.exercises.catalogue import mistake

SEEDS = (0, 1, 77, 2**63 - 1)


def weights(decay, calls):
    return (1 - decay) * decay ** np.arange(calls)[::-1]


def weights_by_calls(decay, calls):
    return [(1 - decay) * decay ** (calls - k) for k in range(1, calls + 1)]


def drift(rule, cycle, repeats):
    params = {"theta": np.zeros(1)}
    for _ in range(repeats):
        before = float(params["theta"][0])
        for g in cycle:
            rule.update(params, {"theta": np.array([g])})
    return float(params["theta"][0]) - before


def drift_with_a_scalar(rule, cycle, repeats):
    params, path = {"theta": np.zeros(())}, [0.0]
    for g in list(cycle) * repeats:
        rule.update(params, {"theta": np.array(g)})
        path.append(float(params["theta"]))
    return path[-1] - path[-1 - len(cycle)]


def spread(gradients, decay):
    n = a = 0.0
    found = []
    for g in gradients:
        n, a = decay * n + (1 - decay) * g * g, decay * a + (1 - decay) * g
        found.append(n - a * a)
    return np.array(found)


def spread_by_weights(gradients, decay):
    found = []
    for t in range(1, len(gradients) + 1):
        w = weights(decay, t)
        found.append(w @ gradients[:t] ** 2 - (w @ gradients[:t]) ** 2)
    return found


def spread_never_negative(gradients, decay):
    return np.maximum(spread(gradients, decay), 0)


RIGHT = [
    ("rmsprop/weights", weights),
    ("rmsprop/weights", weights_by_calls),
    ("rmsprop/drift", drift),
    ("rmsprop/drift", drift_with_a_scalar),
    ("rmsprop/spread", spread),
    ("rmsprop/spread", spread_by_weights),
    ("rmsprop/spread", spread_never_negative),
]


def spread_about_the_new_mean(gradients, decay):
    v = a = 0.0
    found = []
    for g in gradients:
        a = decay * a + (1 - decay) * g
        v = decay * v + (1 - decay) * (g - a) ** 2
        found.append(v)
    return np.array(found)


def spread_with_the_old_mean(gradients, decay):
    n = a = 0.0
    found = []
    for g in gradients:
        n = decay * n + (1 - decay) * g * g
        found.append(n - a * a)
        a = decay * a + (1 - decay) * g
    return np.array(found)


WRONG = [
    ("rmsprop/weights", lambda decay, calls: weights(decay, calls)[::-1], 1 / 4),
    ("rmsprop/weights", lambda decay, calls: decay ** np.arange(calls)[::-1], 0.0),
    ("rmsprop/weights", lambda decay, calls: weights(1 - decay, calls), 0.0),
    ("rmsprop/weights", lambda decay, calls: weights(decay, calls) / weights(decay, calls).sum(), 0.0),
    ("rmsprop/drift", mistake("rmsprop/one-array-watched").make(), 3 / 4),
    ("rmsprop/drift", mistake("rmsprop/drift-of-all-repeats").make(), 1 / 4),
    ("rmsprop/drift", lambda rule, cycle, repeats: -drift(rule, cycle, repeats), 0.0),
    ("rmsprop/drift", lambda rule, cycle, repeats: drift(rule, cycle, repeats) / len(cycle), 0.0),
    ("rmsprop/drift", lambda rule, cycle, repeats: abs(drift(rule, cycle, repeats)), 1 / 4),
    ("rmsprop/spread", spread_about_the_new_mean, 0.0),
    ("rmsprop/spread", spread_with_the_old_mean, 0.0),
    ("rmsprop/spread", lambda g, decay: np.sqrt(spread(g, decay)), 0.0),
    ("rmsprop/spread", lambda g, decay: spread(g, 1 - decay), 0.0),
    ("rmsprop/spread", lambda g, decay: np.full(len(g), np.var(g)), 0.0),
]
