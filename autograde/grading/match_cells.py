"""Which cell of a submission is which of the instructor's, whatever the submission calls it.

A locked cell is known by its text: under whatever id it comes, it is the cell that was handed out with that
text. The others are known by their ids, as long as these agree with the places: where ids were exchanged,
each cell is what stood at its place between the locked ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode

from autograde.assignments.versions import source_digest
from autograde.grading.answer_key import KeyNotebook
from autograde.grading.flag_messages import NeedsReviewError, note


def match(cells: Sequence[NotebookNode], claims: Sequence[str | None], key: KeyNotebook) -> dict[int, str]:
    """The grade_id of each submitted cell that is one of the instructor's, by its place.

    `claims` are the cells' own words for it; an id that the key does not have is None.

    Raises:
        NeedsReviewError: `duplicate-ids`: a person must say which cell counts.
    """
    matched = _by_text(cells, claims, key)
    rest = [index for index, claim in enumerate(claims) if claim is not None and index not in matched]
    free = [grade_id for grade_id in key.cells if grade_id not in matched.values()]
    claimed = [claims[index] for index in rest]
    by_place = _by_place(cells, matched, rest, free, key)
    if by_place is None:  # locked cells may be missing
        written = [grade_id for grade_id in free if not key.cells[grade_id].locked]
        by_place = _by_place(cells, matched, rest, written, key)
    if sorted(claimed) == sorted(set(claimed) & set(free)):
        agree = by_place is None or _groups(matched, rest, claimed) == _groups(matched, rest, by_place)
        if agree and (by_place is None or _types_fit(cells, rest, claimed, key)):
            by_place = claimed
    if by_place is None:
        taken = Counter(claimed) + Counter(set(claimed) & set(matched.values()))
        twice = sorted(grade_id for grade_id, count in taken.items() if count > 1)
        raise NeedsReviewError("duplicate-ids", note("twice", cells=", ".join(twice)))
    return matched | dict(zip(rest, by_place, strict=True))


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


def _by_place(
    cells: Sequence[NotebookNode], matched: dict[int, str], rest: list[int], free: list[str], key: KeyNotebook
) -> list[str] | None:
    """The free ids for the rest of the cells, in order; None where they do not fit between the locked ones.

    They do where as many cells stand between two locked ones as there were, of the same types.
    """
    order = list(key.cells)
    anchors = [order.index(matched[index]) for index in sorted(matched)]
    if anchors != sorted(anchors):
        return None
    gaps = [sum(index > anchor for anchor in matched) for index in rest]
    gaps_of_free = [sum(order.index(grade_id) > anchor for anchor in anchors) for grade_id in free]
    return free if gaps == gaps_of_free and _types_fit(cells, rest, free, key) else None


def _types_fit(
    cells: Sequence[NotebookNode], places: list[int], grade_ids: list[str], key: KeyNotebook
) -> bool:
    pairs = zip(places, grade_ids, strict=True)
    return all(cells[index].cell_type == key.cells[grade_id].cell_type for index, grade_id in pairs)


def _groups(matched: dict[int, str], places: list[int], grade_ids: list[str]) -> list[tuple[int, str]]:
    """Which ids stand between which locked cells, their order there aside."""
    pairs = zip(places, grade_ids, strict=True)
    return sorted((sum(index > anchor for anchor in matched), grade_id) for index, grade_id in pairs)
