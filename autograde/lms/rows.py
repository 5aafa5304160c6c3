"""What an export starts from, a row per student and assignment, and what it results in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from autograde.course.gradebook import SharedGradebook
from autograde.course.results import GRADED, MISSING, Result
from autograde.course.scores import times_handed_in
from autograde.people.class_results import WholeClass
from autograde.people.roster import Person
from autograde.scores import points


@dataclass(frozen=True)
class ScoreRow:
    """A student's result for an assignment."""

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
        """The assignment's name."""
        return self.result.assignment

    @property
    def final(self) -> float | None:
        """The score to publish; None while it needs attention or manual grading."""
        if self.result.status == MISSING:
            return self.score_if_missing
        if self.result.status != GRADED or self.result.pending_manual:
            return None
        return self.result.score

    @property
    def name(self) -> str:
        """Last name first, as the systems write it."""
        return self.person.name or self.student


@dataclass
class Exported:
    """The content to write, and who is missing on which side."""

    # One file, or files by name: None for one that must not exist.
    content: bytes | dict[str, bytes | None]
    not_in_template: Sequence[str] = ()
    not_in_gradebook: Sequence[str] = ()
    other_maxima: Sequence[str] = ()  # maximum points by the template, where they differ
    left_out: Sequence[str] = field(default_factory=list)  # students without a line, as they have no score
    open_scores: bool = False  # it contains scores that are not final
    filled: bool = False  # a template: a line without a final score keeps its content


def read_rows(gradebook: SharedGradebook, whole: WholeClass) -> list[ScoreRow]:
    """The rows of the whole class, by student."""
    submitted = times_handed_in(gradebook, whole.key.assignment)
    times = {student: when.isoformat() for student, when in submitted.items() if when}
    return [
        ScoreRow(whole.person(result.student), result, times.get(result.student, ""))
        for result in whole.results()
    ]


def number(score: float | None) -> str:
    """A score with a decimal point and at most two decimals; empty for None."""
    return "" if score is None else points(score)
