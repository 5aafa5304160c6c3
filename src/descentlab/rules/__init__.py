"""The reference rules: one file a rule, each equation above its statement.

A rule is an object with `update(params, grads)`: dicts of float arrays, `params` changed in place.
`descentlab.registry` says which rules there are: `rules.Adam` is the class Adam of the file adam.py.
`like(framework, name)` gives a rule with a framework's own numbers, names and defaults.

>>> import numpy as np
>>> from descentlab.rules import SGD
>>> params, grads = {"w": np.array([1.0])}, {"w": np.array([0.5])}
>>> SGD(lr=0.1).update(params, grads)
>>> params["w"]
array([0.95])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from descentlab.registry import RULES

if TYPE_CHECKING:
    from descentlab.variants.lookup import VariantRule


def __getattr__(name: str) -> type:
    """The class of a rule, from its own file."""
    if name not in RULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{name.lower()}"), name)


def like(framework: str, name: str, **hyper: Any) -> VariantRule:
    """A rule with `framework`'s numbers: `like("torch", "Adam", lr=1e-3, betas=(0.9, 0.999))`.

    `name` is the framework's own ("RMSPropOptimizer", "keras.optimizers.SGD") or the course's ("momentum",
    "RMSpropGraves"), upper or lower case. `hyper` are the framework's own arguments, with its defaults. The
    rule's iterates equal the framework's to rounding; its rate is the attribute `lr`, which may be changed
    between two updates with the framework's own effect.

    Raises:
        ValueError: an unknown framework or rule, or a value that cannot be right.
        TypeError: an unknown or missing hyperparameter; each error lists the valid ones.
    """
    from descentlab.variants.lookup import build

    return build(framework, name, hyper)


def __dir__() -> list[str]:
    return __all__


__all__ = [*RULES, "like"]
