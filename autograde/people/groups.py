"""Groups that hand in together: one submission, under the group's name, that counts for each member."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy import Column, Text

from autograde.course.gradebook import SharedGradebook
from autograde.course.results import REVIEW, Result
from autograde.course.tables import GradebookTable, name_column
from autograde.course.wording import counted, named
from autograde.delimited import DelimitedTable, one_line, unguarded
from autograde.errors import UsageError
from autograde.people.download import Matcher
from autograde.people.late import ALL_ASSIGNMENTS, Lateness
from autograde.people.roster import Person, Roster, described, read_roster
from autograde.people.roster_import import RosterError, plain
from autograde.untrusted.names import is_student

TABLE = GradebookTable(
    "autograde_group",
    name_column("student"),
    name_column("assignment"),
    Column("group", Text, nullable=False),
)
HEADERS = ("group", "group_name", "group name", "gruppe", "groupe", "grupo", "gruppo", "groep")
IN_TWO_WAYS = (
    "handed in alone and with {group}, and neither counts. Remove one: autograde student erase {student} "
    "--assignment {assignment} --yes, or leave the group: autograde groups import"
)
Groups = dict[str, str]  # the group's name by student


def read_groups(gradebook: Gradebook, assignment: str | None) -> Groups:
    """The groups of an assignment: its own where there are any, else those of the course."""
    for name in dict.fromkeys((assignment or ALL_ASSIGNMENTS, ALL_ASSIGNMENTS)):
        if rows := TABLE.rows(gradebook, "student", "group", assignment=name):
            return dict(rows)
    return {}


def with_groups(roster: Roster | None, groups: Groups) -> Roster | None:
    """A roster to match downloads with, in which the groups are people, too."""
    return roster and roster | {name: Person(name, last_name=name) for name in groups.values()}


def show_groups(gradebook: Gradebook, assignment: str | None) -> Iterator[str]:
    """A line for each group with its members."""
    groups = read_groups(gradebook, assignment)
    for name in sorted(set(groups.values())):
        yield f"{name}: {', '.join(who for who, of in sorted(groups.items()) if of == name)}"


def import_groups(gradebook: SharedGradebook, file: Path | None, assignment: str | None) -> list[str]:
    """Replace the groups of an assignment, or of the course, by those in a table or by the roster's sections.

    Raises:
        UsageError: no roster, or no table with a column of groups.
        RosterError: a line without a student, a student in two groups, or a name that cannot be a group's.
        CourseError: the gradebook refuses.
    """
    with gradebook.transaction():
        roster = read_roster(gradebook)
        if roster is None:
            raise UsageError("no roster: import it first: autograde roster import FILE.csv")
        pairs = _in_table(file, roster) if file else {who: [one.section] for who, one in roster.items()}
        problems = [
            *(f"{line}: no student, or several, on the roster" for line in pairs.pop("", [])),
            *(
                f"{described(roster[who])} is in {' and '.join(of)}"
                for who, of in pairs.items()
                if len(of) > 1
            ),
        ]
        groups = {student: of[0] for student, of in pairs.items() if of[0]}
        for name in sorted(set(groups.values())):
            if name in roster:
                problems.append(f"the group {name!r} has a student's id")
            elif not is_student(name):
                problems.append(f"{name!r} cannot be the name of a folder")
        if problems:
            raise RosterError(file or Path("the roster's sections"), problems)
        if not groups:
            raise UsageError(f"{file or 'the roster'} names no group.")
        write_groups(gradebook, groups, assignment)
    alone = [described(one) for who, one in roster.items() if who not in groups]
    lines = [f"{counted(len(set(groups.values())), 'group')}, {counted(len(groups), 'member')}"]
    return lines + [f"in no group: {named(alone)}"] * bool(alone)


def write_groups(gradebook: SharedGradebook, groups: Groups, assignment: str | None) -> None:
    """Store the groups of an assignment, or of the course, in place of those before; within a transaction."""
    assignment = assignment or ALL_ASSIGNMENTS
    before = TABLE.rows(gradebook, "student", assignment=assignment)
    TABLE.remove(gradebook, [{"student": one.student, "assignment": assignment} for one in before])
    rows = [{"student": who, "assignment": assignment, "group": name} for who, name in groups.items()]
    TABLE.put(gradebook, rows)


def _in_table(file: Path, roster: Roster) -> dict[str, list[str]]:
    """Each student's groups, and under the empty id the lines of nobody."""
    header, *lines = DelimitedTable.read(file).rows or [[]]
    place = next((at for at, name in enumerate(map(plain, header)) if name in HEADERS), None)
    if place is None:
        raise UsageError(f"{file} has no column {' or '.join(HEADERS[:2])}.")
    matcher, found = Matcher(roster, {}), {}
    for number, cells in enumerate(lines, 2):
        name = unguarded(one_line(cells[place])).strip() if place < len(cells) else ""
        others = [cell.strip() for at, cell in enumerate(cells) if at != place]
        if name and any(others):
            student = matcher.student_in(others)
            of = found.setdefault(student or "", [])
            if not student or name not in of:
                of.append(name if student else f"line {number}")
    return found


def shared_among(
    results: Mapping[str, Result], groups: Groups, alone: set[str], lateness: Lateness
) -> Iterator[tuple[str, Result]]:
    """Each member's result, with the member's own lateness.

    Args:
        results: by student and group.
        alone: who handed in without the group.
    """
    for student, group in groups.items():
        if (result := results.get(group)) is None:
            continue
        if student in alone:
            words = {"student": student, "group": group, "assignment": result.assignment}
            empty = Result(student, result.assignment, REVIEW, result.max_score)
            yield student, replace(empty, notes=(IN_TWO_WAYS.format(**words),))
            continue
        reached = sum(cell.score or 0.0 for cell in result.cells)
        late, penalty = lateness(student, group, reached)
        score = None if result.score is None else max(0.0, reached - penalty)
        yield student, replace(result, student=student, late=late, penalty=penalty, score=score)
