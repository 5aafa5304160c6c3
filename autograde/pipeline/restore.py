"""The step `restore`: cells, ids, types, points, locked sources as the teacher has them.

One rule for each thing that can happen to a cell:

    a cell the gradebook does not know     is an ordinary cell: its nbgrader metadata is dropped
    an answer's cell without metadata      is known by its cell id; flag `altered-answers`
    an answer split into neighbors         is one answer: their texts are joined
    two other cells with one id, or a      a person must say which counts: needs-review, `duplicate-ids`
      half that a cell magic begins
    a locked cell under another id         gets its own back (`match`); flag `altered-cells`
    a locked cell changed                  is put back: source, pictures, type, points; lines of the student's own become
                                           an ordinary cell above it; flag `altered-cells`
    an answer's cell changed               gets type and points back, its text stays; flag `altered-answers`
    a graded cell or locked code deleted   is put back at its place; flag `altered-cells` or `altered-answers`
    a graded cell added since              is put back if it is locked; without points there it does not count
    a written answer put back, or empty    waits for a person; flag `unread-answers`
      with own text near it
    cells moved                            run in the student's order

"Changed" means that no released version has it; white space at the ends of lines is not a change.

Which cell is which (`match`): a locked cell is recognized by its text, whatever its id; the others by their ids.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from textwrap import dedent
from typing import Any

from nbformat import NotebookNode

from autograde.entries.answer_key import (
    ASKED,
    HANDED_OUT_BEFORE,
    KeyCell,
    KeyNotebook,
    ReleasedCell,
    folded_id,
)
from autograde.entries.graded import Graded
from autograde.errors import NeedsReviewError
from autograde.untrusted.names import quoted
from autograde.untrusted.submitted_notebook import source_digest

LEAST_WORDS = 10  # of a code cell of the student's own: fewer are no answer in words
MOST_LINES = 2_000  # of a longer cell everything is kept: to compare it would take too long


@dataclass
class Restored:
    """What was done to a notebook, by grade_id.

    `changed` are graded or locked cells that had been changed, deleted, renamed or turned into something else,
    `added` are graded ones that the student's version did not have, `kept` the lines of the student's own that stood
    in locked cells, `unread` says of written answers that may stand elsewhere where to look. `older` are the folded
    cells of inline checks that the student's version asks with other arguments, or for other parts.
    """

    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    older: list[str] = field(default_factory=list)


def restore_submission(graded: Graded) -> None:
    """Restore every notebook of a submission.

    Raises:
        NeedsReviewError: `duplicate-ids`.
    """
    for one in graded.notebooks:
        restored = restore_cells(one.notebook, one.key)
        for flag, locked in (("altered-cells", True), ("altered-answers", False)):
            if changed := [name for name in restored.changed if one.key.cells[name].locked is locked]:
                graded.flag(flag, f"put back as released: {', '.join(changed)}")
        graded.added |= set(map(one.name_of, restored.added))
        one.solved = {of: HANDED_OUT_BEFORE for of in one.key.cells if folded_id(of) in restored.older}
        for grade_id, lines in restored.kept.items():
            graded.flag("altered-cells", f"kept in a cell of its own above {grade_id}: {quoted(lines)}")
        for grade_id, where in restored.unread.items():
            graded.pending.add(one.name_of(grade_id))
            graded.flag("unread-answers", f"{grade_id}: {where}")


def restore_cells(notebook: NotebookNode, key: KeyNotebook) -> Restored:
    """Give each known cell the gradebook's metadata and put missing ones back at their place, in place.

    Raises:
        NeedsReviewError: `duplicate-ids`.
    """
    restored = Restored()
    cells = list(_with_joined_halves(notebook.cells, key))
    claimed = [cell["metadata"].pop("nbgrader", {}) for cell in cells]
    known = [fields.get("grade_id") for fields in claimed]
    claims = [grade_id if grade_id in key.cells else None for grade_id in known]
    by_cell_id = [key.written_in.get(cell["id"]) for cell in cells]
    found = [
        claim or (None if other in claims else other) for claim, other in zip(claims, by_cell_id, strict=True)
    ]
    matched = match(cells, found, key)
    present: dict[str, NotebookNode] = {}
    notebook.cells = []
    for index, cell in enumerate(cells):
        if grade_id := matched.get(index):
            present[grade_id], right = cell, key.cells[grade_id]
            # As some version had it: what was changed after the handout is not the student's.
            as_released = any(
                one.grade_id == grade_id and _is_as_released(cell, claimed[index], one)
                for one in key.released
            )
            if claims[index] != grade_id or not as_released:
                restored.changed.append(grade_id)
            # The folded cell of an earlier release, in which the check asked for something else.
            held, asked, asks = source_digest(cell), *map(ASKED.findall, (cell["source"], right.source))
            was_handed_out = any((one.grade_id, one.source) == (grade_id, held) for one in key.released)
            if asked != asks and was_handed_out:
                restored.older.append(grade_id)
            if lines := _own_lines(cell, right, key):
                restored.kept[grade_id] = lines
                made = {"id": _new_id(cells, f"kept-{index}"), "source": lines, "metadata": NotebookNode()}
                notebook.cells.append(NotebookNode({**cell, **made}))
            _put_back(cell, right)
        notebook.cells.append(cell)
    there = set(present)
    _put_missing_back(notebook, present, key, restored)
    restored.unread = _unread(notebook.cells, key, there, restored.kept)
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(key.kernelspec))
    return restored


def _is_as_released(cell: NotebookNode, claimed: Mapping[str, Any], released: ReleasedCell) -> bool:
    """Whether a submitted cell with this nbgrader metadata is still as it was handed out."""
    return (
        cell["cell_type"] == released.cell_type
        and bool(claimed.get("grade")) == released.grade
        and released.points in (None, claimed.get("points"))
        and released.source in (None, source_digest(cell))
    )


def _with_joined_halves(cells: Sequence[NotebookNode], key: KeyNotebook) -> Iterator[NotebookNode]:
    """The cells, each answer that was split into neighbors in one: nothing stands between but empty cells.

    A half that a cell magic begins, which runs only at the start of a cell, stays a cell.
    """
    above, of = NotebookNode(), None  # the answer above, and whose it is and its type
    for cell in cells:
        right = key.find(cell)
        half = None
        if right is not None and right.solution and source_digest(cell) not in key.released_texts:
            half = right.grade_id, cell["cell_type"]
        if half and half == of:
            is_magic = right.cell_type == "code" and cell["source"].lstrip().startswith("%%")
            if not (is_magic and above["source"].strip()):
                above["source"] = "\n\n".join(filter(str.strip, (above["source"].rstrip(), cell["source"])))
                continue
        if right is not None or cell["source"].strip():
            above, of = cell, half
        yield cell


def _own_lines(cell: NotebookNode, right: KeyCell, key: KeyNotebook) -> str:
    """The lines of a locked cell that are the student's: no version has its text, nor the newest these lines."""
    if not right.locked or source_digest(cell) in key.released_texts:
        return ""
    released, lines = (
        [line.rstrip() for line in text.splitlines()] for text in (right.source, cell["source"])
    )
    if len(lines) <= MOST_LINES:
        changes = SequenceMatcher(None, released, lines, autojunk=False).get_opcodes()
        lines = [line for kind, _, _, at, end in changes if kind != "equal" for line in lines[at:end]]
    return dedent("\n".join(lines)).strip()


def _unread(
    cells: Sequence[NotebookNode], key: KeyNotebook, there: Container[str], kept: Container[str]
) -> dict[str, str]:
    """Where to look for each written answer that was not `there`, or is as released with own text near it.

    Near is what stands between the next released cells, those aside that say nothing of a place: locked words,
    locked cells that a student wrote in, and answers that are as empty.
    """
    written: dict[int | str | None, list[str]] = defaultdict(list)  # numbers of cells, by place and by answer
    empty, place = {}, 0
    for number, cell in enumerate(cells, 1):
        right = key.find(cell)
        if right is None:
            # Text that was not handed out: any in Markdown, in code enough for an answer.
            least = LEAST_WORDS if cell["cell_type"] == "code" else 1
            if len(cell["source"].split()) >= least and source_digest(cell) not in key.released_texts:
                written[place].append(str(number))
                written[key.written_in.get(cell["id"])].append(str(number))
        elif right.manual and not right.task and _is_blank(cell, right):
            empty[right.grade_id] = place
        elif right.grade_id not in kept and not (right.locked and right.cell_type == "markdown"):
            place += 1
    unread = {}
    for grade_id, at in empty.items():
        if near := written[at] or written[grade_id]:
            unread[grade_id] = f"empty; text of the student's own near it, in cell {', '.join(near)}"
        elif grade_id not in there:
            unread[grade_id] = "its cell was missing; look for an answer in the other cells"
    return unread


def _is_blank(cell: NotebookNode, right: KeyCell) -> bool:
    """Whether a cell has the text that the gradebook would hand out."""
    return source_digest(cell) == source_digest(vars(right))


def _put_back(cell: NotebookNode, right: KeyCell) -> None:
    """Type, metadata, source and pictures as they were handed out; of an answer the source and its pictures stay."""
    if cell["cell_type"] != right.cell_type:
        cell["cell_type"] = right.cell_type
        for name in ("outputs", "execution_count", "attachments"):
            cell.pop(name, None)
        if right.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    if right.locked or _is_blank(cell, right):  # nbgrader compares every blank
        cell["source"] = right.source
    if right.attachments:
        cell["attachments"] = right.attachments
    cell["metadata"]["nbgrader"] = NotebookNode(right.metadata())


def _put_missing_back(
    notebook: NotebookNode, present: dict[str, NotebookNode], key: KeyNotebook, restored: Restored
) -> None:
    """Insert the graded cells and the locked code that are not there, in the released order.

    Those that every version had are noted as changed. Of the others the graded ones are noted as added, and those
    that a student writes in are left out.
    """
    order = list(key.cells)
    for at, grade_id in enumerate(order):
        right = key.cells[grade_id]
        if grade_id in present or not (
            right.points is not None or (right.locked and right.cell_type == "code")
        ):
            continue
        had = all(any(released.grade_id == grade_id for released in version) for version in key.versions)
        if had:
            restored.changed.append(grade_id)
        elif right.points is not None:
            restored.added.append(grade_id)
            if not right.locked:
                continue
        cell = right.as_cell(_new_id(notebook.cells, f"restored-{grade_id}"))
        indexes = {id(cell): index for index, cell in enumerate(notebook.cells)}
        positions = {name: indexes[id(present[name])] for name in order if name in present}
        # Before the first of those that come later which stands below the one that comes just before it.
        last = next((positions[name] for name in reversed(order[:at]) if name in positions), -1)
        below = (positions[name] for name in order[at:] if positions.get(name, -1) > last)
        notebook.cells.insert(min(below, default=len(notebook.cells)), cell)
        present[grade_id] = cell


def _new_id(cells: Sequence[NotebookNode], name: str) -> str:
    ids = {cell["id"] for cell in cells}
    new_id = name[:60]
    while new_id in ids:
        new_id += "-"
    return new_id


def match(cells: Sequence[NotebookNode], claims: Sequence[str | None], key: KeyNotebook) -> dict[int, str]:
    """The grade_id of each submitted cell that is one of the teacher's, by its place.

    `claims` are the cells' own words for it; an id that the key does not have is None.

    Raises:
        NeedsReviewError: `duplicate-ids`: a person must say which cell counts.
    """
    by_id = {index: claim for index, claim in enumerate(claims) if claim is not None}
    matched = by_id | _by_text(cells, claims, key)
    if twice := sorted(grade_id for grade_id, count in Counter(matched.values()).items() if count > 1):
        reason = f"more than one cell is {', '.join(twice)}: merge them into one"
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
