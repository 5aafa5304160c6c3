"""The exercises, one folder per lesson. Only `checks.py` goes into the grader's sandbox:

    checks.py       what is asked: problems, criteria, tolerances
    reference.py    the expected results of functions and values; a rule's is its class in `descentlab.rules`
    hints.md        what `descentlab.hint` shows before a check fails
    derivations.md  the answer derived, shown when the check has passed
    mistakes.md     known wrong answers: see docs/extending.md

A new folder needs no entry anywhere.
"""

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from descentlab.checks.spec import Check, UnknownCheckError
from descentlab.sentences import say


@cache
def all_checks() -> dict[str, Check]:
    """Every check of the course by its name, in the order of the lessons' files.

    Raises:
        ValueError: two checks have the same name.
    """
    checks: dict[str, Check] = {}
    for lesson in sorted(item.name for item in iter_modules(__path__) if item.ispkg):
        for check in import_module(f"{__name__}.{lesson}.checks").CHECKS:
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
