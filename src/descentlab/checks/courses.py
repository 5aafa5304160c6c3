"""The interface between the engine and a course: its checks and, where answers are judged, the rest.

A course registers itself once; `checks` and `diagnosis` import nothing of it. In the grader's sandbox only
`find` and `record` work: the modules for the rest are absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from descentlab.checks.spec import Check


class KnownMistake(Protocol):
    """A wrong answer that the course describes; see `exercises.answers.catalogue.Mistake` for the fields."""

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
        """Build the wrong answer itself."""


class CourseContent(Protocol):
    """A course's checks, and the facts about them that judging needs."""

    symbols: Mapping[str, str]
    """The symbol that formulas print for a name in code."""
    fractions: frozenset[str]
    """The hyperparameters between 0 and 1."""
    typical: Mapping[str, Sequence[float]]
    """Constants often used instead of a hyperparameter."""

    def find(self, name: str) -> Check:
        """The check with this name; raises UnknownCheckError."""

    def reference(self, check: Check) -> Any:
        """The class of a rule, or the function from a probe's `data` to the expected result."""

    def mistakes(self, check: str) -> Sequence[KnownMistake]:
        """The known wrong answers to the check with this name."""

    def hints(self, check: str) -> Sequence[str]:
        """The hints for the check with this name, the gentlest first."""

    def section_of(self, check: str, mistake: str, otherwise: str) -> str:
        """The section to read again after the mistake with this id; empty if there is none."""

    def title(self, rule: str) -> str:
        """The title of a rule in sentences."""

    def begun_from(self, rule: str) -> str:
        """The rule that students often start an answer from; empty if none."""

    def forms(self, rule: str) -> Sequence[type]:
        """A rule's class, then classes with the same numbers from other lines."""

    def edits(self) -> Mapping[str, Sequence[Any]]:
        """Rows to put first in the tables of `diagnosis.rules.edits`, by the table's name."""


_loaders: list[Callable[[], CourseContent]] = []


def register(load: Callable[[], CourseContent]) -> None:
    """Register the course that `load` returns; `load` is called when it is first needed."""
    _loaders[:] = [load]
    content.cache_clear()


@cache
def content() -> CourseContent:
    """The registered course.

    Raises:
        LookupError: there is none.
    """
    if not _loaders:
        raise LookupError("no course is registered: call descentlab.checks.courses.register")
    return _loaders[0]()


def record(name: str, answer: Any, seed: int | None, drawn: bytes = b"", *, borrowed: bool = False) -> bytes:
    """Record `answer` on the probes of the check `name` drawn from `seed`; returns the evidence.

    JSON with base64 arrays, at most `evidence_bytes.MAX_BYTES`. Exceptions of the answer are part of the evidence.

    Args:
        drawn: the `arguments` of a check that is drawn outside; no seed is needed then.
        borrowed: whether the check's rule is borrowed, which becomes part of the evidence.

    Raises:
        UnknownCheckError: no check has this name.
    """
    from descentlab.checks.recording.evidence_bytes import pack

    runs = content().find(name).record(answer, seed, drawn)
    return pack({"check": name, **runs, "borrowed": borrowed})


def add_varied(evidence: bytes, name: str, answer: Any, seed: int | None) -> bytes:
    """The evidence of a function with its results where one argument of an example is changed.

    They earn and cost no points. Other checks have none.
    """
    from descentlab.checks.recording.evidence_bytes import OddEvidenceError, evidence_of, pack
    from descentlab.checks.recording.run_student import run_varied

    check = content().find(name)
    probes = () if seed is None else check.varied(seed)
    if not probes:
        return evidence
    try:
        recorded = evidence_of(evidence, name)
        if recorded["state"] != "answered":
            return evidence
        example: Any = check.draw(seed)[0]
        more = pack(recorded | {"varied": run_varied(answer, example, probes)})
        evidence_of(more, name)
    except OddEvidenceError:  # the judge says so of the evidence itself; a changed argument costs nothing
        return evidence
    return more


def arguments(name: str, seed: int) -> bytes:
    """The arguments of each probe of a check with `drawn_outside`, for `record`; b"" for other checks."""
    try:
        check = content().find(name)
    except LookupError:
        return b""
    return check.arguments(seed)
