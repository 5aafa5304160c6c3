"""A rule on loan, so that a stuck student can go on: `Adam = borrow("adam")`.

In a student's own kernel, after two failed checks of the rule, that is the course's own class: figures and
later cells run. The price is the rule's points: once a kernel has called `borrow`, it says so in the evidence
of each check of that rule, and the check gives no points, here and in grading. Deleting the line and
restarting the kernel gives them back. This is a courtesy among honest people: a submission could hide the
call, but not gain by it, as a borrowed class does nothing in a check and while grading.

`earlier("SGD", "Momentum")` is free: the rules of earlier lessons, for pictures. They do nothing in a check either.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import wraps
from typing import Any

from verdicts.courses import courses
from verdicts.notebook.course_copy import kept_classes
from verdicts.recording import evidence_outbox

FAILED_CHECKS = 2
"""Failed checks of a written answer before a rule can be borrowed."""
STAND_INS = "inside.stand_ins"
"""The module of the classes that stand for withheld rules while grading."""


class BorrowError(RuntimeError):
    """A borrowed class was used where it does nothing; the message is one sentence for the student."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule

    def _render_traceback_(self) -> list[str]:
        """IPython's display of the error, also in a sandbox, where `unanswered` has no shell."""
        return [str(self)]


@dataclass
class _Loans:
    """This kernel's record of borrowed rules."""

    failed: Counter[str] = field(default_factory=Counter)
    borrowed: set[str] = field(default_factory=set)
    checking: bool = False
    used: bool = False
    """Whether the answer of the current or last check has used a borrowed class."""


_loans = _Loans()


def borrow(rule: str) -> type | None:
    """The rule's class on loan, e.g. `borrow("adam")`; prints its price.

    Before two failed checks of the rule, and while grading, it is a class whose use ends in one sentence.
    Where no rule has that name a line says so, and there is no class.
    """
    known = {lent.lower(): lent for course in courses().values() for lent in course.lent}
    name = known.get(rule.strip().lower()) if isinstance(rule, str) else None
    if name is None:
        near = get_close_matches(str(rule)[:99].lower(), known, n=1, cutoff=0.0)
        print(f'No rule is named {rule!r:.60}; the nearest is borrow("{near[0]}").')
        return None
    _loans.borrowed.add(name)
    if evidence_outbox.is_grading():
        return _empty(name, used_message(name))
    if not can_borrow(name):
        too_early = (
            f"{name} is lent after {FAILED_CHECKS} failed checks of a class of your own; in this kernel there were "
            f"{_loans.failed[name]}. Delete this line: as long as it stands here, the check of {name} gives 0 points."
        )
        print(too_early)
        return _empty(name, too_early)
    print(
        f"{name} is borrowed: figures and later cells run with it, and the check of {name} gives 0 points. "
        "To get them back, delete the line that borrows it, restart the kernel, and write your own."
    )
    return _unusable_in_checks(name, _of_the_course(name), used_message(name))


def can_borrow(rule: str) -> bool:
    """Whether enough checks of the rule have failed in this kernel."""
    return _loans.failed[rule] >= FAILED_CHECKS


def used_message(rule: str) -> str:
    """The message for using a borrowed class in a check or while grading."""
    return f"{rule} is borrowed: it does nothing in a check or while grading."


@contextmanager
def in_check() -> Iterator[None]:
    """Make borrowed classes do nothing while a check runs an answer."""
    _loans.checking, _loans.used = True, False
    try:
        yield
    finally:
        _loans.checking = False


def is_borrowed(check: Any) -> bool:
    """Whether this kernel has borrowed the rule of a check."""
    return check.lends in _loans.borrowed


def remember_failure(check: Any) -> None:
    """Count a failed check of a class of the student's own towards borrowing."""
    if check.lends and not _loans.used:
        _loans.failed[check.lends] += 1


def _empty(name: str, sentence: str) -> type:
    """A class that raises the sentence when it is used."""

    def refuse(self: Any, *arguments: Any, **named: Any) -> None:
        _loans.used = True
        raise BorrowError(name, sentence)

    return type(name, (), {"__init__": refuse, "update": refuse, "__doc__": sentence})


def _of_the_course(name: str) -> type:
    return next(course for course in courses().values() if name in course.lent).lend(name)


def _unusable_in_checks(name: str, rule: type, refusal: str) -> type:
    """The same rule, but in a check it raises `refusal`."""

    def guarded(method: Any) -> Any:
        @wraps(method)
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            if _loans.checking:
                _loans.used = True
                raise BorrowError(name, refusal)
            return method(self, *arguments, **named)

        return call

    methods = {method: guarded(getattr(rule, method)) for method in ("__init__", "update")}
    return type(name, (rule,), {**methods, "__doc__": rule.__doc__, "__module__": __name__})


def earlier(*rules: str) -> tuple[type, ...]:
    """The classes of rules of earlier lessons: the student's own from `my_rules.py`, else the course's.

    They are for pictures and training runs: in a check they raise one sentence.

    While grading, a rule of the first lesson that the assignment asks for, or of a later one, says so when it is used.

    Raises:
        KeyError: a name that is none of the course's.
    """
    having = {name: course for course in courses().values() for name in course.earlier}
    asked = [having[name] for name in rules]
    own, trouble = ({}, "") if evidence_outbox.is_grading() or not asked else kept_classes(asked[0])
    if trouble:
        print(trouble)
    return tuple(_for_pictures(name, own.get(name) or _of_the_course(name)) for name in rules)


def _for_pictures(name: str, rule: type) -> type:
    if rule.__module__ == STAND_INS:
        why = f"earlier: {name} is not there while grading, as the assignment asks for it or for a rule before it."
        return _empty(name, f"{why} Use your own class.")
    refusal = f"{name} is from an earlier lesson: in a check, write its class in this notebook."
    return _unusable_in_checks(name, rule, refusal)
