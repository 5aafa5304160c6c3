"""`python docs/lines.py`: makes docs/lines.md, where the lines of the code are, room by room."""

from __future__ import annotations

import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from imports import APART, room_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("lines.md")
FIGURES = ("code", "docstring", "comment")
HEAD = """<!-- Made from the code by `make pages`. -->

# Where the lines are

Lines of Python by room, as [imports.md](imports.md) has them. A line with code counts as code; a line of a
docstring, or of another text that stands alone, as docstring; a line of a comment alone as comment; empty
lines are not counted. What few need stands apart and is no part of the core.

"""


def figures(source: str) -> Counter[str]:
    """How many lines of a file are code, docstring and comment."""
    lines: dict[int, str] = {}
    start = True  # of a statement: a text that stands there alone is a docstring
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            lines.setdefault(token.start[0], "comment")
            continue
        if token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            start = True
            continue
        if token.type in (tokenize.NL, tokenize.ENDMARKER):
            continue
        kind = "docstring" if start and token.type == tokenize.STRING else "code"
        start = False
        for number in range(token.start[0], token.end[0] + 1):
            lines[number] = "code" if "code" in (kind, lines.get(number)) else kind
    texts = source.splitlines()
    return Counter(kind for number, kind in lines.items() if texts[number - 1].strip())


def rooms() -> dict[str, Counter[str]]:
    """The figures of every room, and how many files it has."""
    counted: dict[str, Counter[str]] = {}
    files = [(ROOT / "src", path) for path in (ROOT / "src").rglob("*.py")]
    files += [(ROOT, path) for path in (ROOT / "autograde").rglob("*.py")]
    for root, path in sorted(files):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        room = counted.setdefault(room_of(module), Counter())
        room.update(figures(path.read_text(encoding="utf-8")))
        room["files"] += 1
    return counted


def table(counted: dict[str, Counter[str]]) -> str:
    """The rooms with most code first, and their sum."""
    total = sum(counted.values(), Counter())
    rows = sorted(counted.items(), key=lambda row: (-row[1]["code"], row[0]))
    named = [(f"`{room}`", count) for room, count in rows]
    lines = [
        f"| {name} | {count['files']:,} | {' | '.join(f'{count[figure]:,}' for figure in FIGURES)} |"
        for name, count in [*named, ("**all**", total)]
    ]
    return "\n".join(["| room | files | code | docstring | comment |", "|---|---|---|---|---|", *lines])


def page() -> str:
    """The page's text."""
    counted = rooms()
    apart = {room: count for room, count in counted.items() if room in (*APART, "descentlab_server")}
    core = {room: count for room, count in counted.items() if room not in apart}
    return f"{HEAD}## The core\n\n{table(core)}\n\n## What stands apart\n\n{table(apart)}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
