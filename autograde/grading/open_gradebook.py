"""A course's gradebook, opened or made: what is no gradebook, or cannot be written, is said in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from nbgrader.api import InvalidEntry
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from autograde.errors import UsageError
from autograde.grading.course import CONFIG_FILE, Course
from autograde.grading.gradebook import SharedGradebook, refusals
from autograde.grading.nbgrader_tables import make_tables
from autograde.roles import remedy

UNNAMED = "default_course"  # what nbgrader calls a course without a name of its own


def has_gradebook(course: Course) -> bool:
    """Whether the course has a gradebook already; one that is no file is taken to be there."""
    url = _url(course)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def open_gradebook(course: Course) -> SharedGradebook:
    """The course's gradebook, made where there is none.

    Raises:
        UsageError: it cannot be opened or is no gradebook.
    """
    url = course.directory.db_url
    shown = _url(course).render_as_string(hide_password=True)
    path = Path(make_url(url).database or "")
    if url.startswith("sqlite") and path.exists() and not _readable(path):
        raise UsageError.say(
            "{path}: cannot be read and written. Check its owner and permissions.", path=path
        )
    try:
        name = course.directory.course_id or UNNAMED
        make_tables(url, name)
        return SharedGradebook(url, name)
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError.say(
            "the gradebook {shown} needs a driver that is not installed ({reason}). For PostgreSQL write "
            "postgresql+psycopg://… and {remedy}",
            shown=shown,
            reason=error,
            remedy=remedy("postgresql"),
        ) from error
    except OperationalError as error:
        raise UsageError.say(
            "the gradebook {shown} cannot be opened: {reason}.",
            shown=shown,
            reason=" ".join(str(error.orig).split()).rstrip("."),
        ) from error
    except InvalidEntry as error:  # nbgrader's word for a database that refuses its first row
        raise UsageError.say(
            "the gradebook {shown} cannot be opened: {error}.", shown=shown, error=error
        ) from error
    except DBAPIError as error:
        raise UsageError.say(
            "{shown} is no gradebook: {reason}.", shown=shown, reason=" ".join(str(error.orig).split())
        ) from error


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
    """Refuse a wrong folder, which must be left without a gradebook.

    Raises:
        UsageError: nothing of a course is in it.
    """
    if not (has_gradebook(course) or (course.root / CONFIG_FILE).exists() or course.source_assignments()):
        raise UsageError.say(
            "no course in {folder}: it has no {file} and no gradebook. Go to the course's folder, or give it "
            "with --course-dir.",
            folder=course.root,
            file=CONFIG_FILE,
        )


def _url(course: Course) -> URL:
    try:
        return make_url(course.directory.db_url)
    except (ArgumentError, ValueError) as error:  # not shown: a password may stand in it
        raise UsageError.say(
            "c.CourseDirectory.db_url is no database's address: write it like "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
        ) from error


def _readable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
