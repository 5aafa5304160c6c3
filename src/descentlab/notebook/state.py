"""Small files that the package keeps beside the lessons, for the reader alone: on no server, in no grade.

They lie in `.descentlab`, in the folder that holds the lessons' folders. Grading neither reads nor writes
them; a file that cannot be read counts as empty, and where none can be written nothing happens. A file in
another version's format counts as empty, too, and is left as it is.
"""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from descentlab.checks.recording import evidence_outbox

FOLDER = Path(".descentlab")
FORMAT = 2
"""Of the files: {"format", "content"}."""


def folder() -> Path:
    """The folder that holds the lessons: above the current one where that is a lesson's own."""
    here = Path.cwd()
    return here.parent if re.fullmatch(r"\d\d-\w+", here.name) else here


def read_json(name: str) -> dict[str, Any]:
    """The content of a file of the folder; empty where it is missing or in another format."""
    whole = _read(name)
    content = whole.get("content")
    return content if whole.get("format") == FORMAT and isinstance(content, dict) else {}


def is_of_another_version(name: str) -> bool:
    """Whether the file is there, in a format that this version does not read."""
    whole = _read(name)
    return bool(whole) and whole.get("format") != FORMAT


def write_json(name: str, content: dict[str, Any]) -> None:
    """Write a whole file, or nothing; never while grading or validating."""
    if os.environ.get("NBGRADER_EXECUTION") or evidence_outbox.is_grading() or is_of_another_version(name):
        return
    text = json.dumps({"format": FORMAT, "content": content}, indent=1)
    with suppress(OSError):  # the current folder may be gone, too
        path = folder() / FOLDER / name
        path.parent.mkdir(exist_ok=True)
        scratch = path.with_suffix(f".{os.getpid()}")
        try:
            scratch.write_text(text, encoding="utf-8")
            scratch.replace(path)
        finally:  # on a full disk half of it is there
            scratch.unlink(missing_ok=True)


def _read(name: str) -> dict[str, Any]:
    try:
        whole = json.loads((folder() / FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}
