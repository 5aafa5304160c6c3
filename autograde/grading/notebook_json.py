"""A notebook's file as bytes, as nbformat writes it but for the indents: Python's fast writer knows none.

Pictures are nine tenths of a graded lesson's file, and Python's writer looks at each of their letters twice.
Long texts and sources are left out of what it writes, and put in afterwards. The file comes in parts: joined
they would all be copied once more.
"""

from __future__ import annotations

import json
import secrets

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

from autograde.short_texts import remembers_short

LONG = 1_000  # characters
NOT_ASCII_ENDS = ("\x85", "\u2028", "\u2029")  # of lines


def notebook_as_json(notebook: NotebookNode) -> list[bytes]:
    """The file, in parts; the notebook stays as it is."""
    document = _shared(notebook)
    marker = secrets.token_hex(16)  # which no text of the notebook has
    long = _take_out_long_texts(document, marker)
    document = strip_transient(split_lines(document))
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",\n", ": "))
    first, *others = text.split(f'"{marker}')
    parts = [_utf8(first)]
    for other in others:
        number, _, rest = other.partition('"')
        in_lines = parts[-1].endswith(b"[")  # nbformat put it into a list of lines
        put_in = lines_as_json if in_lines else text_as_json
        parts += [put_in(long[int(number)]), _utf8(rest)]
    return [*parts, b"\n"]


def text_as_json(text: str) -> bytes:
    """A text as JSON in UTF-8, the same bytes as from Python's writer; a long one in a fifth of its time."""
    quoted = _quoted(text, rb"\n")
    return _utf8(json.dumps(text, ensure_ascii=False)) if quoted is None else quoted


@remembers_short
def lines_as_json(text: str) -> bytes:
    """The same bytes as from `text_as_json` for each of the text's lines, commas between."""
    known_ends = text.isascii() or not any(end in text for end in NOT_ASCII_ENDS)
    quoted = _quoted(text, b'\\n",\n"') if text and known_ends else None
    if quoted is None:
        return b",\n".join(map(text_as_json, text.splitlines(True)))
    return quoted.removesuffix(b',\n""')


def _quoted(text: str, newline: bytes) -> bytes | None:
    """A text as a JSON string with `newline` for each of its newlines; None where it has another control."""
    import numpy as np  # commands that write no notebook load none of it

    data = _utf8(text)
    letters = np.frombuffer(data, np.uint8)
    if np.count_nonzero(letters < ord(" ")) != np.count_nonzero(letters == ord("\n")):
        return None
    return b'"%b"' % data.replace(b"\\", rb"\\").replace(b'"', rb"\"").replace(b"\n", newline)


def _take_out_long_texts(notebook: _Node, marker: str) -> list[str]:
    """Put `marker` and a number where a source or a long text of the outputs stands; returns the texts by
    number."""
    long: list[str] = []
    for cell in notebook["cells"]:
        if cell["source"]:
            long.append(cell["source"])
            cell["source"] = f"{marker}{len(long) - 1}"
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for mime, content in data.items():
                if isinstance(content, str) and len(content) >= LONG:
                    data[mime] = f"{marker}{len(long)}"
                    long.append(content)
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
