"""A line a student, a column an assignment and each of its answers: for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.errors import UsageError
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported, number
from autograde.grading.results import MISSING, CellScore, distinct_titles

NAME = "wide"
SEVERAL = True  # takes the rows of several assignments
WHO = ("student_id", "last_name", "first_name", "email", "lms_user_id", "section")


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """Scores by student; a cell is empty where nothing was handed in or a person has to look or to grade.

    Raises:
        UsageError: a template or a column, which this format does not have.
    """
    refuse_template(NAME, template, column)
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    columns = {name: _answers(row for row in rows if row.assignment == name) for name in assignments}
    header = list(WHO)
    for name, answers in columns.items():
        header += [name, f"{name}: status", f"{name}: late_penalty"]
        header += [f"{name}: {title} ({number(most)})" for title, most in answers.values()]
    of_student: dict[str, dict[str, ScoreRow]] = {}
    for row in rows:
        of_student.setdefault(row.student, {})[row.assignment] = row
    lines = [_line(by_name, columns) for _, by_name in sorted(of_student.items())]
    return Exported(write_table([[guarded(name) for name in header], *lines]), open_scores=True)


def refuse_template(form: str, template: DelimitedTable | None, column: str | None) -> None:
    """Refuse what a table of ours has no use for.

    Raises:
        UsageError: a template or a column.
    """
    if template or column:
        raise UsageError.say(
            "{format} takes no --template and no --column: it is a table of its own.", format=form
        )


def who_cells(row: ScoreRow) -> list[str]:
    """The student of a row, as `WHO` names the columns."""
    who = row.person
    words = (who.id, who.last_name, who.first_name, who.email, who.lms_user_id, who.section)
    return [guarded(word) for word in words]


def _answers(rows) -> dict[str, tuple[str, float]]:
    """Title and most points of each answer, by its name, in their order."""
    cells: dict[str, CellScore] = {}
    for row in rows:
        for cell in row.result.cells:
            cells.setdefault(cell.name, cell)
    titles = distinct_titles({name: cell.check or cell.grade_id for name, cell in cells.items()})
    return {name: (titles[name], cell.max_score) for name, cell in cells.items()}


def _line(by_name: dict[str, ScoreRow], columns: dict[str, dict[str, tuple[str, float]]]) -> list[str]:
    line = who_cells(next(iter(by_name.values())))
    for name, answers in columns.items():
        row = by_name.get(name)
        scored: dict[str, CellScore] = {cell.name: cell for cell in row.result.cells} if row else {}
        line += [
            number(row.final) if row else "",
            row.result.status if row else MISSING,
            number(row.result.penalty) if row and row.result.late else "",
        ]
        line += [number(scored[one].score) if one in scored else "" for one in answers]
    return line
