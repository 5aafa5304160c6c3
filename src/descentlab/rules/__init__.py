"""The reference rules: one file a rule, each equation above its statement.

A rule is an object with `update(params, grads)`: dicts of float arrays, `params` changed in place.
`descentlab.registry` says which rules there are, but for Muon, which takes whole matrices: `rules.Adam` is the class Adam
of the file adam.py.

>>> import numpy as np
>>> from descentlab.rules import SGD
>>> params, grads = {"w": np.array([1.0])}, {"w": np.array([0.5])}
>>> SGD(lr=0.1).update(params, grads)
>>> params["w"]
array([0.95])
"""

from importlib import import_module

from descentlab.registry import RULES


def __getattr__(name: str) -> type:
    """The class of a rule, from its own file."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{name.lower()}"), name)


def __dir__() -> list[str]:
    return __all__


__all__ = [*RULES, "Muon"]
