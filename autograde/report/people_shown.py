"""How a report names students: by id and name with links to their work, or by numbers that say nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from autograde.grading.course import Course
from descentlab.sentences import say

Line = TypeVar("Line")  # a student's id, or what has a `student`


@dataclass(frozen=True)
class Shown:
    """By id: a student's name, the number in place of both, and where submission and feedback lie."""

    names: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def label(self, student: str) -> str:
        """What the page calls a student."""
        if self.numbers:
            return self.numbers[student]
        name = self.names.get(student, "")
        return f"{student} · {name}" if name else student

    def in_order(self, lines: Iterable[Line], group: Callable[[Line], int] = lambda line: 0) -> list[Line]:
        """Students, or what has one, as they come; on an anonymous page by number, within each group.

        They come by id: in the roster's order anybody who has it would know them.
        """
        if not self.numbers:
            return list(lines)
        return sorted(lines, key=lambda line: (group(line), self.label(getattr(line, "student", line))))

    def links_of(self, student: str) -> list[tuple[str, str]]:
        """Words and addresses of what there is of a student; nothing on an anonymous page."""
        return [] if self.numbers else self.links.get(student, [])


def anonymous(students: Iterable[str], salt: str) -> Shown:
    """Numbers in an order that nobody can guess from the ids; the same for the same course."""
    drawn = sorted(students, key=lambda who: hashlib.sha256(f"{salt}\0{who}".encode()).digest())
    width = len(str(len(drawn)))
    numbers = {who: say("student {number}", number=f"{n:0{width}d}") for n, who in enumerate(drawn, 1)}
    return Shown(numbers=numbers)


def salt_of(course: Course) -> str:
    """What only the course knows: its secret, or, before anything was graded by us, its place."""
    path = course.private / "secret"
    return path.read_bytes().hex() if path.is_file() else str(course.root)


def named(course: Course, names: dict[str, str], assignment: str, page: Path) -> Shown:
    """Students by id and name; links to what lies there, as the page at `page` reaches it."""
    links: dict[str, list[tuple[str, str]]] = {}
    for step, words in (("submitted", say("submission")), ("feedback", say("feedback"))):
        pattern = "*.ipynb" if step == "submitted" else "*.html"
        for student in names:
            folder = course.folder(step, student, assignment)
            for file in sorted(folder.glob(pattern))[:1]:
                address = os.path.relpath(file, page.resolve().parent)
                links.setdefault(student, []).append((words, quote(os.fsencode(address))))
    return Shown(names, links=links)
