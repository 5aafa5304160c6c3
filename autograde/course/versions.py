"""Every version that was released: one row a notebook and version, next to nbgrader's tables, with digests and no text.

A course without rows (released by nbgrader alone) is graded by what its gradebook says.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from nbformat import NotebookNode, read
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Column, Integer, Text

from autograde.course.tables import GradebookTable
from autograde.errors import UsageError
from autograde.untrusted.submitted_notebook import apart

FORMAT = 1
TABLE = GradebookTable(
    "autograde_release", "assignment notebook", Column("version", Integer, primary_key=True), cells=Text
)


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
    versions = {}
    for notebook, text in TABLE.rows(gradebook, "notebook", "cells", assignment=assignment):
        stored = json.loads(text)
        if stored["format"] > FORMAT:
            raise UsageError(
                "the gradebook holds a release of a newer version of the grader (format "
                f"{stored['format']}, this one knows {FORMAT}). Install that version"
            )
        version = tuple(ReleasedCell(*fields) for fields in stored["cells"])
        versions[notebook] = (*versions.get(notebook, ()), version)
    return versions
