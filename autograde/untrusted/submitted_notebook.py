"""Reading a notebook's bytes in a process of its own with small limits: `python submitted_notebook.py LIMITS`.

The text is measured (bytes, nesting, number of values, length of numbers) before a parser sees it. What comes
out is a notebook rebuilt from the few fields that grading needs, as plain data. The process starts in a
few milliseconds and serves a whole run of the grader, so this file imports nothing but the standard library.
"""

import base64
import hashlib
import json
import math
import re
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

if sys.platform != "win32":  # where students' pages are cleaned too, and nothing is served
    import resource


@dataclass(frozen=True)
class ReadLimits:
    """The limits on the size of a submitted notebook."""

    bytes: int = 20_000_000
    depth: int = 50
    values: int = 500_000
    number_digits: int = 400
    cells: int = 2_000
    source_chars: int = 1_000_000
    pictures: int = 20  # of a cell
    picture_bytes: int = 5_000_000
    files: int = 1_000
    cpu_seconds: int = 20
    memory_bytes: int = 2**30


LIMITS = ReadLimits()

JsonObject = dict[str, Any]
Attachments = dict[str, dict[str, str]]
"""Base64 by MIME type, by the attachment's name."""
CELL_TYPES = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_POINTS = 10**6
# A plain file's name: no folder, no hidden file, nothing that moves a terminal's cursor or turns its text around.
PICTURE_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]{1,200}")
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
"""The kinds of picture that a page shows, and the first bytes of each."""
# As Colab pastes a photo; a small one stays. Never tried again where it failed, so that it takes linear time.
PASTED = re.compile(r"data:(image/([a-z.+-]{1,20}));base64,([A-Za-z0-9+/=]{1000,}+)")
BLANKS = dict.fromkeys(b" \t\r\n")  # none of them is base64


def _is_flag(value: Any) -> bool:
    return type(value) is bool


# The metadata of a cell that the grader reads, and its types; the rest is dropped.
CELL_FIELDS: dict[str, Callable[[Any], bool]] = {
    "grade_id": lambda value: isinstance(value, str) and bool(GRADE_ID.fullmatch(value)),
    "grade": _is_flag,
    "solution": _is_flag,
    "locked": _is_flag,
    "task": _is_flag,
    "points": lambda value: type(value) in (int, float) and abs(value) <= MOST_POINTS,
    "cell_type": lambda value: isinstance(value, str) and value in CELL_TYPES,
    "schema_version": lambda value: type(value) is int and 0 < value < 100,
}
# Never fails after a quote, so that no text makes it start over: an open string runs to the end.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
LENGTH = struct.Struct(">Q")
READY = b"ready"


class OddNotebookError(Exception):
    """A malformed notebook; the message is a sentence without its subject, the file."""


def parse(data: bytes) -> JsonObject:
    """A notebook in nbformat 4 from a file's bytes: the fields that grading needs, nothing else.

    Raises:
        OddNotebookError: it is none, or is beyond the limits.
    """
    try:
        text = data.decode("utf-8-sig")
        _measure(data)
        document = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_duplicates
        )
        return rebuild(document)
    except UnicodeDecodeError as error:
        raise OddNotebookError("is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise OddNotebookError(
            f"is not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise OddNotebookError(f"cannot be read: {error}") from error


def _measure(data: bytes) -> None:
    """Check the size of a parser's result in advance, in passes of linear time over the bytes."""
    bare = _STRING.sub(b'""', data)
    if sum(map(bare.count, b",:[]{}")) > 2 * LIMITS.values:
        raise OddNotebookError(f"holds more than {LIMITS.values} values")
    if re.search(rb"[0-9.eE+-]{%d}" % LIMITS.number_digits, bare):
        raise OddNotebookError(f"holds a number longer than {LIMITS.number_digits} digits")
    depth = 0
    for bracket in re.finditer(rb"[\[{\]}]", bare):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > LIMITS.depth:
            raise OddNotebookError(f"is nested deeper than {LIMITS.depth}")


def _no_constant(name: str) -> None:
    raise OddNotebookError(f"is not JSON: it holds {name}")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise OddNotebookError("holds a number too large for a float")
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OddNotebookError("is not JSON: it has a key twice in one object")
    return fields


def rebuild(document: Any) -> JsonObject:
    """Rebuild the notebook in a document field by field.

    Raises:
        OddNotebookError: it holds none.
    """
    if not isinstance(document, dict):
        document = {}
    if not isinstance(document.get("cells"), list):
        if isinstance(document.get("worksheets"), list):
            raise OddNotebookError("is in notebook format 3: open and save it in JupyterLab")
        raise OddNotebookError("is not a notebook: it has no list of cells")
    if document.get("nbformat") != 4 or isinstance(document["nbformat"], float):
        raise OddNotebookError("is not in notebook format 4")
    if len(document["cells"]) > LIMITS.cells:
        raise OddNotebookError(f"has more than {LIMITS.cells} cells")
    ids = set()
    cells = [_cell(cell, index, ids) for index, cell in enumerate(document["cells"])]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _cell(cell: Any, index: int, ids: set[str]) -> JsonObject:
    odd = f"has an odd cell {index + 1}: "
    if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
        raise OddNotebookError(odd + "neither code nor markdown nor raw")
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get("nbgrader", {}), dict):
        raise OddNotebookError(odd + "its metadata is not an object")
    source = _source(cell.get("source", ""))
    if source is None:
        raise OddNotebookError(odd + "its source is not text")
    pasted = {}
    if cell["cell_type"] != "code":
        source, pasted = apart(source)
    if len(source) > LIMITS.source_chars:
        raise OddNotebookError(f"{odd}its source is longer than {LIMITS.source_chars} characters")
    kept = {
        "id": _cell_id(cell.get("id"), index, ids),
        "cell_type": cell["cell_type"],
        "source": source,
        "metadata": _metadata(metadata),
    }
    if cell["cell_type"] == "code":
        return kept | {"outputs": [], "execution_count": None}
    attachments = pictures_of(cell) | pictures_of({"attachments": pasted})
    return kept | ({"attachments": attachments} if attachments else {})


def apart(source: str) -> tuple[str, Attachments]:
    """A cell's text with the pictures in it as attachments, and these: the same picture always has the same name."""
    pasted = {}

    def attached(found: re.Match[str]) -> str:
        name = f"{zlib.crc32(found[0].encode()):x}.{found[2]}"
        pasted[name] = {found[1]: found[3]}
        return f"attachment:{name}"

    return PASTED.sub(attached, source), pasted


def pictures_of(cell: Mapping[str, Any]) -> Attachments:
    """A cell's attachments that are pictures within the limits; the rest is left out."""
    attachments = cell.get("attachments")
    kept = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if len(kept) < LIMITS.pictures and PICTURE_NAME.fullmatch(name) and isinstance(bundle, dict):
            most = LIMITS.picture_bytes
            pictures = {mime: data for mime in PICTURES if (data := picture(mime, bundle.get(mime), most))}
            if pictures:
                kept[name] = pictures
    return kept


def picture(mime: str, value: Any, most: float = math.inf) -> str | None:
    """Base64, on one line, of at most so many bytes that are a picture of its kind; None for anything else."""
    try:
        data = base64.b64decode((_source(value) or "").translate(BLANKS), validate=True)
    except ValueError:
        return None
    is_one = data.startswith(PICTURES[mime]) and len(data) <= most
    return base64.b64encode(data).decode() if is_one else None


def _source(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    # A lone surrogate can neither be written to a file nor sent to the sandbox.
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else None


def _cell_id(cell_id: Any, index: int, ids: set[str]) -> str:
    if not (isinstance(cell_id, str) and CELL_ID.fullmatch(cell_id) and cell_id not in ids):
        cell_id = f"cell-{index:04d}"
        while cell_id in ids:
            cell_id += "-"
    ids.add(cell_id)
    return cell_id


def _metadata(metadata: JsonObject) -> JsonObject:
    kept: JsonObject = {}
    claims = metadata.get("nbgrader", {})
    fitting = {name: claims[name] for name, fits in CELL_FIELDS.items() if fits(claims.get(name))}
    if "grade_id" in fitting:
        kept["nbgrader"] = fitting
    if isinstance(metadata.get("tags"), list) and "skip-execution" in metadata["tags"]:
        kept["tags"] = ["skip-execution"]
    return kept


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer each file's bytes with its notebook, or with its fault, until the grader is gone."""
    parse(b'{"nbformat": 4, "cells": []}')  # nothing is imported and no file opened after this
    _confine()
    _write(answers, READY)
    while header := orders.read(LENGTH.size):
        data = orders.read(LENGTH.unpack(header)[0])
        _grant()
        try:
            answer: JsonObject = {"notebook": parse(data)}
        except OddNotebookError as odd:
            answer = {"odd": str(odd)}
        del data
        _write(answers, json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _confine() -> None:
    bounds = {
        resource.RLIMIT_AS: LIMITS.memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for name, most in bounds.items():
        resource.setrlimit(name, (most, most))


def _grant() -> None:
    """Grant processor time for the next file; the kernel ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + LIMITS.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _write(answers: BinaryIO, answer: bytes) -> None:
    answers.write(LENGTH.pack(len(answer)))
    answers.write(answer)
    answers.flush()


if __name__ == "__main__":
    LIMITS = ReadLimits(**json.loads(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer)


def source_digest(cell: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a cell's text, as a submission is read, without white space at the ends of lines."""
    text = "\n".join(line.rstrip() for line in apart(cell["source"])[0].splitlines()).rstrip()
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
