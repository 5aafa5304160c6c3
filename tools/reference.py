"""`python tools/reference.py`: docs/reference.md, made from the code.

`--check` writes nothing, and ends with 1 where the page is another.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer

from autograde.book.late import LatePenalty
from autograde.cli import app
from autograde.entries import entry, wording
from autograde.pipeline.settings import RANGES
from autograde.release.steps import AddInstallCell
from autograde.sandbox import Limits
from autograde.sandbox.limits import MIB

PAGE = Path(__file__).resolve().parents[1] / "docs/reference.md"
HEAD = """\
# Reference

Made from the code by `python tools/reference.py`; `make lint` compares the two.
"""
# Settings that are no traits of ours: nbgrader's, or read as they stand.
OTHERS = (
    ("Execute.timeout", "30", "nbgrader's: the seconds of `Limits.cell_seconds`."),
    ("Limits.of", "{}", 'Limits of single assignments, such as `{"07-comparison": {"wall_seconds": 900}}`.'),
    (
        "Sandbox.packages",
        "[]",
        "Distributions that submissions may import, beyond what the solutions import.",
    ),
    (
        "LateSubmissionPlugin.penalty_method",
        "none",
        'nbgrader\'s: `"zero"` takes all points of what is late.',
    ),
    (
        "Exchange.timezone",
        "UTC",
        "nbgrader's: the zone of its exchange's times, and of short names such as CET.",
    ),
)
STATUSES = (
    (entry.GRADED, "has a score; written answers may wait"),
    (entry.REVIEW, "no score until a person looks: see its flag"),
    (entry.FAILED, "the grader or the machine failed; nothing was written, and the next run tries again"),
    *wording.NO_RESULT.items(),
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [
        " | ".join(cell.replace("|", "\\|") for cell in row) for row in (head, ["---"] * len(head), *rows)
    ]
    return "\n".join(f"| {line} |" for line in lines)


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def amount(name: str, value: float) -> str:
    """A limit's value with its unit."""
    if name.endswith("bytes"):
        return f"{value / MIB:g} MiB" if value >= MIB else f"{value:g} bytes"
    return f"{value:g} s" if name.endswith("seconds") else f"{value:g}"


def described() -> dict[str, str]:
    """The text below each field of `Limits`."""
    body = ast.parse(textwrap.dedent(inspect.getsource(Limits))).body[0].body
    return {
        one.target.id: one_line(text.value.value)
        for one, text in pairwise(body)
        if isinstance(one, ast.AnnAssign)
    }


def limits() -> Iterator[tuple[str, ...]]:
    """Each limit: its setting, default, least value and meaning."""
    words = described()
    for field in fields(Limits):
        name = field.name
        least = amount(name, RANGES[name][0]) if name in RANGES else "above 0"
        yield f"`Limits.{name}`", amount(name, field.default), least, words[name]


def settings() -> Iterator[tuple[str, ...]]:
    """Each other setting of nbgrader_config.py: name, default, meaning."""
    for owner in (LatePenalty, AddInstallCell):
        for name, trait in sorted(owner.class_own_traits(config=True).items()):
            yield f"`{owner.__name__}.{name}`", f"`{trait.default()!r}`", trait.help
    for name, default, words in OTHERS:
        yield f"`{name}`", default, words


def commands(group: Any, before: str) -> Iterator[tuple[str, ...]]:
    """Each command: its words, what it does, its exit status."""
    for name in group.list_commands(None):
        command = group.commands[name]
        words = f"{before} {name}"
        if hasattr(command, "commands"):
            yield from commands(command, words)
            continue
        text = inspect.cleandoc(command.help or "")
        status = re.search(r"Exit status: (.+?)(?:\n\n|$)", text, re.DOTALL)
        yield f"`{words}`", one_line(text.split("\n\n")[0]), one_line(status[1]) if status else ""


def flags() -> Iterator[tuple[str, ...]]:
    """Each flag: its name, what the table says, what the student reads."""
    for name, message in wording.FLAGS.items():
        yield f"`{name}`", message.words, message.sentence


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## Commands\n\n`--help` after any of them says the rest; `autograde --help` lists the most used. `--course-dir DIR`, right\n"
        "behind `autograde` or anywhere later, is the course's folder where that is not the current one. Where no exit status\n"
        "is given it is 0 when all is done, and 2 when nothing was.\n",
        table(("command", "what it does", "exit status"), commands(typer.main.get_command(app), "autograde")),
        "\n## Settings\n\nIn a course's `nbgrader_config.py`, each after `c.`.\n",
        table(("setting", "default", "what it is"), settings()),
        "\n### Limits of a submission\n",
        table(("setting", "default", "at least", "counts"), limits()),
        "\n## Statuses\n",
        table(("status", "a submission"), ((f"`{name}`", words) for name, words in STATUSES)),
        "\n## Flags\n",
        table(("flag", "in the table", "on the student's page"), flags()),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name}: run python {sys.argv[0]}"
        )
    PAGE.write_text(page(), encoding="utf-8")
