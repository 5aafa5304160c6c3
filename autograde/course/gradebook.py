"""nbgrader's gradebook through one connection, with one transaction a submission.

nbgrader's steps each open a `Gradebook` of their own, commit after every row and close it. Here

    with gradebook.transaction(), gradebook.lent():
        …                                             # nbgrader's steps, and our own rows

lends them one gradebook that stays open, so that a submission's grades appear all at once or not at all:

    `transaction`   the only thing that commits. Inside it every other `commit` is deferred to its end; an
                    error rolls everything back. Outside a transaction `commit` commits.
    `lent`          whatever asks nbgrader for a `Gradebook` gets a `Loan` of this one, which neither commits
                    nor closes the connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from sqlalchemy import Index, Select, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograde.course import nbgrader_patches
from autograde.errors import CourseError, MachineError

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


class Loan:
    """A shared gradebook as nbgrader's steps expect one: they open it, use it and close it."""

    def __init__(self, gradebook: SharedGradebook) -> None:
        self._gradebook = gradebook

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gradebook, name)

    def __enter__(self) -> Loan:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is None:
            self.close()

    def close(self) -> None:
        """Write to the database; the lender decides whether to commit."""
        self._gradebook.db.flush()


class SharedGradebook(Gradebook):
    """The course's gradebook: `transaction` writes, `lent` lends it to nbgrader's steps, `close` ends it."""

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self.db.remove()
        self.db: Any = scoped_session(sessionmaker(class_=DeferringSession, bind=self.engine, future=True))
        self._cells: dict[tuple, dict[tuple[str, str], Any]] = {}  # of the open transaction

    def add_indexes(self) -> None:
        """Make missing indexes; without the right to make them everything works, only slower."""
        with suppress(DBAPIError):
            for index in INDEXES:
                index.create(self.engine, checkfirst=True)

    def add_submission(self, assignment: str, student: str, **fields: Any) -> SubmittedAssignment:
        """As nbgrader's, flushed once it is whole."""
        with self.db.no_autoflush:
            return super().add_submission(assignment, student, **fields)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """As nbgrader's, with one query for the whole submission."""
        grade = self._of_submission(Grade, assignment, student).get((notebook, grade_cell))
        return grade or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """As nbgrader's, with one query for the whole submission."""
        comment = self._of_submission(Comment, assignment, student).get((notebook, solution_cell))
        return comment or super().find_comment(solution_cell, notebook, assignment, student)

    def _of_submission(
        self, kind: type[Grade] | type[Comment], assignment: str, student: str
    ) -> dict[tuple[str, str], Any]:
        key = (kind, assignment, student)
        if key not in self._cells or not self.db().deferring:
            query = rows_of_cells(kind, Notebook.name, BaseCell.name, kind).where(
                Assignment.name == assignment, SubmittedAssignment.student_id == student
            )
            self._cells[key] = {(notebook, cell): row for notebook, cell, row in self.db.execute(query)}
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
    def lent(self) -> Iterator[None]:
        """While inside, nbgrader's steps that ask for a `Gradebook` get a loan of this one."""
        with nbgrader_patches.lent(lambda *_, **__: Loan(self)):
            yield


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a database error (locked, damaged, another version) into one of ours.

    Raises:
        MachineError: another process has just written the same row; concerns one submission only.
        CourseError: with the database's own words.
    """
    try:
        yield
    except IntegrityError as error:
        raise MachineError(f"the gradebook refused: {error.orig}") from error
    except DBAPIError as error:
        raise CourseError(f"the gradebook refused: {error.orig}") from error


def rows_of_cells(kind: type[Grade] | type[Comment], *columns: Any) -> Select:
    """A query for grades or comments, beside each its cell, its notebook and whose submission it is in."""
    return (
        select(*columns)
        .select_from(kind)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
    )
