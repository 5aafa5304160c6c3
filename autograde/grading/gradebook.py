"""nbgrader's gradebook through one connection, with one transaction a batch of submissions.

nbgrader's steps each open a `Gradebook` of their own, commit after every row and close it. Here

    with gradebook.transaction(), gradebook.lent():
        …                                             # nbgrader's steps, and rows of ours

lends them one gradebook that stays open:

    `transaction`   the only thing that ends one. While it is open every `commit` is put off to its end; an
                    error rolls all of it back. Outside a transaction `commit` commits.
    `lent`          whoever asks nbgrader for a `Gradebook` gets a `Loan` of this one. To close the loan is to
                    hand over what was written; it neither commits nor closes the connection.
    `look_up`       some students' rows in few queries, before steps ask for each.
    `close`         closes the connection.

So a submission's grades are few statements, and appear all at once or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any

from nbgrader import preprocessors
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import generate_assignment
from sqlalchemy import Index, Select, bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, scoped_session, selectinload, sessionmaker

from autograde.errors import CourseError, MachineError
from autograde.transactional import TransactionalGradebook

# A student's rows are looked up by these columns: without an index each look goes through the whole class.
INDEXES = (
    Index("autograde_submitted_notebook", SubmittedNotebook.__table__.c.assignment_id),
    Index("autograde_grade", Grade.__table__.c.notebook_id),
    Index("autograde_comment", Comment.__table__.c.notebook_id),
)

# nbgrader's modules that open a gradebook while a release is made or a submission is saved.
MODULES_THAT_OPEN_A_GRADEBOOK = (
    generate_assignment,
    preprocessors.getgrades,
    preprocessors.latesubmissions,
    preprocessors.overwritecells,
    preprocessors.overwritekernelspec,
    preprocessors.saveautogrades,
    preprocessors.savecells,
)


class DeferringSession(Session):
    """A session whose `commit` waits for the end of the transaction that is open."""

    deferring = False

    def commit(self) -> None:
        """Commit, or leave it to the transaction: a query or the next `flush` sees what was written."""
        if not self.deferring:
            super().commit()


class Loan:
    """A shared gradebook as nbgrader's steps know one: they open it, use it and close it."""

    def __init__(self, gradebook: SharedGradebook, at_once: bool = True) -> None:
        self._gradebook, self._at_once = gradebook, at_once

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gradebook, name)

    def __enter__(self) -> Loan:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is None:
            self.close()

    def close(self) -> None:
        """Hand over what was written: the lender decides whether it stays."""
        if self._at_once:
            self._gradebook.db.flush()


class SharedGradebook(TransactionalGradebook):
    """The course's gradebook: `transaction` writes, `lent` lends it to nbgrader's steps, `close` ends it."""

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self.db.remove()
        self.db = scoped_session(sessionmaker(class_=DeferringSession, bind=self.engine, future=True))
        self._loaded: dict[tuple, Any] = {}  # of the transaction that runs
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="autograde-commit")
        self._behind: Future[None] | None = None

    def add_indexes(self) -> None:
        """Make the indexes that are not there; who may not make them goes on without, only slower."""
        with suppress(DBAPIError):
            for index in INDEXES:
                index.create(self.engine, checkfirst=True)

    def look_up(self, assignment: str, students: Collection[str]) -> None:
        """Load what there is of these students' submissions; until the transaction ends nothing of it, and
        nothing that is not there, is asked for again."""
        asked = {"assignment": assignment, "students": list(students)}
        self._loaded[Assignment, assignment] = self.find_assignment(assignment)
        self._loaded |= {(Student, student): None for student in students}
        self._loaded |= {(Student, one.id): one for one in self.db.scalars(STUDENTS, asked)}
        self._loaded |= {(SubmittedAssignment, assignment, student): None for student in students}
        submitted = {one.student_id: one for one in self.db.scalars(SUBMISSIONS, asked)}
        for student, one in submitted.items():
            self._loaded[SubmittedAssignment, assignment, student] = one
        for kind, query in ROWS_OF_CELLS.items() if submitted else ():
            self._loaded |= {(kind, assignment, student): {} for student in submitted}
            for student, notebook, cell, row in self.db.execute(query, asked):
                self._loaded[kind, assignment, student][notebook, cell] = row

    def find_assignment(self, name: str) -> Assignment:
        """As nbgrader's."""
        return self._loaded.get((Assignment, name)) or super().find_assignment(name)

    def add_student(self, student_id: str, **fields: Any) -> Student:
        """As nbgrader's; who was just added is not asked for again."""
        made = super().add_student(student_id, **fields)
        self._loaded[Student, student_id] = made
        return made

    def find_student(self, student_id: str) -> Student:
        """As nbgrader's."""
        return self._known_row(Student, student_id) or super().find_student(student_id)

    def add_submission(self, assignment: str, student: str, **fields: Any) -> SubmittedAssignment:
        """As nbgrader's; what was just added is not asked for again."""
        with self.db.no_autoflush:  # one flush of the whole, scores included, not one of each piece
            made = super().add_submission(assignment, student, **fields)
        self._loaded[SubmittedAssignment, assignment, student] = made
        for kind, name in ((Grade, "grades"), (Comment, "comments")):
            self._loaded[kind, assignment, student] = {
                (notebook.name, names[one.cell_id]): one
                for notebook, names in _cell_names(made)
                for one in getattr(notebook, name)
            }
        return made

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """As nbgrader's."""
        row = self._known_row(SubmittedAssignment, assignment, student)
        return row or super().find_submission(assignment, student)

    def _known_row(self, *key: Any) -> Any:
        """What was looked up or added; None where nobody looked.

        Raises:
            MissingEntry: it was looked up, and is not there.
        """
        if self._loaded.get(key, self) is None:
            raise MissingEntry(" ".join(map(str, key[1:])))
        return self._loaded.get(key)

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """As nbgrader's."""
        made = self._loaded.get((SubmittedAssignment, assignment, student))
        for submitted in made.notebooks if made else ():
            if submitted.name == notebook:
                return submitted
        return super().find_submission_notebook(notebook, assignment, student)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """As nbgrader's, from one query for the whole submission."""
        grade = self._of_submission(Grade, assignment, student).get((notebook, grade_cell))
        return grade or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """As nbgrader's, from one query for the whole submission."""
        comment = self._of_submission(Comment, assignment, student).get((notebook, solution_cell))
        return comment or super().find_comment(solution_cell, notebook, assignment, student)

    def _of_submission(
        self, kind: type[Grade] | type[Comment], assignment: str, student: str
    ) -> dict[tuple[str, str], Any]:
        key = (kind, assignment, student)
        if key not in self._loaded:
            query = rows_of_cells(kind, Notebook.name, BaseCell.name, kind).where(
                Assignment.name == assignment, SubmittedAssignment.student_id == student
            )
            rows = self.db.execute(query)
            self._loaded[key] = {(notebook, cell): row for notebook, cell, row in rows}
        return self._loaded[key]

    def close(self) -> None:
        """Close the connection; what was not committed is lost."""
        with suppress(CourseError):
            self.await_commit()
        self._thread.shutdown()
        super().close()

    @contextmanager
    def transaction(
        self,
        keep: bool = True,
        behind: bool = False,
        before: Callable[[], None] = lambda: None,
        then: Callable[[], None] = lambda: None,
    ) -> Iterator[None]:
        """Commit what happens inside as one, or roll all of it back: on an error, or with `keep=False`.

        `before` is called right before the commit; an error there rolls back, too. `then` is called once it
        is committed, and only then. All this is milliseconds of waiting for the disk: with `behind=True` it
        goes on while the caller does other work, and has happened when `await_commit` has returned.

        Raises:
            CourseError: the database itself refuses (locked, full, read-only).
        """
        self.await_commit()
        session = self.db()
        if session.deferring:
            raise RuntimeError("a transaction is open already")
        with self._all_or_nothing():
            session.deferring = True
            try:
                yield
                session.flush()
            finally:
                session.deferring = False
            if not keep:
                session.rollback()
            elif not behind:
                _commit(session, before, then)
        if keep and behind:
            self._behind = self._thread.submit(_commit, session, before, then)

    def await_commit(self) -> None:
        """Wait for the commit that goes on behind, if there is one.

        Raises:
            CourseError: the database refused; nothing of that transaction is kept.
        """
        if self._behind is None:
            return
        wait([self._behind])  # who interrupts this leaves the commit to whoever waits next
        behind, self._behind = self._behind, None
        with self._all_or_nothing():
            behind.result()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._loaded.clear()
        try:
            with refusals():
                yield
        except BaseException:
            self.db.rollback()
            raise
        finally:
            self._loaded.clear()
            self.db.expunge_all()  # a class of 10,000 takes no more memory than one of ten

    @contextmanager
    def lent(self, at_once: bool = True) -> Iterator[None]:
        """While inside, nbgrader's steps that ask for a `Gradebook` get a loan of this one.

        What they wrote goes to the database when they close the loan, or, with `at_once=False`, when
        somebody asks the database or flushes the session.
        """

        def lend(*_: Any, **__: Any) -> Loan:
            return Loan(self, at_once)

        try:
            for module in MODULES_THAT_OPEN_A_GRADEBOOK:
                module.Gradebook = lend
            yield
        finally:
            for module in MODULES_THAT_OPEN_A_GRADEBOOK:
                module.Gradebook = Gradebook


def _commit(session: Session, before: Callable[[], None], then: Callable[[], None]) -> None:
    before()
    session.commit()
    then()


@contextmanager
def refusals() -> Iterator[None]:
    """Where the database itself refuses (locked, damaged, of another version), say so.

    Raises:
        MachineError: somebody else has just written what is to be written; of one submission only.
        CourseError: with the database's own words.
    """
    try:
        yield
    except IntegrityError as error:
        raise MachineError.say("the gradebook refused: {reason}", reason=error.orig) from error
    except DBAPIError as error:
        raise CourseError.say("the gradebook refused: {reason}", reason=error.orig) from error


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


def _cell_names(submitted: SubmittedAssignment) -> Iterator[tuple[SubmittedNotebook, dict[str, str]]]:
    """Each notebook of a submission, in the database or not yet, and its cells' names by their ids."""
    for notebook in submitted.notebooks:
        released = notebook.notebook
        cells = (*released.grade_cells, *released.solution_cells, *released.task_cells)
        yield notebook, {cell.id: cell.name for cell in cells}


# Made once: to put a query together costs as much as to ask it.
OF_SOME = (
    Assignment.name == bindparam("assignment"),
    SubmittedAssignment.student_id.in_(bindparam("students", expanding=True)),
)
STUDENTS = select(Student).where(Student.id.in_(bindparam("students", expanding=True)))
SUBMISSIONS = (
    select(SubmittedAssignment)
    .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    .where(*OF_SOME)
    .options(selectinload(SubmittedAssignment.notebooks))
)
ROWS_OF_CELLS = {
    kind: rows_of_cells(kind, SubmittedAssignment.student_id, Notebook.name, BaseCell.name, kind).where(
        *OF_SOME
    )
    for kind in (Grade, Comment)
}
