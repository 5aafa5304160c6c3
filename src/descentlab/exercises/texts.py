"""Reading the lessons' Markdown files: mistakes.md, hints.md and derivations.md.

A file is a list of sections, each under a heading: `# adam/update` for a check, `## adam/uphill` for a mistake.
A section holds a first paragraph, fenced code, and fields such as `- Hint: …`, one line each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEADING = re.compile(r"(#{1,2}) (\S.*)")
FIELD = re.compile(r"- ([A-Z][a-z ]*): (.+)")
FENCE = "```"


class TextError(ValueError):
    """A Markdown file of a lesson is malformed; the message names file, section and what is missing."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    file: Path
    level: int
    title: str
    body: str

    def error(self, what: str) -> TextError:
        """The exception for something wrong in this section."""
        return TextError(f"{self.file.parent.name}/{self.file.name}, section {self.title!r}: {what}")

    @cached_property
    def _parts(self) -> tuple[list[str], list[str]]:
        """The lines outside and inside the code blocks."""
        outside: list[str] = []
        inside: list[str] = []
        is_code = False
        for line in self.body.splitlines():
            if line.startswith(FENCE):
                is_code = not is_code
            else:
                (inside if is_code else outside).append(line)
        if is_code:
            raise self.error(f"a code block is not closed: add a line {FENCE}")
        return outside, inside

    @property
    def code(self) -> str:
        """The code blocks, joined; empty where there are none."""
        return "\n".join(self._parts[1])

    @property
    def first_paragraph(self) -> str:
        """The text before the first empty line or field, on one line."""
        lines = "\n".join(self._parts[0]).strip().split("\n\n")[0].splitlines()
        return " ".join(line for line in lines if not FIELD.fullmatch(line))

    @property
    def numbered(self) -> tuple[str, ...]:
        """The entries of a numbered list, one line each.

        Raises:
            TextError: there is none, or another line.
        """
        lines = [re.fullmatch(r"\d+\. (.+)", line) for line in self.body.splitlines() if line]
        if not lines or None in lines:
            raise self.error("needs a numbered list, one line for each hint: '1. …'")
        return tuple(line[1] for line in lines)

    def fields(self, known: tuple[str, ...]) -> dict[str, str]:
        """The fields by their lower-case names.

        Raises:
            TextError: a field that is not among the known ones, or twice.
        """
        found: dict[str, str] = {}
        for line in self._parts[0]:
            field = FIELD.fullmatch(line)
            if field is None:
                continue
            name = field[1].lower()
            if name not in known:
                raise self.error(f"unknown field {field[1]!r}; there are: {', '.join(known)}")
            if name in found:
                raise self.error(f"two fields {field[1]!r}")
            found[name] = field[2]
        return found


def lesson_sections(name: str) -> Iterator[Section]:
    """The sections of every lesson's file of that name, lesson by lesson; a lesson need not have one.

    Raises:
        TextError: a file is malformed.
    """
    for file in sorted(Path(__file__).parent.glob(f"*/{name}")):
        yield from sections(file)


def sections(file: Path) -> Iterator[Section]:
    """The sections of a file in their order; what stands before the first heading is not read.

    Raises:
        TextError: a code block is not closed.
    """
    heading, lines, is_code = None, [], False
    for line in file.read_text(encoding="utf-8").splitlines():
        is_code ^= line.startswith(FENCE)
        found = None if is_code else HEADING.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        if heading is not None:
            yield Section(file, len(heading[1]), heading[2], "\n".join(lines).strip())
        heading, lines = found, []
    if heading is not None:
        yield Section(file, len(heading[1]), heading[2], "\n".join(lines).strip())
