"""A lesson's sections and predictions, as one plans an hour with them."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

TIMED = re.compile(r"^## (?P<title>.+) \((?P<minutes>\d+) min\)\s*$")
HEADING = re.compile(r"^## (?P<title>.+)$")


@dataclass(frozen=True)
class Answered:
    """A prediction as the lesson asks it, and what the lesson then measured; empty: never revealed."""

    name: str
    question: str
    choices: tuple[str, ...]
    actual: str


@dataclass
class Section:
    """A `##` section; without minutes it is optional, or the sources."""

    title: str
    minutes: int | None
    points: float = 0.0
    predictions: list[str] = field(default_factory=list)
    """By name, as `predict` has them."""


def sections_of(notebook: NotebookNode) -> list[Section]:
    """The sections of a complete lesson, in order."""
    sections: list[Section] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            sections += _begun_in(cell.source)
        if not sections:
            continue
        section = sections[-1]
        section.points += cell.metadata.get("nbgrader", {}).get("points", 0)
        if cell.cell_type == "code":
            section.predictions += predicted_in(cell.source)
    return sections


def answered_of(rows: Iterable[dict[str, Any]]) -> list[Answered]:
    """The predictions of a lesson that has run."""
    return [Answered(row["name"], row["question"], tuple(row["choices"]), row["actual"]) for row in rows]


def predicted_in(source: str) -> list[str]:
    """The names of the predictions that a cell asks for; none of a cell that is no plain Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    names = [call.args[0] for call in calls if getattr(call.func, "id", None) == "predict"]
    return [str(name.value) for name in names if isinstance(name, ast.Constant)]


def left_out(sections: Iterable[Section], minutes: int) -> list[Section]:
    """What may be left out so that the rest fits, in the lesson's order.

    Optional sections go first. Then those with the fewest points, of these the longest: their points become
    homework. The first section, which shows the problem, and the last, which asks what was learned, stay.
    """
    timed = [section for section in sections if section.minutes is not None]
    out: list[Section] = []

    def spare() -> int:
        return minutes - sum(section.minutes for section in timed if section not in out)

    for section in sorted(timed[1:-1], key=lambda section: (section.points, -section.minutes)):
        if spare() >= 0:
            break
        out.append(section)
    for section in reversed(list(out)):  # a long one that went may leave room for short ones
        if section.minutes <= spare():
            out.remove(section)
    return [section for section in timed if section in out]


def _begun_in(text: str) -> list[Section]:
    begun = []
    for line in text.splitlines():
        timed, heading = TIMED.match(line), HEADING.match(line)
        if timed:
            begun.append(Section(_without_dollars(timed["title"]), int(timed["minutes"])))
        elif heading:
            begun.append(Section(_without_dollars(heading["title"]), None))
    return begun


def _without_dollars(title: str) -> str:
    return title.replace("$", "")
