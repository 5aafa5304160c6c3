"""`autograde collect`: each student's notebooks from a download or nbgrader's exchange into `submitted/`."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader.api import MissingEntry

from autograde.course.assignments import notebooks_in
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.open_gradebook import course_gradebook
from autograde.course.submission_files import LIMITS, TIMESTAMP
from autograde.errors import UsageError
from autograde.people.archive import NOTEBOOK, opened
from autograde.people.class_results import known_assignments, strangers
from autograde.people.collected import DIFFERS, Collected, take
from autograde.people.exchange import collect_exchange
from autograde.people.late import write_marks
from autograde.people.match import Matcher, Signed, Unmatched, signed
from autograde.people.roster import Roster, read_people, read_roster
from autograde.scores import named
from autograde.scratch import scratch_folder
from autograde.untrusted.names import is_student, printable, shell_word

# What browsers and learning systems add to the name of a file that exists already.
AGAIN = re.compile(r"(?P<name>.+?)(?:-\d+| ?\(\d+\)| - Copy| copy)")
LONGEST_NAME = 200  # bytes


def collect_assignment(
    course_dir: Path,
    assignment: str,
    source: Path | None,
    matches: Sequence[str],
    update: bool,
    accepted: Sequence[str] = (),
) -> tuple[list[str], list[str]]:
    """Collect from a source, or from the exchange; returns lines on what was taken and what was not.

    Args:
        accepted: folders of the exchange to take regardless of their owners.

    Raises:
        UsageError: no such course or assignment, or a source that cannot be taken.
        OSError: nothing can be written.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        notebooks = _notebooks(course, gradebook, assignment)
        roster = read_roster(gradebook)
        if source is None:
            return _from_exchange(course, gradebook, assignment, roster, update, accepted)
        asked = matches_asked(matches, roster)
        made = collect(course, assignment, notebooks, source, roster, asked, update)
        with gradebook.transaction():
            write_marks(gradebook, assignment, made.marks())
    lines = list(made.lines(assignment, notebooks, roster))
    problems = list(made.problems(assignment, source, roster))
    if DIFFERS in made.states.values():
        problems.append("not everything was collected.")
    elif not made.states and not problems:
        problems.append(f"{source} has no submission.")
    return lines, problems


def _notebooks(course: Course, gradebook: SharedGradebook, assignment: str) -> list[str]:
    """Names of the assignment's notebooks, by the gradebook, else by the course's sources."""
    try:
        return [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    except MissingEntry:
        if names := [path.stem for path in notebooks_in(course.source(assignment))]:
            return names
        raise course.unknown_assignment(assignment, known_assignments(course, gradebook)) from None


def _from_exchange(
    course: Course,
    gradebook: SharedGradebook,
    assignment: str,
    roster: Roster | None,
    update: bool,
    accepted: Sequence[str],
) -> tuple[list[str], list[str]]:
    gradebook.db.rollback()  # nbgrader's own connection writes now
    students, lines, problems = collect_exchange(course, assignment, update, accepted)
    lines.append(f"in submitted/ now: {len(students)} ({named(students)})")
    if roster is not None:
        if absent := [student for student in roster if student not in students]:
            lines.append(f"missing: {len(absent)} ({named(absent)})")
        outside = strangers(students, roster, read_people(gradebook))
        problems += [
            f"not on the roster: {who} (nearest: {', '.join(close) or '–'})" for who, close in outside.items()
        ]
    return lines, problems


def matches_asked(words: Sequence[str], roster: Roster | None) -> dict[str, str]:
    """The ids in `--match SENDER=ID`, by sender.

    Raises:
        UsageError: another form, or an id that cannot be a student's or is not on the roster.
    """
    asked = {}
    for word in words:
        sender, equals, student = word.rpartition("=")
        reason = ""
        if not equals or not sender:
            reason = "write SENDER=ID."
        elif not is_student(student):
            reason = f"{student!r} cannot be a student's id."
        elif roster is not None and student not in roster:
            reason = f"{student!r} is not on the roster: autograde roster add {shell_word(student)}"
        if reason:
            raise UsageError(f"--match {printable(word)}: {reason}")
        asked[sender] = student
    return asked


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
        named: students' ids by sender, as `--match` gives them.
        update: overwrite what differs from the source.

    Raises:
        UsageError: the source cannot be read, is no plain download, or is another assignment's.
        OSError: nothing can be written.
    """
    collected = Collected()
    expected = {f"{name}{NOTEBOOK}" for name in notebooks}
    with opened(source) as entries:
        matcher = Matcher(roster, named)
        files = signed(entries, matcher)
        _require_this_assignment(course, assignment, notebooks, source, files)
        by_student = _by_student(files, matcher, collected)
        with scratch_folder(course.root / course.directory.submitted_directory, ".collect-") as scratch:
            for student, files in sorted(by_student.items()):
                data = _read(_by_name(files, notebooks, collected, student), collected, student)
                take(course, assignment, student, data, scratch, update, collected)
                folder = course.folder("submitted", student, assignment)
                there = _notebooks_in(folder)
                if student in collected.states and not expected & there:
                    collected.misnamed[student] = sorted(there)
                if any(file.late for file in files):
                    collected.marked.add(student)
                    if collected.marks().get(student) and not (folder / TIMESTAMP).is_file():
                        collected.late.append(student)
    return collected


def _require_this_assignment(
    course: Course, assignment: str, notebooks: Sequence[str], source: Path, files: Sequence[Signed]
) -> None:
    """Refuse another assignment's download: no notebook has a name of this one's, and half or more of them
    have those of another.
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
            raise UsageError(
                f"{source} has notebooks of {other} ({', '.join(f'{name}{NOTEBOOK}' for name in names)}) and none "
                f"of {assignment}; nothing was collected. autograde collect {other} {shell_word(source)}"
            )


def _by_student(files: Sequence[Signed], matcher: Matcher, collected: Collected) -> dict[str, list[Signed]]:
    """The files of each student; those of nobody are noted in `collected`."""
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
    collected.by_name = matcher.by_name
    return by_student


def _by_name(
    files: Sequence[Signed], notebooks: Sequence[str], collected: Collected, student: str
) -> dict[str, Signed]:
    """One student's notebooks by the names they get; none where two would get the same."""
    if len(senders := sorted({file.sender for file in files})) > 1:
        collected.refused[student] = "senders"
        collected.senders[student] = senders
        return {}
    by_name: dict[str, Signed] = {}
    for file in files:
        if not file.file.lower().endswith(NOTEBOOK):
            collected.other_files.append(f"{file.file} ({student}, {file.entry.size / 1e6:.1f} MB)")
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
        return f"{notebooks[0]}{NOTEBOOK}"  # STUDENT.ipynb
    again = AGAIN.fullmatch(stem)
    for name in (stem, again["name"] if again else stem):
        if name in notebooks:
            return f"{name}{NOTEBOOK}"
    return file.file


def _read(files: Mapping[str, Signed], collected: Collected, student: str) -> dict[str, bytes]:
    """The student's notebooks by name; none where there are more or larger ones than the grader reads."""
    large = len(files) > LIMITS.files or sum(file.entry.size for file in files.values()) > LIMITS.bytes
    data = {} if large else {name: file.entry.read(LIMITS.bytes + 1) for name, file in files.items()}
    if large or any(
        len(content) > LIMITS.bytes for content in data.values()
    ):  # a zip may lie about its sizes
        collected.refused[student] = "large"
        return {}
    return data


def _notebooks_in(folder: Path) -> set[str]:
    try:
        return {name for name in os.listdir(folder) if name.lower().endswith(NOTEBOOK)}
    except OSError:  # a file in place of the folder, left as it was
        return set()
