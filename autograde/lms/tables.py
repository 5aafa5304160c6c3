"""Tables for spreadsheets and scripts: csv, wide and long. Each takes several assignments at once."""

from collections.abc import Iterable, Sequence

from autograde.course.results import MISSING, CellScore, distinct_titles
from autograde.delimited import guarded, write_table
from autograde.lms.rows import Exported, ScoreRow, number

WHO = ("student_id", "last_name", "first_name", "email", "lms_user_id", "section")
CSV_HEADER = (
    "assignment", *WHO, "timestamp", "status", "score", "max_score", "seconds_late", "late_penalty",
    "to_be_graded", "flags",
)  # fmt: skip
LONG_HEADER = (
    "assignment", *WHO, "status", "notebook", "answer", "check", "score", "max_score", "mistake", "sentence",
)  # fmt: skip


def csv_table(rows: Sequence[ScoreRow]) -> Exported:
    """A line per student and assignment; `to_be_graded` counts answers that wait for manual grading."""
    return Exported(write_table([CSV_HEADER, *map(_csv_cells, rows)]), open_scores=True)


def _csv_cells(row: ScoreRow) -> list[str]:
    result = row.result
    flags = [
        *result.flags,
        *["marked-late"] * result.marked_late,
        *["self-reported"] * bool(result.self_reported or result.own_tests),
    ]
    return [
        guarded(row.assignment),
        *_who_cells(row),
        row.timestamp,
        result.status,
        number(row.final if result.status == MISSING else result.score),
        number(result.max_score),
        str(round(result.late)),
        number(result.penalty),
        str(result.pending_manual),
        " ".join(flags),
    ]


def long_table(rows: Sequence[ScoreRow]) -> Exported:
    """A line per answer with its mistake; a missing submission has one line without an answer."""
    lines = []
    for row in rows:
        start = [guarded(row.assignment), *_who_cells(row), row.result.status]
        for cell in row.result.cells:
            names = map(guarded, (cell.notebook, cell.grade_id, cell.check or ""))
            scores = number(cell.score), number(cell.max_score)
            lines.append([*start, *names, *scores, cell.mistake or "", guarded(cell.sentence)])
        if not row.result.cells:
            lines.append([*start, "", "", "", number(row.final), number(row.result.max_score), "", ""])
    return Exported(write_table([LONG_HEADER, *lines]), open_scores=True)


def wide_table(rows: Sequence[ScoreRow]) -> Exported:
    """A line per student, a column per assignment and answer; empty without a submission or a final score."""
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    columns = {name: _answers(row for row in rows if row.assignment == name) for name in assignments}
    header = list(WHO)
    for name, answers in columns.items():
        header += [name, f"{name}: status", f"{name}: late_penalty"]
        header += [f"{name}: {title} ({number(most)})" for title, most in answers.values()]
    by_student: dict[str, dict[str, ScoreRow]] = {}
    for row in rows:
        by_student.setdefault(row.student, {})[row.assignment] = row
    lines = [_wide_cells(by_name, columns) for _, by_name in sorted(by_student.items())]
    return Exported(write_table([[guarded(name) for name in header], *lines]), open_scores=True)


def _answers(rows: Iterable[ScoreRow]) -> dict[str, tuple[str, float]]:
    """Title and maximum points of each answer, by its name, in order."""
    cells: dict[str, CellScore] = {}
    for row in rows:
        for cell in row.result.cells:
            cells.setdefault(cell.name, cell)
    titles = distinct_titles({name: cell.check or cell.grade_id for name, cell in cells.items()})
    return {name: (titles[name], cell.max_score) for name, cell in cells.items()}


def _wide_cells(by_name: dict[str, ScoreRow], columns: dict[str, dict[str, tuple[str, float]]]) -> list[str]:
    line = _who_cells(next(iter(by_name.values())))
    for name, answers in columns.items():
        row = by_name.get(name)
        scores = {cell.name: cell.score for cell in row.result.cells} if row else {}
        line += [
            number(row.final) if row else "",
            row.result.status if row else MISSING,
            number(row.result.penalty) if row and row.result.late else "",
        ]
        line += [number(scores.get(answer)) for answer in answers]
    return line


def _who_cells(row: ScoreRow) -> list[str]:
    """The student of a row, as `WHO` names the columns."""
    who = row.person
    return [*map(guarded, (who.id, who.last_name, who.first_name, who.email, who.lms_user_id, who.section))]
