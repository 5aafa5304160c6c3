"""Step 1, `read_within_limits`: a submission's notebooks as data, whatever the files are.

Files are opened without following links, only regular ones, and never beyond the limits. The text is measured
(bytes, nesting, number of values, length of numbers) before a parser sees it. What comes out is a notebook
built anew from the few fields that grading needs.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import stat
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograde.errors import NeedsReviewError
from autograde.grading.course import Submission
from autograde.grading.key import AnswerKey
from autograde.grading.work import Sheet, Work


@dataclass(frozen=True)
class ReadLimits:
    """What a submitted notebook may measure."""

    bytes: int = 20_000_000
    depth: int = 50
    values: int = 500_000
    number_digits: int = 400
    cells: int = 2_000
    source_chars: int = 1_000_000
    files: int = 1_000


LIMITS = ReadLimits()
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
# Never fails from a quote on, so that no text makes it start over: an open string runs to the end.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def read_within_limits(submission: Submission, key: AnswerKey, limits: ReadLimits = LIMITS) -> Work:
    """Read every notebook that the assignment has.

    Raises:
        NeedsReviewError: `missing-notebook` or `malformed`, with the reason.
    """
    work = Work(submission)
    with _opened(submission) as folder:
        names = _names(folder, limits)
        for name, notebook in key.notebooks.items():
            file = f"{name}.ipynb"
            if file not in names:
                raise NeedsReviewError("missing-notebook", _missing(file, names))
            data = _read(folder, file, limits)
            work.sheets.append(Sheet(notebook, hashlib.sha256(data).hexdigest(), parse(data, file, limits)))
        work.timestamp = _timestamp(folder, names, work)
    return work


def digests(submission: Submission, key: AnswerKey, limits: ReadLimits = LIMITS) -> dict[str, str]:
    """SHA-256 (hex) of each of the assignment's notebooks as it lies there now; no entry where none is.

    Raises:
        NeedsReviewError: a file that cannot be read within the limits.
    """
    with _opened(submission) as folder:
        names = _names(folder, limits)
        found = [name for name in key.notebooks if f"{name}.ipynb" in names]
        return {name: hashlib.sha256(_read(folder, f"{name}.ipynb", limits)).hexdigest() for name in found}


def parse(data: bytes, file: str, limits: ReadLimits = LIMITS) -> NotebookNode:
    """A notebook in nbformat 4 from a file's bytes: the fields that grading needs, nothing else.

    Raises:
        NeedsReviewError: `malformed`, with the reason.
    """
    try:
        text = data.decode("utf-8-sig")
        _measure(data, limits)
        document = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_duplicates
        )
        return _rebuild(document, limits)
    except UnicodeDecodeError as error:
        raise _malformed(file, "is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise _malformed(file, f"is not JSON: {error.msg} at line {error.lineno}") from error
    except (_OddError, ValueError, RecursionError) as error:
        raise _malformed(file, str(error)) from error


class _OddError(Exception):
    """What is odd about a notebook, in words that follow its name."""


def _malformed(file: str, reason: str) -> NeedsReviewError:
    return NeedsReviewError("malformed", f"{file} {reason}")


@contextmanager
def _opened(submission: Submission):
    """A descriptor of the submission's folder: its last two parts must be real folders, not links."""
    descriptors: list[int] = []
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        student = submission.folder.parent
        descriptors.append(os.open(student.parent, flags))
        for part in (student.name, submission.folder.name):
            descriptors.append(os.open(part, flags | os.O_NOFOLLOW, dir_fd=descriptors[-1]))
        yield descriptors[-1]
    except OSError as error:
        raise NeedsReviewError(
            "malformed", f"the folder {submission.folder.name} cannot be read: {error.strerror}"
        ) from error
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _names(folder: int, limits: ReadLimits) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > limits.files:
                raise NeedsReviewError("malformed", f"the folder holds more than {limits.files} files")
    return names


def _missing(file: str, names: list[str]) -> str:
    notebooks = sorted(name for name in names if name.lower().rstrip(". ").endswith(".ipynb"))
    if not notebooks:
        return f"{file} is not there and no other notebook is"
    alike = [name for name in notebooks if _folded(name) == _folded(file)]
    found = ", ".join(repr(name)[:80] for name in (alike or notebooks)[:3])
    return f"{file} is not there; found {found}. Rename it if it is the one"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(". ")


def _read(folder: int, file: str, limits: ReadLimits) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        reason = "is a link, not a file" if error.errno == 40 else f"cannot be read: {error.strerror}"
        raise _malformed(file, reason) from error
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _malformed(file, "is not a regular file")
        data = opened.read(limits.bytes + 1) if status.st_size <= limits.bytes else b""
    if status.st_size > limits.bytes or len(data) > limits.bytes:
        raise _malformed(file, f"is larger than {limits.bytes // 1_000_000} MB")
    if not data.strip():
        raise _malformed(file, "is empty")
    return data


def _timestamp(folder: int, names: list[str], work: Work) -> datetime | None:
    """When the collector says it was submitted; an odd file is named and costs nothing."""
    if "timestamp.txt" not in names:
        return None
    try:
        text = _read(folder, "timestamp.txt", ReadLimits(bytes=1_000)).decode("utf-8").strip()
        return parse_utc(text)
    except (NeedsReviewError, ValueError, OverflowError):
        work.flag("odd-timestamp", "timestamp.txt cannot be read: no late penalty was computed")
        return None


def _measure(data: bytes, limits: ReadLimits) -> None:
    """Bound what a parser would build, in passes of linear time over the bytes."""
    bare = _STRING.sub(b'""', data)
    if sum(bare.count(mark) for mark in (b",", b":", b"[", b"]", b"{", b"}")) > 2 * limits.values:
        raise _OddError(f"holds more than {limits.values} values")
    if re.search(rb"[0-9.eE+-]{%d}" % limits.number_digits, bare):
        raise _OddError(f"holds a number longer than {limits.number_digits} digits")
    depth = 0
    for found in re.finditer(rb"[\[{\]}]", bare):
        depth += 1 if found.group() in b"[{" else -1
        if depth > limits.depth:
            raise _OddError(f"is nested deeper than {limits.depth}")


def _no_constant(name: str) -> None:
    raise _OddError(f"is not JSON: it holds {name}")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _OddError("holds a number too large for a float")
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _OddError("is not JSON: a key stands twice in one object")
    return fields


def _rebuild(document: Any, limits: ReadLimits) -> NotebookNode:
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        if isinstance(document, dict) and isinstance(document.get("worksheets"), list):
            raise _OddError("is in notebook format 3: open and save it in JupyterLab")
        raise _OddError("is no notebook: it has no list of cells")
    if document.get("nbformat") != 4 or isinstance(document["nbformat"], float):
        raise _OddError("is not in notebook format 4")
    if len(document["cells"]) > limits.cells:
        raise _OddError(f"has more than {limits.cells} cells")
    ids: set[str] = set()
    cells = [_cell(cell, place, ids, limits) for place, cell in enumerate(document["cells"])]
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=cells)


def _cell(cell: Any, place: int, ids: set[str], limits: ReadLimits) -> NotebookNode:
    where = f"has an odd cell {place + 1}"
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise _OddError(f"{where}: neither code nor markdown nor raw")
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get("nbgrader", {}), dict):
        raise _OddError(f"{where}: its metadata is no object")
    source = _source(cell.get("source", ""))
    if source is None:
        raise _OddError(f"{where}: its source is no text")
    if len(source) > limits.source_chars:
        raise _OddError(f"{where}: its source is longer than {limits.source_chars} characters")
    kept = NotebookNode(
        id=_cell_id(cell.get("id"), place, ids),
        cell_type=cell["cell_type"],
        source=source,
        metadata=_metadata(metadata),
    )
    if kept.cell_type == "code":
        kept.update(outputs=[], execution_count=None)
    return kept


def _source(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    # A lone surrogate can neither be written to a file nor sent to the sandbox.
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else None


def _cell_id(wanted: Any, place: int, ids: set[str]) -> str:
    if not (isinstance(wanted, str) and CELL_ID.fullmatch(wanted) and wanted not in ids):
        wanted = f"cell-{place:04d}"
        while wanted in ids:
            wanted += "-"
    ids.add(wanted)
    return wanted


def _metadata(metadata: dict[str, Any]) -> NotebookNode:
    kept = NotebookNode()
    grade_id = metadata.get("nbgrader", {}).get("grade_id")
    if isinstance(grade_id, str) and GRADE_ID.fullmatch(grade_id):
        kept.nbgrader = NotebookNode(
            {name: value for name, value in metadata["nbgrader"].items() if isinstance(name, str)}
        )
    if isinstance(metadata.get("tags"), list) and "skip-execution" in metadata["tags"]:
        kept.tags = ["skip-execution"]
    return kept
