"""A file of students onto the roster: compared first, refused if in doubt, written as a whole or not at all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from autograde.course.gradebook import SharedGradebook
from autograde.people.due_dates import put_on_submissions, write_extensions
from autograde.people.roster import (
    FIELDS,
    Person,
    Roster,
    described,
    folded,
    read_people,
    read_roster,
    remove_people,
    write_people,
)
from autograde.people.roster_file import Listed, RosterError, read_list
from autograde.scores import counted, named
from autograde.untrusted.names import printable, shell_word

SHOWN = 10  # lines of one kind
SINGLY = 3  # changed ids, each with a line of its own


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    listed: Listed
    people: list[Person]  # as they are on the roster now
    added: list[str]
    changed: dict[str, list[str]]  # by student, which fields
    unlisted: list[str]  # on the roster before, not in the file
    removed: bool  # whether `unlisted` were removed
    on_roster: int

    def in_words(self, dry_run: bool) -> Iterator[str]:
        """What happened, in lines."""
        yield from self.listed.notes
        if self.added:
            yield f"new: {named(self.added)}"
        if self.changed:
            fields = [f"{student} ({', '.join(names)})" for student, names in self.changed.items()]
            yield f"changed: {named(fields)}"
        if self.unlisted and self.removed:
            yield f"removed: {named(self.unlisted)}"
        elif self.unlisted:
            yield f"not in the file, kept on the roster: {named(self.unlisted)}. To remove them: --remove-missing"
        if nameless := [person.id for person in self.people if not person.full_name]:
            yield f"without a name: {named(nameless)}"
        days = self.listed.days
        if days:
            yield f"extensions: {counted(len(days), 'student')}"
        if not (self.added or self.changed or days or (self.unlisted and self.removed)):
            yield "nothing new"
        origin, students = self.listed.origin or "CSV", counted(self.on_roster, "student")
        if dry_run:
            yield f"a list of {origin}: {students} would be on the roster. Nothing was written."
        else:
            yield f"a list of {origin}: {students} on the roster."


def import_list(
    gradebook: SharedGradebook,
    path: Path,
    headers: Mapping[str, str] | None = None,
    encoding: str | None = None,
    remove_missing: bool = False,
    keep: bool = True,
) -> Imported:
    """Put the students in a file on the roster, with their extensions.

    Args:
        remove_missing: remove students who are not in the file.
        keep: write; otherwise only compare.

    Raises:
        UsageError: no table, or no column of ids.
        RosterError: lines that cannot be taken, or ids that seem to have changed.
        CourseError: the gradebook refuses.
    """
    listed = read_list(path, headers, encoding)
    with gradebook.transaction(keep):
        roster = read_roster(gradebook) or {}
        if problems := _changed_ids(listed, roster):
            raise RosterError.of(path, problems)
        done = _compare(listed, roster, read_people(gradebook), remove_missing)
        write_people(gradebook, done.people)
        if remove_missing:
            remove_people(gradebook, done.unlisted)
        extended = {
            (student, assignment): timedelta(days=days)
            for student, by_assignment in listed.days.items()
            for assignment, days in by_assignment.items()
        }
        write_extensions(gradebook, extended)
        put_on_submissions(gradebook, listed.days)
    return done


def _compare(listed: Listed, roster: Roster, known: Mapping[str, Person], remove_missing: bool) -> Imported:
    """The file compared with the roster and with everybody in the gradebook."""
    people, added, changed = [], [], {}
    for who, person in listed.people.items():
        was = roster.get(who) or known.get(who, Person(who))
        # A missing column or an empty cell removes nothing.
        now = replace(was, **{name: value for name in FIELDS if (value := getattr(person, name))})
        differs = [name for name in FIELDS if getattr(now, name) != getattr(was, name)]
        if who not in roster:
            added.append(who)
        elif differs:
            changed[who] = differs
        people.append(now)
    unlisted = [who for who in roster if who not in listed.people]
    on_roster = len(roster) + len(added) - (len(unlisted) if remove_missing else 0)
    return Imported(listed, people, added, changed, unlisted, remove_missing, on_roster)


def _changed_ids(listed: Listed, roster: Roster) -> list[str]:
    """New ids of people who are on the roster under another: their grades would stay behind."""
    alike: dict[tuple[str, str], str] = {}
    for what in ("email", "lms_user_id", "full_name"):
        holders: dict[str, list[Person]] = {}
        for person in roster.values():
            if value := folded(getattr(person, what)):
                holders.setdefault(value, []).append(person)
        for who, person in listed.people.items():
            old = holders.get(folded(getattr(person, what)), [])
            if who not in roster and len(old) == 1 and _gives_up(old[0], what, listed.people):
                alike.setdefault((who, old[0].id), what.replace("full_name", "name"))
    if len(alike) > SINGLY:
        pairs = ", ".join(f"{new} for {old}" for new, old in list(alike)[:SINGLY])
        return [
            f"{len(alike)} students have other ids than on the roster: {pairs}, … Grades are kept by id. Name "
            "the column with the roster's ids: --column id=HEADER. Without one, import a list of the system "
            "that the roster came from"
        ]
    return [
        f"{described(listed.people[new])} has the same {what} as {described(roster[old])} on the roster. Grades "
        "are kept by id: if the student's id has changed, keep the old one in the file. If they are two "
        f"students, first remove the other: autograde roster remove {shell_word(old)}"
        for (new, old), what in alike.items()
    ]


def _gives_up(old: Person, what: str, listed: Mapping[str, Person]) -> bool:
    """Whether the file lacks the old id, or leaves empty a field that two students cannot share."""
    return old.id not in listed or (what != "full_name" and not getattr(listed[old.id], what))


def problem_lines(problems: Collection[str]) -> Iterator[str]:
    """A line for each of the first problems, and how many more."""
    for problem in list(problems)[:SHOWN]:
        yield f"  {printable(problem)}"
    if (more := len(problems) - SHOWN) > 0:
        yield f"  and {more} more"
