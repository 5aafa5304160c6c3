"""A notebook's file as bytes, as nbformat writes it but for the indents: Python's fast writer knows none.

Pictures are nine tenths of a graded lesson's file, and Python's writer looks at each of their letters twice.
Long texts are left out of what it writes, and put in afterwards.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

LONG = 1_000  # characters


def notebook_as_json(notebook: NotebookNode) -> bytes:
    """The file; the notebook stays as it is."""
    document = strip_transient(split_lines(_shared(notebook)))
    marker = secrets.token_hex(16)  # which no text of the notebook has
    long = _take_out_long_texts(document, marker)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",\n", ": "))
    first, *others = text.split(f'"{marker}')
    parts = [_utf8(first)]
    for other in others:
        number, _, rest = other.partition('"')
        parts += [text_as_json(long[int(number)]), _utf8(rest)]
    return b"".join([*parts, b"\n"])


def text_as_json(text: str) -> bytes:
    """A text as JSON in UTF-8, the same bytes as from Python's writer; a long one in a fifth of its time."""
    import numpy as np  # commands that write no notebook load none of it

    data = _utf8(text)
    controls = np.count_nonzero(np.frombuffer(data, np.uint8) < ord(" "))
    if controls != data.count(b"\n"):
        return _utf8(json.dumps(text, ensure_ascii=False))
    return b'"' + data.replace(b"\\", rb"\\").replace(b'"', rb"\"").replace(b"\n", rb"\n") + b'"'


def _take_out_long_texts(notebook: _Node, marker: str) -> list[str]:
    """Put `marker` and a number where a long text of the outputs stands; returns the texts by number."""
    long: list[str] = []

    def without(content: Any) -> Any:
        if not isinstance(content, str) or len(content) < LONG:
            return content
        long.append(content)
        return f"{marker}{len(long) - 1}"

    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for mime, content in data.items():
                lines = isinstance(content, list)
                data[mime] = [without(line) for line in content] if lines else without(content)
    return long


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


class _Node(dict):
    """As nbformat's writer knows a node; made in a tenth of a `NotebookNode`'s time."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def _shared(notebook: NotebookNode) -> _Node:
    """A copy that is its own only where nbformat's writer changes it."""
    return _Node(
        notebook, metadata=_Node(notebook.metadata), cells=[_own_parts(cell) for cell in notebook.cells]
    )


def _own_parts(cell: NotebookNode) -> _Node:
    """A cell that shares no place where the writer puts lines instead of a text, or leaves something out."""
    own = _Node(cell, metadata=_Node(cell["metadata"]))
    if "outputs" in cell:
        own["outputs"] = [_own_data(output) for output in cell["outputs"]]
    if "attachments" in cell:
        own["attachments"] = {name: _Node(bundle) for name, bundle in cell["attachments"].items()}
    return own


def _own_data(output: NotebookNode) -> _Node:
    return _Node(output, data=_Node(output["data"])) if "data" in output else _Node(output)
