"""The checks of each lesson, one file a lesson: every module here with a tuple CHECKS is found by itself."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from descentlab.checks.spec import Check, UnknownCheckError


@cache
def all_checks() -> dict[str, Check]:
    """Every check of the course by its name, in the order of the lessons' files."""
    found: dict[str, Check] = {}
    for module in sorted(iter_modules(__path__), key=lambda m: m.name):
        for check in import_module(f"{__name__}.{module.name}").CHECKS:
            if check.name in found:
                raise ValueError(f"two checks are named {check.name!r}")
            found[check.name] = check
    return found


def find(name: str) -> Check:
    """The check of that name.

    Raises UnknownCheckError, naming the nearest one.
    """
    checks = all_checks()
    if name in checks:
        return checks[name]
    near = get_close_matches(str(name), checks, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(checks)}"
    raise UnknownCheckError(f"no check is named {name!r}; {hint}")
