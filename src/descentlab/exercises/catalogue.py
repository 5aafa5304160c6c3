"""The known mistakes, read from `<lesson>/mistakes.md`: docs/extending.md describes the format.

An entry is the wrong code and words about it, or, with a field `Edit`, words about an edit of a formula that
the diagnosis finds by itself. Code is compiled when it is first run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from textwrap import indent
from types import CodeType
from typing import Any

import numpy as np

from descentlab.exercises.texts import Section, TextError, sections

CHECK = re.compile(r"(?P<name>[\w-]+/[\w-]+)(?:\((?P<arguments>[^)]*)\))?")
WORDS = ("hint", "why", "symptom", "group", "section", "cause", "edit")
# Python's own errors, and who owns an array: no section of a lesson is about these.
UNTAUGHT = ("error/", "behaviour/changes", "behaviour/returns", "behaviour/removes", "behaviour/not-an-array")


@dataclass(frozen=True)
class CheckSection:
    """What a lesson's entries on one check have in common."""

    name: str
    arguments: str
    """Those of the function that is asked for; empty for a class or a value."""
    code: str
    """What the entries use; its last class is the base of entries that are methods."""
    read_again: tuple[tuple[str, str], ...]
    """A pattern of ids, and the section of the lesson that teaches them."""


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to a check."""

    id: str
    """`<lesson>/what-is-wrong`, the lesson without its number: it never changes, for counts."""
    check: str
    """The check that it is an answer to."""
    what: str
    """Continues "Your numbers are those of …"."""
    hint: str
    """A question that does not give the answer away."""
    why: str = ""
    """How one comes to write it."""
    symptom: str = ""
    """What in the numbers tells it from others, for the instructor."""
    group: str = ""
    """Shared by mistakes whose numbers are equal by algebra."""
    section: str = ""
    """What to read again; empty: the check's own."""
    cause: str = ""
    """What the student reads in place of "Your numbers are those of …", where a later question of the lesson
    asks for this very mistake; the instructor reads both."""
    edits: tuple[str, ...] = ()
    """Edits of the rule's formula, in the diagnosis' words, any of which it is; empty: `code` is run."""
    code: str = ""
    """The wrong lines."""
    scope: Scope = field(default=None, repr=False, compare=False)
    """The names that the code uses."""

    def make(self) -> Any:
        """The wrong answer: a class, a function or a value; a new class each time.

        Raises:
            ValueError: the entry is an edit and has no code.
        """
        if self.edits:
            raise ValueError(f"{self.id} is an edit of a formula: it has no code of its own")
        names = dict(self.scope.names)
        exec(self._compiled, names)
        return list(names.values())[-1]  # what the code has defined last

    @cached_property
    def _compiled(self) -> CodeType:
        return compile(self.scope.whole(self.code), self.id, "exec")


class Scope:
    """The names of one check's section, made when its code is first run."""

    def __init__(self, before: Scope | None, check: CheckSection) -> None:
        self.before, self.check = before, check

    @cached_property
    def names(self) -> dict[str, Any]:
        """NumPy and what the code blocks under this check, and those above it in the file, define."""
        names = dict(self.before.names) if self.before else {"np": np, "__name__": __name__}
        exec(self.check.code, names)
        return names

    @cached_property
    def base(self) -> str:
        """The class whose methods entries replace: the last one below a heading of this check."""
        scope: Scope | None = self
        while scope is not None:
            classes = re.findall(r"^class (\w+)", scope.check.code, re.MULTILINE)
            if classes and scope.check.name == self.check.name:
                return classes[-1]
            scope = scope.before
        raise TextError(f"{self.check.name}: methods without a class below the check's heading")

    def whole(self, code: str) -> str:
        """The wrong lines as an answer of its own: with the first line of its class or function."""
        arguments = self.check.arguments
        if re.search(r"^def \w+\(self\b", code, re.MULTILINE):
            return f"class Answer({self.base}):\n{indent(code, '    ')}"
        if _is_valid(f"({code})", "eval"):
            return f"answer = lambda {arguments}: ({code})" if arguments else f"answer = {code}"
        return code if _is_valid(code, "exec") else f"def answer({arguments}):\n{indent(code, '    ')}"


def _is_valid(code: str, mode: str) -> bool:
    try:
        compile(code, "", mode)
    except SyntaxError:
        return False
    return True


@cache
def _lessons() -> tuple[tuple[CheckSection, ...], tuple[Mistake, ...]]:
    """The sections of checks and the entries of all lessons."""
    checks: list[CheckSection] = []
    entries: dict[str, Mistake] = {}
    for file in sorted(Path(__file__).parent.glob("*/mistakes.md")):
        scope = None
        for section in sections(file):
            if section.level == 1:
                checks.append(_check(section))
                scope = Scope(scope, checks[-1])
            elif scope is None:
                raise section.error("stands before the first check: add a heading such as '# adam/update'")
            elif section.title in entries:
                raise section.error("two mistakes have this id")
            else:
                entries[section.title] = _entry(section, scope)
    return tuple(checks), tuple(entries.values())


def _check(section: Section) -> CheckSection:
    match = CHECK.fullmatch(section.title)
    if match is None:
        raise section.error("is no check's name, such as 'adam/update' or 'adam/weight-sum(beta, t)'")
    rows = re.findall(r"^- Ids with (.+): read (.+)$", section.body, re.MULTILINE)
    read_again = tuple(("|".join(words.split(", ")), where) for words, where in rows)
    return CheckSection(match["name"], match["arguments"] or "", section.code, read_again)


def _entry(section: Section, scope: Scope) -> Mistake:
    words = section.fields(WORDS)
    if not section.first_paragraph:
        raise section.error("its first paragraph is missing, which continues 'Your numbers are those of …'")
    if "hint" not in words:
        raise section.error("no hint: add a line '- Hint: …'")
    if bool(section.code.strip()) == ("edit" in words):
        raise section.error("needs a code block with the wrong lines, or a line '- Edit: …', and not both")
    edits = tuple(filter(None, words.pop("edit", "").split(" | ")))
    return Mistake(
        section.title,
        scope.check.name,
        section.first_paragraph,
        edits=edits,
        code=section.code,
        scope=scope,
        **words,
    )


def catalogue() -> tuple[Mistake, ...]:
    """All entries, file by file.

    Raises:
        TextError: a file is malformed.
    """
    return _lessons()[1]


def section_of(check: str, id: str, otherwise: str) -> str:
    """What to read again after a mistake of that id; empty where no section is about it."""
    if id.startswith(UNTAUGHT):
        return ""
    rows = (row for one in _lessons()[0] if one.name == check for row in one.read_again)
    return next((section for words, section in rows if re.search(words, id)), otherwise)


def sections_named() -> dict[str, list[str]]:
    """By check the sections that its mistakes name."""
    named: dict[str, list[str]] = {}
    for check in _lessons()[0]:
        named.setdefault(check.name, []).extend(section for _, section in check.read_again)
    return named


def mistake(id: str) -> Mistake:
    """The entry of that id.

    Raises:
        KeyError: there is none.
    """
    return {entry.id: entry for entry in catalogue()}[id]


@cache
def mistakes(check: str) -> tuple[Mistake, ...]:
    """The entries of one check."""
    return tuple(entry for entry in catalogue() if entry.check == check)
