"""The exercises, a folder a lesson, split by who may see them:

    checks.py     what is asked: problems, criteria, tolerances. Goes into the grader's sandbox.
    reference.py  what is expected of functions and values. Never there.
    hints.py      what `descentlab.hint` says before a check fails. Never there.
    derivations.py  the answer derived, shown when the check has passed. Never there.
    mistakes.py   known wrong answers, with words about each (see `catalogue`). Never there.

Every folder here is found by itself. A rule's own reference is its class in `descentlab.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from descentlab.checks.spec import Check, UnknownCheckError
from descentlab.sentences import say


def modules(kind: str) -> Iterator[ModuleType]:
    """Every lesson's modules whose names begin so, such as "reference"; a lesson need not have one."""
    for lesson in sorted(item.name for item in iter_modules(__path__) if item.ispkg):
        package = import_module(f"{__name__}.{lesson}")
        for item in iter_modules(package.__path__):
            if item.name.startswith(kind):
                yield import_module(f"{package.__name__}.{item.name}")


@cache
def all_checks() -> dict[str, Check]:
    """Every check of the course by its name, in the order of the lessons' files."""
    checks: dict[str, Check] = {}
    for module in modules("checks"):
        for check in module.CHECKS:
            if check.name in checks:
                raise ValueError(say("two checks are named {name!r}", name=check.name))
            checks[check.name] = check
    return checks


def find(name: str) -> Check:
    """The check of that name.

    Raises:
        UnknownCheckError: there is none; names the nearest.
    """
    checks = all_checks()
    if isinstance(name, str) and name in checks:
        return checks[name]
    near = get_close_matches(str(name), checks, n=1)
    if near:
        sentence = say("no check is named {name!r}; did you mean {near!r}?", name=name, near=near[0])
    else:
        sentence = say("no check is named {name!r}; there are: {known}", name=name, known=", ".join(checks))
    raise UnknownCheckError(sentence)
