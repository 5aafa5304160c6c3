"""Prints what the pages name in vain: files, headings, commands and options; 1 if there is any."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from autograde.cli import app

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", CONTRIBUTING)
FIRST = ROOT / "autograde/site/front/front.md"  # of the site
TEXT = {page: page.read_text(encoding="utf-8") for page in (*PAGES, FIRST)}
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")
FILE = re.compile(r"`((?:src|autograde|tests|docs|benchmarks|solutions)/[\w./-]+)`")
PATTERN = re.compile(r"NN-rule|/rule/|/rule\.")  # a lesson's or a rule's own name stands for these
TO_BE_MADE = re.compile(r"decay|lion")  # what docs/extending.md makes
TO_CHANGE = re.compile(r"^\| to change \| open \|\n\|.*\n((?:\|.*\n)+)", re.MULTILINE)
CODE = re.compile(r"^    .*$|`[^`\n]+`", re.MULTILINE)
TYPED = re.compile(r"\bautograde ((?:[a-z][\w-]*)(?: [^`|\n]*)?)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMANDS = get_command(app)


def anchors(text: str) -> set[str]:
    """The names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> Iterator[str]:
    """Yield links to what is not there."""
    for name, heading in LINK.findall(TEXT[page]):
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (heading and heading not in anchors(TEXT.get(target, ""))):
            yield f"{name}#{heading}" if heading else name


def missing_files(page: Path) -> Iterator[str]:
    """Yield files that are named and not there."""
    for name in FILE.findall(TEXT[page]):
        is_made = page.name == "extending.md" and TO_BE_MADE.search(name)
        if not (is_made or PATTERN.search(name) or (ROOT / name).exists()):
            yield name


def missing_rooms() -> Iterator[str]:
    """Yield what CONTRIBUTING's table opens and is not there."""
    cells = [row.split("|")[2] for row in TO_CHANGE.search(TEXT[CONTRIBUTING])[1].splitlines()]
    names = re.findall(r"`([\w./<>-]+/[\w./<>-]+)`", " ".join(cells))
    assert len(names) > 12, "the table is read as it is written"
    for name in names:
        if not any(ROOT.glob(re.sub(r"<\w+>|NN-rule|(?<=/)rule(?=\.)", "*", name).rstrip("/"))):
            yield name


def typed_commands(page: Path) -> list[str]:
    """The command lines that a page shows as code."""
    return [words for line in CODE.findall(TEXT[page]) for words in TYPED.findall(line.strip("`"))]


def unknown_commands(page: Path) -> Iterator[str]:
    """Yield command lines that are shown with a command or an option that there is not."""
    for typed in typed_commands(page):
        command, words = COMMANDS, typed.partition("#")[0].split()
        while words and hasattr(command, "commands"):
            command = command.commands.get(words.pop(0))
        known = (*getattr(command, "params", ()), *COMMANDS.params)
        options = {"--help", *(name for one in known for name in (*one.opts, *one.secondary_opts))}
        if command is None or {*OPTION.findall(" ".join(words).partition("&&")[0])} - options:
            yield f"autograde {typed}"


def main() -> int:
    """Print each name with its page."""
    assert sum(len(typed_commands(page)) for page in TEXT) > 100, "commands are found where they are shown"
    found = [(CONTRIBUTING, name) for name in missing_rooms()]
    for page in TEXT:
        for look in (broken_links, missing_files, unknown_commands):
            found += [(page, name) for name in look(page)]
    for page, name in found:
        print(f"{page.relative_to(ROOT)}: there is no {name}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
