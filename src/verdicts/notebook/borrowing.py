"""A class on loan, so that a stuck student can go on: `Heap = borrow("heap")`.

In a student's own kernel, after two failed checks of the class, that is the course's own: figures and later cells
run. The price is its points: once a kernel has called `borrow`, it says so in the evidence of each check of that class,
and the check gives no points, here and in grading. Deleting the line and restarting the kernel gives them back. This is
a courtesy among honest people: a submission could hide the call, but not gain by it, as a borrowed class does nothing
in a check and while grading.

`earlier("Stack", "Queue")` is free: the classes of earlier lessons, for pictures. They do nothing in a check either.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import wraps
from typing import Any

from verdicts.courses import CourseContent, courses
from verdicts.notebook.course_copy import kept_classes
from verdicts.recording import evidence_outbox

FAILED_CHECKS = 2
"""Failed checks of a written answer before a class can be borrowed."""
STAND_INS = "inside.stand_ins"
"""The module of the classes that stand for withheld ones while grading."""


class BorrowError(RuntimeError):
    """A borrowed class was used where it does nothing; the message is one sentence for the student."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.borrowed = name

    def _render_traceback_(self) -> list[str]:
        """IPython's display of the error, also in a sandbox, where `unanswered` has no shell."""
        return [str(self)]


@dataclass
class _Loans:
    """This kernel's record of borrowed classes."""

    failed: Counter[str] = field(default_factory=Counter)
    borrowed: set[str] = field(default_factory=set)
    checking: bool = False
    used: bool = False
    """Whether the answer of the current or last check has used a borrowed class."""


_loans = _Loans()


def borrow(wanted: str) -> type | None:
    """The course's class of this name on loan, in any case; prints its price.

    Before two failed checks of the class, and while grading, it is one whose use ends in one sentence.
    Where no class has that name a line says so, and there is none.
    """
    known = {lent.lower(): lent for course in courses().values() for lent in course.lent}
    name = known.get(wanted.strip().lower()) if isinstance(wanted, str) else None
    if name is None:
        near = get_close_matches(str(wanted)[:99].lower(), known, n=1, cutoff=0.0)
        print(f'No class is lent by the name {wanted!r:.60}; the nearest is borrow("{near[0]}").')
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
    return _unusable_in_checks(name, _lender(name).lend(name), used_message(name))


def can_borrow(name: str) -> bool:
    """Whether enough checks of the class have failed in this kernel."""
    return _loans.failed[name] >= FAILED_CHECKS


def used_message(name: str) -> str:
    """The message for using a borrowed class in a check or while grading."""
    return f"{name} is borrowed: it does nothing in a check or while grading."


@contextmanager
def in_check() -> Iterator[None]:
    """Make borrowed classes do nothing while a check runs an answer."""
    _loans.checking, _loans.used = True, False
    try:
        yield
    finally:
        _loans.checking = False


def is_borrowed(check: Any) -> bool:
    """Whether this kernel has borrowed the class of a check."""
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

    return type(name, (), {**dict.fromkeys(_methods(name), refuse), "__doc__": sentence})


def _lender(name: str) -> CourseContent:
    return next(course for course in courses().values() if name in course.lent)


def _methods(name: str) -> tuple[str, ...]:
    return "__init__", *_lender(name).lent_methods


def _unusable_in_checks(name: str, lent: type, refusal: str) -> type:
    """The same class, but in a check it raises `refusal`."""

    def guarded(method: Any) -> Any:
        @wraps(method)
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            if _loans.checking:
                _loans.used = True
                raise BorrowError(name, refusal)
            return method(self, *arguments, **named)

        return call

    methods = {method: guarded(getattr(lent, method)) for method in _methods(name)}
    return type(name, (lent,), {**methods, "__doc__": lent.__doc__, "__module__": __name__})


def earlier(*names: str) -> tuple[type, ...]:
    """The classes of earlier lessons: the student's own from the file that keeps them, else the course's.

    They are for pictures and longer runs: in a check they raise one sentence.

    While grading, a class of the first lesson that the assignment asks for, or of a later one, says so when it is used.

    Raises:
        KeyError: a name that is none of the course's.
    """
    having = {name: course for course in courses().values() for name in course.earlier}
    asked = [having[name] for name in names]
    kept, trouble = ({}, "") if evidence_outbox.is_grading() or not asked else kept_classes(asked[0])
    if trouble:
        print(trouble)
    return tuple(_for_pictures(name, kept.get(name) or _lender(name).lend(name)) for name in names)


def _for_pictures(name: str, lent: type) -> type:
    if lent.__module__ == STAND_INS:
        why = f"earlier: {name} is not there while grading, as the assignment asks for it or for a class before it."
        return _empty(name, f"{why} Use your own class.")
    refusal = f"{name} is from an earlier lesson: in a check, write its class in this notebook."
    return _unusable_in_checks(name, lent, refusal)
