"""Collecting: each student's notebooks into `submitted/`, whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde.assignments.settings import notebooks_in
from autograde.collect.archive import is_left_over, opened
from autograde.collect.match import Matcher, Unmatched
from autograde.collect.patterns import NOTEBOOK, Signed, signed
from autograde.errors import UsageError
from autograde.files import put
from autograde.grading.course import Course
from autograde.grading.read_submission import LIMITS, TIMESTAMP
from autograde.roster.people import Roster
from autograde.scratch import scratch_folder

# What browsers and learning systems add to the name of a file that is there already.
AGAIN = re.compile(r"(?P<name>.+?)(?:-\d+| ?\(\d+\)| - Copy| copy)")
LONGEST_NAME = 200  # bytes
MARKS_LATE = "Canvas"  # of the systems
NEW, SAME, DIFFERS, REPLACED = "new", "same", "differs", "replaced"


@dataclass
class Collected:
    """What came of it: by student, and of the files that are nobody's."""

    states: dict[str, str] = field(default_factory=dict)
    unmatched: dict[str, Unmatched] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)  # by student, a key of `collect_messages.REFUSED`
    senders: dict[str, list[str]] = field(default_factory=dict)  # by student, where there are several
    marked: set[str] = field(default_factory=set)  # by the system as late
    late: list[str] = field(default_factory=list)  # those taken of whom no time is known
    times_gone: list[str] = field(default_factory=list)  # with the notebook that was replaced
    other_case: dict[str, str] = field(default_factory=dict)  # how the source writes an id in other letters
    misnamed: dict[str, list[str]] = field(default_factory=dict)  # whose notebooks all have other names
    other_files: list[str] = field(default_factory=list)  # that are no notebooks, each with whose it is
    systems: set[str] = field(default_factory=set)

    @property
    def up_to_date(self) -> set[str]:
        """Whose submission lies there as it is in the source."""
        return {student for student, state in self.states.items() if state != DIFFERS}

    @property
    def known_late_or_not(self) -> set[str]:
        """Of whom the source says that: of a folder with the very same notebook an earlier mark stays."""
        says = MARKS_LATE in self.systems
        return {who for who in self.up_to_date if says or self.states[who] != SAME}

    @property
    def late_and_left(self) -> list[str]:
        """Whose submission in the source is marked late and another than the one that lies there."""
        return [who for who, state in self.states.items() if state == DIFFERS and who in self.marked]

    @property
    def complete(self) -> bool:
        """Whether all that was there was taken."""
        return not (self.unmatched or self.refused or DIFFERS in self.states.values())


def collect(
    course: Course,
    assignment: str,
    notebooks: Sequence[str],
    source: Path,
    roster: Roster | None,
    named: Mapping[str, str],
    update: bool = False,
) -> Collected:
    """Put the notebooks of a zip or a folder where `autograde grade` looks.

    Args:
        notebooks: the names of the assignment's notebooks, without `.ipynb`.
        named: students' ids by the words that name them in the source, where the user says so.
        update: replace what was collected before and is another.

    Raises:
        UsageError: the source cannot be read, holds what no download holds, or is another assignment's.
        OSError: nothing can be written.
    """
    collected = Collected()
    expected = {f"{name}{NOTEBOOK}" for name in notebooks}
    with opened(source) as entries:
        matcher = Matcher(roster, named)
        files = signed(entries, matcher.is_somebody, roster is not None)
        _require_this_assignment(course, assignment, notebooks, source, files)
        by_student = _by_student(files, matcher, collected)
        with scratch_folder(course.root / course.directory.submitted_directory, ".collect-") as scratch:
            for student, files in sorted(by_student.items()):
                by_name = _by_name(files, notebooks, collected, student)
                _take(course, assignment, student, by_name, scratch, update, collected)
                folder = course.folder("submitted", student, assignment)
                there = _notebooks_in(folder)
                if student in collected.states and not expected & there:
                    collected.misnamed[student] = sorted(there)
                if any(file.late for file in files):
                    collected.marked.add(student)
                    if student in collected.up_to_date and not (folder / TIMESTAMP).is_file():
                        collected.late.append(student)
    return collected


def _require_this_assignment(
    course: Course, assignment: str, notebooks: Sequence[str], source: Path, files: Sequence[Signed]
) -> None:
    """Refuse the download of another assignment: no notebook has a name of this one's, and half of them or
    more have those of another.

    Raises:
        UsageError: naming the other one.
    """
    of_notebooks = [file for file in files if file.file.lower().endswith(NOTEBOOK)]

    def count(names: Sequence[str]) -> int:
        expected = {f"{name}{NOTEBOOK}" for name in names}
        return sum(_usual_name(file, names) in expected for file in of_notebooks)

    if not of_notebooks or count(notebooks):
        return
    for other in course.source_assignments():
        names = [path.stem for path in notebooks_in(course.source(other))]
        if other != assignment and 2 * count(names) >= len(of_notebooks):
            raise UsageError.say(
                "{source} holds notebooks of {other} ({notebooks}) and none of {assignment}: nothing was "
                "taken. autograde collect {other} {source}",
                source=source,
                other=other,
                notebooks=", ".join(f"{name}{NOTEBOOK}" for name in names),
                assignment=assignment,
            )


def _by_student(files: Iterable[Signed], matcher: Matcher, collected: Collected) -> dict[str, list[Signed]]:
    """The files of each student; those that are nobody's are noted in `collected`."""
    by_student: dict[str, list[Signed]] = {}
    for file in files:
        collected.systems.add(file.system)
        student = matcher.student(file)
        if isinstance(student, Unmatched):
            collected.unmatched.setdefault(file.sender, student)
        else:
            by_student.setdefault(student, []).append(file)
            if file.sender != student and file.sender.casefold() == student.casefold():
                collected.other_case[student] = file.sender
    return by_student


def _by_name(
    files: Sequence[Signed], notebooks: Sequence[str], collected: Collected, student: str
) -> dict[str, Signed]:
    """The notebooks of one student by the names that they get; none where two would get one."""
    if len(senders := sorted({file.sender for file in files})) > 1:
        collected.refused[student] = "senders"
        collected.senders[student] = senders
        return {}
    by_name: dict[str, Signed] = {}
    for file in files:
        if not file.file.lower().endswith(NOTEBOOK):
            collected.other_files.append(f"{file.file} ({student})")
            continue
        name = _usual_name(file, notebooks)
        if not name.isprintable() or len(name.encode()) > LONGEST_NAME:
            collected.refused[student] = "name"
            return {}
        if name in by_name:
            collected.refused[student] = "twice"
            return {}
        by_name[name] = file
    if not by_name:
        collected.refused[student] = "none"
    return by_name


def _usual_name(file: Signed, notebooks: Sequence[str]) -> str:
    """The assignment's own name where the file has it, or has it but for what a browser adds."""
    stem = file.file[: -len(NOTEBOOK)]
    if not file.system and stem == file.sender and len(notebooks) == 1:
        return f"{notebooks[0]}{NOTEBOOK}"  # STUDENT.ipynb: the name says who, so it cannot say what
    again = AGAIN.fullmatch(stem)
    for name in (stem, again["name"] if again else stem):
        if name in notebooks:
            return f"{name}{NOTEBOOK}"
    return file.file


def _take(
    course: Course,
    assignment: str,
    student: str,
    files: Mapping[str, Signed],
    scratch: Path,
    update: bool,
    collected: Collected,
) -> None:
    if not files:
        return
    if sum(file.entry.size for file in files.values()) > LIMITS.bytes:
        collected.refused[student] = "large"
        return
    data = {name: file.entry.read(LIMITS.bytes + 1) for name, file in files.items()}
    if any(len(content) > LIMITS.bytes for content in data.values()):  # a zip that lied of its size
        collected.refused[student] = "large"
        return
    target = course.folder("submitted", student, assignment)
    state = _compared(target, data)
    if state in (SAME, DIFFERS) and not (state == DIFFERS and update):
        collected.states[student] = state
        return
    fresh = scratch / student
    for name, content in data.items():
        put(fresh / name, content)
    target.parent.mkdir(parents=True, exist_ok=True)
    if state == DIFFERS:
        if os.path.lexists(target / TIMESTAMP):
            collected.times_gone.append(student)
        os.rename(target, scratch / f".{student}")  # no student's name begins so
    os.rename(fresh, target)
    collected.states[student] = REPLACED if state == DIFFERS else NEW


def _compared(target: Path, data: Mapping[str, bytes]) -> str:
    if not os.path.lexists(target):
        return NEW
    try:
        names = [name for name in os.listdir(target) if name != TIMESTAMP and not is_left_over(name)]
        there = {name: (target / name).read_bytes() for name in names}
    except OSError:  # a file where the folder should be, or a folder in it
        return DIFFERS
    alike = sorted(there.values()) == sorted(data.values())  # whoever renamed a file changed nothing of it
    return SAME if alike else DIFFERS


def _notebooks_in(folder: Path) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if name.lower().endswith(NOTEBOOK)}
    except OSError:  # a file where the folder should be: left as it was
        return set()
