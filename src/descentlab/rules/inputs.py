"""Checks of every rule's input, which refuse it with a clear message before anything changes."""

import math
from collections.abc import Mapping
from numbers import Real
from types import MappingProxyType

import numpy as np

from descentlab.objectives import Arrays

NOTHING: Arrays = MappingProxyType({})
FLOATS = (np.ndarray, np.generic, float)


ArraysByKey = dict[str, np.ndarray]
"""Parameters, their gradients or a state of a rule: float arrays of any shapes."""


def not_negative(name: str, value: float) -> float:
    """`value` as a float, a finite number ≥ 0 (a learning rate, an ε); ValueError or TypeError otherwise."""
    return _number(name, value, below=math.inf, allowed="a finite number, 0 or more")


def fraction(name: str, value: float) -> float:
    """`value` as a float in [0, 1) (a momentum, a decay, a β); ValueError or TypeError otherwise."""
    return _number(name, value, below=1.0, allowed="at least 0 and below 1")


def _number(name: str, value: float, below: float, allowed: str) -> float:
    if type(value) is not float:  # a rule asks at every step: nearly always it is one
        if isinstance(value, np.ndarray) and value.shape == ():
            value = value[()]
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be one number, {allowed}; got {(f'{value!r:.60}')}")
    if not 0.0 <= value < below:
        raise ValueError(f"{name} must be {allowed}; got {value!r}")
    return float(value)


def check_step(lr: float, params: Arrays, grads: Arrays, memory: Arrays = NOTHING) -> None:
    """Raise if a step cannot be right, before the first parameter is touched.

    Every array in `params` is writeable, floating point, and has a gradient of its own shape in `grads`;
    further gradients do no harm. `memory` is a rule's state, which must still fit its parameter.

    Raises:
        TypeError: a wrong kind of thing.
        ValueError: a missing gradient, a wrong shape or rate.
    """
    not_negative("lr", lr)
    for name, value in (("params", params), ("grads", grads)):
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} must be a dict of arrays; got {_shown(value)}")
    for key, param in params.items():
        if key not in grads:
            raise ValueError(f"params has {key!r}, but grads has only {list(grads)}")
        _floats("params", key, param)
        _floats("grads", key, grads[key])
        _fits(key, param, np.shape(grads[key]), np.shape(memory[key]) if key in memory else None)


def _fits(key: str, param: np.ndarray, of_grads: tuple[int, ...], before: tuple[int, ...] | None) -> None:
    shape = np.shape(param)
    if shape != of_grads:
        raise ValueError(f"params[{key!r}] has shape {shape}, but grads[{key!r}] has shape {of_grads}")
    if isinstance(param, np.ndarray) and not param.flags.writeable:
        raise ValueError(f"params[{key!r}] is read-only and cannot be changed in place")
    if before is not None and before != shape:
        raise ValueError(
            f"params[{key!r}] has shape {shape} now, but had {before} in earlier steps: "
            "parameters that changed need a new rule"
        )


def zero_at_first(params: Arrays, *states: ArraysByKey) -> None:
    """Give each parameter without a state an array of zeros of its shape and dtype."""
    for state in states:
        for key, param in params.items():
            if key not in state:
                state[key] = np.zeros_like(param)


def _floats(name: str, key: str, value: object) -> None:
    if not isinstance(value, FLOATS):
        raise TypeError(f"{name}[{key!r}] must be an array of floats; got {_shown(value)}")
    kind = np.asarray(value).dtype
    if kind.kind != "f":
        raise TypeError(f"{name}[{key!r}] has dtype {kind}, which cannot hold every step; give floats")


def _shown(value: object) -> str:
    return f"{type(value).__name__}: {value!r:.60}"
