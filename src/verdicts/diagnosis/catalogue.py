"""A course's Markdown: known mistakes, hints and derivations; docs/extending.md describes the format.

A file is a list of sections, each under a heading: `# ode/heun-step` for a check, `## ode/one-slope` for a mistake.
A section holds a first paragraph, fenced code, and fields such as `- Hint: …`, one line each.

A mistake is the wrong code and words about it, or, with a field `Edit`, words about an edit of a formula that
the diagnosis finds by itself, or, with a field `Results`, what a class's answers gave (`common_mistakes`). Code is compiled
when it is first run.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from textwrap import indent
from types import CodeType
from typing import Any

import numpy as np

from verdicts.courses import courses
from verdicts.spec import Check

HEADING = re.compile(r"(#{1,2}) (\S.*)")
FIELD = re.compile(r"- ([A-Z][a-z ]*): (.+)")
FENCE = "```"
NUMBERED = re.compile(r"\d+\. (.+)")
READ_AGAIN = re.compile(r"- Ids with (.+): read (.+)")
CHECK = re.compile(r"(?P<name>[\w-]+/[\w-]+)(?:\((?P<arguments>[^)]*)\))?")
FIELDS = "hint why symptom group section cause edit results"
# Python's own errors, and sharing an array: no section of a lesson is about these.
WITHOUT_SECTION = (
    "error/",
    "behavior/changes",
    "behavior/returns",
    "behavior/removes",
    "behavior/not-an-array",
)


class TextError(ValueError):
    """A malformed Markdown file of a lesson; the message names the file, the section and the fault."""


@dataclass(frozen=True)
class Section:
    """A heading and the text below it."""

    file: Path
    level: int
    title: str
    body: str

    def error(self, what: str) -> TextError:
        """The exception for something wrong in this section."""
        return TextError(f"{'/'.join(self.file.parts[-3:])}, section {self.title!r}: {what}")

    @cached_property
    def _parts(self) -> list[str]:
        """In turn what is outside and inside the code blocks."""
        parts = re.split(rf"^{FENCE}.*\n?", self.body, flags=re.MULTILINE)
        if len(parts) % 2 == 0:
            raise self.error(f"a code block is not closed: add a line {FENCE}")
        return parts

    @property
    def outside(self) -> list[str]:
        """The lines that are no code."""
        return "".join(self._parts[::2]).splitlines()

    @property
    def code(self) -> str:
        """The code blocks, joined; empty where there are none."""
        return "".join(self._parts[1::2]).removesuffix("\n")

    @property
    def first_paragraph(self) -> str:
        """The text before the first empty line or field, on one line."""
        lines = "\n".join(self.outside).strip().split("\n\n")[0].splitlines()
        return " ".join(line for line in lines if not FIELD.fullmatch(line))

    def fields(self, known: Sequence[str]) -> dict[str, str]:
        """The fields by their lower-case names.

        Raises:
            TextError: a field that is not among the known ones, or twice.
        """
        found: dict[str, str] = {}
        for line in filter(None, map(FIELD.fullmatch, self.outside)):
            name = line[1].lower()
            if name not in known:
                raise self.error(f"unknown field {line[1]!r}; there are: {', '.join(known)}")
            if name in found:
                raise self.error(f"two fields {line[1]!r}")
            found[name] = line[2]
        return found


def sections(file: Path) -> list[Section]:
    """The sections of a file in order, without the text before the first heading."""
    found: list[tuple[re.Match[str], list[str]]] = []
    is_code = False
    for line in file.read_text("utf-8").splitlines():
        is_code ^= line.startswith(FENCE)
        if not is_code and (heading := HEADING.fullmatch(line)):
            found.append((heading, []))
        elif found:
            found[-1][1].append(line)
    return [Section(file, len(heading[1]), heading[2], "\n".join(lines).strip()) for heading, lines in found]


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to a check."""

    id: str
    """`<lesson>/what-is-wrong`, the lesson without its number: it never changes, for counts."""
    check: str
    """The check it is a wrong answer to."""
    what: str
    """Continues "Your numbers are those of …"."""
    hint: str = ""
    """A question that does not give the answer away."""
    why: str = ""
    """The way a student comes to write it."""
    symptom: str = ""
    """For the teacher: the sign of this mistake in the numbers."""
    group: str = ""
    """Shared by mistakes whose numbers are equal by algebra."""
    section: str = ""
    """The section to read again; empty: the check's own."""
    cause: str = ""
    """The student's text instead of "Your numbers are those of …", where a later question of the lesson asks for this
    very mistake; the teacher reads both.
    """
    edits: tuple[str, ...] = ()
    """Edits of the right formula that are this mistake: the changed lines; empty: `code` is run."""
    code: str = ""
    """The wrong lines."""
    results: str = ""
    """What a class's answers gave, or a release made of the code."""
    scope: "CheckSection" = field(default=None, repr=False, compare=False)
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
        return list(names.values())[-1]  # the last name that the code defines

    @cached_property
    def _compiled(self) -> CodeType:
        return compile(self.scope.whole(self.code), self.id, "exec")


class CheckSection:
    """The common parts of a lesson's entries for one check, and the names that their code uses."""

    def __init__(self, section: Section, before: "CheckSection | None") -> None:
        match = CHECK.fullmatch(section.title)
        if match is None:
            raise section.error(
                "is not a check's name, such as 'ode/heun-step' or 'ode/heun-step(f, t, y, h)'"
            )
        self.before, self.code = before, section.code
        self.hints: list[str] = []
        """The gentlest first: `hint` shows one more at each call."""
        self.read_again: list[tuple[str, str]] = []
        """Patterns of ids, with the section of the lesson that teaches them."""
        self.mistakes: list[Mistake] = []
        for line in filter(str.strip, section.outside):
            if hint := NUMBERED.fullmatch(line):
                self.hints.append(hint[1])
            elif row := READ_AGAIN.fullmatch(line):
                self.read_again.append((row[1].replace(", ", "|"), row[2]))
            else:
                raise section.error(
                    f"{line[:60]!r} is neither a hint, '1. …' on one line, nor '- Ids with …: read …'"
                )
        self.name: str = match["name"]
        self.arguments: str = match["arguments"] or ""
        """The arguments of the function asked for; empty for a class or a value."""

    @cached_property
    def names(self) -> dict[str, Any]:
        """NumPy and the names defined by the code blocks under this check and those above it."""
        names = dict(self.before.names) if self.before else {"np": np, "__name__": __name__}
        exec(self.code, names)
        return names

    @cached_property
    def base(self) -> str:
        """The class whose methods the entries replace: the last one below a heading of this check."""
        section = self
        while section:
            classes = re.findall(r"^class (\w+)", section.code, re.MULTILINE)
            if classes and section.name == self.name:
                return classes[-1]
            section = section.before
        raise TextError(f"{self.name}: methods without a class below the check's heading")

    def whole(self, code: str) -> str:
        """The wrong lines as a complete answer, with the first line of its class or function."""
        arguments = self.arguments
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


def _entry(section: Section, scope: CheckSection) -> Mistake:
    words = section.fields(FIELDS.split())
    if not section.first_paragraph:
        raise section.error("its first paragraph is missing, which continues 'Your numbers are those of …'")
    if not words.keys() & {"hint", "results"}:
        raise section.error("no hint: add a line '- Hint: …'")
    if "results" not in words and bool(section.code.strip()) == ("edit" in words):
        raise section.error("needs a code block with the wrong lines, or a line '- Edit: …', and not both")
    edits = tuple(filter(None, words.pop("edit", "").split(" | ")))
    return Mistake(
        section.title,
        scope.name,
        section.first_paragraph,
        edits=edits,
        code=section.code,
        scope=scope,
        **words,
    )


@dataclass
class Catalogue:
    """What a course's files say; a file is read when it is first needed."""

    files: Callable[[str], Iterable[Path]]
    """The files with a name, `mistakes.md` or `derivations.md`, lesson by lesson."""

    @cached_property
    def check_sections(self) -> list[CheckSection]:
        """The sections of checks, file by file.

        Raises:
            TextError: a file is malformed.
        """
        checks, ids = [], set()
        for file in self.files("mistakes.md"):
            scope = None
            for section in sections(file):
                if section.level == 1:
                    scope = CheckSection(section, scope)
                    checks.append(scope)
                elif scope is None:
                    raise section.error(
                        "stands before the first check: add a heading such as '# ode/heun-step'"
                    )
                elif section.title in ids:
                    raise section.error("two mistakes have this id")
                else:
                    scope.mistakes.append(_entry(section, scope))
                    ids.add(section.title)
        return checks

    @property
    def all_mistakes(self) -> list[Mistake]:
        """All entries, file by file.

        Raises:
            TextError: a file is malformed.
        """
        return [entry for one in self.check_sections for entry in one.mistakes]

    @cached_property
    def _derivations(self) -> dict[str, str]:
        return {
            section.title: section.body for file in self.files("derivations.md") for section in sections(file)
        }

    def mistakes(self, check: str) -> list[Mistake]:
        """The known wrong answers to the check with this name."""
        return [entry for entry in self.all_mistakes if entry.check == check]

    def hints(self, check: str) -> Sequence[str]:
        """The hints for a check, the gentlest first."""
        return next((one.hints for one in self.check_sections if one.name == check and one.hints), ())

    def section_of(self, check: str, id: str, otherwise: str) -> str:
        """The section to read again after the mistake with this id; empty if there is none."""
        if id.startswith(WITHOUT_SECTION):
            return ""
        for one in self.check_sections:
            for words, section in one.read_again:
                if one.name == check and re.search(words, id):
                    return section
        return otherwise

    def derivation(self, check: str) -> str:
        """The answer derived, in Markdown; empty if there is none."""
        return self._derivations.get(check, "")


def catalogue_of(check: Check) -> Catalogue:
    """What the course of a check says of mistakes, hints and derivations."""
    return catalogue(check.course)


def mistakes_of(check: Check) -> list[Mistake]:
    """The known wrong answers to a check."""
    return catalogue_of(check).mistakes(check.name)


@cache
def catalogue(course: str) -> Catalogue:
    """What the course of this name says of them."""
    return Catalogue(courses()[course].texts)
