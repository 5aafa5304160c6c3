"""One student's part of a course: everything that is stored, to be erased."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from nbgrader.api import Assignment, MissingEntry, SubmittedAssignment
from sqlalchemy import ColumnElement, MetaData, Table, delete, func, select

from autograde.book import class_results, late, roster
from autograde.book.gradebook import SharedGradebook, course_gradebook
from autograde.course import submission_files
from autograde.course.course import Course, only_grader
from autograde.errors import CourseError, UsageError
from autograde.files import files_below
from autograde.untrusted.names import is_student

FOLDERS = ("submitted", "autograded", "feedback")
TABLE_PREFIX = "autograde_"
STAY = (late.EXTENSIONS.table.name, roster.GROUPS.table.name)  # of a student whose one submission is erased


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
            class_results.require_known(course, gradebook, assignment)
        rows, folders = _count_rows(gradebook, student, assignment), _folders(course, student, assignment)
        # Stock nbgrader takes ids that we refuse, as o'brien@x.org: those can be erased, too.
        if not rows and not (is_student(student) and folders):
            what = f"nothing of {assignment!r}" if assignment else "nothing"
            raise UsageError(f"{what} is stored for {student!r} in {course.root}.")
        below = (path for folder in folders if folder.exists() for path in files_below(folder))
        files = sum(path.is_file() and not path.is_symlink() for path in below)
        if really:
            with only_grader(course):
                with gradebook.transaction():
                    for table, theirs in _own_rows(gradebook, student, assignment):
                        gradebook.db.execute(delete(table).where(theirs))
                    with suppress(MissingEntry):
                        if assignment is None:
                            gradebook.remove_student(student)
                        else:
                            gradebook.remove_submission(assignment, student)
                for folder in folders:
                    _remove(folder)
        return rows, files


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder) if folder.is_dir() and not folder.is_symlink() else folder.unlink()
    except OSError as error:
        raise CourseError(f"{folder} cannot be removed: {error.strerror}") from error


def _count_rows(gradebook: SharedGradebook, student: str, assignment: str | None) -> int:
    """How many rows of our tables, of nbgrader's submissions and students are the student's."""
    ours = (select(func.count()).where(theirs) for _, theirs in _own_rows(gradebook, student, assignment))
    query = select(Assignment.name).join(SubmittedAssignment).filter_by(student_id=student)
    submitted = [one for one in gradebook.db.scalars(query) if assignment in (None, one)]
    known = assignment is None and student in roster.read_people(gradebook)
    return sum(map(gradebook.db.scalar, ours)) + len(submitted) + known


def _own_rows(
    gradebook: SharedGradebook, student: str, assignment: str | None
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield our tables that have rows of students, with what the student's own, or those of one submission, are."""
    ours = MetaData()
    ours.reflect(gradebook.db.connection(), only=lambda name, _: name.startswith(TABLE_PREFIX))
    for table in ours.sorted_tables:
        if "student" not in table.c:
            continue
        theirs = table.c.student == student
        if assignment is None:
            yield table, theirs
        elif "assignment" in table.c and table.name not in STAY:
            yield table, theirs & (table.c.assignment == assignment)


def _folders(course: Course, student: str, assignment: str | None) -> list[Path]:
    """The student's folders, or those of one submission, that exist; none for an id that names no folder."""
    if student in ("", ".", "..") or set(student) & set("/\0"):
        return []
    paths = [course.folder(kind, student, assignment or "x") for kind in FOLDERS]
    if assignment is None:
        paths = [path.parent for path in paths]
    replaced = course.all_submissions.glob(f"{submission_files.REPLACED_FOLDER}/*")
    paths += [earlier / student / (assignment or "") for earlier in replaced]
    return [path for path in paths if os.path.lexists(path)]
