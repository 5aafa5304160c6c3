"""The files that grading leaves: the autograded notebook and, beside it, the evidence it was judged by.

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat.v4
from nbformat import NotebookNode

from autograde.errors import CourseError
from autograde.files import put
from autograde.grading.work import Sheet, Work, digest_of

BESIDE = ".autograde"
VERSION = 1


def write_products(work: Work, folder: Path, mode: int) -> str:
    """Put every notebook and its evidence into place, each file whole or not at all.

    Returns:
        One word for the files' contents, as `read_products` gives it.

    Raises:
        CourseError: the disk is full or cannot be written.
    """
    try:
        made = {}
        (folder / BESIDE).mkdir(parents=True, exist_ok=True)
        for sheet in work.sheets:
            evidence = evidence_of(work, sheet)
            notebook = (nbformat.v4.writes(_Shared(sheet.notebook)) + "\n").encode("utf-8", "replace")
            made[f"{sheet.key.name}.json"] = _put(folder / BESIDE / f"{sheet.key.name}.json", evidence, mode)
            made[f"{sheet.key.name}.ipynb"] = _put(folder / f"{sheet.key.name}.ipynb", notebook, mode)
        if work.timestamp is not None:
            _put(folder / "timestamp.txt", f"{work.timestamp} UTC\n".encode(), mode)
        return digest_of(made)
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: {error.strerror}") from error


class _Shared(NotebookNode):
    """A notebook whose copy is its own only where nbformat's writer changes it: to copy every figure first
    takes as long as to write them."""

    def __deepcopy__(self, memo: Any) -> NotebookNode:
        cells = [_own_parts(cell) for cell in self.cells]
        return NotebookNode(self, metadata=NotebookNode(self.metadata), cells=cells)


def _own_parts(cell: NotebookNode) -> NotebookNode:
    """A cell that shares no place where the writer puts lines instead of a text, or leaves something out."""
    own = NotebookNode(cell, metadata=NotebookNode(cell.metadata))
    if "outputs" in cell:
        own["outputs"] = [_own_data(output) for output in cell.outputs]
    if "attachments" in cell:
        own["attachments"] = {name: NotebookNode(bundle) for name, bundle in cell.attachments.items()}
    return own


def _own_data(output: NotebookNode) -> NotebookNode:
    return NotebookNode(output, data=NotebookNode(output.data)) if "data" in output else NotebookNode(output)


def read_products(folder: Path, notebooks: list[str]) -> str:
    """One word for the files as they lie there now; a missing file has the digest ''."""
    files = {f"{name}.ipynb": folder / f"{name}.ipynb" for name in notebooks}
    files |= {f"{name}.json": folder / BESIDE / f"{name}.json" for name in notebooks}
    return digest_of({name: _digest(path) for name, path in files.items()})


def remove_products(folder: Path) -> None:
    """Take away what an earlier grading left: a person has to look at the submission itself now."""
    for path in [*folder.glob("*.ipynb"), *(folder / BESIDE).glob("*.json")]:
        path.unlink(missing_ok=True)


def evidence_of(work: Work, sheet: Sheet) -> bytes:
    """What is kept of a notebook, as JSON: enough to judge it again without running it again."""
    kept = {
        "version": VERSION,
        "student": work.submission.student,
        "assignment": work.submission.assignment,
        "notebook": sheet.key.name,
        "submitted": sheet.digest,
        "flags": work.flags,
        "tier": work.tier,
        "made_with": made_with(),
        "checks": {
            grade_id: {
                "check": sheet.key.cells[grade_id].check,
                "points": sheet.key.cells[grade_id].points,
                "seed": seed,
                "evidence": _encoded(sheet.evidence.get(grade_id)),
                "verdict": asdict(sheet.verdicts[grade_id]),
            }
            for grade_id, seed in sheet.seeds.items()
        },
    }
    return json.dumps(kept).encode()


@cache
def made_with() -> dict[str, str]:
    """Versions that a verdict may depend on."""
    return {name: version(name) for name in ("descentlab", "numpy", "nbgrader")} | {
        "python": platform.python_version()
    }


def _encoded(evidence: bytes | None) -> str | None:
    return None if evidence is None else base64.b64encode(evidence).decode()


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _put(path: Path, data: bytes, mode: int) -> str:
    put(path, data, mode)
    return hashlib.sha256(data).hexdigest()
