"""What students were handed out: one row a notebook and version, next to nbgrader's tables, with digests and no text.

Each says of which rows of nbgrader's it is, so that grading notices what nbgrader alone released since.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from nbformat import NotebookNode, read
from nbgrader.api import Gradebook, Notebook
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import JSON, Column, Integer, Text

from autograde.course.tables import GradebookTable
from autograde.untrusted.submitted_notebook import apart

TABLE = GradebookTable(
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
class ReleasedCell:
    """A cell as it was handed out.

    `grade_id` is None for a cell that nbgrader does not know, `points` for one without any, `source` (the digest of
    its text) for one that students write in, `course` empty for one without a check and for a release of before.
    """

    grade_id: str | None
    cell_type: str
    grade: bool
    points: float | None
    source: str | None
    cell_id: str = ""
    course: str = ""

    def is_kept_by(self, cell: NotebookNode, claimed: dict[str, Any]) -> bool:
        """Whether a submitted cell with this nbgrader metadata is still as it was handed out."""
        return (
            cell["cell_type"] == self.cell_type
            and bool(claimed.get("grade")) == self.grade
            and (self.points is None or claimed.get("points") == self.points)
            and (self.source is None or source_digest(cell) == self.source)
        )


Version = tuple[ReleasedCell, ...]
Pictures = Mapping[str, Mapping[str, Any]]
"""The attachments that the texts of locked cells name, by grade_id."""


@dataclass(frozen=True)
class HandedOut:
    """What students were handed out of a notebook."""

    versions: tuple[Version, ...] = ()
    """Oldest first."""
    pictures: Pictures = field(default_factory=dict)
    """Those of the newest version."""
    of: str = ""
    """Of what that version is: a digest of nbgrader's rows, after a space perhaps one of the instructor's notebook."""


def released_cells(notebook: NotebookNode, courses: Mapping[str, str] = MappingProxyType({})) -> Version:
    """What there is to remember of a notebook; `courses`: the course of each check, by the cell's grade_id."""
    return tuple(_released(cell, courses) for cell in notebook.cells)


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file, in nbformat 4."""
    return read(path, as_version=4)


def fields_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader's metadata say of a cell; empty where it has none."""
    return cell["metadata"].get("nbgrader", {})


def grade_id_of(cell: Mapping[str, Any]) -> str | None:
    """The id by which the gradebook knows the cell."""
    return fields_of(cell).get("grade_id")


def named_pictures(cell: Mapping[str, Any]) -> dict[str, Any]:
    """The attachments that a cell's text names."""
    attached = cell.get("attachments", {}).items()
    return {name: data for name, data in attached if naming(name).search(cell["source"])}


def pictures_in(notebook: NotebookNode) -> Pictures:
    """The pictures of the notebook's locked cells."""
    found = {grade_id_of(cell): named_pictures(cell) for cell in notebook.cells if is_locked(cell)}
    return {grade_id: pictures for grade_id, pictures in found.items() if pictures}


def naming(picture: str) -> re.Pattern[str]:
    """What names an attachment in a text."""
    written = "|".join(map(re.escape, (picture, quote(picture))))
    return re.compile(rf"attachment:(?:{written})(?![\w.%-])")


def is_known(cell: NotebookNode) -> bool:
    """Whether nbgrader knows the cell: it is graded, written in, or locked."""
    return is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)


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


def source_digest(cell: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a cell's text, as a submission is read, without white space at the ends of lines."""
    text = "\n".join(line.rstrip() for line in apart(cell["source"])[0].splitlines()).rstrip()
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


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
    TABLE.put(gradebook, [row])


def read_handed_out(gradebook: Gradebook, assignment: str) -> dict[str, HandedOut]:
    """What was handed out of each notebook of an assignment; nothing of what nbgrader alone released."""
    found: dict[str, HandedOut] = {}
    columns = "notebook", "cells", "pictures", "of"
    for notebook, cells, pictures, of in TABLE.rows(gradebook, *columns, assignment=assignment):
        version = tuple(ReleasedCell(*fields) for fields in cells)
        earlier = found.get(notebook, HandedOut()).versions
        found[notebook] = HandedOut((*earlier, version), pictures, of)
    return found
