"""The exercises, one folder per lesson. No `answers` go into the grader's sandbox:

    checks.py               problems, criteria, tolerances
    answers/reference.py    the expected results of functions and values; a rule's is its class in `descentlab.rules`.
                            Problems that are made from their answers are drawn here, too
    answers/derivations.md  the answer derived, shown when the check has passed
    answers/mistakes.md     hints, and known wrong answers: see docs/extending.md

A new folder needs no entry anywhere. `Lessons` is the engine's interface to this course; modules
withheld from the grader's sandbox are imported late.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from descentlab.checks.spec import Check, RuleCheck, UnknownCheckError
from descentlab.registry import HYPERPARAMETERS, RULES, SYMBOLS
from descentlab.sentences import say


@cache
def all_checks() -> dict[str, Check]:
    """Every check of the course by its name, in the order of the lessons' files.

    Raises:
        ValueError: two checks have the same name.
    """
    checks: dict[str, Check] = {}
    for check in chain.from_iterable(checks_by_lesson().values()):
        if check.name in checks:
            raise ValueError(say("two checks are named {name!r}", name=check.name))
        checks[check.name] = check
    return checks


def checks_by_lesson() -> dict[str, tuple[Check, ...]]:
    """The checks in each lesson's folder."""
    lessons = sorted(file.parent.name for file in Path(__file__).parent.glob("*/checks.py"))
    return {lesson: import_module(f"{__name__}.{lesson}.checks").CHECKS for lesson in lessons}


def find(name: str) -> Check:
    """The check with this name.

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


class Lessons:
    """The lessons of descentlab, as `descentlab.checks.courses.CourseContent` describes them."""

    symbols = SYMBOLS
    fractions = frozenset(name for name, row in HYPERPARAMETERS.items() if row.fraction)
    typical: Mapping[str, Sequence[float]] = {name: row.typical for name, row in HYPERPARAMETERS.items()}
    find = staticmethod(find)

    def reference(self, check: Check) -> Any:
        """A rule's class in `descentlab.rules`; else a function of the lesson's `answers/reference.py`.

        That of sgd/noise-floor is `noise_floor`. It takes a probe's `data`, {} for a value: that is not the
        signature asked of students, so that none is an answer.
        """
        if isinstance(check, RuleCheck):
            return getattr(import_module("descentlab.rules"), check.rule)
        lesson, _, what = check.name.partition("/")
        return getattr(import_module(f"{__name__}.{lesson}.answers.reference"), what.replace("-", "_"))

    def mistakes(self, check: str) -> Sequence[Any]:
        """The catalogue's entries for a check."""
        return import_module(f"{__name__}.answers.catalogue").mistakes(check)

    def hints(self, check: str) -> Sequence[str]:
        """The hints for a check, as templates, the gentlest first."""
        return import_module(f"{__name__}.answers.catalogue").all_hints().get(check, ())

    def section_of(self, check: str, mistake: str, otherwise: str) -> str:
        """The section to read again after the mistake with this id; empty if there is none."""
        return import_module(f"{__name__}.answers.catalogue").section_of(check, mistake, otherwise)

    def title(self, rule: str) -> str:
        """The title of a rule in sentences."""
        return RULES[rule].title

    def begun_from(self, rule: str) -> str:
        """The rule that students often start an answer from; empty if none."""
        return RULES[rule].begun_from

    def forms(self, rule: str) -> Sequence[type]:
        """A rule's class, then classes with the same numbers from other lines."""
        own = getattr(import_module("descentlab.rules"), rule)
        forms = import_module(f"{__name__}.answers.formulas").EQUAL_FORMS
        return [own, *(form for form in forms if issubclass(form, own))]

    def edits(self) -> Mapping[str, Sequence[Any]]:
        """The slips about averages and their correction."""
        return import_module(f"{__name__}.answers.formulas").EDITS
