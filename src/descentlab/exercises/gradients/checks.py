"""The checks of lesson 00-gradients."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from descentlab.objectives import Arrays
from verdicts.spec import FunctionCheck, FunctionProbe, Probes, probe

H = 1e-5
SHAPES: dict[str, tuple[int, ...]] = {"W": (3, 2), "b": (4,), "s": ()}
WRONG_SIGN, WRONG_ENTRY, SMALL, LARGE, ZEROS = (
    "a wrong sign",
    "one wrong entry",
    "a small gradient",
    "a large gradient",
    "zeros",
)
# What the wrong key's gradient is multiplied by, or one entry of it is lowered by (and one of another key raised).
FAULTS = {WRONG_SIGN: -1.0, WRONG_ENTRY: 0.02, SMALL: 3.0, LARGE: 1.001, ZEROS: 0.0}


def wave(a: float, b: float, c: float) -> Callable:
    """a e^(bθ) + c θ³, of floats or complex numbers."""
    return lambda theta: a * np.exp(b * theta) + c * theta**3


def bend(weight: Arrays, center: Arrays) -> Callable[[Arrays], float]:
    """A loss of a dict of arrays whose every entry matters: Σ w sin(p − c) + ½ (Σ w (p − c))²."""

    def loss(params: Arrays) -> float:
        apart = {key: params[key] - center[key] for key in weight}
        mixed = sum(float(np.sum(weight[key] * apart[key])) for key in weight)
        return sum(float(np.sum(weight[key] * np.sin(apart[key]))) for key in weight) + 0.5 * mixed**2

    return loss


def _slopes_probes(rng: Generator) -> Probes:
    for name, h, sign in (("h = 0.01", 1e-2, 1), ("h = 0.001", 1e-3, 1), ("a falling function", 1e-3, -1)):
        a, b, c, theta = rng.uniform((0.5, 0.5, 0.2, 0.3), (1.5, 1.5, 0.8, 1.2)).tolist()
        a, c = sign * a, sign * c
        data = {"a": a, "b": b, "c": c, "theta": theta, "h": h}
        yield FunctionProbe(name, (wave(a, b, c), theta, h), data)


def _best_steps_probes(rng: Generator) -> Probes:
    for name, r, high, bend in (
        ("double precision", 2.0**-52, 1, 1),
        ("single precision", 2.0**-23, 1, -1),
        ("a value below zero", 2.0**-52, -1, 1),
    ):
        f, f2, f3 = rng.uniform((0.5, 2.0, 5.0), (2.0, 9.0, 40.0)).tolist()
        yield probe(name, f=high * f, f2=bend * f2, f3=bend * f3, r=r)


def _numerical_probes(rng: Generator) -> Probes:
    for name, shapes in (
        ("a vector", {"b": (12,)}),
        ("a matrix, a vector and a scalar", {"W": (3, 2), "b": (2,), "s": ()}),
    ):
        weight = {key: np.asarray(rng.uniform(0.3, 1.2, shape)) for key, shape in shapes.items()}
        center, params = (
            {key: np.asarray(rng.normal(size=shape)) for key, shape in shapes.items()} for _ in range(2)
        )
        data = {"weight": weight, "center": center, "params": params, "h": H}
        yield FunctionProbe(name, (bend(weight, center), params, H), data)


def _agree_probes(rng: Generator) -> Probes:
    """A gradient and what a judge saw: rounding in every key, a fault in one, and another of its own size."""
    for name, fault in FAULTS.items():
        # A single zero stands in W, and a wrong entry needs right ones around it.
        spared = {WRONG_SIGN: "W", LARGE: "W", WRONG_ENTRY: "s"}.get(name)
        wrong, other = [key for key in rng.permutation(list(SHAPES)).tolist() if key != spared][:2]
        # The single number is negative: a largest entry is one of sizes.
        grads = {
            key: np.asarray(rng.uniform(0.5, 2.0, shape) * (rng.choice((-1, 1), shape) if shape else -1))
            for key, shape in SHAPES.items()
        }
        grads[wrong] = grads[wrong] * (1e-9 if name == SMALL else 1.0)
        grads[other] = grads[other] * {LARGE: 1e6, ZEROS: 0.0}.get(name, 1.0)
        grads["W"] *= 1e6 if name == LARGE else 1.0
        judged = {key: np.asarray(g * (1 + 1e-9 * rng.uniform(-1, 1, g.shape))) for key, g in grads.items()}
        if spared == "W":
            grads["W"][0, 0], judged["W"][0, 0] = 0.0, 1e-12 * np.abs(grads["W"]).max()
        if name == WRONG_ENTRY:
            grads[wrong].flat[0] -= fault
            grads[other].flat[0] += fault
        else:
            grads[wrong] = grads[wrong] * fault
        yield probe(name, grads=grads, judged=judged)


def _backprop_probes(rng: Generator) -> Probes:
    normal = rng.normal
    for name, (rows, inputs, hidden, outputs) in (("a net", (5, 3, 4, 2)), ("another net", (8, 2, 5, 1))):
        params = {
            "W1": normal(size=(inputs, hidden)) * 0.7,
            "b1": normal(size=hidden) * 0.5,
            "W2": normal(size=(hidden, outputs)),
            "b2": normal(size=outputs),
        }
        x, t = normal(size=(rows, inputs)), normal(size=(rows, outputs))
        yield probe(name, params=params, x=x, t=t)


def _last_layer_probes(rng: Generator) -> Probes:
    for name, rows, hidden, outputs in (("two outputs", 5, 4, 2), ("one output", 8, 3, 1)):
        z, t = rng.normal(size=(2, rows, outputs))
        yield probe(name, a=rng.uniform(-1, 1, (rows, hidden)), z=z, t=t)


CHECKS = (
    FunctionCheck("gradients/slopes", "00-gradients, three ways to a slope", _slopes_probes),
    FunctionCheck("gradients/best-steps", "00-gradients, the best distance", _best_steps_probes),
    FunctionCheck("gradients/numerical", "00-gradients, one entry at a time", _numerical_probes),
    FunctionCheck("gradients/agree", "00-gradients, right or wrong", _agree_probes),
    FunctionCheck("gradients/last-layer", "00-gradients, the last layer", _last_layer_probes),
    FunctionCheck("gradients/backprop", "00-gradients, backprop, key by key", _backprop_probes),
)
