"""One student's part of a course: everything that is kept, to be given out or erased."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from sqlalchemy import MetaData, Select, Table, delete, inspect, select

from autograde.errors import CourseError, UsageError
from autograde.files import json_bytes, put
from autograde.grading.answer_key import read_key
from autograde.grading.course import Course
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.graded_assignments import known_assignments
from autograde.grading.lock import only_grader
from autograde.grading.open_gradebook import course_gradebook
from autograde.grading.scores import read_results
from autograde.lateness.extensions import TABLE as EXTENSIONS
from autograde.roster.people import read_people
from autograde.untrusted.names import is_student

FOLDERS = ("submitted", "autograded", "feedback")
HANDED_BACK = ("submitted", "feedback")  # what autograded/ adds are the seeds of hidden problems
OURS = "autograde_"


def export_student(course_dir: Path, student: str, out: Path) -> int:
    """Write a zip of what is kept of a student: person, grades with verdicts, submissions, feedback.

    Returns:
        How many files it holds.

    Raises:
        UsageError: the course does not know the student, or the file is there.
    """
    if out.exists():
        raise UsageError.say("{file} is there already: choose another with --out.", file=out)
    with course_gradebook(course_dir) as (course, gradebook):
        _require_known(course, gradebook, student)
        files = {"student.json": json_bytes(_facts(gradebook, student))}
        for step in HANDED_BACK:
            folder = _folder(course, step, student)  # which may lie outside the course
            for path in _files(course, student, (step,)):
                files[Path(step, student, path.relative_to(folder)).as_posix()] = path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():  # a name that is no UTF-8, as an old zip leaves it, has numbers
            archive.writestr(name.encode(errors="backslashreplace").decode(), data)
    put(out, packed.getvalue(), mode=0o600)
    return len(files)


def what_is_kept(course_dir: Path, student: str) -> tuple[int, int]:
    """How many rows of the gradebook and how many files are a student's.

    Raises:
        UsageError: the course does not know the student.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        _require_known(course, gradebook, student)
        rows = sum(1 for table in _tables(gradebook) for _ in gradebook.db.execute(_of(table, student)))
        person = student in read_people(gradebook)
        return rows + person + len(_submissions(gradebook, student)), len(list(_files(course, student)))


def erase_student(course_dir: Path, student: str) -> None:
    """Take a student out of the gradebook, in one transaction, then remove the folders.

    What a kill breaks off is done by the next call.

    Raises:
        UsageError: the course does not know the student, or somebody is grading.
        CourseError: the database or the disk refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook), only_grader(course):
        _require_known(course, gradebook, student)
        with gradebook.transaction():
            for table in _tables(gradebook):
                gradebook.db.execute(delete(table).where(table.c.student == student))
            with suppress(MissingEntry):
                gradebook.remove_student(student)
        _remove(_folders(course, student))


def erase_submission(course_dir: Path, student: str, assignment: str) -> None:
    """Take one submission out of the gradebook, in one transaction, then remove its folders.

    The student stays, with the extension and all other assignments.

    Raises:
        UsageError: no such assignment, nothing of it by the student, or somebody is grading.
        CourseError: the database or the disk refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook), only_grader(course):
        folders = _folders_of_submission(course, gradebook, student, assignment)
        with gradebook.transaction():
            for table in _tables(gradebook):
                if "assignment" in table.c and table.name != EXTENSIONS.table.name:
                    gradebook.db.execute(
                        delete(table).where(table.c.student == student, table.c.assignment == assignment)
                    )
            with suppress(MissingEntry):
                gradebook.remove_submission(assignment, student)
        _remove(folders)


def require_submission(course_dir: Path, student: str, assignment: str) -> None:
    """Refuse where there is nothing to erase.

    Raises:
        UsageError: no such assignment, or nothing of it by the student.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        _folders_of_submission(course, gradebook, student, assignment)


def _folders_of_submission(
    course: Course, gradebook: SharedGradebook, student: str, assignment: str
) -> list[Path]:
    """What lies there of a submission that the gradebook has, or that was handed in."""
    known = known_assignments(course, gradebook)
    if assignment not in known:  # also what would lead out of the student's folder
        raise course.unknown_assignment(assignment, known)
    folders = _there(course.folder(step, student, assignment) for step in FOLDERS if _is_folder(student))
    if not folders and assignment not in _submissions(gradebook, student):
        raise UsageError.say(
            "nothing of {assignment!r} is kept of {student!r}.", assignment=assignment, student=student
        )
    return folders


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        try:
            shutil.rmtree(folder) if folder.is_dir() and not folder.is_symlink() else folder.unlink()
        except OSError as error:
            raise CourseError.say(
                "{folder} cannot be removed: {reason}", folder=folder, reason=error.strerror
            ) from error


def _facts(gradebook: SharedGradebook, student: str) -> dict[str, Any]:
    """The person, and of each assignment the result with what was said of each answer."""
    grades = []
    for assignment in _submissions(gradebook, student):
        graded = read_results(gradebook, read_key(gradebook, assignment), [student]).get(student)
        if graded is not None:
            sentences = {cell.name: cell.sentence for cell in graded.result.cells if cell.sentence}
            grades.append(graded.result.as_json() | {"said": sentences})
    person = read_people(gradebook).get(student)
    rows = {
        table.name: [dict(row) for row in gradebook.db.execute(_of(table, student)).mappings()]
        for table in _tables(gradebook)
        if table.name != "autograde_submission"  # its content stands in `grades`
    }
    kept = {name: [_as_texts(row) for row in listed] for name, listed in rows.items() if listed}
    return {"student": asdict(person) if person else {"id": student}, "grades": grades, "kept": kept}


def _as_texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items()}


def _require_known(course: Course, gradebook: SharedGradebook, student: str) -> None:
    rows = (gradebook.db.execute(_of(table, student)).first() for table in _tables(gradebook))
    in_gradebook = student in read_people(gradebook) or any(rows)
    # Stock nbgrader takes ids that are none here, as o'brien@x.org: what it keeps of them can go, too.
    if not in_gradebook and not (is_student(student) and any(_folders(course, student))):
        raise UsageError.say(
            "nothing is kept of {student!r} in {folder}.", student=student, folder=course.root
        )


def _tables(gradebook: SharedGradebook) -> list[Table]:
    """Our tables that have a row for a student, whichever they are."""
    connection = gradebook.db.connection()
    names = [name for name in inspect(connection).get_table_names() if name.startswith(OURS)]
    tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
    return [table for table in tables if "student" in table.c]


def _of(table: Table, student: str) -> Select:
    return select(table).where(table.c.student == student)


def _submissions(gradebook: SharedGradebook, student: str) -> list[str]:
    """Names of the assignments that a student handed in, as nbgrader has them."""
    with suppress(MissingEntry):
        return sorted(one.assignment.name for one in gradebook.find_student(student).submissions)
    return []


def _folders(course: Course, student: str) -> list[Path]:
    if not _is_folder(student):
        return []
    return _there(_folder(course, step, student) for step in FOLDERS)


def _folder(course: Course, step: str, student: str) -> Path:
    return course.folder(step, student, "x").parent


def _is_folder(student: str) -> bool:
    """Whether an id can be the name of a folder in another: not of one elsewhere."""
    return student not in ("", ".", "..") and not set(student) & set("/\0")


def _there(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if folder.exists() or folder.is_symlink()]


def _refuse(error: OSError) -> None:
    """A folder that cannot be looked into: what is kept there would be left out unsaid."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _files(course: Course, student: str, steps: tuple[str, ...] = FOLDERS) -> Iterator[Path]:
    for step in steps if _is_folder(student) else ():
        for parent, _, names in os.walk(_folder(course, step, student), onerror=_refuse):
            for name in sorted(names):
                path = Path(parent, name)
                if path.is_file() and not path.is_symlink():
                    yield path
