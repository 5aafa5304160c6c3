"""One student's part of a course: everything that is stored, to be exported or erased."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry, Student, SubmittedAssignment
from sqlalchemy import MetaData, Table, delete, insert, inspect, select, update

from autograde.course.answer_key import read_key
from autograde.course.course import Course, only_grader
from autograde.course.gradebook import SharedGradebook, course_gradebook
from autograde.course.submission_rows import read_results
from autograde.errors import CourseError, UsageError
from autograde.files import files_below, json_bytes, put, zip_bytes
from autograde.people.class_results import require_known
from autograde.people.collect import REPLACED_FOLDER
from autograde.people.late import EXTENSIONS
from autograde.people.roster import GROUPS, Person, group_names, named_as_groups, read_people
from autograde.untrusted.names import is_student

FOLDERS = ("submitted", "autograded", "feedback")
EXPORTED_FOLDERS = ("submitted", "feedback")  # autograded/ adds the seeds of hidden problems
TABLE_PREFIX = "autograde_"
STAY = (EXTENSIONS.table.name, GROUPS.table.name)  # of a student whose one submission is erased
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
        for kind, folder in _folders(course, student).items():  # which may lie outside the course
            for path in _files(folder) if kind.startswith(EXPORTED_FOLDERS) else ():
                name = Path(kind, student, path.relative_to(folder)).as_posix()
                # A name that is not UTF-8, as an old zip leaves it, is escaped.
                files[name.encode(errors="backslashreplace").decode()] = path.read_bytes()
    put(out, zip_bytes(files), mode=0o600)
    return len(files)


def erase(course_dir: Path, student: str, assignment: str | None, really: bool) -> tuple[int, int]:
    """Erase a student, or one submission, from the gradebook, in one transaction, then the folders.

    With one submission the student stays, with extension and group. After a kill the next call completes it.

    Args:
        assignment: only the submission of this one.
        really: otherwise only count.

    Returns:
        How many rows of the gradebook and how many files are the student's.

    Raises:
        UsageError: the course does not know the student or the assignment, nothing of it is stored, or somebody
            is grading.
        CourseError: the database or the disk refuses.
    """
    with course_gradebook(course_dir) as (course, gradebook):
        if assignment is not None:  # also one that points out of the folder
            require_known(course, gradebook, assignment)
        stored = _rows(course, gradebook, student)
        submitted = _submitted(gradebook, student)
        folders = list(_folders(course, student, assignment).values())
        if assignment is not None and not folders and assignment not in submitted:
            raise UsageError(f"nothing of {assignment!r} is stored for {student!r}.")
        rows = sum(map(len, stored.values())) + len(submitted) + (student in read_people(gradebook))
        files = sum(len(list(_files(folder))) for folder in folders)
        if really:
            with only_grader(course):
                with gradebook.transaction():
                    _erase_rows(gradebook, student, assignment)
                for folder in folders:
                    _remove(folder)
        return rows, files


def rename(course_dir: Path, old: str, new: str) -> int:
    """Give a student another id: in the gradebook, in one transaction, then in the folders.

    After a kill the next call completes it. Later problems are drawn for the new id.

    Returns:
        How many folders were renamed.

    Raises:
        UsageError: the course does not know the student, the new id is another student's or cannot be one, or
            somebody is grading.
        CourseError: the database or the disk refuses.
    """
    if not is_student(new):
        raise UsageError(f"{new!r} cannot be a student's id.")
    with course_gradebook(course_dir) as (course, gradebook), only_grader(course):
        _rows(course, gradebook, old)  # refuses an unknown one
        people, folders = read_people(gradebook), _folders(course, old)
        targets = {kind: folder.with_name(new) for kind, folder in folders.items()}
        there = [path for path in targets.values() if os.path.lexists(path)]
        if there or {old, new} <= people.keys():
            where = f": {there[0]}" if there else ""
            raise UsageError(f"{new!r} is there already{where}. Nothing was renamed.")
        for problem in named_as_groups([Person(new)], group_names(gradebook)):
            raise UsageError(f"{problem}. Nothing was renamed.")
        with gradebook.transaction():
            student, submitted = Student.__table__, SubmittedAssignment.__table__
            row = gradebook.db.execute(select(student).where(student.c.id == old)).mappings().first()
            if row:
                gradebook.db.execute(insert(student).values(dict(row) | {"id": new}))
                gradebook.db.execute(
                    update(submitted).where(submitted.c.student_id == old).values(student_id=new)
                )
                gradebook.db.execute(delete(student).where(student.c.id == old))
            for table in _tables(gradebook):
                gradebook.db.execute(update(table).where(table.c.student == old).values(student=new))
        for kind, folder in folders.items():
            folder.rename(targets[kind])
    return len(folders)


def _erase_rows(gradebook: SharedGradebook, student: str, assignment: str | None) -> None:
    for table in _tables(gradebook):
        own = delete(table).where(table.c.student == student)
        if assignment is None:
            gradebook.db.execute(own)
        elif "assignment" in table.c and table.name not in STAY:
            gradebook.db.execute(own.where(table.c.assignment == assignment))
    with suppress(MissingEntry):
        if assignment is None:
            gradebook.remove_student(student)
        else:
            gradebook.remove_submission(assignment, student)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder) if folder.is_dir() and not folder.is_symlink() else folder.unlink()
    except OSError as error:
        raise CourseError(f"{folder} cannot be removed: {error.strerror}") from error


def _facts(gradebook: SharedGradebook, student: str, rows: Rows) -> dict[str, Any]:
    """The person, each assignment's result with the verdict of each answer, and the other rows."""
    grades = []
    for assignment in _submitted(gradebook, student):
        result = read_results(gradebook, read_key(gradebook, assignment), [student]).get(student)
        if result is not None:
            sentences = {cell.name: cell.sentence for cell in result.cells if cell.sentence}
            grades.append(result.as_json() | {"said": sentences})
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
    # Stock nbgrader takes ids that we refuse, as o'brien@x.org: those can be erased, too.
    in_gradebook = student in read_people(gradebook) or any(rows.values())
    if not in_gradebook and not (is_student(student) and _folders(course, student)):
        raise UsageError(f"nothing is stored for {student!r} in {course.root}.")
    return rows


def _tables(gradebook: SharedGradebook) -> list[Table]:
    """Our tables with a column `student`."""
    connection = gradebook.db.connection()
    names = [name for name in inspect(connection).get_table_names() if name.startswith(TABLE_PREFIX)]
    tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
    return [table for table in tables if "student" in table.c]


def _submitted(gradebook: SharedGradebook, student: str) -> list[str]:
    """Names of the assignments that a student submitted, by nbgrader."""
    with suppress(MissingEntry):
        return sorted(one.assignment.name for one in gradebook.find_student(student).submissions)
    return []


def _folders(course: Course, student: str, assignment: str | None = None) -> dict[str, Path]:
    """By kind, the student's folder, or that of one submission, that exists; none for an id that names no folder."""
    if student in ("", ".", "..") or set(student) & set("/\0"):
        return {}
    paths = {kind: course.folder(kind, student, assignment or "x") for kind in FOLDERS}
    if assignment is None:
        paths = {kind: path.parent for kind, path in paths.items()}
    submitted = course.root / course.directory.submitted_directory
    for earlier in submitted.glob(f"{REPLACED_FOLDER}/*"):
        paths[f"submitted/{REPLACED_FOLDER}/{earlier.name}"] = earlier / student / (assignment or "")
    return {kind: path for kind, path in paths.items() if os.path.lexists(path)}


def _files(folder: Path) -> Iterator[Path]:
    if folder.exists():  # and is no link to nowhere
        yield from (path for path in files_below(folder) if path.is_file() and not path.is_symlink())
