"""A file of students onto the roster: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from autograde.lateness.extensions import put_on_submissions, read_extensions, write_extensions
from autograde.roster.changes import Changes, changes
from autograde.roster.people import read_people, read_roster, take_off, write_people
from autograde.roster.read_file import Listed, RosterError, read_list
from autograde.transactional import TransactionalGradebook


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    listed: Listed
    changes: Changes
    on_roster: int
    removed: list[str]


def import_list(
    gradebook: TransactionalGradebook,
    path: Path,
    headers: Mapping[str, str] | None = None,
    encoding: str | None = None,
    remove_missing: bool = False,
    keep: bool = True,
) -> Imported:
    """Put everybody whom a file lists on the roster, with their extensions.

    With `keep=False` nothing is written. With `remove_missing` who is not in the file goes off the roster.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken, or ids that seem to have changed.
        CourseError: the gradebook refuses.
    """
    listed = read_list(path, headers, encoding)
    with gradebook.transaction(keep):
        roster = read_roster(gradebook) or {}
        made = changes(listed, roster, read_people(gradebook).values())
        if made.problems:
            raise RosterError.of(path, made.problems)
        removed = made.unlisted if remove_missing else []
        write_people(gradebook, made.people)
        take_off(gradebook, removed)
        extended = {
            (student, assignment): timedelta(days=days)
            for student, by_assignment in listed.days.items()
            for assignment, days in by_assignment.items()
        }
        if extended:
            write_extensions(gradebook, extended)
            put_on_submissions(gradebook, read_extensions(gradebook))
    return Imported(listed, made, len(roster) + len(made.added) - len(removed), removed)
