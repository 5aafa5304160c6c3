"""Sentences that students read: filled templates, capitals and signs.

A sentence is an f-string where it is made. A table holds templates with named placeholders, which are filled where they
are shown.
"""

import re
from collections.abc import Mapping
from pathlib import Path

NAME = re.compile(r"\w+ ?[=[]")
"""A name and its value: `h = 0.1`, `theta[0]`."""


def rows(*files: Path) -> list[list[str]]:
    """The cells of each line of tables, between ` | `; a heading is one cell, and a line that begins with # is none."""
    return [
        [cell.strip() for cell in line.split(" | ")]
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]


def headed(*files: Path) -> list[tuple[str, list[list[str]]]]:
    """The headings of tables, without their brackets, each with the rows below it."""
    found: list[tuple[str, list[list[str]]]] = []
    for row in rows(*files):
        if len(row) == 1 and row[0].startswith("["):
            found.append((row[0].strip("[]"), []))
        else:
            found[-1][1].append(row)
    return found


def check_sign(passed: bool, looked_at: bool) -> str:
    """Right, wrong, or not looked at yet: a sign that needs no color."""
    return "✓" if passed else "✗" if looked_at else "–"


def say_named(template: str, values: Mapping[str, object]) -> str:
    """Fill the template with those of the values that it names; one that names none is unchanged.

    Raises:
        KeyError: the template names a value that is not there.
    """
    is_named = any(f"{{{name}" in template for name in values)
    return template.format_map(values) if is_named else template


def capital(sentence: str) -> str:
    """The sentence with a capital first letter; a symbol stays as it is: ηλ, the h of `h = 0.1`."""
    symbol = "α" <= sentence[:1] <= "ω" or NAME.match(sentence)
    return sentence if symbol else sentence[:1].upper() + sentence[1:]
