"""The roster as a table on a terminal and as a file."""

from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograde.delimited import guarded, write_table
from autograde.errors import UsageError
from autograde.files import put_where_asked
from autograde.people.due_dates import read_extensions
from autograde.people.roster import FIELDS, Person, read_people, read_roster
from autograde.scores import counted, named
from autograde.untrusted.names import printable

DAY = 86_400.0


def show_roster(gradebook: Gradebook, console: Console, section: str | None = None) -> None:
    """Print the roster as a table.

    Raises:
        UsageError: no roster, or no such section.
    """
    people = _of_section(gradebook, section)
    extensions: dict[str, list[str]] = {}
    for (student, assignment), time in sorted(read_extensions(gradebook).items()):
        days = f"{assignment or 'all'}: {time.total_seconds() / DAY:g} d"
        extensions.setdefault(student, []).append(days)
    columns = {
        "student": [person.id for person in people],
        "name": [person.name for person in people],
        "e-mail": [person.email for person in people],
        "LMS id": [person.lms_user_id for person in people],
        "login": [person.login for person in people],
        "section": [person.section for person in people],
        "extensions": [", ".join(extensions.get(person.id, ())) for person in people],
    }
    shown = {title: cells for title, cells in columns.items() if any(cells)}
    table = Table(box=None, pad_edge=False)
    for title in shown:
        table.add_column(title, overflow="fold")
    for cells in zip(*shown.values(), strict=True):
        table.add_row(*(escape(printable(cell)) for cell in cells))
    console.print(table)
    console.print(counted(len(people), "student"))
    others = sorted(read_people(gradebook).keys() - {person.id for person in people})
    if others and section is None:
        console.print(f"in the gradebook, not on the roster: {escape(named(others))}", soft_wrap=True)


def write_roster(gradebook: Gradebook, path: Path, section: str | None = None) -> str:
    """Write the roster as CSV that `roster import` reads; returns a line for the terminal.

    Raises:
        UsageError: no roster, or no such section.
        OSError: the file cannot be written.
    """
    people, extensions = _of_section(gradebook, section), read_extensions(gradebook)
    assignments = sorted({assignment for _, assignment in extensions})
    rows = [["id", *FIELDS, *(f"extension {assignment}".strip() for assignment in assignments)]]
    for person in people:
        days = [extensions.get((person.id, assignment)) for assignment in assignments]
        rows.append(
            [
                *(guarded(getattr(person, name)) for name in ("id", *FIELDS)),
                # 15 digits: read again, it is the same time
                *("" if time is None else f"{time.total_seconds() / DAY:.15g}" for time in days),
            ]
        )
    put_where_asked(path, write_table(rows))
    return f"wrote {path}"


def _of_section(gradebook: Gradebook, section: str | None) -> list[Person]:
    roster = read_roster(gradebook)
    if roster is None:
        raise UsageError(
            "no roster: every submission is graded and exported. Import one: autograde roster import FILE.csv"
        )
    people = [one for one in roster.values() if section is None or section in one.section.split("; ")]
    if not people:
        known = ", ".join(sorted({repr(person.section) for person in roster.values() if person.section}))
        raise UsageError(f"nobody is in section {section!r}. Sections: {known or '–'}.")
    return people
