"""The verdict on an answer: data for the score, the feedback page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from descentlab.checks.comparing import CriterionResult
from descentlab.checks.spec import Check
from descentlab.sentences import say


@dataclass(frozen=True)
class ComparedPaths:
    """Two coordinates of one array on one probe, before the first call and after each."""

    probe: str
    key: str
    entries: tuple[int, int]
    """The places of the two coordinates in the flattened array."""
    actual: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Verdict:
    """The verdict on one answer."""

    check: str
    status: str
    """`answered`, `unanswered`, `borrowed`, `no-evidence`, `odd-evidence`."""
    criteria: tuple[CriterionResult, ...]
    cause: str
    """The cause of the failure; empty if there is none."""
    numbers: str = ""
    """The first difference, in numbers; empty if the cause has them."""
    facts: tuple[str, ...] = ()
    """Facts computed about a mistake without a name."""
    hint: str = ""
    """A question or a place to look at, which does not give the answer away."""
    mistake: str | None = None
    """The id of the mistake that makes exactly these numbers."""
    symptom: str = ""
    """For the instructor: the sign of this mistake in the numbers."""
    section: str = ""
    """The section to read again; empty if there is none."""
    link: str = ""
    """The link to that section, or to the cell of a missing answer, in the student's notebook; empty if unknown."""
    printed: str = ""
    """The output and warnings of the student's code."""
    notes: tuple[str, ...] = ()
    code: str = ""
    """A line of code that shows more; only where the student's own kernel can run it."""
    paths: ComparedPaths | None = None
    """The paths to draw for a rule's wrong steps."""

    @property
    def fraction(self) -> float:
        """The share of the points earned, 0 to 1, always finite."""
        if self.status != "answered":
            return 0.0
        whole = sum(c.weight for c in self.criteria)
        return sum(c.weight for c in self.criteria if c.passed) / whole if whole else 0.0

    @property
    def is_judged(self) -> bool:
        """Whether there is an answer, right or wrong; an answer of a borrowed rule earns nothing."""
        return self.status in ("answered", "borrowed")

    @property
    def passed(self) -> bool:
        """Whether every criterion passed."""
        return self.is_judged and bool(self.criteria) and all(c.passed for c in self.criteria)

    def points(self, maximum: float) -> float:
        """The score, to a hundredth of a point: the same number in the notebook and in the gradebook."""
        return round(self.fraction * maximum, 2)

    def as_data(self) -> dict[str, Any]:
        """The verdict as JSON data, as saved beside a graded notebook."""
        data = {
            **vars(self),
            "criteria": [dict(vars(criterion)) for criterion in self.criteria],
            "paths": self.paths and dict(vars(self.paths)),
        }
        return data | {"misconception": data.pop("mistake"), "gives_away": data.pop("symptom")}

    def with_note(self, note: str) -> Verdict:
        """The same verdict with one more sentence below it."""
        return replace(self, notes=(*self.notes, note))

    @classmethod
    def without_answer(cls, check: Check, status: str, cause: str) -> Verdict:
        """A verdict without points: no answer, or none that can be judged."""
        criteria = tuple(CriterionResult(c.name, False, "", c.weight, False) for c in check.criteria)
        return cls(check.name, status, criteria, cause, section=check.section)


def borrowed_message() -> str:
    """The sentence for a check of a borrowed rule, in notebooks, on feedback pages and in reports."""
    return say(
        "This notebook borrows the rule, so its check gives no points. To get them back, delete the line "
        "with borrow, restart the kernel, and check a class of your own."
    )
