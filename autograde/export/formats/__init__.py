"""One file a format, found by itself. Each has a NAME and `export(rows, template, column)`.

One that takes several assignments at once says SEVERAL = True.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def formats() -> dict[str, ModuleType]:
    """Every format by its name."""
    modules = (import_module(f"{__name__}.{file.name}") for file in iter_modules(__path__))
    return {module.NAME: module for module in modules}
