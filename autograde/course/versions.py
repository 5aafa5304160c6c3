"""Every version of an assignment that was released: its cells as students got them, in their order.

One row a notebook and version, beside nbgrader's tables: whoever backs up the gradebook has them, too. A row
holds digests and no text. A course without rows (released by nbgrader alone) is graded by what its gradebook
says.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, savecells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Column, Integer, String, Text

from autograde.errors import UsageError
from autograde.gradebook_table import GradebookTable

FORMAT = 1
TABLE = GradebookTable(
    "autograde_release",
    Column("assignment", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("cells", Text, nullable=False),
)


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader knows, as it was handed out.

    `points` is None for a cell without any, `source` (SHA-256, hex) for a cell that students write in.
    """

    grade_id: str
    cell_type: str
    grade: bool
    points: float | None
    source: str | None

    def is_kept_by(self, cell: NotebookNode, claimed: dict[str, Any]) -> bool:
        """Whether a submitted cell with this nbgrader metadata is still as it was handed out."""
        return (
            cell["cell_type"] == self.cell_type
            and bool(claimed.get("grade")) == self.grade
            and (self.points is None or claimed.get("points") == self.points)
            and (self.source is None or source_digest(cell) == self.source)
        )


Version = tuple[ReleasedCell, ...]


class RememberRelease(NbGraderPreprocessor):
    """The last step of a release: keeps what it gives to students."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        converter = getattr(self.parent, "parent", None)
        if not getattr(converter, "no_database", False):
            names = resources["nbgrader"]
            with savecells.Gradebook(names["db_url"]) as gradebook:  # the shared one, where one is lent
                remember(gradebook, names["assignment"], names["notebook"], released_cells(nb))
                gradebook.db.commit()
        return nb, resources


def released_cells(notebook: NotebookNode) -> Version:
    """What there is to remember of a notebook."""
    return tuple(_released(cell) for cell in notebook.cells if is_known(cell))


def is_known(cell: NotebookNode) -> bool:
    """Whether nbgrader knows the cell: it is graded, written in, or locked."""
    return is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)


def _released(cell: NotebookNode) -> ReleasedCell:
    metadata = cell.metadata["nbgrader"]
    return ReleasedCell(
        metadata["grade_id"],
        cell.cell_type,
        bool(is_grade(cell)),
        float(metadata["points"]) if is_grade(cell) or is_task(cell) else None,
        source_digest(cell) if is_locked(cell) else None,
    )


def source_digest(cell: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a cell's text, as a submission is read."""
    return hashlib.sha256(cell["source"].encode("utf-8", "replace")).hexdigest()


def remember(gradebook: Gradebook, assignment: str, notebook: str, cells: Version) -> None:
    """Add a version, unless it is the newest one already; within the transaction that runs."""
    known = read_versions(gradebook, assignment).get(notebook, ())
    if known and known[-1] == cells:
        return
    text = json.dumps({"format": FORMAT, "cells": [astuple(cell) for cell in cells]})
    row = {"assignment": assignment, "notebook": notebook, "version": len(known) + 1, "cells": text}
    TABLE.put(gradebook, [row])


def read_versions(gradebook: Gradebook, assignment: str) -> dict[str, tuple[Version, ...]]:
    """The versions of each notebook of an assignment, the newest last; none where none were kept.

    Raises:
        UsageError: a newer version of the grader kept one.
    """
    versions: dict[str, tuple[Version, ...]] = {}
    for notebook, text in TABLE.rows(gradebook, "notebook", "cells", assignment=assignment):
        versions[notebook] = (*versions.get(notebook, ()), _version(json.loads(text)))
    return versions


def _version(stored: dict[str, Any]) -> Version:
    if stored["format"] > FORMAT:
        raise UsageError(
            "the gradebook holds a release of a newer version of the grader (format "
            f"{stored['format']}, this one knows {FORMAT}). Install that version"
        )
    return tuple(ReleasedCell(*fields) for fields in stored["cells"])
