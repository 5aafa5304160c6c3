"""Step 2, `sanitize`: cells, ids, types, points and locked sources as the instructor has them.

One rule for each thing that can happen to a cell:

    a cell the gradebook does not know     is an ordinary cell: its nbgrader metadata is dropped
    two cells with one id                  a person must say which counts: needs-review, `duplicate-ids`
    a graded or locked cell changed        is put back as it was: source, type, points; flag `altered-cells`
    a graded cell deleted                  is put back at the end of the notebook; flag `altered-cells`
    cells moved                            run in the student's order

What nbgrader's own sanitize steps do is done by that already; steps that a course adds to them follow.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import Autograde

from autograde.errors import NeedsReviewError
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.key import KeyCell, KeyNotebook
from autograde.grading.steps import apply_steps, make_steps, resources_of
from autograde.grading.work import Work


class Sanitizer:
    """nbgrader's sanitize steps, made once a run."""

    def __init__(self, course: Course, gradebook: SharedGradebook) -> None:
        self._course, self._gradebook = course, gradebook
        converter = Autograde(course.directory, config=course.config)
        self._steps = make_steps(course, converter.sanitize_preprocessors)

    def sanitize(self, work: Work) -> None:
        """Restore every notebook of a submission.

        Raises:
            NeedsReviewError: `duplicate-ids`.
        """
        for sheet in work.sheets:
            changed = restore(sheet.notebook, sheet.key)
            if changed:
                work.flag("altered-cells", f"put back as released: {', '.join(changed)}")
            if self._steps:
                self._gradebook.settle()
                resources = resources_of(self._course, work.submission, sheet.key.name)
                with self._gradebook.lent():
                    sheet.notebook = apply_steps(self._steps, sheet.notebook, resources)


def restore(notebook: NotebookNode, key: KeyNotebook) -> list[str]:
    """Give each known cell the gradebook's metadata and put missing graded cells back, in place.

    Returns:
        The grade_ids of graded or locked cells that had been changed, deleted or turned into something else.
    """
    found = {id(cell): cell.metadata.pop("nbgrader", None) for cell in notebook.cells}
    known = [cell for cell in notebook.cells if _grade_id(found[id(cell)]) in key.cells]
    _refuse_duplicates([_grade_id(found[id(cell)]) for cell in known])
    changed = []
    for cell in known:
        claimed = found[id(cell)]
        right = key.cells[_grade_id(claimed)]
        if _was_changed(cell, claimed, right):
            changed.append(right.grade_id)
        _put_back(cell, right)
    present = {_grade_id(found[id(cell)]) for cell in known}
    for right in key.cells.values():
        if right.points is not None and right.grade_id not in present:
            changed.append(right.grade_id)
            notebook.cells.append(_cell_of(right, {cell.get("id") for cell in notebook.cells}))
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(key.kernelspec))
    return changed


def _put_back(cell: NotebookNode, right: KeyCell) -> None:
    """Type, metadata and, of a locked cell, the source as the gradebook has them."""
    if cell.cell_type != right.cell_type:
        cell.cell_type = right.cell_type
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)
        if right.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    if right.locked:
        cell.source = right.source
    cell.metadata.nbgrader = NotebookNode(right.metadata())


def _grade_id(metadata: Any) -> str | None:
    return metadata.get("grade_id") if isinstance(metadata, dict) else None


def _refuse_duplicates(grade_ids: list[str]) -> None:
    twice = sorted(grade_id for grade_id, count in Counter(grade_ids).items() if count > 1)
    if twice:
        raise NeedsReviewError(
            "duplicate-ids", f"more than one cell is {', '.join(twice)}: delete all but one"
        )


def _was_changed(cell: NotebookNode, claimed: dict[str, Any], right: KeyCell) -> bool:
    if cell.cell_type != right.cell_type or bool(claimed.get("grade")) != right.grade:
        return True
    if right.points is not None and claimed.get("points") != right.points:
        return True
    return right.locked and _released(right) != cell.source


def _released(right: KeyCell) -> str:
    """A locked cell as students got it: without hidden tests."""
    begin, end = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
    kept, hidden = [], False
    for line in right.source.split("\n"):
        if begin in line:
            hidden = True
        elif end in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept)


def _cell_of(right: KeyCell, ids: set[str]) -> NotebookNode:
    wanted = f"restored-{right.grade_id}"[:60]
    while wanted in ids:
        wanted += "-"
    cell = NotebookNode(
        id=wanted,
        cell_type=right.cell_type,
        source=right.source,
        metadata=NotebookNode(nbgrader=NotebookNode(right.metadata())),
    )
    if right.cell_type == "code":
        cell.update(outputs=[], execution_count=None)
    return cell
