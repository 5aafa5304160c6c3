"""Small files that the package keeps beside the lessons, for the reader alone: on no server, in no grade.

They lie in `.descentlab`, in the folder that holds the lessons' folders. Grading neither reads nor writes
them; where one cannot be read it counts as empty, and where none can be written nothing happens. Each says
its format; a newer version's file is left as it is.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from descentlab.checks.recording import evidence_outbox
from descentlab.sentences import say

FOLDER = Path(".descentlab")
FORMAT = 2
"""Of the files: {"format", "content"}; 1 is the content alone, and says no format."""


def folder() -> Path:
    """The folder that holds the lessons: above the current one where that is a lesson's own."""
    here = Path.cwd()
    return here.parent if re.fullmatch(r"\d\d-\w+", here.name) else here


def read_json(name: str) -> dict[str, Any]:
    """What a file of the folder holds; empty where it is missing, not ours or a newer version's."""
    whole = _read(name)
    content = whole.get("content") if "format" in whole else whole
    return content if isinstance(content, dict) and not _is_newer(whole) else {}


def said_of_newer(name: str) -> str | None:
    """The sentence for a reader whose file is a newer version's; None where it is not."""
    if not _is_newer(_read(name)):
        return None
    return say(
        "{path} was written by a newer version of descentlab and is left as it is. To see what it holds, "
        "install that version: pip install --upgrade descentlab",
        path=folder() / FOLDER / name,
    )


def write_json(name: str, content: dict[str, Any]) -> None:
    """Put a whole file there, or nothing: not while somebody grades or validates a copy."""
    if os.environ.get("NBGRADER_EXECUTION") or evidence_outbox.is_grading() or _is_newer(_read(name)):
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


def _is_newer(whole: dict[str, Any]) -> bool:
    number = whole.get("format")
    return type(number) is int and number > FORMAT
