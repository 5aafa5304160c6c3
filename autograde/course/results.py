"""What became of submissions: flags, scores of cells, a submission's result, the outcome of a class; and each in words.

A row of the gradebook keeps flags' ids; the sentence is made where it is shown.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograde.scores import manual_in_words, points
from autograde.untrusted.names import printable
from autograde.untrusted.outputs import RUN_FLAGS, FlagMessage
from descentlab.sentences import say

GRADED, REVIEW, FAILED = "graded", "needs-review", "failed"
MISSING, WAITING = "missing", "not-graded"
WITHOUT = {MISSING: "not submitted", WAITING: "submitted, not graded yet"}  # of the roster, without a result
SELF_REPORTED = "self-reported: stock nbgrader graded it, in the student's own process"
SUBMISSION_GONE = "submission-gone"
ODD_TIMESTAMP = "odd-timestamp"
EVENT_HOOKS = "event-hooks"
FLAGS = {
    SUBMISSION_GONE: FlagMessage("graded, but no longer in submitted/"),
    **RUN_FLAGS,
    "altered-cells": FlagMessage(
        "locked cells were changed or deleted, and put back",
        "Graded cells were changed or missing. They were put back as they had been handed out.",
    ),
    "no-evidence": FlagMessage("a check got no answer"),
    "odd-evidence": FlagMessage("a check got an answer that cannot be judged"),
    "odd-score": FlagMessage("a test cell's score was no number of points"),
    "not-run": FlagMessage("a graded cell was not reached"),
    "malformed": FlagMessage("cannot be read as a notebook"),
    "missing-notebook": FlagMessage("its notebook is missing"),
    "duplicate-ids": FlagMessage("it has a cell twice"),
    ODD_TIMESTAMP: FlagMessage("submitted at an unknown time, so no late penalty"),
    EVENT_HOOKS: FlagMessage("event hooks ran around a test cell: its points wait for you"),
    "as-shipped": FlagMessage("as-shipped: an answer is the installed reference but for names"),
}

GONE_REMEDY = (
    "graded, but no longer in submitted/: {students}. The points count. Put it back, or remove "
    "them: autograde student erase {first} --assignment {assignment} --yes"
)
REVIEW_NEXT = (
    "Fix or rename the file in submitted/, or ask the student for it and run "
    "`autograde collect {assignment} FILE --update`; for 0 points, replace it with the notebook of "
    "notebooks/{assignment}. Then `autograde grade {assignment}`"
)


def words_of(flag: str) -> str:
    """A flag in the instructor's table."""
    return FLAGS[flag].words if flag in FLAGS else flag


def sentences_of(flags: Iterable[str]) -> tuple[str, ...]:
    """What flags say on the student's page."""
    return tuple(say(FLAGS[flag].sentence) for flag in flags if flag in FLAGS and FLAGS[flag].sentence)


class NeedsReviewError(Exception):
    """A submission that only a person can judge; its text says what was seen, and where.

    Attributes:
        flag: the word for it in tables and JSON, e.g. "malformed".
    """

    def __init__(self, flag: str, reason: str) -> None:
        super().__init__(reason)
        self.flag = flag


def distinct_titles(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles of cells by "notebook/grade_id"; of several with the same, the notebook's name before it."""
    many = Counter(titles.values())
    distinct = {}
    for name, title in titles.items():
        notebook = name.rpartition("/")[0]
        distinct[name] = f"{notebook}: {title}" if many[title] > 1 and notebook else title
    return distinct


@dataclass(frozen=True, slots=True)
class CellScore:
    """One graded cell of a result. `score` is None while a person has to grade it."""

    grade_id: str
    score: float | None
    max_score: float
    check: str | None = None
    mistake: str | None = None
    fails: str = ""
    """What is wrong, in few words or as an id."""
    sentence: str = ""
    """What is wrong, as the student reads it."""
    hint: str = ""
    """A question or a place to look at, as the student reads it."""
    manual: bool = False
    graded_by_hand: bool = False
    waits: bool = False
    """Whether the points by hand are those of an earlier answer."""
    verdict: Mapping[str, Any] = field(default_factory=dict)
    """What the gradebook's row keeps of it."""
    self_reported: bool = False
    answered: bool = True
    """Whether the submission has an answer of its own that was judged."""
    automatic: float | None = None
    """What the check or test gave, where a person gave other points."""
    notebook: str = ""
    """Of several notebooks two may have a cell of the same grade_id."""

    @property
    def name(self) -> str:
        """ "notebook/grade_id": one cell of the assignment."""
        return f"{self.notebook}/{self.grade_id}"

    def by_hand(self) -> str:
        """That a person gave other points than the check or test; empty where nobody did."""
        if self.automatic is None:
            return ""
        named = {"score": points(self.score), "automatic": points(self.automatic)}
        return say("{score} points given by hand, {automatic} automatically", **named)

    @property
    def fails_its_test(self) -> bool:
        """Whether it is an ordinary test cell that did not give all of its points."""
        graded = not (self.check or self.manual) and self.score is not None
        return graded and self.score < self.max_score

    def says(self) -> str:
        """What is wrong with an answer that did not earn all, as the student reads it."""
        reason = self.sentence or self.fails
        return reason if reason or self.manual else say("this test does not pass in your notebook")

    def lines(self) -> list[str]:
        """What is wrong, and the hint: for the student."""
        hint = say("Hint: {hint}", hint=self.hint) if self.hint else ""
        return [line for line in (self.says(), hint) if line]

    def as_json(self) -> dict[str, Any]:
        """The object of `--json`; `manual` and `self_reported` are there only where true."""
        fields = {
            "grade_id": self.grade_id,
            "score": self.score,
            "max_score": self.max_score,
            "check": self.check,
            "mistake": self.mistake,
        }
        if self.manual:
            fields["manual"] = True
        if self.self_reported:
            fields["self_reported"] = True
        return fields


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a submission: a line of the table, an object of `--json`."""

    student: str
    assignment: str
    status: str
    max_score: float
    score: float | None = None
    pending_manual: int = 0
    penalty: float = 0.0  # points taken off the score for lateness
    late: float = 0.0  # seconds after the due date, with the student's extension
    marked_late: bool = False  # by the system that it was collected from; when is not known
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[CellScore, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tier: int | None = None
    products: str = ""  # the digests of the files that grading left
    unchanged: bool = False
    self_reported: bool = False  # an automatic score is stock nbgrader's: the student's process decided it
    points_now: float | None = None  # the assignment's, where the score was given out of others
    returned: bool = False  # known where `points_now` is: the student has a page that says so
    was: float | None = None  # the score before, where a page with another one was returned already

    @property
    def is_late(self) -> bool:
        """Whether it was late, also where nobody knows by how much."""
        return self.late > 0 or self.marked_late

    @property
    def own_tests(self) -> list[CellScore]:
        """The test cells whose points are what the student's own process says."""
        return [cell for cell in self.cells if cell.self_reported and cell.score is not None]

    @property
    def automatic(self) -> float:
        """The points that need no person, less their part of what being late cost: never below 0."""
        every = sum(cell.score or 0.0 for cell in self.cells)
        own = sum(cell.score or 0.0 for cell in self.cells if not cell.manual)
        return max(0.0, own - self.penalty * own / every) if every > 0 else max(0.0, own)

    def as_json(self) -> dict[str, Any]:
        """The object that `grade --json` writes; `self_reported` and lateness are there only where true."""
        fields = {
            "student": self.student,
            "assignment": self.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "pending_manual": self.pending_manual,
            "status": self.status,
            "flags": list(self.flags),
            "cells": [cell.as_json() for cell in self.cells],
            "seconds": round(self.seconds, 3),
            "tier": self.tier,
        }
        if self.late:
            fields |= {"seconds_late": round(self.late), "late_penalty": self.penalty}
        return fields | {"self_reported": True} if self.self_reported else fields


@dataclass
class ClassOutcome:
    """All results, sorted by student, and why the run stopped early, if it did.

    `released_anew` counts the submissions that are graded again because what they are run with has changed,
    `held` has what returned submissions would have now, which was not saved, `ignored` the folders whose
    names can be no student's id, `self_reported` the students whose grades by stock nbgrader are replaced.
    `missing` are those of the roster without a submission; `strangers` are not on it. `penalties` says what
    was taken off for lateness before and is now, of what is not graded again; `about_times` are sentences on
    files that say, or said, when something was submitted, `about_pages` on feedback that was written before.
    """

    results: list[Result] = field(default_factory=list)
    stopped: str | None = None
    registered: bool = False
    rejudged: bool = False
    forced: bool = False
    released_anew: int = 0
    held: dict[str, Result] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    self_reported: list[str] = field(default_factory=list)
    missing: list[Result] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    penalties: dict[str, tuple[float, float]] = field(default_factory=dict)
    about_times: list[str] = field(default_factory=list)
    about_pages: list[str] = field(default_factory=list)

    @property
    def everybody(self) -> list[Result]:
        """The results and who has none, by student."""
        return sorted([*self.results, *self.missing], key=lambda result: result.student)

    @property
    def exit_status(self) -> int:
        """1 where a person or another run is needed, else 0."""
        fine = not self.ignored and all(
            one.status == GRADED and not {SUBMISSION_GONE, ODD_TIMESTAMP} & set(one.flags)
            for one in self.results
        )
        return 0 if fine and self.stopped is None and not self.held else 1


def safe(text: str) -> str:
    """Text with every control, format and surrogate character escaped, and no markup for Rich."""
    from rich.markup import escape  # most commands print no table

    return escape(printable(text))


def what_happened(result: Result, pending: bool = True) -> str:
    """One line on a result: its flags in words, why it was not graded, what is wrong where."""
    return "; ".join(happenings(result, pending))


def happenings(result: Result, pending: bool = True) -> list[str]:
    """The parts of that line; a mistake as the student reads it.

    Without `pending` answers that need manual grading are left out: most rows of a table have some.
    """
    words = [WITHOUT[result.status]] if result.status in WITHOUT else []
    words += [words_of(flag) for flag in result.flags]
    words += [note for note in result.notes if result.status != GRADED]
    if result.status == GRADED and (late := lateness_in_words(result)):
        words.append(late)
    if earlier := earlier_points_in_words(result):
        words.append(earlier)
    words += self_reported_in_words(result)
    words += answers_in_words([cell for cell in result.cells if cell.fails])
    words += [f"{cell.check or cell.grade_id}: {cell.by_hand()}" for cell in result.cells if cell.by_hand()]
    if result.status == GRADED and (tests := [cell.grade_id for cell in result.cells if cell.fails_its_test]):
        words.append(f"tests that give less than all points: {', '.join(tests)}")
    if pending and result.status == GRADED and result.pending_manual:
        words.append(f"not final: {manual_in_words(result.pending_manual)}")
    return [safe(word) for word in words]


def self_reported_in_words(result: Result) -> list[str]:
    """Which points nobody vouches for but the student's own process."""
    if result.self_reported:
        return [SELF_REPORTED]
    if result.status != GRADED or not (tests := result.own_tests):
        return []
    earned, most = sum(one.score for one in tests), sum(one.max_score for one in tests)
    return [f"self-reported: {points(earned)} of {points(most)} points"]


def answers_in_words(wrong: Iterable[CellScore]) -> list[str]:
    """What is wrong with answers: once for all of which it is the same."""
    checks: dict[str, list[str]] = {}
    for cell in wrong:
        checks.setdefault(_what_is_wrong(cell), []).append(cell.check or cell.grade_id)
    return [f"{', '.join(names)}: {summary}" for summary, names in checks.items()]


def earlier_points_in_words(result: Result) -> str:
    """That a score was given out of other points than the assignment has now; empty where it was not."""
    if result.points_now is None:
        return ""
    given = "returned, out of" if result.returned else "given out of"
    return (
        f"{given} {points(result.max_score)} points; the assignment has {points(result.points_now)} now: "
        f"`autograde grade {result.assignment}` grades it again"
    )


def lateness_in_words(result: Result) -> str:
    """How late it was and what that cost; empty where it was in time."""
    if result.marked_late:
        return "late according to Canvas, time unknown"
    if not (result.late or result.penalty):
        return ""
    if not result.penalty:
        return f"{in_words(result.late)} late"
    if not result.late:  # nbgrader's rows say nothing of when
        return f"{points(result.penalty)} points off for lateness"
    return f"{in_words(result.late)} late: {points(result.penalty)} points off"


def _what_is_wrong(cell: CellScore) -> str:
    """What is wrong with an answer, without the full stop, as more may follow."""
    known = cell.sentence or cell.fails if cell.answered else cell.fails
    return known.rstrip(".")


def in_words(seconds: float) -> str:
    """Days and hours, hours and minutes, or minutes: `2 d 3 h`, `3 h 20 min`, `5 min`; rounded up."""
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
