"""What a course's submissions may import beside what every notebook needs, and what they may never read.

c.Sandbox.packages = ["scipy"]    distributions, or the names they are imported by, for every assignment
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbgrader.exchange.default.exchange import Exchange
from sqlalchemy import make_url

from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.sandbox import imported
from descentlab.sentences import template

IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(\w.*))", re.MULTILINE)


def packages_of(course: Course, *assignments: str) -> tuple[str, ...]:
    """The course's own list, and what the solution notebooks of these assignments import.

    Raises:
        UsageError: the list is none.
    """
    asked = course.config.get("Sandbox", {}).get("packages", [])
    if not isinstance(asked, list | tuple) or not all(isinstance(name, str) and name for name in asked):
        raise UsageError.say(
            'c.Sandbox.packages = {asked!r}: not a list of names, as in ["scipy"].', asked=asked
        )
    notebooks = [path for name in assignments for path in course.source(name).glob("*.ipynb")]
    return tuple(dict.fromkeys([*asked, *packages_in(notebooks)]))


def packages_in(notebooks: Iterable[Path]) -> list[str]:
    """The distributions that the instructor's notebooks import."""
    return imported({name for path in notebooks for name in _imports(_source_code(path))})


def withheld_of(course: Course) -> dict[str, Path]:
    """The folders that no submission may read, by the template of what they are."""
    exchange = course.config.get("Exchange", {}).get("root") or Exchange.root.default_value
    directory = course.directory
    return {
        template("the course"): course.root,
        template("the exchange"): Path(exchange),
        template("the submissions"): course.root / directory.submitted_directory,
        template("the solutions"): course.root / directory.source_directory,
    }


def gradebook_files(course: Course) -> list[Path]:
    """Where grades, or the way to them, may lie beside the course's own folder: the database's file and those
    that SQLite puts beside it; PostgreSQL's passwords."""
    url = make_url(course.directory.db_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return [Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")]
    return [Path(f"{url.database}{ending}").absolute() for ending in ("", "-wal", "-shm", "-journal")]


def _source_code(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)  # `nbformat.read` would verify it: 30 ms
        return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    except Exception:  # whoever registers the assignment says what is wrong with it
        return ""


def _imports(source: str) -> set[str]:
    """The first names of what a source imports, or seems to: one too many lets submissions import it, too."""
    imported_names = set()
    for one, several in IMPORT.findall(source):
        imported_names |= {one} if one else {re.match(r"\w*", name.strip())[0] for name in several.split(",")}
    return imported_names - {""}
