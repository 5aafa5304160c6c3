"""What a check answers: data, from which the score, the page and the terminal's text are made."""

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
    """What is wrong; empty where nothing is."""
    numbers: str = ""
    """Where the answer first differs, in its own numbers; empty where the cause says so."""
    facts: tuple[str, ...] = ()
    """What was computed of a mistake that has no name."""
    hint: str = ""
    """A question or a place to look at, which does not give the answer away."""
    mistake: str | None = None
    """The id of the mistake that makes exactly these numbers."""
    symptom: str = ""
    """For the instructor: what in the numbers says that it is this mistake."""
    section: str = ""
    """What to read again; empty: no section is about this."""
    link: str = ""
    """Where that section stands in the student's own notebook, or the cell of a missing answer; empty: not
    known."""
    printed: str = ""
    """What the student's code printed or warned while it ran."""
    notes: tuple[str, ...] = ()
    code: str = ""
    """A line of code that shows more; only where the student's own kernel can run it."""
    paths: ComparedPaths | None = None
    """What a picture of a rule's wrong steps is made of."""

    @property
    def fraction(self) -> float:
        """The share of the points, 0 to 1, always finite."""
        if self.status != "answered":
            return 0.0
        whole = sum(c.weight for c in self.criteria)
        return sum(c.weight for c in self.criteria if c.passed) / whole if whole else 0.0

    @property
    def is_judged(self) -> bool:
        """Whether there is an answer, right or wrong; where the rule is borrowed it earns nothing."""
        return self.status in ("answered", "borrowed")

    @property
    def passed(self) -> bool:
        """Whether every criterion passed."""
        return self.is_judged and bool(self.criteria) and all(c.passed for c in self.criteria)

    def points(self, maximum: float) -> float:
        """The score, to a hundredth of a point: the same number in the notebook and in the gradebook."""
        return round(self.fraction * maximum, 2)

    def as_data(self) -> dict[str, Any]:
        """As it is kept beside a graded notebook, in its format's own names."""
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
        """A verdict of no points: nothing was answered, or nothing that can be judged."""
        criteria = tuple(CriterionResult(c.name, False, "", c.weight, False) for c in check.criteria)
        return cls(check.name, status, criteria, cause, section=check.section)


def says_borrowed() -> str:
    """The sentence of a check of a borrowed rule: in the notebook, on the feedback page, in reports."""
    return say(
        "This notebook borrows the rule, so its check gives no points. To get them back, delete the line "
        "with borrow, restart the kernel, and check a class of your own."
    )
