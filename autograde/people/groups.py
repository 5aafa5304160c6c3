"""Groups that hand in together, from a list or from the roster's sections."""

from collections.abc import Iterator
from pathlib import Path

from autograde.book import submission_rows
from autograde.book.gradebook import SharedGradebook
from autograde.book.roster import GROUPS, members_of, named_as_groups, read_groups, read_roster, write_groups
from autograde.course.course import Course
from autograde.delimited import unguarded
from autograde.entries import wording
from autograde.entries.matching import Matcher, described, folded, said_in
from autograde.errors import UsageError
from autograde.people.enrollment import RosterError
from autograde.people.people_table import HEADERS, plain, read_people_table
from autograde.untrusted.names import is_student


def show_groups(gradebook: SharedGradebook, assignment: str | None) -> Iterator[str]:
    """A line for each group with its members."""
    for name, members in sorted(members_of(read_groups(gradebook, assignment)).items()):
        yield f"{name}: {', '.join(sorted(members))}"


def import_groups(
    course: Course, gradebook: SharedGradebook, file: Path | None, assignment: str, encoding: str | None
) -> list[str]:
    """Replace the groups of an assignment by those in a table or by the roster's sections. A learning system's table
    says nothing about students who are only in others.

    Raises:
        UsageError: no roster, no table with a column of groups, or half of the members handed in alone.
        RosterError: a line without a student, a student in two groups, or a name that cannot be a group's.
        CourseError: the gradebook refuses.
    """
    place = file or Path("the roster's sections")
    submission_rows.prepare(gradebook)
    with gradebook.transaction():
        roster = read_roster(gradebook)
        if roster is None:
            raise UsageError("no roster: import it first: autograde roster import FILE.csv")
        system, pairs = "", {who: [one.section] for who, one in roster.items()}
        if file:
            system, pairs = _in_table(file, Matcher(roster), encoding)
        problems = [
            *(
                f"{line}: nobody on the roster, or several, with this key and name"
                for line in pairs.pop("", [])
            ),
            *(
                f"{described(roster[who])} is in {' and '.join(of)}"
                for who, of in pairs.items()
                if len(of) > 1
            ),
        ]
        groups = {student: of[0] for student, of in pairs.items() if of[0]}
        looks: dict[str, str] = {}
        for name in sorted(set(groups.values())):
            if not is_student(name):
                problems.append(f"{name!r} cannot be the name of a folder")
            elif (other := looks.setdefault(folded(name), name)) != name:
                problems.append(f"the groups {other!r} and {name!r} look alike")
        problems += named_as_groups(roster.values(), groups.values())
        if problems:
            raise RosterError(place, problems)
        if not groups:
            raise UsageError(f"{file or 'the roster'} names no group.")
        alone = course.submitted(groups, assignment) | (
            submission_rows.graded_students(gradebook, assignment) & groups.keys()
        )
        if 2 * len(alone) >= len(groups):
            raise UsageError(
                f"{place}: nothing was imported, as {wording.named(sorted(alone))} handed in {assignment} alone: "
                "are these the groups of another assignment?"
            )
        left_out = [f"{who} ({groups.pop(who)})" for who in sorted(alone)]
        stored = GROUPS.rows(gradebook, "student", "group", assignment=assignment)
        others = {who: name for who, name in stored if who in roster and not roster[who].is_of(system)}
        write_groups(gradebook, {**others, **groups}, assignment)
    without = [described(one) for who, one in roster.items() if who not in pairs and one.is_of(system)]
    done = f"{assignment}: {wording.counted(len(set(groups.values())), 'group')}, {wording.counted(len(groups), 'member')}"
    told = {
        "left out, as they handed in {assignment} alone: {students}": left_out,
        "in no group: {students}": without,
    }
    return [done, *wording.lines_about(told, assignment)]


def _in_table(file: Path, matcher: Matcher, encoding: str | None) -> tuple[str, dict[str, list[str]]]:
    """The system of a table, each student's groups in it, and under the empty id the lines of nobody."""
    table = read_people_table(file, encoding=encoding)
    if "group" not in table.columns:
        raise UsageError(f"{file} has no column {' or '.join(HEADERS['group'][:2])}.")
    place = table.columns["group"]
    are_several = plain(table.header[place]) in HEADERS["groups"]
    found = {}
    for number, cells, fields in table.lines:
        name, said = unguarded(cells[place]).strip(" "), said_in(fields, table.origin.name)
        if name and said.name and plain(name) not in HEADERS["no_groups"]:
            student = matcher.in_line(said, f"{file}, line {number}:")
            of = found.setdefault(student, [])
            names = name.split(", ") if are_several else [name]
            of += [one for one in names if one not in of] if student else [f"line {number}"]
    return table.origin.name, found
