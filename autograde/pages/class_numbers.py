"""The numbers of a class report."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from autograde.course.flags import GONE, UNDATED
from autograde.course.results import GRADED, CellScore, Result, distinct_titles
from autograde.course.submission_rows import SubmissionRow
from autograde.people.class_results import WholeClass

NUMBER = re.compile(r"[-−+]?\d[\d.]*(?:e[-+]?\d+)?")
MOST_BARS = 12
WIDTHS = (1.0, 2.0, 5.0)  # of a bar, times a power of ten: 0–2, never 0–2.2


@dataclass
class CheckRow:
    """One graded cell over the class: how many had it fully, partly or not, and why not."""

    title: str
    points: float
    manual: bool
    check: str | None = None
    full: int = 0
    part: int = 0
    none: int = 0
    pending: int = 0
    shares: list[float] = field(default_factory=list)
    mistakes: Counter[str] = field(default_factory=Counter)  # by id; where nothing was judged, by its status
    criteria: Counter[str] = field(default_factory=Counter)
    sentences: dict[str, Counter[str]] = field(default_factory=dict)
    """What students with a mistake were told, by its id."""
    students: dict[str, list[str]] = field(default_factory=dict)
    """Who made a mistake, by its id."""
    unnamed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Wrong answers without a known mistake: by what their numbers show, the numbers themselves left out,
    what each student was told."""

    @property
    def mean_share(self) -> float | None:
        """The mean share of the points, over those that are graded."""
        return mean(self.shares) if self.shares else None


@dataclass(frozen=True)
class Report:
    """What the page shows."""

    assignment: str
    results: list[Result]
    rows: list[CheckRow]
    max_score: float
    names: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    strangers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who is not on the roster, each with the nearest of it."""

    @property
    def scores(self) -> list[float]:
        """Scores in which every answer counts: one that waits for a person is no 0."""
        return [one.score for one in self.results if one.score is not None and not one.pending_manual]

    @property
    def automatic(self) -> list[float]:
        """Of everybody who is graded the points that need no person, after what being late cost."""
        return [one.automatic for one in self.results if one.status == GRADED]

    @property
    def max_automatic(self) -> float:
        """The most points that need no person."""
        return sum(row.points for row in self.rows if not row.manual)

    @property
    def graded(self) -> int:
        """How many have a score, final or not."""
        return sum(result.score is not None for result in self.results)

    @property
    def attention(self) -> list[Result]:
        """Submissions to look at, the gravest first."""
        odd = [one for one in self.results if one.flags or one.status != GRADED or one.self_reported]
        return sorted(odd, key=lambda one: (gravity(one), one.student))

    @property
    def late(self) -> list[Result]:
        """Who handed in after the due date, extensions counted in."""
        return [result for result in self.results if result.is_late]

    @property
    def pending(self) -> int:
        """Answers that wait for a person."""
        return sum(result.pending_manual for result in self.results if result.status == GRADED)


FORGED = frozenset({"odd-reply", "odd-evidence", "odd-score"})
ALTERED, MISDATED = frozenset({"altered-cells"}), frozenset({UNDATED})


def gravity(result: Result) -> int:
    """The order in which a person looks: no grade, perhaps no honest one, a limit that was met, a date."""
    flags = set(result.flags)
    if result.status != GRADED or result.self_reported or GONE in flags:
        return 0
    if flags & FORGED:
        return 1
    if flags & ALTERED:
        return 2
    return 4 if flags <= MISDATED else 3


def summary(scores: list[float]) -> dict[str, float]:
    """Mean, median, least and most points; nothing where there are no scores."""
    if not scores:
        return {}
    return {"mean": mean(scores), "median": median(scores), "least": min(scores), "most": max(scores)}


def histogram(scores: list[float], maximum: float) -> list[tuple[str, int]]:
    """How many students have from so many points up to so many: bars of a round width, at most twelve."""
    maximum = max(maximum, *scores, 0.0) or 1.0
    width = _width(maximum)
    bars = max(1, math.ceil(round(maximum / width, 9)))
    places = Counter(min(int(round(score / width, 9)), bars - 1) for score in scores)
    ends = [min(width * (place + 1), maximum) for place in range(bars)]
    return [(f"{width * place:g}–{ends[place]:g}", places[place]) for place in range(bars)]


def _width(maximum: float) -> float:
    power = 10.0 ** math.floor(math.log10(maximum / MOST_BARS))
    return next(one * power for one in (*WIDTHS, 10.0) if maximum / (one * power) <= MOST_BARS)


def gather(whole: WholeClass) -> Report:
    """The report of an assignment's class."""
    key, graded = whole.key, whole.graded.values()
    titles = distinct_titles({name: cell.title for name, cell in key.graded_cells.items()})
    rows = {
        name: CheckRow(titles[name], cell.points, cell.manual, cell.check)
        for name, cell in key.graded_cells.items()
    }
    for one in graded:
        if one.result.status == GRADED:
            _count(rows, one.result, one.row)
    return Report(
        key.assignment,
        [one.result for one in graded],
        list(rows.values()),
        key.max_score,
        names={student: whole.person(student).full_name for student in {**whole.people, **whole.graded}},
        missing=whole.missing,
        waiting=whole.waiting,
        strangers=whole.strangers,
    )


def _count(rows: dict[str, CheckRow], result: Result, graded: SubmissionRow) -> None:
    for cell in result.cells:
        row, verdict = rows[cell.name], graded.cells.get(cell.name, {})
        if cell.score is None:
            row.pending += 1
            continue
        share = cell.score / cell.max_score if cell.max_score else 1.0
        row.shares.append(min(share, 1.0))
        row.full += share >= 1
        row.part += 0 < share < 1
        row.none += share <= 0
        if share < 1 and verdict:
            count_mistake(row, result.student, cell, verdict)


def count_mistake(row: CheckRow, student: str, cell: CellScore, verdict: dict[str, Any]) -> None:
    """Count what is wrong with one answer; `verdict` is what the grader's row keeps of it."""
    if verdict["status"] == "answered":
        row.criteria.update(verdict["failed"])
    # Rows of earlier versions have no fact; where the answer first differs tells less.
    shown = verdict.get("fact") or cell.sentence
    if verdict["status"] == "answered" and not cell.mistake and shown:
        # Everybody's numbers are drawn for them alone: what is alike is the sentence around them.
        row.unnamed.setdefault(NUMBER.sub("…", shown), {})[student] = shown
        return
    mistake = cell.mistake or verdict["status"]
    row.mistakes[mistake] += 1
    row.students.setdefault(mistake, []).append(student)
    if cell.mistake and cell.sentence:
        row.sentences.setdefault(mistake, Counter())[cell.sentence] += 1
