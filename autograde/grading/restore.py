"""The step `restore`: cells, ids, types, points, locked sources as the instructor has them.

One rule for each thing that can happen to a cell:

    a cell the gradebook does not know     is an ordinary cell: its nbgrader metadata is dropped
    two cells with one id                  a person must say which counts: needs-review, `duplicate-ids`
    a locked cell under another id         gets its own back (`match`); flag `altered-cells`
    a graded or locked cell changed        is put back as it was: source, type, points; flag `altered-cells`
    a graded cell or locked code deleted   is put back at its place; flag `altered-cells`
    cells moved                            run in the student's order

"Changed" means that no released version has it.

Which cell is which (`match`): a locked cell is recognised by its text, whatever its id; the others by their ids.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from nbformat import NotebookNode

from autograde.course.answer_key import KeyCell, KeyNotebook
from autograde.course.release_steps import source_digest
from autograde.errors import NeedsReviewError
from autograde.grading.read_submission import SubmissionRun


def restore_submission(run: SubmissionRun) -> None:
    """Restore every notebook of a submission.

    Raises:
        NeedsReviewError: `duplicate-ids`.
    """
    for notebook_run in run.notebook_runs:
        changed = restore_cells(notebook_run.notebook, notebook_run.key)
        if changed:
            run.flag("altered-cells", f"put back as released: {', '.join(changed)}")


def restore_cells(notebook: NotebookNode, key: KeyNotebook) -> list[str]:
    """Give each known cell the gradebook's metadata and put missing ones back at their place, in place.

    Returns:
        The grade_ids of graded or locked cells that had been changed, deleted, renamed or turned into
        something else.

    Raises:
        NeedsReviewError: `duplicate-ids`.
    """
    metadata = [cell["metadata"].pop("nbgrader", None) for cell in notebook.cells]
    claimed = [fields if isinstance(fields, dict) else {} for fields in metadata]
    known = [fields.get("grade_id") for fields in claimed]
    claims = [grade_id if grade_id in key.cells else None for grade_id in known]
    matched = match(notebook.cells, claims, key)
    changed = []
    for index, grade_id in sorted(matched.items()):
        cell = notebook.cells[index]
        if claims[index] != grade_id or not _as_released(cell, claimed[index], grade_id, key):
            changed.append(grade_id)
        _put_back(cell, key.cells[grade_id])
    changed += _put_missing_back(
        notebook, {grade_id: notebook.cells[at] for at, grade_id in matched.items()}, key
    )
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(key.kernelspec))
    return changed


def _as_released(cell: NotebookNode, claimed: dict[str, Any], grade_id: str, key: KeyNotebook) -> bool:
    """Whether a cell is as some version had it: what was changed after the handout is not the student's."""
    return any(
        released.grade_id == grade_id and released.is_kept_by(cell, claimed)
        for version in key.versions
        for released in version
    )


def _put_back(cell: NotebookNode, right: KeyCell) -> None:
    """Type, metadata and, of a locked cell, the source as the gradebook has them."""
    if cell["cell_type"] != right.cell_type:
        cell["cell_type"] = right.cell_type
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)
        if right.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    if right.locked:
        cell["source"] = right.source
    cell["metadata"]["nbgrader"] = NotebookNode(right.metadata())


def _put_missing_back(
    notebook: NotebookNode, present: dict[str, NotebookNode], key: KeyNotebook
) -> list[str]:
    """Insert the graded cells and the locked code that are not there, in the released order.

    Returns:
        The grade_ids of those that every version had.
    """
    deleted, order = [], list(key.cells)
    for at, grade_id in enumerate(order):
        right = key.cells[grade_id]
        if grade_id in present or not (
            right.points is not None or (right.locked and right.cell_type == "code")
        ):
            continue
        cell = right.as_cell(_new_id(notebook, grade_id))
        before, behind = (
            [present[name] for name in names if name in present] for names in (order[:at], order[at:])
        )
        notebook.cells.insert(_place_between(notebook, before[-1:], behind), cell)
        present[grade_id] = cell
        if all(any(released.grade_id == grade_id for released in version) for version in key.versions):
            deleted.append(grade_id)
    return deleted


def _place_between(notebook: NotebookNode, before: list[NotebookNode], behind: list[NotebookNode]) -> int:
    """The place before the first of the cells `behind` that follows the one `before`, or the end."""
    places = {id(cell): index for index, cell in enumerate(notebook.cells)}
    last = max((places[id(cell)] for cell in before), default=-1)
    return min((places[id(cell)] for cell in behind if places[id(cell)] > last), default=len(notebook.cells))


def _new_id(notebook: NotebookNode, grade_id: str) -> str:
    ids = {cell.get("id") for cell in notebook.cells}
    new_id = f"restored-{grade_id}"[:60]
    while new_id in ids:
        new_id += "-"
    return new_id


def match(cells: Sequence[NotebookNode], claims: Sequence[str | None], key: KeyNotebook) -> dict[int, str]:
    """The grade_id of each submitted cell that is one of the instructor's, by its place.

    `claims` are the cells' own words for it; an id that the key does not have is None.

    Raises:
        NeedsReviewError: `duplicate-ids`: a person must say which cell counts.
    """
    by_id = {index: claim for index, claim in enumerate(claims) if claim is not None}
    matched = by_id | _by_text(cells, claims, key)
    if twice := sorted(grade_id for grade_id, count in Counter(matched.values()).items() if count > 1):
        reason = f"more than one cell is {', '.join(twice)}: delete all but one"
        raise NeedsReviewError("duplicate-ids", reason)
    return matched


def _by_text(cells: Sequence[NotebookNode], claims: Sequence[str | None], key: KeyNotebook) -> dict[int, str]:
    """Cells that hold a locked cell's text: those with the right id first, those without any id last."""
    holds = [key.locked_texts.get((cell["cell_type"], source_digest(cell)), ()) for cell in cells]
    matched: dict[int, str] = {}
    free = set(key.cells)
    unclaimed = free - set(claims)

    def take(index: int, grade_ids: Iterable[str]) -> None:
        for grade_id in grade_ids:
            if index not in matched and grade_id in free:
                matched[index] = grade_id
                free.remove(grade_id)

    for index, claim in enumerate(claims):
        take(index, [grade_id for grade_id in holds[index] if grade_id == claim])
    for index, claim in enumerate(claims):
        take(index, holds[index] if claim else [name for name in holds[index] if name in unclaimed])
    return matched
