"""The controls of explorers: sliders from a constructor's signature, a line of text, a point, presets."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from descentlab.registry import HYPERPARAMETERS

USUAL = {name: one.typical[0] for name, one in HYPERPARAMETERS.items()} | {"lr": 0.1}
"""Defaults for arguments without one; this η shows a bowl of curvature 1 well."""
LONGEST_TEXT = 2000


Settings = dict[str, Any]
"""Values of controls, or of a constructor's arguments, by name."""


@dataclass(frozen=True)
class Control:
    """A control. The browser addresses its values by position, counted from 0."""

    name: str
    label: str
    initial: Any
    """The initial position."""

    kind = ""
    """The kind of control in the browser."""
    texts = ()
    """The text for each position."""

    def for_browser(self) -> dict[str, Any]:
        """The control's data for the browser."""
        return {key: getattr(self, key) for key in ("kind", "name", "label", "texts", "initial")}

    def read(self, sent: Any) -> Any:
        """The value at the position that the browser sent; the first one if that is invalid."""
        return sent if type(sent) is int and 0 <= sent < len(self.texts) else self.initial

    def nearest(self, value: Any) -> Any:
        """The position of the value nearest to this one."""
        return value


@dataclass(frozen=True)
class Slider(Control):
    """Values to choose from, in order."""

    values: tuple[Any, ...]
    kind = "slider"

    @cached_property
    def texts(self) -> Sequence[str]:
        return [value if isinstance(value, str) else f"{value:.4g}" for value in self.values]

    def read(self, sent: Any) -> Any:
        return self.values[super().read(sent)]

    def nearest(self, value: float) -> int:
        return int(np.abs(np.subtract(self.values, value)).argmin())


class Stepper(Slider):
    """A slider below the pictures, with buttons."""

    kind = "steps"


class TextEntry(Control):
    """A line of text to edit, cut at a generous length."""

    kind = "entry"

    def read(self, sent: Any) -> str:
        return sent[:LONGEST_TEXT] if isinstance(sent, str) else self.initial


class Point(Control):
    """A point in a panel, each coordinate between 0 and 1."""

    kind = "point"

    def read(self, sent: Any) -> tuple[float, float]:
        pair = isinstance(sent, list | tuple) and len(sent) == 2
        fits = pair and all(isinstance(place, int | float) and 0 <= place <= 1 for place in sent)
        return tuple(map(float, sent)) if fits else self.initial


def linear(low: float, high: float, count: int = 100) -> list[float]:
    """Evenly spaced values."""
    return np.linspace(low, high, count + 1).tolist()


def logarithmic(low: float, high: float, per_decade: int = 50) -> list[float]:
    """Values whose ratio is constant."""
    count = max(2, round(per_decade * np.log10(high / low)))
    return np.geomspace(low, high, count + 1).tolist()


def towards_one() -> list[float]:
    """Values from 0 to 0.9999, ever closer to 1."""
    return (1 - np.geomspace(1, 1e-4, 121)).tolist()


def slider(name: str, values: Sequence[float], initial: float, label: str) -> Slider:
    """A slider over these values; `initial` becomes one of them."""
    rounded = sorted({float(f"{value:.3g}") for value in values} | {float(initial)})
    return Slider(name, label, rounded.index(float(initial)), tuple(rounded))


def settings_of(rule_class: Callable[..., Any]) -> dict[str, float]:
    """The numeric arguments of a constructor and their defaults; one without a default gets the usual value."""
    try:
        parameters = inspect.signature(rule_class).parameters
    except (TypeError, ValueError):
        return {}
    numbers = {}
    for name, parameter in parameters.items():
        default = USUAL.get(name) if parameter.default is parameter.empty else parameter.default
        if isinstance(default, int | float) and not isinstance(default, bool) and np.isfinite(default):
            numbers[name] = float(default)
    return numbers


def sliders_of(rule_class: Callable[..., Any], settings: Mapping[str, Any]) -> list[Slider]:
    """A slider for each number in the constructor's signature; it begins at the setting with this name, if any.

    Raises:
        TypeError: a setting that the constructor does not have.
    """
    numbers = settings_of(rule_class)
    for name in settings:
        if name not in numbers:
            there = ", ".join(sorted(numbers)) or "none"
            raise TypeError(f"the constructor has no number {name!r}; there are: {there}")
    sliders = []
    for name, default in numbers.items():
        initial, known = float(settings.get(name, default)), HYPERPARAMETERS.get(name)
        sliders.append(slider(name, _values(name, initial), initial, known.label if known else name))
    return sliders


def _values(name: str, initial: float) -> list[float]:
    if name == "momentum":  # it alone may be 1: a ball that rolls without friction
        return [*linear(0, 0.99, 99), 0.995, 0.999, 1.0]
    if name in HYPERPARAMETERS and HYPERPARAMETERS[name].fraction:
        return towards_one()
    if name == "eps":
        return [0.0, *logarithmic(1e-12, 1.0, 5)]
    if initial > 0:
        return logarithmic(initial / 100, initial * 100)
    return linear(min(initial, -1), max(initial, 1))
