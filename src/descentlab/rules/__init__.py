"""The reference rules: one file a rule, each equation above its statement.

A rule is an object with `update(params, grads)`: dicts of float arrays, `params` changed in place.
`descentlab.registry` says which rules there are: `rules.Adam` is the class Adam of the file adam.py.
`like(framework, name)` gives a rule with a framework's own conventions, names and defaults.
"""

from importlib import import_module

from descentlab.registry import RULES

from .lookup import like

for _name in RULES:
    globals()[_name] = getattr(import_module(f"{__name__}.{_name.lower()}"), _name)

__all__ = [*RULES, "like"]
