"""The roster on a terminal and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograde.delimited import guarded, write_table
from autograde.errors import UsageError
from autograde.files import put_where_asked
from autograde.lateness.extensions import ALL, Extensions, read_extensions
from autograde.roster.columns import KINDS
from autograde.roster.import_list import Imported
from autograde.roster.naming import named
from autograde.roster.people import FIELDS, Person, Roster, read_people, read_roster
from autograde.roster.read_file import RosterError
from autograde.untrusted.names import printable
from descentlab.sentences import say, say_count

SHOWN = 10
DAY = 86_400.0


def columns_asked(words: Sequence[str]) -> dict[str, str]:
    """What `--column KIND=HEADER` asks for, by kind.

    Raises:
        UsageError: another form, or no such kind.
    """
    headers = {}
    for word in words:
        kind, equals, header = word.partition("=")
        if not equals or not header.strip() or kind not in KINDS:
            raise UsageError.say(
                "--column {word}: write KIND=HEADER; KIND is one of {kinds}.",
                word=word,
                kinds=", ".join(KINDS),
            )
        headers[kind] = header
    return headers


def problem_lines(error: RosterError) -> Iterator[str]:
    """A line for each problem, the first ones only where there are many."""
    for problem in error.problems[:SHOWN]:
        yield f"  {printable(problem)}"
    if (more := len(error.problems) - SHOWN) > 0:
        yield "  " + say_count("and {count} more", "and {count} more", more)


def imported_lines(done: Imported, dry_run: bool) -> Iterator[str]:
    """What an import did."""
    yield from done.listed.notes
    made = done.changes
    if made.added:
        yield say("new: {students}", students=named(made.added))
    for student, fields in list(made.changed.items())[:SHOWN]:
        yield say("changed: {student}: {fields}", student=printable(student), fields=", ".join(fields))
    if (more := len(made.changed) - SHOWN) > 0:
        yield say_count("changed: {count} more", "changed: {count} more", more)
    if done.removed:
        yield say("taken off the roster: {students}", students=named(done.removed))
    elif made.unlisted:
        yield say(
            "on the roster, but not in the file, and left there: {students}. --remove-missing takes them off",
            students=named(made.unlisted),
        )
    nameless = [person.id for person in made.people if not person.full_name]
    if nameless:
        yield say("without a name: {students}", students=named(nameless))
    if done.listed.days:
        yield say_count(
            "extensions of {count} student", "extensions of {count} students", len(done.listed.days)
        )
    if not (made.added or made.changed or done.removed or done.listed.days):
        yield say("nothing in it is new")
    origin = done.listed.origin or "CSV"
    if dry_run:
        yield say(
            "a list of {origin}: {count} students would be on the roster. Nothing was written.",
            origin=origin,
            count=done.on_roster,
        )
    else:
        yield say_count(
            "a list of {origin}: {count} student is on the roster.",
            "a list of {origin}: {count} students are on the roster.",
            done.on_roster,
            origin=origin,
        )


def show_roster(gradebook: Gradebook, console: Console, section: str | None = None) -> None:
    """Print the roster as a table.

    Raises:
        UsageError: there is none, or no such section.
    """
    people, extensions = _of_section(gradebook, section), read_extensions(gradebook)
    table = Table(box=None, pad_edge=False)
    columns = {
        say("student"): [person.id for person in people],
        say("name"): [person.name for person in people],
        say("e-mail"): [person.email for person in people],
        say("LMS id"): [person.lms_user_id for person in people],
        say("section"): [person.section for person in people],
        say("extensions"): [_extensions(extensions, person.id) for person in people],
    }
    shown = {title: cells for title, cells in columns.items() if any(cells)}
    for title in shown:
        table.add_column(title, overflow="fold")
    for cells in zip(*shown.values(), strict=True):
        table.add_row(*(escape(printable(cell)) for cell in cells))
    console.print(table)
    console.print(say_count("{count} student", "{count} students", len(people)))
    others = sorted(read_people(gradebook).keys() - (read_roster(gradebook) or {}).keys())
    if others and section is None:
        console.print(
            say("in the gradebook, but not on the roster: {students}", students=escape(named(others))),
            soft_wrap=True,
        )


def write_roster(gradebook: Gradebook, path: Path, section: str | None = None) -> str:
    """Write the roster as CSV that `read_list` takes; returns what was done.

    Raises:
        UsageError: there is none, or no such section.
        OSError: the file cannot be written.
    """
    people, extensions = _of_section(gradebook, section), read_extensions(gradebook)
    assignments = sorted({assignment for _, assignment in extensions})
    header = ["id", *FIELDS, *(f"extension {assignment}".strip() for assignment in assignments)]
    lines = [
        [
            *(guarded(getattr(person, name)) for name in ("id", *FIELDS)),
            *(_days(extensions, person.id, assignment) for assignment in assignments),
        ]
        for person in people
    ]
    put_where_asked(path, write_table([header, *lines]))
    return say("wrote {file}", file=path)


def _of_section(gradebook: Gradebook, section: str | None) -> list[Person]:
    roster: Roster | None = read_roster(gradebook)
    if roster is None:
        raise UsageError.say(
            "this course has no roster: everybody who hands in is taken. Begin one: "
            "autograde roster import FILE.csv"
        )
    if section is None:
        return list(roster.values())
    people = [person for person in roster.values() if section in person.section.split("; ")]
    if not people:
        known = ", ".join(sorted({repr(person.section) for person in roster.values() if person.section}))
        raise UsageError.say(
            "nobody is in section {section!r}. There are: {known}.", section=section, known=known or "–"
        )
    return people


def _extensions(extensions: Extensions, student: str) -> str:
    ordered = sorted((assignment, time) for (who, assignment), time in extensions.items() if who == student)
    return ", ".join(
        say(
            "{assignment}: {days} d",
            assignment=assignment or say("all"),
            days=f"{time.total_seconds() / DAY:g}",
        )
        for assignment, time in ordered
    )


def _days(extensions: Extensions, student: str, assignment: str = ALL) -> str:
    time = extensions.get((student, assignment))
    return "" if time is None else f"{time.total_seconds() / DAY:.15g}"  # read again it is the same time
