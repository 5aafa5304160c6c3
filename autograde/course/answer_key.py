"""What the instructor's notebooks say: cells, points and checks, read from the gradebook.

Nothing of this is ever taken from a submission.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Assignment, Notebook
from nbgrader.nbgraderformat import SCHEMA_VERSION

from autograde.course.gradebook import SharedGradebook
from autograde.course.versions import Version, source_digest
from autograde.errors import UsageError

BLANK = frozenset(source_digest({"source": text}) for text in ("", "\n"))  # says nothing about a cell


def grade_id_of(cell: NotebookNode) -> str | None:
    """The id by which the gradebook knows the cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


@dataclass(frozen=True)
class KeyCell:
    """One cell that nbgrader knows; `points` is None for a cell without a grade, `check` for no check."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    solution: bool
    task: bool
    points: float | None
    check: str | None

    @property
    def grade(self) -> bool:
        """Whether the cell itself is graded (tasks are graded by hand)."""
        return self.points is not None and not self.task

    @cached_property
    def manual(self) -> bool:
        """Whether only a person can grade it."""
        return self.task or (self.grade and self.solution)

    @property
    def is_test(self) -> bool:
        """Whether it is an ordinary test cell of nbgrader's."""
        return self.grade and not self.manual and not self.check

    @property
    def title(self) -> str:
        """What pages call it."""
        return self.check or self.grade_id.replace("-", " ")

    def metadata(self) -> dict[str, Any]:
        """The cell's nbgrader metadata as the release has it."""
        fields: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "cell_type": self.cell_type,
        }
        if self.points is not None:
            fields["points"] = self.points
        if self.checksum is not None:
            fields["checksum"] = self.checksum
        return fields

    def as_cell(self, cell_id: str) -> NotebookNode:
        """The cell as the gradebook has it, not run."""
        cell = NotebookNode(
            id=cell_id,
            cell_type=self.cell_type,
            source=self.source,
            metadata=NotebookNode(nbgrader=NotebookNode(self.metadata())),
        )
        if self.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        return cell


@dataclass(frozen=True)
class KeyNotebook:
    """One notebook of the assignment, its cells by grade_id in the instructor's order.

    `versions` are its cells as students may have got them, oldest first.
    """

    name: str
    kernelspec: dict[str, Any]
    cells: dict[str, KeyCell]
    versions: tuple[Version, ...] = ()

    @cached_property
    def locked_texts(self) -> Mapping[tuple[str, str], list[str]]:
        """The ids of the locked cells that were ever handed out with a text, in the released order, by the
        cell's type and the text's digest."""
        known: dict[tuple[str, str], list[str]] = {}
        cells = [cell for version in self.versions for cell in version]
        for grade_id in self.cells:
            for cell in cells:
                if cell.grade_id == grade_id and cell.source and cell.source not in BLANK:
                    ids = known.setdefault((cell.cell_type, cell.source), [])
                    if grade_id not in ids:
                        ids.append(grade_id)
        return known


@dataclass(frozen=True)
class AnswerKey:
    """An assignment as the gradebook knows it."""

    assignment: str
    notebooks: dict[str, KeyNotebook]

    @cached_property
    def graded_cells(self) -> Mapping[str, KeyCell]:
        """The cells that have points, by "notebook/grade_id", in their order."""
        return {
            f"{notebook.name}/{cell.grade_id}": cell
            for notebook in self.notebooks.values()
            for cell in notebook.cells.values()
            if cell.points is not None
        }

    @cached_property
    def points(self) -> Mapping[str, float]:
        """What each graded cell is worth, by "notebook/grade_id"."""
        return {name: cell.points for name, cell in self.graded_cells.items()}

    @cached_property
    def max_score(self) -> float:
        """All points of the assignment."""
        return sum(self.points.values(), 0.0)


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
            check=check_name(cell.source)
            if cell.name in points and cell.name not in solutions | tasks
            else None,
        )
        for cell in notebook.source_cells
    }
    return KeyNotebook(notebook.name, json.loads(notebook.kernelspec or "{}"), cells)


def check_name(source: str) -> str | None:
    """The name in a cell that calls `check("lesson/what", answer, points=…)` once; None where none is called.

    Raises:
        UsageError: more than one call, or a name that is not written out.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a magic, or no Python: an ordinary test cell
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "check"]
    names = [call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    if not calls:
        return None
    if len(calls) > 1 or len(names) != 1 or not isinstance(names[0], str):
        raise UsageError(f"a graded cell must call check once, with its name written out: {source[:80]!r}")
    return names[0]


def _called(call: ast.Call) -> str | None:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
