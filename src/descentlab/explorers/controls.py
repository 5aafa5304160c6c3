"""What a person can move: sliders made from a constructor's signature, choices, a line of text, presets."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from descentlab.registry import HYPERPARAMETERS
from descentlab.sentences import say

USUAL = {name: one.typical[0] for name, one in HYPERPARAMETERS.items()} | {"lr": 0.1}
"""Where a constructor has no default of its own; this η shows a bowl of curvature 1 well."""
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Slider:
    """Values to choose from, in order, and the place of the first one shown."""

    name: str
    label: str
    values: tuple[float, ...]
    initial: int
    steps: bool = False
    """Whether it counts steps: it is then below the pictures, with buttons."""

    def for_browser(self) -> dict[str, Any]:
        """What the browser makes of it: its kind, its name, a text for each value."""
        kind, texts = "steps" if self.steps else "slider", [f"{value:.4g}" for value in self.values]
        return {"kind": kind, "name": self.name, "label": self.label, "texts": texts, "initial": self.initial}

    def read(self, sent: Any) -> float:
        """The value at the place that the browser sent; the first one where that is no place."""
        fits = type(sent) is int and 0 <= sent < len(self.values)
        return self.values[sent if fits else self.initial]

    def nearest(self, value: float) -> int:
        """The place of the value nearest to this one."""
        return int(np.argmin(np.abs(np.array(self.values) - value)))


@dataclass(frozen=True)
class Clock:
    """The step that a race has come to. The browser keeps it alone: Python has sent the whole paths."""

    name: str
    label: str
    last: int
    speeds: tuple[int, ...] = (5, 15, 40)
    """Steps a second to choose from, slow, medium and fast."""

    def for_browser(self) -> dict[str, Any]:
        """As for a slider: a text for each step, and the speeds."""
        texts = [str(step) for step in range(self.last + 1)]
        paces = {"speeds": list(self.speeds), "paces": [say("slow"), say("medium"), say("fast")]}
        named = {"kind": "clock", "name": self.name, "label": self.label}
        return {**named, "texts": texts, "initial": self.last, **paces}

    def read(self, sent: Any) -> int:
        """Always the last step, up to which Python draws."""
        return self.last


@dataclass(frozen=True)
class Choice:
    """One of several names."""

    name: str
    label: str
    options: tuple[str, ...]
    initial: int = 0

    def for_browser(self) -> dict[str, Any]:
        """As for a slider: the options."""
        return {"kind": "choice", **asdict(self), "texts": list(self.options)}

    def read(self, sent: Any) -> int:
        """The number of the option."""
        return sent if type(sent) is int and 0 <= sent < len(self.options) else self.initial


@dataclass(frozen=True)
class TextEntry:
    """A line of text to edit."""

    name: str
    label: str
    initial: str

    def for_browser(self) -> dict[str, Any]:
        """As for a slider: the text at first."""
        return {"kind": "entry", **asdict(self)}

    def read(self, sent: Any) -> str:
        """The text, cut where it is longer than anybody types."""
        return sent[:LONGEST_TEXT] if isinstance(sent, str) else self.initial


@dataclass(frozen=True)
class Point:
    """A place in a panel, each coordinate between 0 and 1. The browser adds a third number: see `Brush`."""

    name: str
    initial: tuple[float, float]

    def for_browser(self) -> dict[str, Any]:
        """As for a slider: the place at first."""
        return {"kind": "point", "name": self.name, "initial": [round(place, 6) for place in self.initial]}

    def read(self, sent: Any) -> tuple[float, float]:
        """The place's two coordinates."""
        fits = isinstance(sent, list | tuple) and len(sent) in (2, 3)
        if not fits or not all(isinstance(place, int | float) and 0 <= place <= 1 for place in sent):
            return self.initial
        return (float(sent[0]), float(sent[1]))


@dataclass(frozen=True)
class Brush(Point):
    """A place that paints. Its third number is the same for all places of one stroke of the hand."""

    def read(self, sent: Any) -> tuple[float, float, Any]:
        """The place, and the number of the stroke."""
        return (*super().read(sent), sent[2] if isinstance(sent, list | tuple) and len(sent) == 3 else None)


Control = Slider | Clock | Choice | TextEntry | Point


def linear(low: float, high: float, count: int = 100) -> list[float]:
    """Evenly spaced values."""
    return np.linspace(low, high, count + 1).tolist()


def logarithmic(low: float, high: float, per_decade: int = 50) -> list[float]:
    """Values whose ratio is constant."""
    count = max(2, round(per_decade * np.log10(high / low)))
    return np.geomspace(low, high, count + 1).tolist()


def towards_one(low: float = 0.0, nearest: float = 1e-4) -> list[float]:
    """From `low` to 1 − `nearest`, ever closer to 1."""
    return (1 - np.geomspace(1 - low, nearest, 121)).tolist()


def slider(
    name: str, values: list[float], initial: float, label: str | None = None, steps: bool = False
) -> Slider:
    """A slider over these values; `initial` becomes one of them."""
    rounded = sorted({float(f"{value:.3g}") for value in values} | {float(initial)})
    return Slider(name, label or _label(name), tuple(rounded), rounded.index(float(initial)), steps)


def _label(name: str) -> str:
    return say(HYPERPARAMETERS[name].label) if name in HYPERPARAMETERS else name


def settings_of(rule_class: Callable[..., Any]) -> dict[str, float]:
    """The numbers in a constructor's signature and their defaults; an argument without one gets the usual."""
    try:
        parameters = inspect.signature(rule_class).parameters.values()
    except (TypeError, ValueError):
        return {}
    numbers = {}
    for parameter in parameters:
        default = parameter.default
        if default is parameter.empty:
            default = USUAL.get(parameter.name)
        if isinstance(default, int | float) and not isinstance(default, bool) and np.isfinite(default):
            numbers[parameter.name] = float(default)
    return numbers


def sliders_of(
    rule_class: Callable[..., Any], settings: Mapping[str, Any], prefix: str = "", label: str = ""
) -> list[Slider]:
    """A slider for each number in the constructor's signature.

    `settings` may hold a first value (`lr=0.1`) or a range (`lr=(0.01, 2)`) for any of them; what is not in
    the signature is ignored here.
    """
    sliders = []
    for name, default in settings_of(rule_class).items():
        setting = settings.get(name, default)
        values = _values(name, setting, default)
        if isinstance(setting, tuple | list):
            initial = float(np.clip(default, min(setting), max(setting)))
        else:
            initial = float(setting)
        known = HYPERPARAMETERS.get(name)
        title = label + (known.symbol if known else name) if label else _label(name)
        sliders.append(slider(prefix + name, values, initial, title))
    return sliders


def sliders_of_each(
    rules: Mapping[str, Callable[..., Any]], settings: Mapping[str, Any]
) -> dict[str, list[Slider]]:
    """The sliders of each class by its label, which is part of their names if there are several classes.

    Raises:
        TypeError: a setting that no constructor has.
    """
    known = {name for cls in rules.values() for name in settings_of(cls)}
    for name in settings:
        if name not in known:
            there = ", ".join(sorted(known)) or say("none")
            raise TypeError(
                say("no constructor here has a number {name!r}; there are: {there}", name=name, there=there)
            )
    several = len(rules) > 1
    return {
        label: sliders_of(cls, settings, *((f"{label}.", f"{label}: ") if several else ()))
        for label, cls in rules.items()
    }


def settings_at(sliders: Sequence[Slider], at: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these sliders, by the constructor's names."""
    return {s.name.rpartition(".")[2]: at[s.name] for s in sliders}


def _values(name: str, setting: Any, default: float) -> list[float]:
    # Momentum alone may be 1: a ball that rolls without friction.
    shared_out = name in HYPERPARAMETERS and HYPERPARAMETERS[name].fraction and name != "momentum"
    if isinstance(setting, tuple | list):
        low, high = sorted(float(end) for end in setting)
        if shared_out and high < 1:
            return towards_one(low, 1 - high)
        return logarithmic(low, high) if low > 0 and high / low > 20 else linear(low, high)
    if shared_out:
        return towards_one()
    if name == "momentum":
        return [*linear(0, 0.99, 99), 0.995, 0.999, 1.0]
    if name == "eps":
        return [0.0, *logarithmic(1e-12, 1.0, 5)]
    if setting > 0:
        return logarithmic(setting / 100, setting * 100)
    return linear(min(setting, -1), max(setting, 1))
