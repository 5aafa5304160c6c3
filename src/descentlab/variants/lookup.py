"""The rule behind `like("keras", "Adam")`: a framework's numbers, names and defaults."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any, Protocol, get_type_hints

import numpy as np

from descentlab.agreement import Arrays
from descentlab.registry import RULES

from .frameworks import FRAMEWORKS


class VariantRule(Protocol):
    """The interface of every rule: an `update`, and a rate that may change between two steps."""

    lr: float

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not."""


# Hyperparameters that mean the same, to suggest the right spelling.
SAME_MEANING = (
    ("lr", "learning_rate", "step_size", "alpha", "eta"),
    ("momentum", "mass", "mu"),
    ("decay", "rho", "alpha", "gamma", "decay_rate"),
    ("beta1", "b1", "beta_1", "betas"),
    ("beta2", "b2", "beta_2", "betas"),
    ("eps", "epsilon"),
    ("weight_decay", "weight_decay_rate"),
    ("nesterov", "use_nesterov"),
    ("eps_inside_sqrt", "eps_in_sqrt"),
)


def build(framework: str, name: str, hyper: Mapping[str, Any]) -> VariantRule:
    """Build the rule that `descentlab.rules.like` returns.

    Raises:
        ValueError, TypeError: as that says.
    """
    make, chosen = find(framework, name)
    what = f"{framework}'s {make.__name__}"
    parameters = inspect.signature(make).parameters
    hints = get_type_hints(make, include_extras=True)
    for argument in hyper:
        if argument not in parameters:
            nearest = _spelling(argument, parameters)
            raise TypeError(f"{what} has no {argument!r}. It takes {signature(make)}; {nearest}")
    arguments = {**chosen, **hyper}
    missing = [p.name for p in parameters.values() if p.default is p.empty and p.name not in arguments]
    if missing:
        raise TypeError(f"{what} has no default for {missing[0]!r}, give one. It takes {signature(make)}")
    for argument, value in arguments.items():
        (check,) = hints[argument].__metadata__
        arguments[argument] = check(f"{what}: {argument}", value)
    return make(**arguments)


def find(framework: str, name: str) -> tuple[Callable[..., VariantRule], dict[str, Any]]:
    """The framework's function for a rule and the arguments that choose it; ValueError if there is none."""
    if str(framework) not in FRAMEWORKS:
        raise ValueError(f"no framework {framework!r}. {_known_and_nearest(str(framework), FRAMEWORKS)}")
    home = FRAMEWORKS[framework]
    known = {_letters_only(rule): chosen for rule, chosen in home.RULES.items()}
    known |= {_letters_only(own.__name__): (own, {}) for own, _ in home.RULES.values()}
    for own, _ in home.RULES.values():
        known.setdefault(_letters_only(own.__name__).removesuffix("optimizer"), (own, {}))
    for row in RULES.values():
        for recorded in (*row.recorded, *row.recorded_variants):
            if recorded in home.RULES:
                known.setdefault(_letters_only(row.name), home.RULES[recorded])
    # "tf.keras.optimizers.legacy.RMSprop" is found by its last two words, "keras.optimizers.SGD" by its last.
    words = str(name).split(".")
    for tried in (".".join(words[-2:]), words[-1]):
        if _letters_only(tried) in known:
            return known[_letters_only(tried)]
    raise ValueError(f"{framework} has no rule {name!r} here. {_known_and_nearest(str(name), names(home))}")


def names(home: ModuleType) -> list[str]:
    """The names of a framework's rules, its own first."""
    own = [make.__name__ for make, _ in home.RULES.values()]
    taken = {_letters_only(name) for name in own}
    return list(dict.fromkeys(own + [rule for rule in home.RULES if _letters_only(rule) not in taken]))


def signature(make: Callable[..., VariantRule]) -> str:
    """The framework's arguments and defaults, as in a call: "lr=0.001, momentum=0.0"."""
    parameters = inspect.signature(make).parameters.values()
    return ", ".join(p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in parameters)


def _letters_only(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _known_and_nearest(wrong: str, there: Iterable[str]) -> str:
    nearest = {known.lower(): known for known in there}
    (close,) = get_close_matches(wrong.lower(), nearest, n=1, cutoff=0.0)
    return f"There are {', '.join(there)}; the nearest is {nearest[close]!r}"


def _spelling(wrong: str, there: Iterable[str]) -> str:
    for group in SAME_MEANING:
        for known in there:
            if wrong in group and known in group:
                return f"you may mean {known!r}"
    (close,) = get_close_matches(wrong, list(there), n=1, cutoff=0.0)
    return f"the nearest is {close!r}"
