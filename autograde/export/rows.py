"""What is exported: one row a student and assignment."""

from __future__ import annotations

from dataclasses import dataclass

from autograde.grading.gradebook import SharedGradebook
from autograde.grading.results import GRADED, MISSING, Result
from autograde.grading.scores import times_handed_in
from autograde.grading.whole_class import WholeClass
from autograde.roster.people import Person


@dataclass(frozen=True)
class ScoreRow:
    """A student's result. `final` is the score to publish: None while a person has to look or to grade."""

    person: Person
    result: Result
    timestamp: str
    score_if_missing: float | None = None

    @property
    def student(self) -> str:
        """The student's id."""
        return self.result.student

    @property
    def assignment(self) -> str:
        """Of which assignment."""
        return self.result.assignment

    @property
    def final(self) -> float | None:
        """The score, if nothing is open."""
        if self.result.status == MISSING:
            return self.score_if_missing
        if self.result.status != GRADED or self.result.pending_manual:
            return None
        return self.result.score

    @property
    def name(self) -> str:
        """Last name first, as the systems write it."""
        return self.person.name or self.student


def read_rows(gradebook: SharedGradebook, whole: WholeClass) -> list[ScoreRow]:
    """Everybody who belongs to the class, by id."""
    submitted = times_handed_in(gradebook, whole.key.assignment)
    rows = []
    for result in whole.results():
        when = submitted.get(result.student)
        rows.append(ScoreRow(whole.person(result.student), result, when.isoformat() if when else ""))
    return rows
