"""What is exported: one row a student and assignment."""

from __future__ import annotations

from dataclasses import dataclass

from autograde.grading.gradebook import SharedGradebook
from autograde.grading.results import GRADED, MISSING, Result
from autograde.grading.scores import times_handed_in
from autograde.grading.whole_class import WholeClass


@dataclass(frozen=True)
class ScoreRow:
    """A student's result. `final` is the score to publish: None while a person has to look or to grade."""

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    assignment: str
    result: Result
    timestamp: str
    section: str = ""
    score_if_missing: float | None = None

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
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.student


def read_rows(gradebook: SharedGradebook, whole: WholeClass) -> list[ScoreRow]:
    """Everybody who belongs to the class, by id."""
    assignment = whole.key.assignment
    submitted = times_handed_in(gradebook, assignment)
    rows = []
    for result in whole.results():
        person, when = whole.person(result.student), submitted.get(result.student)
        rows.append(
            ScoreRow(
                student=result.student,
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email,
                lms_user_id=person.lms_user_id,
                assignment=assignment,
                result=result,
                timestamp=when.isoformat() if when else "",
                section=person.section,
            )
        )
    return rows
