"""nbgrader's gradebook through one connection, with one transaction a submission.

nbgrader's steps each open a `Gradebook` of their own, commit after every row and close it. Here

    with gradebook.transaction(), gradebook.shared():
        …                                             # nbgrader's steps, and our own rows

gives them one gradebook that stays open, so that a submission's grades appear all at once or not at all:

    `transaction`   the only thing that commits. Inside it every other `commit` is deferred to its end; an
                    error rolls everything back. Outside a transaction `commit` commits.
    `shared`        whatever asks nbgrader for a `Gradebook` gets this one, and cannot close its connection.

Who only reads takes a `snapshot`.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from copy import copy
from glob import iglob
from itertools import islice
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import URL, Engine, Index, Select, StaticPool, create_engine, exc, make_url, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograde.book.tables import make_tables
from autograde.course import configuration
from autograde.course.course import Course
from autograde.errors import CourseError, MachineError, UsageError
from autograde.installed import remedy

# Without an index every look-up of a student's rows scans the whole class.
INDEXES = (
    Index("autograde_submitted_notebook", SubmittedNotebook.__table__.c.assignment_id),
    Index("autograde_grade", Grade.__table__.c.notebook_id),
    Index("autograde_comment", Comment.__table__.c.notebook_id),
)


class DeferringSession(Session):
    """A session whose `commit` waits for the end of the open transaction."""

    deferring = False

    def commit(self) -> None:
        """Commit, or leave it to the transaction: queries and the next `flush` still see what was written."""
        if not self.deferring:
            super().commit()


class SharedGradebook(Gradebook):
    """The course's gradebook: `transaction` writes, `shared` gives it to nbgrader's steps, `close` ends it."""

    def __init__(self, db_url: str, course_id: str) -> None:  # not nbgrader's, which makes tables one by one
        self.engine = create_engine(db_url)
        try:
            make_tables(self.engine, course_id)
        except BaseException:
            self.engine.dispose()
            raise
        self.db: Any = _session(self.engine)
        self.course_id, self.authenticator = course_id, None
        self._cells: dict[tuple, dict[str, Any]] = {}  # of the open transaction
        self._is_shared = False

    def close(self) -> None:
        """Close the connection; nothing where nbgrader's steps, which share it, are done."""
        if not self._is_shared:
            super().close()

    def add_indexes(self) -> None:
        """Make missing indexes; without the right to make them everything works, only slower."""
        with suppress(exc.DBAPIError):
            for index in INDEXES:
                index.create(self.engine, checkfirst=True)

    def add_submission(self, assignment: str, student: str, **fields: Any) -> SubmittedAssignment:
        """As nbgrader's, flushed once it is whole."""
        with self.db.no_autoflush:
            return super().add_submission(assignment, student, **fields)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """As nbgrader's, with one query for the whole submission."""
        grade = self._of_submission(Grade, assignment, student).get(f"{notebook}/{grade_cell}")
        return grade or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """As nbgrader's, with one query for the whole submission."""
        comment = self._of_submission(Comment, assignment, student).get(f"{notebook}/{solution_cell}")
        return comment or super().find_comment(solution_cell, notebook, assignment, student)

    def notebooks_of(self, assignment: str) -> list[str]:
        """The names of an assignment's notebooks, in order; none of one that is not registered."""
        return self.db.scalars(
            select(Notebook.name)
            .join(Assignment)
            .where(Assignment.name == assignment)
            .order_by(Notebook.name)
        ).all()

    def grade_of(self, name: str, assignment: str, student: str) -> Grade:
        """As `find_grade`, of "notebook/grade_id"."""
        notebook, _, grade_id = name.rpartition("/")
        return self.find_grade(grade_id, notebook, assignment, student)

    def comment_of(self, name: str, assignment: str, student: str) -> Comment:
        """As `find_comment`, of "notebook/grade_id"."""
        notebook, _, grade_id = name.rpartition("/")
        return self.find_comment(grade_id, notebook, assignment, student)

    def _of_submission(
        self, kind: type[Grade] | type[Comment], assignment: str, student: str
    ) -> dict[str, Any]:
        key = (kind, assignment, student)
        if key not in self._cells or not self.db().deferring:
            query = rows_of_cells(kind, assignment, kind).where(SubmittedAssignment.student_id == student)
            self._cells[key] = {name: row for _, name, row in self.db.execute(query)}
        return self._cells[key]

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[None]:
        """Commit what happens inside as one, or roll all of it back: on an error, or with `keep=False`.

        Raises:
            CourseError: the database itself refuses (locked, full, read-only).
        """
        session = self.db()
        if session.deferring:
            raise RuntimeError("a transaction is open already")
        self._cells.clear()
        try:
            with refusals():
                session.deferring = True
                try:
                    yield
                    session.flush()
                finally:
                    session.deferring = False
                (session.commit if keep else session.rollback)()
        except BaseException:
            self.db.rollback()
            raise
        finally:
            self._cells.clear()
            self.db.expunge_all()  # a class of 10,000 takes no more memory than one of ten

    @contextmanager
    def snapshot(self) -> Iterator["SharedGradebook"]:
        """The gradebook as it is now, to read: it shows nothing that is written later, and refuses to be written.

        Of a file it is a copy in memory, as a reader who stays in the file keeps others from writing.
        """
        taken = copy(self)
        if self.engine.dialect.name == "sqlite":
            taken.engine = _in_memory(self.engine)
        else:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            taken.engine = self.engine.execution_options(**options)
        taken.db, taken._cells = _session(taken.engine), {}
        with closing(taken):
            yield taken

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While inside, nbgrader's steps that ask for a `Gradebook` get this one."""
        self._is_shared = True
        try:
            with configuration.sharing(self):
                yield
        finally:
            self._is_shared = False


def _session(engine: Engine) -> scoped_session:
    return scoped_session(sessionmaker(class_=DeferringSession, bind=engine))


def _in_memory(engine: Engine) -> Engine:
    """A copy of a gradebook in a file."""
    copied = sqlite3.connect(":memory:", check_same_thread=False)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        # Gives up on a locked file; `backup` does not.
        connection.exec_driver_sql("SELECT 1 FROM sqlite_master")
        connection.connection.driver_connection.backup(copied)
    copied.execute("PRAGMA query_only = ON")
    return create_engine("sqlite://", creator=lambda: copied, poolclass=StaticPool)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a database error (locked, damaged, another version) into one of ours.

    Raises:
        MachineError: another process has just written the same row; concerns one submission only.
        CourseError: with the database's own words.
    """
    try:
        yield
    except exc.IntegrityError as error:
        raise MachineError(f"the gradebook refused: {error.orig}") from error
    except exc.DBAPIError as error:
        raise CourseError(f"the gradebook refused: {error.orig}") from error


def rows_of_cells(kind: type[Grade] | type[Comment], assignment: Any, *columns: Any) -> Select:
    """A query for an assignment's grades or comments: whose it is, its "notebook/grade_id", and these columns."""
    return (
        select(SubmittedAssignment.student_id, Notebook.name + "/" + BaseCell.name, *columns)
        .select_from(kind)
        .join(SubmittedNotebook)
        .join(SubmittedAssignment)
        .join(Assignment)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .where(Assignment.name == assignment)
    )


DEFAULT_COURSE_ID = "default_course"  # what nbgrader calls a course without a name of its own
# Of any other form a part of a password might pass for one of the host or the database, and be shown.
ADDRESS_PART = r"[^\s:/@?#=;]*"
ADDRESS = re.compile(
    rf"[\w+]+://({ADDRESS_PART}(:{ADDRESS_PART})?@)?({ADDRESS_PART}|\[[\da-f:]+\])(:\d+)?(/{ADDRESS_PART})?(\?\S*)?"
)
SAMPLE_SIZE = 500  # graded submissions, of which the gradebook knows one


def has_gradebook(course: Course) -> bool:
    """Whether the course has a gradebook already; a database server is assumed to have one."""
    url = address_of(course)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def open_gradebook(course: Course) -> SharedGradebook:
    """The course's gradebook, made where there is none.

    Raises:
        UsageError: it cannot be opened, is not a gradebook, or not the one of what is graded in the course.
    """
    _require_not_lost(course)
    url, address = course.directory.db_url, address_of(course)
    path = Path(address.database or "")
    if url.startswith("sqlite") and path.exists() and not _readable(path):
        raise UsageError(f"{path}: cannot be read and written. Check its owner and permissions.")
    try:
        gradebook = SharedGradebook(url, course.directory.course_id or DEFAULT_COURSE_ID)
    except (ImportError, exc.NoSuchModuleError) as error:
        raise UsageError(
            f"the gradebook {shown(address)} needs a driver that is not installed ({error}). For "
            f"PostgreSQL write postgresql+psycopg://… and {remedy('postgresql')}"
        ) from error
    except exc.OperationalError as error:
        raise UsageError(f"the gradebook {shown(address)} cannot be opened: {reason_of(error)}.") from error
    except exc.DBAPIError as error:
        raise UsageError(f"{shown(address)} is not a gradebook: {reason_of(error)}.") from error
    with refusals():
        _require_its_own(course, gradebook)
    return gradebook


@contextmanager
def opened_gradebook(course: Course) -> Iterator[SharedGradebook]:
    """The course's gradebook, made where there is none; closed at the end.

    Raises:
        UsageError: it cannot be opened or is not a gradebook.
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
    if not (
        has_gradebook(course)
        or (course.root / configuration.CONFIG_FILE).exists()
        or course.source_assignments()
    ):
        raise UsageError(
            f"no course in {course.root}: it has no {configuration.CONFIG_FILE} and no gradebook. Go to the "
            "course's folder, or give it with --course-dir."
        )


def _require_not_lost(course: Course) -> None:
    if not has_gradebook(course) and any(_graded(course)):
        raise _lost(course, "is missing")


def _require_its_own(course: Course, gradebook: SharedGradebook) -> None:
    """Refuse a gradebook without this course's grades: it is new, or belongs to another course.

    Raises:
        UsageError: naming what to do.
    """
    graded = list(islice(_graded(course), SAMPLE_SIZE))
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
    return UsageError(
        f"the gradebook {shown(address_of(course))} {what}, and there is graded work in "
        f"{course.directory.autograded_directory}/. Put a backup in its place."
    )


def address_of(course: Course) -> URL:
    """The gradebook's address.

    Raises:
        UsageError: it is none; the error does not show it, as it may contain a password.
    """
    text = course.directory.db_url
    try:
        url = make_url(text)
        if url.get_backend_name() == "sqlite" or ADDRESS.fullmatch(text):
            return url
    except (exc.ArgumentError, ValueError):
        pass
    raise UsageError(
        "c.CourseDirectory.db_url is not a database's address: write it like "
        "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE. In PASSWORD write %40 for @, so for : / ? # = ;"
    ) from None


def shown(url: URL) -> str:
    """A gradebook's address as messages have it: without a password, and what else may be one."""
    return url.set(query={}).render_as_string()


def reason_of(error: Exception) -> str:
    """A database's own message, in one line."""
    return " ".join(str(getattr(error, "orig", error)).split()).rstrip(".")


def _readable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False


def gradebook_files(course: Course) -> list[Path]:
    """Where grades, or the way to them, may lie next to the course's own folder: the database's file and those
    that SQLite puts next to it; PostgreSQL's passwords."""
    url = make_url(course.directory.db_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return [Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")]
    return [Path(f"{url.database}{ending}").absolute() for ending in ("", "-wal", "-shm", "-journal")]
