"""What a release keeps, next to nbgrader's tables: what students were handed out, with digests and no text, and what
the trial of the solution showed.

Each version says of which rows of nbgrader's it is, so that grading notices what nbgrader alone released since.
Nothing of `solutions/` is run by `grade`: what is right for a submission is what the kept solutions give.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from types import MappingProxyType

from nbformat import NotebookNode
from nbgrader.api import Assignment, Gradebook, Notebook
from nbgrader.utils import is_grade, is_locked, is_task
from sqlalchemy import JSON, Column, Integer, Text

from autograde.book.gradebook import SharedGradebook
from autograde.book.tables import GradebookTable
from autograde.entries.answer_key import (
    AnswerKey,
    Hooks,
    KeyCell,
    KeyNotebook,
    Pictures,
    ReleasedCell,
    Solution,
    Version,
    check_name,
    grade_id_of,
    is_known,
)
from autograde.errors import UsageError
from autograde.untrusted.submitted_notebook import source_digest

TRIALS = GradebookTable("autograde_trial", "assignment", solutions=JSON, hooks=JSON)
VERSIONS = GradebookTable(
    "autograde_release",
    "assignment notebook",
    Column("version", Integer, primary_key=True),
    cells=JSON,
    pictures=JSON,
    of=Text,
)
# Of nbgrader's rows, which has those of its kind.
COLUMNS = "type", "name", "cell_type", "locked", "source", "checksum"


@dataclass(frozen=True)
class HandedOut:
    """What students were handed out of a notebook."""

    versions: tuple[Version, ...] = ()
    """Oldest first."""
    pictures: Pictures = field(default_factory=dict)
    """Those of the newest version."""
    of: str = ""
    """Of what that version is: a digest of nbgrader's rows, after a space perhaps one of the teacher's notebook."""


def released_cells(notebook: NotebookNode, courses: Mapping[str, str] = MappingProxyType({})) -> Version:
    """What there is to remember of a notebook; `courses`: the course of each check, by the cell's grade_id."""
    return tuple(_released(cell, courses) for cell in notebook.cells)


def _released(cell: NotebookNode, courses: Mapping[str, str]) -> ReleasedCell:
    known = is_known(cell)
    return ReleasedCell(
        grade_id_of(cell) if known else None,
        cell.cell_type,
        bool(is_grade(cell)),
        float(cell.metadata["nbgrader"]["points"]) if is_grade(cell) or is_task(cell) else None,
        source_digest(cell) if is_locked(cell) or not known else None,
        cell.get("id", ""),
        courses.get(grade_id_of(cell) or "", ""),
    )


def digest_of_rows(notebook: Notebook) -> str:
    """A digest of what nbgrader's tables have of a notebook."""
    cells = (*notebook.grade_cells, *notebook.task_cells, *notebook.solution_cells, *notebook.source_cells)
    rows = sorted(
        (*(str(getattr(cell, column, None)) for column in COLUMNS), float(getattr(cell, "max_score", 0) or 0))
        for cell in cells
    )
    return hashlib.sha256(json.dumps([notebook.kernelspec, rows]).encode()).hexdigest()


def remember(
    gradebook: Gradebook, assignment: str, notebook: str, cells: Version, pictures: Pictures, of: str
) -> None:
    """Add a version, in place of the newest one where that has the same cells; within the transaction that runs.

    `of`: see `HandedOut`.
    """
    known = read_handed_out(gradebook, assignment).get(notebook, HandedOut()).versions
    row = {
        "assignment": assignment,
        "notebook": notebook,
        "version": len(known) + (known[-1:] != (cells,)),
        "cells": [astuple(cell) for cell in cells],
        "pictures": pictures,
        "of": of,
    }
    VERSIONS.put(gradebook, [row])


def read_handed_out(gradebook: Gradebook, assignment: str) -> dict[str, HandedOut]:
    """What was handed out of each notebook of an assignment; nothing of what nbgrader alone released."""
    found: dict[str, HandedOut] = {}
    columns = "notebook", "cells", "pictures", "of"
    for notebook, cells, pictures, of in VERSIONS.rows(gradebook, *columns, assignment=assignment):
        version = tuple(ReleasedCell(*fields) for fields in cells)
        earlier = found.get(notebook, HandedOut()).versions
        found[notebook] = HandedOut((*earlier, version), pictures, of)
    return found


@dataclass(frozen=True)
class Trial:
    """What the solution of an assignment shows when it is tried."""

    pictures: Mapping[str, list[NotebookNode]] = field(default_factory=dict)
    """As `opening_pictures` gives them."""
    solutions: dict[str, Solution] = field(default_factory=dict)
    """Of the notebooks whose cells define checks, by name."""
    lines: list[str] = field(default_factory=list)
    """A line about each check that they define."""
    hooks: Hooks | None = None
    """Those of the solution; None where it was not tried."""


def keep_trial(gradebook: Gradebook, assignment: str, trial: Trial) -> None:
    """Keep what a trial showed in place of the one before; within the transaction that runs."""
    solutions = {name: asdict(one) for name, one in trial.solutions.items()}
    row = {"assignment": assignment, "solutions": solutions, "hooks": trial.hooks}
    TRIALS.remove(gradebook, [row])
    if trial.hooks is not None:
        TRIALS.put(gradebook, [row])


def read_trial(gradebook: Gradebook, assignment: str) -> Trial:
    """What was kept of an assignment's trial, its solutions and hooks; nothing of one that was not tried."""
    for solutions, hooks in TRIALS.rows(gradebook, "solutions", "hooks", assignment=assignment):
        return Trial(solutions={name: Solution(**data) for name, data in solutions.items()}, hooks=hooks)
    return Trial()


def read_key(gradebook: SharedGradebook, assignment: str) -> AnswerKey:
    """The answer key of a registered assignment.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
        UsageError: it has no notebook.
    """
    registered: Assignment = gradebook.find_assignment(assignment)
    notebooks = {notebook.name: _read_notebook(notebook) for notebook in registered.notebooks}
    gradebook.db.expunge_all()
    if not notebooks:
        raise UsageError(f"{assignment!r} has no notebook in the gradebook. Release it again.")
    return AnswerKey(assignment, notebooks)


def _read_notebook(notebook: Notebook) -> KeyNotebook:
    points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    automatic = points.keys() - solutions - tasks
    cells = {
        cell.name: KeyCell(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            locked=bool(cell.locked),
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=points.get(cell.name),
            check=check_name(cell.source) if cell.name in automatic else None,
        )
        for cell in notebook.source_cells
    }
    kernel = json.loads(notebook.kernelspec or "{}")
    return KeyNotebook(notebook.name, kernel, cells, rows=digest_of_rows(notebook))
