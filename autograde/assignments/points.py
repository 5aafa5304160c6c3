"""What a check cell says it is worth, and what its metadata says: they must be equal.

The student reads the first, the gradebook the second.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograde.errors import SaidError
from descentlab.sentences import say


class MisprintedPointsError(SaidError):
    """A check cell whose points are not those of its metadata, or that are not a plain number."""


@dataclass(frozen=True)
class CheckCell:
    """A graded cell with one call of `check`."""

    grade_id: str
    check: str
    points: float


def check_cells(notebook: NotebookNode) -> Iterator[CheckCell]:
    """The graded cells of a notebook that call `check`.

    Raises:
        MisprintedPointsError: a call says other points than its cell.
    """
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not metadata.get("grade"):
            continue
        calls = list(_check_calls(cell.source))
        if not calls:
            continue  # an ordinary nbgrader test cell
        if len(calls) > 1:
            raise MisprintedPointsError.say(
                "cell {cell!r} calls check {times} times: one check a cell",
                cell=metadata.get("grade_id"),
                times=len(calls),
            )
        yield _read(calls[0], metadata)


def require_equal_points(notebook: NotebookNode) -> None:
    """Compare a check cell's points with its metadata.

    Raises:
        MisprintedPointsError: they differ.
    """
    for _ in check_cells(notebook):
        pass


def _read(call: ast.Call, metadata: dict) -> CheckCell:
    cell = metadata.get("grade_id")
    name = call.args[0] if call.args else None
    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        raise MisprintedPointsError.say(
            "cell {cell!r}: the check's name must be written out as a string", cell=cell
        )
    points = next((word.value for word in call.keywords if word.arg == "points"), None)
    if not (isinstance(points, ast.Constant) and isinstance(points.value, int | float)):
        raise MisprintedPointsError.say(
            "cell {cell!r}: points=NUMBER must be written out in the call of check", cell=cell
        )
    if points.value != metadata.get("points"):
        message = say(
            "cell {cell!r} says points={printed}, its metadata says {points}: make them equal",
            cell=cell,
            printed=points.value,
            points=metadata.get("points"),
        )
        raise MisprintedPointsError(message)
    return CheckCell(metadata["grade_id"], name.value, float(points.value))


def _check_calls(source: str) -> Iterator[ast.Call]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, or a cell that is not Python: no check of ours
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            yield node
