"""What the engine asks of a course: its checks by name and, where answers are judged, everything about them.

A course registers itself once; `checks` and `diagnosis` import nothing of it. In the grader's sandbox only
`find` works, and `record` with it: the modules behind the rest are not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from descentlab.checks.spec import Check


class KnownMistake(Protocol):
    """A wrong answer that the course has words for; `exercises.catalogue.Mistake` describes the fields."""

    id: str
    check: str
    what: str
    hint: str
    why: str
    symptom: str
    group: str
    section: str
    cause: str
    edits: tuple[str, ...]

    def make(self) -> Any:
        """The wrong answer itself."""


class RuleVariant(Protocol):
    """A rule as a framework computes it; `variants.table.Variant` describes the fields."""

    id: str
    sentence: str
    related: bool
    factory: Callable[..., Any]


class Course(Protocol):
    """A course's checks, and what a judge needs to know about them."""

    symbols: Mapping[str, str]
    """How formulas print the names that code has."""
    fractions: frozenset[str]
    """The hyperparameters between 0 and 1."""
    typical: Mapping[str, Sequence[float]]
    """Constants that programs have in a hyperparameter's place."""

    def find(self, name: str) -> Check:
        """The check of that name; raises UnknownCheckError."""

    def reference(self, check: Check) -> Any:
        """A rule's class; else the function from a probe's `data` to what is expected."""

    def mistakes(self, check: str) -> Sequence[KnownMistake]:
        """The known wrong answers to the check of that name."""

    def section_of(self, check: str, mistake: str, otherwise: str) -> str:
        """What to read again after a mistake of that id; empty where no section is about it."""

    def title(self, rule: str) -> str:
        """What sentences call a rule."""

    def begun_from(self, rule: str) -> str:
        """The rule that an answer often begins from; empty: none."""

    def forms(self, rule: str) -> Sequence[type]:
        """A rule's class, then classes with other lines and the same numbers."""

    def variants(self, rule: str) -> Sequence[RuleVariant]:
        """A rule as frameworks compute it, where their numbers differ."""

    def edits(self) -> Mapping[str, Sequence[Any]]:
        """Rows that the tables of `diagnosis.edits` begin with, by the table's name."""


_loaders: list[Callable[[], Course]] = []


def register(load: Callable[[], Course]) -> None:
    """Make the course that `load` returns the engine's; `load` is called when it is first needed."""
    _loaders[:] = [load]
    course.cache_clear()


@cache
def course() -> Course:
    """The registered course.

    Raises:
        LookupError: there is none.
    """
    if not _loaders:
        raise LookupError("no course is registered: call descentlab.checks.courses.register")
    return _loaders[0]()


def record(name: str, answer: Any, seed: int | None, drawn: bytes = b"", *, borrowed: bool = False) -> bytes:
    """Evidence of what `answer` does on the probes of the check `name` drawn from `seed`.

    JSON with base64 arrays, at most `evidence_bytes.MAX_BYTES`. Never raises for what the answer does.

    Args:
        drawn: the `arguments` of a check that is drawn outside; no seed is needed then.
        borrowed: whether the check's rule is on loan: the evidence says so.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    from descentlab.checks.recording.evidence_bytes import pack

    runs = course().find(name).record(answer, seed, drawn)
    return pack({"check": name, **runs, "borrowed": borrowed})


def arguments(name: str, seed: int) -> bytes:
    """The arguments of each probe of a check that is `drawn_outside`, for `record`; b"" for other checks."""
    try:
        check = course().find(name)
    except LookupError:
        return b""
    return check.arguments(seed)
