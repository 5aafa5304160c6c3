"""Points stand once, in a graded cell's metadata; what students read of them is printed from there.

That is `points=` in a check's call, the sum on top of the notebook, and the heading of a question in words.
A text may leave the first out. Where it states it all the same, it must be equal: the student reads the one,
the gradebook the other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.errors import SaidError
from descentlab.sentences import say

ON_TOP = re.compile(r"^\*\*(?P<number>[\d.]+) points\*\*", re.MULTILINE)
IN_WORDS = re.compile(r"\((?P<number>[\d.]+) points?, read by a person\)")


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


def without_printed_points(notebook: NotebookNode) -> NotebookNode:
    """A copy that leaves out of the calls of checks what their metadata says."""
    plain = nbformat.from_dict(notebook)
    for cell in plain.cells:
        known = cell.metadata.get("nbgrader", {})
        if (
            cell.cell_type == "code"
            and known.get("grade")
            and len(calls := list(_check_calls(cell.source))) == 1
        ):
            stated = next((word for word in calls[0].keywords if word.arg == "points"), None)
            if isinstance(getattr(stated, "value", None), ast.Constant) and stated.value.value == known.get(
                "points"
            ):
                cell.source = cell.source.replace(f", {ast.get_source_segment(cell.source, stated)}", "", 1)
    return plain


def in_text(text: str, notebook: NotebookNode) -> str:
    """A lesson's text with the sum of its notebook's points on top, and none in calls that say the same.

    A text that was made from its notebook by other hands (`jupytext --sync`) has them in each call.
    """
    plain = without_printed_points(notebook)
    for printed, bare in zip(notebook.cells, plain.cells, strict=True):
        if printed.source != bare.source:
            text = text.replace(printed.source, bare.source)
    cells = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    worth = [_number(cell.get("points")) for cell in cells if cell.get("grade") or cell.get("task")]
    return _renumbered(ON_TOP, text, sum(worth))


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
        raise MisprintedPointsError.say(
            "cell {cell!r}: the check's name must be written out as a string", cell=cell
        )
    points = next((word.value for word in call.keywords if word.arg == "points"), None)
    if points is None and len(call.args) <= 2:
        return CheckCell(metadata["grade_id"], name.value, float(metadata.get("points") or 0.0))
    if not (isinstance(points, ast.Constant) and isinstance(points.value, int | float)):
        raise MisprintedPointsError.say(
            "cell {cell!r}: points=NUMBER must be written out in the call of check", cell=cell
        )
    if points.value != metadata.get("points"):
        message = say(
            "cell {cell!r} says points={printed}, its metadata says {points}. The metadata count: delete "
            '", points={printed}" from the call, in the .md file where there is one',
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
