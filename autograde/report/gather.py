"""The numbers of a class report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import mean, median

from autograde.grading.answer_key import AnswerKey
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.results import GRADED, Result
from autograde.grading.scores import read_results
from autograde.grading.submission_rows import SubmissionRow

BINS = 10


@dataclass
class CheckRow:
    """One graded cell over the class: how many had it fully, partly or not, and why not."""

    title: str
    points: float
    manual: bool
    full: int = 0
    part: int = 0
    none: int = 0
    pending: int = 0
    shares: list[float] = field(default_factory=list)
    mistakes: Counter[str] = field(default_factory=Counter)  # by id; of a wrong answer unknown, by its status
    criteria: Counter[str] = field(default_factory=Counter)
    sentences: dict[str, set[str]] = field(default_factory=dict)
    """What students with a mistake were told, by its id."""

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

    @property
    def scores(self) -> list[float]:
        """Scores of those that are graded."""
        return [result.score for result in self.results if result.score is not None]

    @property
    def attention(self) -> list[Result]:
        """Submissions with a flag, without a grade or with a self-reported one."""
        return [
            result
            for result in self.results
            if result.flags or result.status != GRADED or result.self_reported
        ]

    @property
    def pending(self) -> int:
        """Answers that wait for a person."""
        return sum(result.pending_manual for result in self.results if result.status == GRADED)

    def summary(self) -> dict[str, float]:
        """Mean, median, least and most points; nothing where nothing is graded."""
        scores = self.scores
        if not scores:
            return {}
        return {"mean": mean(scores), "median": median(scores), "least": min(scores), "most": max(scores)}

    def histogram(self) -> list[tuple[str, int]]:
        """How many students in each tenth of the points."""
        width = self.max_score / BINS or 1.0
        places = Counter(min(int(score / width), BINS - 1) for score in self.scores)
        return [(f"{width * place:g}–{width * (place + 1):g}", places[place]) for place in range(BINS)]


def gather(gradebook: SharedGradebook, key: AnswerKey) -> Report:
    """The report of an assignment: three queries, however large the class."""
    graded = read_results(gradebook, key).values()
    rows = {
        cell.grade_id: CheckRow(cell.title, cell.points, cell.manual)
        for notebook in key.notebooks.values()
        for cell in notebook.cells.values()
        if cell.points is not None
    }
    for one in graded:
        if one.result.status == GRADED:
            _count(rows, one.result, one.record)
    return Report(key.assignment, [one.result for one in graded], list(rows.values()), key.max_score)


def _count(rows: dict[str, CheckRow], result: Result, record: SubmissionRow) -> None:
    verdicts = {name.rpartition("/")[2]: verdict for name, verdict in record.cells.items()}
    for cell in result.cells:
        row, verdict = rows[cell.grade_id], verdicts.get(cell.grade_id, {})
        if cell.score is None:
            row.pending += 1
            continue
        share = cell.score / cell.max_score if cell.max_score else 1.0
        row.shares.append(min(share, 1.0))
        row.full += share >= 1
        row.part += 0 < share < 1
        row.none += share <= 0
        if share < 1 and verdict:
            mistake = cell.mistake or verdict["status"]
            row.mistakes[mistake] += 1
            if cell.mistake and cell.sentence:
                row.sentences.setdefault(mistake, set()).add(cell.sentence)
            if verdict["status"] == "answered":
                row.criteria.update(verdict["failed"])
