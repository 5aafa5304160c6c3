"""A graded cell's metadata say its points; what students read of them is printed from there.

That is `points=` in a check's call, the sum on top of the notebook, and the heading of a question in words.
Where a call states other points than its metadata, the release is refused: students read the one, the
gradebook the other.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.errors import AutogradeError

ON_TOP = re.compile(r"^\*\*(?P<number>[\d.]+) points\*\*", re.MULTILINE)
IN_WORDS = re.compile(r"\((?P<number>[\d.]+) points?, read by a person\)")


class MisprintedPointsError(AutogradeError):
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
            raise MisprintedPointsError(
                f"cell {metadata.get('grade_id')!r} calls check {len(calls)} times: one check a cell"
            )
        yield _read(calls[0], metadata)


def require_equal_points(notebook: NotebookNode) -> None:
    """Compare a check cell's points with its metadata.

    Raises:
        MisprintedPointsError: they differ.
    """
    for _ in check_cells(notebook):
        pass


class PrintPoints(NbGraderPreprocessor):
    """The first step of a release: what students read of points is what the gradebook has."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        print_points(nb)
        return nb, resources


def print_points(notebook: NotebookNode) -> None:
    """Print each cell's points where students read them: checks' calls, the sum on top, words' headings."""
    total, above = 0.0, None
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade") or known.get("task"):
            worth = known.get("points")
            total += _number(worth)
            if cell.cell_type == "code":
                cell.source = _with_points(cell.source, worth)
            elif above is not None:
                above.source = _renumbered(IN_WORDS, above.source, worth)
        elif cell.cell_type == "markdown":
            above = cell
    for cell in notebook.cells[:3]:  # a title, its points, and what else stands above the first section
        if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = _renumbered(ON_TOP, cell.source, total)


def _number(worth: Any) -> float:
    """A cell's points; 0 where its metadata states none that are a number."""
    return worth if isinstance(worth, int | float) else 0.0


def _with_points(source: str, worth: Any) -> str:
    calls = list(_check_calls(source))
    if len(calls) != 1 or not calls[0].args or not isinstance(worth, int | float):
        return source
    call = ast.get_source_segment(source, calls[0])
    if any(word.arg == "points" for word in calls[0].keywords) or len(calls[0].args) > 2 or not call:
        return source
    return source.replace(call, f"{call[:-1].rstrip().removesuffix(',')}, points={worth:g})", 1)


def _renumbered(pattern: re.Pattern[str], text: str, number: Any) -> str:
    """The first match with the number in place of its own."""
    match = pattern.search(text)
    if (
        match is None
        or not isinstance(number, int | float)
        or float(match["number"].rstrip(".") or 0) == number
    ):
        return text
    return f"{text[: match.start('number')]}{number:g}{text[match.end('number') :]}"


def _read(call: ast.Call, metadata: dict) -> CheckCell:
    cell = metadata.get("grade_id")
    name = call.args[0] if call.args else None
    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        raise MisprintedPointsError(f"cell {cell!r}: the check's name must be written out as a string")
    points = next((word.value for word in call.keywords if word.arg == "points"), None)
    if points is None and len(call.args) <= 2:
        return CheckCell(metadata["grade_id"], name.value, float(metadata.get("points") or 0.0))
    if not (isinstance(points, ast.Constant) and isinstance(points.value, int | float)):
        raise MisprintedPointsError(f"cell {cell!r}: points=NUMBER must be written out in the call of check")
    if points.value != metadata.get("points"):
        raise MisprintedPointsError(
            f"cell {cell!r} says points={points.value}, its metadata says {metadata.get('points')}"
            ": write the same number in both, in the .md file if there is one"
        )
    return CheckCell(metadata["grade_id"], name.value, float(points.value))


def _check_calls(source: str) -> Iterator[ast.Call]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, or a cell that is not Python: no check of ours
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            yield node
