"""A course's gradebook, opened or made: what is no gradebook, or cannot be written, is said in one line."""

import re
import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from glob import iglob
from itertools import islice
from pathlib import Path

from nbgrader.api import InvalidEntry, SubmittedAssignment
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from autograde.course.course import CONFIG_FILE, Course
from autograde.course.gradebook import SharedGradebook, refusals
from autograde.course.nbgrader_tables import make_tables
from autograde.errors import UsageError
from autograde.installed import remedy

UNNAMED = "default_course"  # what nbgrader calls a course without a name of its own
# Of any other form a part of a password might pass for one of the host or the database, and be shown.
PART = r"[^\s:/@?#=;]*"
ADDRESS = re.compile(rf"[\w+]+://({PART}(:{PART})?@)?({PART}|\[[\da-f:]+\])(:\d+)?(/{PART})?(\?\S*)?")
LOOKED_AT = 500  # graded submissions, of which the gradebook knows one


def has_gradebook(course: Course) -> bool:
    """Whether the course has a gradebook already; one that is no file is taken to be there."""
    url = address_of(course)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def open_gradebook(course: Course) -> SharedGradebook:
    """The course's gradebook, made where there is none.

    Raises:
        UsageError: it cannot be opened, is no gradebook, or not the one of what is graded in the course.
    """
    _require_not_lost(course)
    url, address = course.directory.db_url, address_of(course)
    path = Path(address.database or "")
    if url.startswith("sqlite") and path.exists() and not _readable(path):
        raise UsageError(f"{path}: cannot be read and written. Check its owner and permissions.")
    try:
        name = course.directory.course_id or UNNAMED
        make_tables(url, name)
        gradebook = SharedGradebook(url, name)
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError(
            f"the gradebook {shown(address)} needs a driver that is not installed ({error}). For "
            f"PostgreSQL write postgresql+psycopg://… and {remedy('postgresql')}"
        ) from error
    except (OperationalError, InvalidEntry) as error:  # the latter: it refuses nbgrader's first row
        raise UsageError(f"the gradebook {shown(address)} cannot be opened: {reason_of(error)}.") from error
    except DBAPIError as error:
        raise UsageError(f"{shown(address)} is no gradebook: {reason_of(error)}.") from error
    with refusals():
        _require_its_own(course, gradebook)
    return gradebook


@contextmanager
def opened_gradebook(course: Course) -> Iterator[SharedGradebook]:
    """The course's gradebook, made where there is none; closed at the end.

    Raises:
        UsageError: it cannot be opened or is no gradebook.
        CourseError: it refuses what is asked of it.
    """
    with closing(open_gradebook(course)) as gradebook, refusals():
        yield gradebook


@contextmanager
def course_gradebook(course_dir: Path) -> Iterator[tuple[Course, SharedGradebook]]:
    """A course and its gradebook, made where there is none; closed at the end.

    Raises:
        UsageError: no course there, or what cannot be opened.
        CourseError: the gradebook refuses.
    """
    course = Course.open(course_dir)
    require_course(course)
    with opened_gradebook(course) as gradebook:
        yield course, gradebook


def require_course(course: Course) -> None:
    """Refuse a wrong folder, which must be left without a gradebook, and a course that lost its own.

    Raises:
        UsageError: nothing of a course is in it, or graded work without a gradebook.
    """
    _require_not_lost(course)
    if not (has_gradebook(course) or (course.root / CONFIG_FILE).exists() or course.source_assignments()):
        raise UsageError(
            f"no course in {course.root}: it has no {CONFIG_FILE} and no gradebook. Go to the "
            "course's folder, or give it with --course-dir."
        )


def _require_not_lost(course: Course) -> None:
    if not has_gradebook(course) and any(_graded(course)):
        raise _lost(course, "is missing")


def _require_its_own(course: Course, gradebook: SharedGradebook) -> None:
    """Refuse a gradebook that knows nothing of what is graded in the course: a new one, or another course's.

    Raises:
        UsageError: naming what to do.
    """
    graded = list(islice(_graded(course), LOOKED_AT))
    known = select(SubmittedAssignment.student_id).where(SubmittedAssignment.student_id.in_(graded)).limit(1)
    if graded and not gradebook.db.scalar(known):
        gradebook.close()
        raise _lost(
            course, "knows none of the work graded here (is it new, or another course's? Move it away)"
        )
    gradebook.db.rollback()


def _graded(course: Course) -> Iterator[str]:
    """Who has a graded notebook in the course's folder."""
    return (Path(path).parts[-3] for path in iglob(f"{course.folder('autograded', '*', '*')}/*.ipynb"))


def _lost(course: Course, what: str) -> UsageError:
    backup = max(iglob(f"{course.root.parent}/backup-{course.root.name}-*.tar.gz"), default="BACKUP.tar.gz")
    return UsageError(
        f"the gradebook {shown(address_of(course))} {what}, and there is graded work in "
        f"{course.directory.autograded_directory}/. Restore it: "
        f"{shlex.join(['autograde', 'restore', backup, str(course.root)])}"
    )


def address_of(course: Course) -> URL:
    """The gradebook's address.

    Raises:
        UsageError: it is none; it is not shown, as a password may stand in it.
    """
    text = course.directory.db_url
    try:
        url = make_url(text)
        if url.get_backend_name() == "sqlite" or ADDRESS.fullmatch(text):
            return url
    except (ArgumentError, ValueError):
        pass
    raise UsageError(
        "c.CourseDirectory.db_url is no database's address: write it like "
        "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE. In PASSWORD write %40 for @, so for : / ? # = ;"
    ) from None


def shown(url: URL) -> str:
    """A gradebook's address as messages have it: without a password, and what else may be one."""
    return url.set(query={}).render_as_string()


def reason_of(error: Exception) -> str:
    """What a database says of an error, in one line."""
    return " ".join(str(getattr(error, "orig", error)).split()).rstrip(".")


def _readable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
