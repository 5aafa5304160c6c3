"""One student's part of a course: everything that is stored, to be exported or erased."""

import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from sqlalchemy import MetaData, Table, delete, inspect, select

from autograde.course.answer_key import read_key
from autograde.course.course import Course
from autograde.course.gradebook import SharedGradebook
from autograde.course.lock import only_grader
from autograde.course.open_gradebook import course_gradebook
from autograde.course.scores import read_results
from autograde.errors import CourseError, UsageError
from autograde.files import json_bytes, put
from autograde.people.class_results import known_assignments
from autograde.people.late import TABLE as DATES
from autograde.people.late import write_marks
from autograde.people.roster import read_people
from autograde.untrusted.names import is_student

FOLDERS = ("submitted", "autograded", "feedback")
HANDED_BACK = ("submitted", "feedback")  # autograded/ adds the seeds of hidden problems
OURS = "autograde_"
Rows = dict[str, list[dict[str, Any]]]  # by table


def export_student(course_dir: Path, student: str, out: Path) -> int:
    """Write a zip of a student's person, grades with verdicts, submissions and feedback.

    Returns:
        How many files it contains.

    Raises:
        UsageError: the course does not know the student, or the file exists.
    """
    if out.exists():
        raise UsageError(f"{out} exists already: choose another with --out.")
    with course_gradebook(course_dir) as (course, gradebook):
        rows = _rows(course, gradebook, student)
        files = {"student.json": json_bytes(_facts(gradebook, student, rows))}
        folders = _folders(course, student)
        for step in HANDED_BACK:
            folder = _folder(course, step, student)  # which may lie outside the course
            for path in _files(folder) if folder in folders else ():
                files[Path(step, student, path.relative_to(folder)).as_posix()] = path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():  # a name that is not UTF-8, as an old zip leaves it, is escaped
            archive.writestr(name.encode(errors="backslashreplace").decode(), data)
    put(out, packed.getvalue(), mode=0o600)
    return len(files)


def erase_student(course_dir: Path, student: str, really: bool) -> tuple[int, int]:
    """Erase a student from the gradebook, in one transaction, then the folders; `really=False` only counts.

    After a kill the next call completes it.

    Returns:
        How many rows of the gradebook and how many files are the student's.

    Raises:
        UsageError: the course does not know the student, or somebody is grading.
        CourseError: the database or the disk refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        rows = sum(len(listed) for listed in _rows(course, gradebook, student).values())
        rows += (student in read_people(gradebook)) + len(_submitted(gradebook, student))
        folders = _folders(course, student)
        files = sum(len(list(_files(folder))) for folder in folders)
        if really:
            with only_grader(course):
                with gradebook.transaction():
                    for table in _tables(gradebook):
                        gradebook.db.execute(delete(table).where(table.c.student == student))
                    with suppress(MissingEntry):
                        gradebook.remove_student(student)
                _remove(folders)
        return rows, files


def erase_submission(course_dir: Path, student: str, assignment: str, really: bool) -> None:
    """Erase one submission from the gradebook, in one transaction, then its folders; `really=False` only checks.

    The student stays, with the extension and all other assignments.

    Raises:
        UsageError: no such assignment, nothing of it by the student, or somebody is grading.
        CourseError: the database or the disk refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        known = known_assignments(course, gradebook)
        if assignment not in known:  # also a name that points out of the student's folder
            raise course.unknown_assignment(assignment, known)
        folders = _folders(course, student, assignment)
        if not folders and assignment not in _submitted(gradebook, student):
            raise UsageError(f"nothing of {assignment!r} is stored for {student!r}.")
        if really:
            with only_grader(course):
                with gradebook.transaction():
                    for table in _tables(gradebook):
                        if "assignment" in table.c and table.name != DATES.table.name:
                            own = (table.c.student == student, table.c.assignment == assignment)
                            gradebook.db.execute(delete(table).where(*own))
                    write_marks(gradebook, assignment, {student: None})  # the extension stays
                    with suppress(MissingEntry):
                        gradebook.remove_submission(assignment, student)
                _remove(folders)


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        try:
            shutil.rmtree(folder) if folder.is_dir() and not folder.is_symlink() else folder.unlink()
        except OSError as error:
            raise CourseError(f"{folder} cannot be removed: {error.strerror}") from error


def _facts(gradebook: SharedGradebook, student: str, rows: Rows) -> dict[str, Any]:
    """The person, each assignment's result with the verdict of each answer, and the other rows."""
    grades = []
    for assignment in _submitted(gradebook, student):
        graded = read_results(gradebook, read_key(gradebook, assignment), [student]).get(student)
        if graded is not None:
            sentences = {cell.name: cell.sentence for cell in graded.result.cells if cell.sentence}
            grades.append(graded.result.as_json() | {"said": sentences})
    person = read_people(gradebook).get(student)
    kept = {
        name: [{column: str(value) for column, value in row.items()} for row in listed]
        for name, listed in rows.items()
        if listed and name != "autograde_submission"  # which `grades` has
    }
    return {"student": asdict(person) if person else {"id": student}, "grades": grades, "kept": kept}


def _rows(course: Course, gradebook: SharedGradebook, student: str) -> Rows:
    """The student's rows in our tables.

    Raises:
        UsageError: nothing is stored for the student.
    """
    rows = {
        table.name: [
            dict(row)
            for row in gradebook.db.execute(select(table).where(table.c.student == student)).mappings()
        ]
        for table in _tables(gradebook)
    }
    # Rows without a student are an assignment's own.
    in_gradebook = student != "" and (student in read_people(gradebook) or any(rows.values()))
    # Stock nbgrader takes ids that we refuse, as o'brien@x.org: those can be erased, too.
    if not in_gradebook and not (is_student(student) and _folders(course, student)):
        raise UsageError(f"nothing is stored for {student!r} in {course.root}.")
    return rows


def _tables(gradebook: SharedGradebook) -> list[Table]:
    """Our tables with a column `student`."""
    connection = gradebook.db.connection()
    names = [name for name in inspect(connection).get_table_names() if name.startswith(OURS)]
    tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
    return [table for table in tables if "student" in table.c]


def _submitted(gradebook: SharedGradebook, student: str) -> list[str]:
    """Names of the assignments that a student submitted, by nbgrader."""
    with suppress(MissingEntry):
        return sorted(one.assignment.name for one in gradebook.find_student(student).submissions)
    return []


def _folders(course: Course, student: str, assignment: str | None = None) -> list[Path]:
    """The student's folders, or those of one submission, that exist; none for an id that names no folder."""
    if student in ("", ".", "..") or set(student) & set("/\0"):
        return []
    paths = [
        course.folder(step, student, assignment) if assignment else _folder(course, step, student)
        for step in FOLDERS
    ]
    return [path for path in paths if os.path.lexists(path)]


def _folder(course: Course, step: str, student: str) -> Path:
    return course.folder(step, student, "x").parent


def _files(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:  # skipping a folder would leave out what it contains
        if not isinstance(error, FileNotFoundError):
            raise error

    for parent, _, names in os.walk(folder, onerror=refuse):
        paths = [Path(parent, name) for name in sorted(names)]
        yield from (path for path in paths if path.is_file() and not path.is_symlink())
