"""This course as the checks' engine asks for it. What is withheld from the grader's sandbox is imported late."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from descentlab.checks.spec import Check, RuleCheck
from descentlab.exercises import find
from descentlab.registry import HYPERPARAMETERS, RULES, SYMBOLS


class Lessons:
    """The lessons of descentlab, as `descentlab.checks.courses.Course` describes them."""

    symbols = SYMBOLS
    fractions = frozenset(name for name, row in HYPERPARAMETERS.items() if row.fraction)
    typical: Mapping[str, Sequence[float]] = {name: row.typical for name, row in HYPERPARAMETERS.items()}
    find = staticmethod(find)

    def reference(self, check: Check) -> Any:
        """A rule's class in `descentlab.rules`; else a function of the lesson's `reference.py`.

        That of sgd/noise-floor is `noise_floor`. It takes a probe's `data`, {} for a value: that is not the
        signature asked of students, so that none is an answer.
        """
        if isinstance(check, RuleCheck):
            return getattr(import_module("descentlab.rules"), check.rule)
        lesson, _, what = check.name.partition("/")
        return getattr(import_module(f"descentlab.exercises.{lesson}.reference"), what.replace("-", "_"))

    def mistakes(self, check: str) -> Sequence[Any]:
        """The catalogue's entries on the check of that name."""
        return import_module("descentlab.exercises.catalogue").mistakes(check)

    def section_of(self, check: str, mistake: str, otherwise: str) -> str:
        """What to read again after a mistake of that id; empty where no section is about it."""
        return import_module("descentlab.exercises.catalogue").section_of(check, mistake, otherwise)

    def title(self, rule: str) -> str:
        """What sentences call a rule."""
        return RULES[rule].title

    def begun_from(self, rule: str) -> str:
        """The rule that an answer often begins from; empty: none."""
        return RULES[rule].begun_from

    def forms(self, rule: str) -> Sequence[type]:
        """A rule's class, then classes with other lines and the same numbers."""
        own = getattr(import_module("descentlab.rules"), rule)
        forms = import_module("descentlab.exercises.equal_forms").EQUAL_FORMS
        return [own, *(form for form in forms if issubclass(form, own))]

    def variants(self, rule: str) -> Sequence[Any]:
        """A rule as frameworks compute it, where their numbers differ at a constant learning rate."""
        table = import_module("descentlab.variants.table").VARIANTS
        return [row for row in table if row.rule == rule and not row.same_at_constant_rate]

    def edits(self) -> Mapping[str, Sequence[Any]]:
        """The slips about averages and their correction."""
        return import_module("descentlab.exercises.edits").EDITS
