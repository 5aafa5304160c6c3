"""How a report names students: by id and name with links to their work, or by numbers."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from autograde.course.course import Course

Line = TypeVar("Line", bound=Any)  # a student's id, or an object with a `student`
LINKED = {"submitted": ("*.ipynb", "submission"), "feedback": ("*.html", "feedback")}


@dataclass(frozen=True)
class Shown:
    """By id: a student's name, the number instead of both, and where submission and feedback are."""

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
        """Lines as they come, by id; on an anonymous page by number, within each group.

        The order of the ids would tell who is who.
        """
        if not self.numbers:
            return list(lines)
        return sorted(lines, key=lambda line: (group(line), self.label(getattr(line, "student", line))))

    def links_of(self, student: str) -> list[tuple[str, str]]:
        """Words and addresses of a student's files; none on an anonymous page."""
        return [] if self.numbers else self.links.get(student, [])


def anonymous(students: Iterable[str], course: Course) -> Shown:
    """Numbers in an order that nobody can guess from the ids: it depends on the course's secret."""
    secret = course.private / "secret"
    salt = secret.read_bytes().hex() if secret.is_file() else str(course.root)
    drawn = sorted(students, key=lambda student: hashlib.sha256(f"{salt}\0{student}".encode()).digest())
    width = len(str(len(drawn)))
    return Shown(numbers={student: f"student {n:0{width}d}" for n, student in enumerate(drawn, 1)})


def named(course: Course, names: dict[str, str], assignment: str, page: Path) -> Shown:
    """Students by id and name, with links to their files, relative to the page at `page`."""
    links: dict[str, list[tuple[str, str]]] = {}
    for step, (pattern, words) in LINKED.items():
        for student in names:
            for file in sorted(course.folder(step, student, assignment).glob(pattern))[:1]:
                address = os.path.relpath(file, page.resolve().parent)
                links.setdefault(student, []).append((words, quote(os.fsencode(address))))
    return Shown(names, links=links)
