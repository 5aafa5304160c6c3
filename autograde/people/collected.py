"""One student's files into `submitted/`, whole or not at all, and what a collecting did, in lines."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde.course.course import Course
from autograde.course.submission_files import SECRET, TIMESTAMP
from autograde.files import put
from autograde.people.archive import NOTEBOOK, is_left_over
from autograde.people.match import Unmatched
from autograde.people.roster import Roster, described
from autograde.scores import named
from autograde.untrusted.names import printable, shell_word

MOST = 100  # students in one line
CANVAS = "Canvas"  # the one system that marks files as late
NEW, SAME, DIFFERS, REPLACED = "new", "same", "differs", "replaced"
STATES = {
    NEW: "collected: {students}",
    REPLACED: "overwritten: {students}",
    SAME: "already collected: {students}",
    DIFFERS: "already collected, but different: {students}. Kept the old copy; --update overwrites it",
}
REFUSED = {
    "none": "no notebook: {students}",
    "twice": "not collected, two notebooks of the same name: {students}",
    "senders": "not collected, two submissions of the same student: {students}. Assign one with --match",
    "large": "not collected, more or larger notebooks than the grader reads: {students}",
    "name": "not collected, a file name that cannot be kept: {students}",
}


@dataclass
class Collected:
    """What happened to each student's files, and to files of nobody."""

    states: dict[str, str] = field(default_factory=dict)  # by student, a key of STATES
    refused: dict[str, str] = field(default_factory=dict)  # by student, a key of REFUSED
    unmatched: dict[str, Unmatched] = field(default_factory=dict)  # by sender
    senders: dict[str, list[str]] = field(default_factory=dict)  # by student, where there are several
    marked: set[str] = field(default_factory=set)  # as late, by Canvas
    late: list[str] = field(default_factory=list)  # those of them that were taken and have no time
    times_gone: list[str] = field(default_factory=list)  # with the notebook that was overwritten
    by_name: dict[str, str] = field(default_factory=dict)  # see `Matcher.by_name`
    other_case: dict[str, str] = field(default_factory=dict)  # the source's spelling of an id, by student
    misnamed: dict[str, list[str]] = field(default_factory=dict)  # notebooks, of which none is expected
    other_files: list[str] = field(default_factory=list)  # that are no notebooks, each with its student
    systems: set[str] = field(default_factory=set)

    def marks(self) -> dict[str, bool | None]:
        """Late or not by student, as Canvas marks it; None forgets the mark of an overwritten notebook."""
        taken = {who: state for who, state in self.states.items() if state != DIFFERS}
        if CANVAS in self.systems:
            return {who: who in self.marked for who in taken}
        return {who: None for who, state in taken.items() if state != SAME}

    def lines(self, assignment: str, notebooks: Sequence[str], roster: Roster | None) -> Iterator[str]:
        """What was collected, from whom, and what is missing; `notebooks` are the expected names."""
        for state, sentence in STATES.items():
            if students := [student for student, its in self.states.items() if its == state]:
                yield sentence.format(students=_counted(students))
        if self.other_case:
            pairs = [f"{sender} → {student}" for student, sender in self.other_case.items()]
            yield f"matched ignoring case: {named(pairs, MOST)}"
        if self.by_name:
            students = [f"{student} (number {number})" for student, number in self.by_name.items()]
            yield (
                f"matched by display name, which students can change in Canvas: {named(students, MOST)}. To "
                "match by Canvas' numbers: autograde roster import CANVAS.csv"
            )
        if self.times_gone:
            yield f"timestamp.txt went with the overwritten notebook: {named(self.times_gone, MOST)}"
        if self.late:
            yield (
                f"marked late by Canvas, at an unknown time: {named(self.late, MOST)}. To set the time: echo "
                f"YYYY-MM-DD HH:MM:SS UTC > submitted/{self.late[0]}/{assignment}/{TIMESTAMP} (or Europe/Berlin "
                "instead of UTC)"
            )
        if self.misnamed:
            files = [f"{student} ({', '.join(names)})" for student, names in self.misnamed.items()]
            expected = ", ".join(f"{name}{NOTEBOOK}" for name in notebooks)
            first = f"submitted/{next(iter(self.misnamed))}/{assignment}"
            yield (
                f"no notebook named {expected}: {named(files, MOST)}. Rename what is {assignment}, and delete what "
                f"is not, as in {first}"
            )
        if self.other_files:
            yield f"skipped, not notebooks: {named(self.other_files, MOST)}"
        if roster is not None and self.states:
            absent = [student for student in roster if student not in {**self.states, **self.refused}]
            if absent:
                yield f"missing: {_counted(absent)}"

    def problems(self, assignment: str, source: Path, roster: Roster | None) -> Iterator[str]:
        """What was not collected, and what to do."""
        for reason, sentence in REFUSED.items():
            students = [student for student, why in self.refused.items() if why == reason]
            listed = [
                f"{who} ({', '.join(self.senders[who])})" if who in self.senders else who for who in students
            ]
            if listed:
                yield sentence.format(students=named(listed, MOST))
        for unmatched in self.unmatched.values():
            yield f"not collected: {printable(f'{unmatched.sender} {_why(unmatched, roster)}')}"
        systems = sorted(self.systems - {""})
        if self.unmatched and roster is None and systems:
            yield f"{systems[0]} names files by people, not ids: autograde roster import FILE.csv"
        elif self.unmatched:
            sender = printable(next(iter(self.unmatched)))
            command = (
                f"autograde collect {assignment} {shell_word(source)} --match {shell_word(f'{sender}=ID')}"
            )
            yield f"to assign it to a student: {command}"
            if "Moodle" in self.systems:
                yield (
                    "the number after a name is the Participant in the column Identifier of Moodle's grading "
                    'worksheet ("View all submissions", "Download grading worksheet")'
                )


def take(
    course: Course,
    assignment: str,
    student: str,
    data: Mapping[str, bytes],
    scratch: Path,
    update: bool,
    collected: Collected,
) -> None:
    """Put a student's files into `submitted/`, all or none, and note the outcome in `collected`.

    Args:
        data: the files by name; `timestamp.txt` does not make a submission different.
    """
    if not data:
        return
    target = course.folder("submitted", student, assignment)
    state = _compared(target, data)
    if state == SAME or (state == DIFFERS and not update):
        collected.states[student] = state
        return
    fresh = scratch / student
    for name, content in data.items():
        put(fresh / name, content, 0o660 if course.directory.groupshared else None)
    if course.directory.groupshared:
        fresh.chmod(0o2770)
    target.parent.mkdir(parents=True, exist_ok=True)
    if state == DIFFERS:
        if os.path.lexists(target / TIMESTAMP):
            collected.times_gone.append(student)
        os.rename(target, scratch / f".{student}")  # no student's id begins with a dot
    os.rename(fresh, target)
    collected.states[student] = REPLACED if state == DIFFERS else NEW


def _compared(target: Path, data: Mapping[str, bytes]) -> str:
    if not os.path.lexists(target):
        return NEW
    try:
        names = [name for name in os.listdir(target) if name != TIMESTAMP and not is_left_over(name)]
        there = {name: (target / name).read_bytes() for name in names}
    except OSError:  # a file in place of the folder, or a folder in it
        return DIFFERS
    if data.get(SECRET, 0) == there.get(SECRET):  # the same submission, though a teacher may have changed it
        return SAME
    handed_in = [content for name, content in data.items() if name != TIMESTAMP]
    return SAME if sorted(there.values()) == sorted(handed_in) else DIFFERS  # renamed files are the same


def _why(unmatched: Unmatched, roster: Roster | None) -> str:
    if unmatched.several:
        return f"can be {', '.join(map(described, unmatched.several))}"
    if roster is None:
        return "is no student's id"
    close = ", ".join(map(described, unmatched.nearest))
    return "matches nobody on the roster" + (f" (nearest: {close})" if close else "")


def _counted(students: Sequence[str]) -> str:
    return f"{len(students)} ({named(students)})"
