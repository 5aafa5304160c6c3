"""The numbers of a class, for an assignment and for the term."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from autograde.entries.entry import (
    COMMON,
    GRADED,
    MISSING,
    ODD_TIMESTAMP,
    SUBMISSION_GONE,
    CellScore,
    Entry,
    Person,
    WholeClass,
    common_results,
)
from autograde.entries.wording import NO_RESULT

NUMBER = re.compile(r"[-−+]?\d[\d.]*(?:e[-+]?\d+)?")
MOST_BARS = 12
WIDTHS = [width * 10.0**power for power in range(-3, 9) for width in (1, 2, 5)]  # 0–2, never 0–2.2
# The order in which a person looks: no grade, perhaps no honest one, a limit, a date.
URGENT, USUAL, LAST = 0, 3, 4
URGENCY = {
    SUBMISSION_GONE: URGENT,
    "odd-reply": 1,
    "odd-evidence": 1,
    "odd-score": 1,
    "not-judged": 1,
    "altered-cells": 2,
    ODD_TIMESTAMP: LAST,
}


@dataclass
class CheckRow:
    """One graded cell over the class: shares of its points, and what went wrong for whom."""

    title: str
    points: float
    manual: bool
    check: str | None = None
    pending: int = 0
    shares: list[float] = field(default_factory=list)
    criteria: Counter[str] = field(default_factory=Counter)
    wrong: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """What each student read (empty: nothing about a mistake), by the mistake's id, or the verdict's status where
    nothing was judged. Wrong answers without a known mistake have no id, and are grouped by their results where those are
    common, and by their sentences, numbers left out.
    """
    codes: dict[str, str] = field(default_factory=dict)
    """The code of common results, by student."""

    @property
    def counts(self) -> dict[str, int]:
        """How many have all points, some, and none."""
        full = sum(share >= 1 for share in self.shares)
        none = sum(share <= 0 for share in self.shares)
        return {"full": full, "part": len(self.shares) - full - none, "none": none}

    def count(self, student: str, cell: CellScore) -> None:
        """Count one student's score."""
        verdict = cell.verdict
        if cell.score is None:
            self.pending += 1
            return
        share = cell.score / cell.max_score if cell.max_score else 1.0
        self.shares.append(min(share, 1.0))
        if share >= 1 or not verdict:
            return
        mistake = (cell.mistake or verdict["status"], "")
        sentence = cell.sentence if cell.mistake else ""
        if verdict["status"] == "answered":
            self.criteria.update(verdict["failed"])
            # Without a fact: where the answer first differs, which tells less.
            shown = verdict.get("fact") or cell.sentence
            if shown and not cell.mistake:
                code = self.codes.get(student)
                mistake, sentence = ("", code or NUMBER.sub("…", shown)), cell.sentence if code else shown
        self.wrong.setdefault(mistake, {})[student] = sentence


@dataclass(frozen=True)
class Report:
    """One assignment's class."""

    assignment: str
    results: list[Entry]
    rows: list[CheckRow]
    max_score: float
    names: dict[str, str] = field(default_factory=dict)
    without: dict[str, list[Entry]] = field(default_factory=dict)  # who is not graded, by status
    strangers: tuple[str, ...] = ()

    @property
    def final(self) -> list[float]:
        """The scores in which every answer counts: an ungraded answer does not count as 0."""
        return [one.score for one in self.results if one.score is not None and not one.pending_manual]

    @property
    def graded(self) -> int:
        """How many have a score, final or not."""
        return sum(result.score is not None for result in self.results)

    @property
    def is_final(self) -> bool:
        """Whether at least half of the graded submissions have a final score."""
        return 2 * len(self.final) >= self.graded

    @property
    def scores(self) -> list[float]:
        """Final scores; while fewer than half are final, everybody's automatic points after late penalties."""
        return (
            self.final if self.is_final else [one.automatic for one in self.results if one.status == GRADED]
        )

    @property
    def maximum(self) -> float:
        """The most points that `scores` can be."""
        return self.max_score if self.is_final else sum(row.points for row in self.rows if not row.manual)

    @property
    def shares(self) -> list[float]:
        """Of each submission the percentage of the points that are graded so far."""
        return [100 * earned / most for earned, most in map(so_far, self.results) if most]

    @property
    def attention(self) -> list[Entry]:
        """Submissions to look at, the most urgent first."""
        odd = [one for one in self.results if one.flags or one.status != GRADED or one.self_reported]
        return sorted(odd, key=lambda one: (urgency(one), one.student))

    @property
    def late(self) -> list[Entry]:
        """Submissions after the due date and extension."""
        return [result for result in self.results if result.is_late]

    @property
    def pending(self) -> int:
        """Answers that need manual grading."""
        return sum(result.pending_manual for result in self.results if result.status == GRADED)


def gather(whole: WholeClass) -> Report:
    """The report of an assignment's class."""
    cells = whole.key.graded_cells
    several = len(whole.key.notebooks) > 1
    rows = {
        name: CheckRow(
            f"{name.rpartition('/')[0]}: {cell.title}" if several else cell.title,
            cell.points,
            cell.manual,
            cell.check,
        )
        for name, cell in cells.items()
    }
    for name, row in rows.items():
        answers = whole.answers.get(name, {})
        for code, students in common_results(answers).items():
            row.codes |= dict.fromkeys(students, code) if len(students) >= COMMON else {}
        for student, cell in answers.items():
            row.count(student, cell)
    return Report(
        whole.key.assignment,
        list(whole.graded.values()),
        list(rows.values()),
        whole.key.max_score,
        names={student: whole.person(student).full_name for student in {**whole.people, **whole.graded}},
        without={
            status: [one for one in whole.without.values() if one.status == status] for status in NO_RESULT
        },
        strangers=whole.strangers,
    )


def urgency(result: Entry) -> int:
    """The place of a submission among those to look at."""
    if result.status != GRADED or result.self_reported:
        return URGENT
    return min((URGENCY.get(flag, USUAL) for flag in result.flags), default=LAST)


def so_far(result: Entry) -> tuple[float, float]:
    """The points of a result in what is graded, and the most of them; a missing submission has 0 of all."""
    if result.status != GRADED:
        return 0.0, result.max_score if result.status == MISSING else 0.0
    graded = [cell for cell in result.cells if cell.score is not None]
    earned = sum(cell.score or 0.0 for cell in graded) - result.penalty
    return max(0.0, earned), sum(cell.max_score for cell in graded)


@dataclass(frozen=True)
class TermLine:
    """One student's results, one for each assignment, and the points of what is graded so far, of the most."""

    student: str
    results: list[Entry]
    earned: float
    possible: float


def term_lines(classes: Sequence[WholeClass]) -> list[TermLine]:
    """The students of all these classes, in order; without a submission, and without a roster, as missing."""
    known = {(one.student, one.assignment): one for whole in classes for one in whole.entries}
    lines = []
    for student in sorted({student for student, _ in known}):
        results = [
            known.get((student, key.assignment))
            or Entry(Person(student), key.assignment, MISSING, key.max_score)
            for key in (whole.key for whole in classes)
        ]
        earned, possible = map(sum, zip(*map(so_far, results), strict=True))
        lines.append(TermLine(student, results, earned, possible))
    return lines


def summary(scores: list[float]) -> dict[str, float]:
    """Mean, median, least and most points; nothing where there are no scores."""
    if not scores:
        return {}
    return {"mean": mean(scores), "median": median(scores), "least": min(scores), "most": max(scores)}


def histogram(scores: list[float], maximum: float) -> list[tuple[str, int]]:
    """How many students have from so many points up to so many: bars of a round width, at most twelve."""
    maximum = max(maximum, *scores, 0.0) or 1.0
    width = next(width for width in WIDTHS if maximum / width <= MOST_BARS)
    last = math.ceil(round(maximum / width, 9)) - 1
    places = Counter(min(int(round(score / width, 9)), last) for score in scores)
    return [
        (f"{width * place:g}–{min(width * (place + 1), maximum):g}", places[place])
        for place in range(last + 1)
    ]
