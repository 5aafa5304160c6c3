"""Entries: what became of one student's one assignment, with a score for each graded cell; and a class of them.

In words: `wording.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograde.entries.answer_key import AnswerKey


GRADED, REVIEW, FAILED = "graded", "needs-review", "failed"
MISSING, NOT_COLLECTED, WAITING = "missing", "not-collected", "not-graded"
# Flags that decide something; the others are among `wording.FLAGS`.
SUBMISSION_GONE, ODD_TIMESTAMP, EVENT_HOOKS = "submission-gone", "odd-timestamp", "event-hooks"
NOT_JUDGED, EARLIER_VERSION = "not-judged", "earlier-version"
Groups = dict[str, str]
"""The group's name by student."""


@dataclass(frozen=True)
class Person:
    """A student on the roster; what is unknown is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    section: str = ""
    login: str = ""
    """The user's name on the hub, where it is not the id."""
    id_number: str = ""
    """What several systems know the student by: Canvas' SIS User ID, Moodle's ID number."""
    systems: tuple[str, ...] = field(default=(), kw_only=True)
    """The learning systems whose lists have this student; none: every system."""

    @property
    def name(self) -> str:
        """`Last, First`, as the systems write it; the id where there is none."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.id

    @property
    def full_name(self) -> str:
        """`First Last`; empty where there is none."""
        return " ".join(filter(None, (self.first_name, self.last_name)))

    @property
    def in_systems(self) -> str:
        """The systems in words."""
        return ", ".join(self.systems)

    def is_of(self, system: str) -> bool:
        """Whether a learning system can have this student; an unknown one can."""
        return not system or not self.systems or system in self.systems


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
    automatic: float | None = None
    """What the check or test gave, where a person gave other points."""
    comment: str = ""
    """A person's; none while the points wait, as it is on an earlier answer."""
    code: str = ""
    """What stands on a marks page in place of a name: random, as nbgrader drew it; empty where it has no grade."""
    digest: str = ""
    """Of the answer as it is graded."""
    notebook: str = ""
    """Of several notebooks two may have a cell of the same grade_id."""

    @property
    def name(self) -> str:
        """ "notebook/grade_id": one cell of the assignment."""
        return f"{self.notebook}/{self.grade_id}"

    @property
    def alike(self) -> tuple[str, ...]:
        """What stands for its wrong results, as `verdicts.judging.verdict.Verdict` has it."""
        return tuple(self.verdict.get("alike", ()))

    @property
    def label(self) -> str:
        """What lines for people call it."""
        return self.check or self.grade_id

    @property
    def fails_its_test(self) -> bool:
        """Whether it is an ordinary test cell that did not give all of its points."""
        graded = not (self.check or self.manual) and self.score is not None
        return graded and self.score < self.max_score

    def as_json(self) -> dict[str, Any]:
        """The object of `--json`; `manual` and `self_reported` are there only where true."""
        always = ("grade_id", "score", "max_score", "check", "mistake")
        where_true = (name for name in ("manual", "self_reported") if getattr(self, name))
        return {name: getattr(self, name) for name in (*always, *where_true)}


COMMON = 3
"""Equal wrong results of so many students are a common mistake."""
CODE_LETTERS = 4


def common_results(cells: Mapping[str, CellScore]) -> dict[str, list[str]]:
    """Who has equal wrong results, the most first, by a code that stays; of the scores of one answer, by student."""
    counted = Counter(cell.alike for cell in cells.values() if len(cell.alike) == 2)
    codes: dict[str, str] = {}
    for (one, other), _ in counted.most_common():
        code = codes.get(one) or codes.get(other) or one[:CODE_LETTERS]
        codes.setdefault(one, code)
        codes.setdefault(other, code)
    found = defaultdict(list)
    for student, cell in cells.items():
        if cell.alike in counted:
            found[codes[cell.alike[0]]].append(student)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


@dataclass(frozen=True, slots=True)
class Entry:
    """One student's one assignment, as it stands at one reading: a line of a table, an object of `--json`."""

    person: Person
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
    submitter: str = ""  # whose name the submission has: the student's or the group's
    submitted: datetime | None = None  # in UTC; None where nobody knows
    folder: Path | None = None  # of the notebooks as they ran

    @property
    def student(self) -> str:
        """The student's id, or the group's name."""
        return self.person.id

    @property
    def final(self) -> float | None:
        """The score to publish; None while it needs attention or manual grading."""
        is_final = self.status in (GRADED, MISSING) and not self.pending_manual
        return self.score if is_final else None

    @property
    def is_late(self) -> bool:
        """Whether it was late, also where nobody knows by how much."""
        return self.late > 0 or self.marked_late

    @property
    def ordinary_tests(self) -> list[CellScore]:
        """The test cells whose points are what the student's own process says."""
        return [cell for cell in self.cells if cell.self_reported and cell.score is not None]

    @property
    def automatic(self) -> float:
        """The points that need no person, less their part of what being late cost: never below 0."""
        every = sum(cell.score or 0.0 for cell in self.cells)
        unmarked = sum(cell.score or 0.0 for cell in self.cells if not cell.manual)
        return max(0.0, unmarked - self.penalty * unmarked / every) if every > 0 else max(0.0, unmarked)

    def as_json(self) -> dict[str, Any]:
        """The object that `grade --json` writes; `self_reported` and lateness are there only where true."""
        names = "student assignment score max_score pending_manual status flags cells seconds tier"
        fields = {name: getattr(self, name) for name in names.split()} | {
            "cells": [cell.as_json() for cell in self.cells],
            "seconds": round(self.seconds, 3),
        }
        if self.late:
            fields |= {"seconds_late": round(self.late), "late_penalty": self.penalty}
        return fields | {"self_reported": True} if self.self_reported else fields


def answers_in(entries: Mapping[str, Entry]) -> Mapping[str, dict[str, CellScore]]:
    """The scores of what is graded, by "notebook/grade_id" and student."""
    found = defaultdict[str, dict[str, CellScore]](dict)
    for who, entry in entries.items():
        for cell in entry.cells if entry.status == GRADED else ():
            found[cell.name][who] = cell
    return found


@dataclass(frozen=True)
class WholeClass:
    """One assignment's class, by student, in order."""

    key: "AnswerKey"
    people: dict[str, Person]
    on_roster: bool  # whether the course has a roster
    graded: dict[str, Entry]
    without: dict[str, Entry]  # on the roster, not graded: an empty result that says why
    strangers: tuple[str, ...]  # not on the roster
    strangers_graded: dict[str, Entry]  # not on the roster
    groups: Groups  # of those who handed in with one
    together: dict[str, Entry]  # what the groups handed in, by their names
    gone: tuple[str, ...]  # graded, but no longer in submitted/
    older_penalties: list[str]
    """Of whom nbgrader's column, which formgrader shows, has another penalty than now."""

    @property
    def entries(self) -> list[Entry]:
        """Everybody's in the class, by student; an empty one where nothing is graded."""
        return [entry for _, entry in sorted({**self.graded, **self.without}.items())]

    @property
    def every_graded(self) -> dict[str, Entry]:
        """The entries of students, on the roster or not, and of groups, by their names."""
        return {**self.graded, **self.together, **self.strangers_graded}

    @cached_property
    def answers(self) -> Mapping[str, dict[str, CellScore]]:
        """The scores of what is graded, by "notebook/grade_id" and student."""
        return answers_in(self.graded)

    def submitter(self, student: str) -> str:
        """Whose name the submission has that counts for a student: the group's, or the student's own."""
        return self.groups.get(student, student)

    def person(self, student: str) -> Person:
        """What is known of a student."""
        return self.people.get(student, Person(student))


@dataclass
class ClassOutcome:
    """All results, sorted by student, and why the run stopped early, if it did.

    `returned` are the students whose grades a rejudging keeps, as they have their feedback, `released_anew` counts the submissions that are graded again because what they are run with has changed,
    `withheld_changes` has what returned submissions would have now, which was not saved, `ignored` the folders whose
    names can be no student's id, `self_reported` the students whose grades by stock nbgrader are replaced.
    `missing` are those of the roster without a submission; `strangers` are not on it. `penalties` says what
    was taken off for lateness before and is now, of what is not graded again; `timestamp_warnings` are sentences on
    files that say, or said, when something was submitted, `stale_feedback_warnings` on feedback that was written before.
    """

    results: list[Entry] = field(default_factory=list)
    stopped: str | None = None
    registered: bool = False
    unreleased: list[Path] = field(default_factory=list)  # solutions that have changed since their release
    rejudged: bool = False
    forced: bool = False
    returned: set[str] = field(default_factory=set)
    released_anew: int = 0
    withheld_changes: dict[str, Entry] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    self_reported: list[str] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    in_two_ways: dict[str, str] = field(default_factory=dict)  # who handed in alone and with a group: which
    other_capitals: dict[str, str] = field(default_factory=dict)  # whose id is written in another case: how
    full: list[str] = field(default_factory=list)  # answers of which everybody has all points
    penalties: dict[str, tuple[float, float]] = field(default_factory=dict)
    timestamp_warnings: list[str] = field(default_factory=list)
    stale_feedback_warnings: list[str] = field(default_factory=list)

    @property
    def everybody(self) -> list[Entry]:
        """The results and who has none, by student."""
        return sorted([*self.results, *self.missing], key=lambda result: result.student)

    @property
    def exit_status(self) -> int:
        """1 where a person or another run is needed, else 0."""
        fine = not self.ignored and all(
            one.status == GRADED and not {SUBMISSION_GONE, NOT_JUDGED} & set(one.flags)
            for one in self.results
        )
        held = self.withheld_changes or self.in_two_ways
        return 0 if fine and self.stopped is None and not held else 1


@dataclass(frozen=True)
class Submission:
    """One student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path
