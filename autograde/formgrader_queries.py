"""What makes nbgrader's pages of a large class slow, asked in another way; the answers are the same.

`NbGraderAPI` is what formgrader's pages ask. No setting says how, so its methods are replaced:

- The page of one student asks for each assignment who of the class has handed in and is graded, and for all
  scores of everybody: here only of that student.
- Every list of a notebook's submissions, and every step from one to the next, asks for each student with two
  queries of its own: here all of them come with one before.
- Lists of scores add up all assignments of the course, several times, and take one of them: here nbgrader's
  own queries see that assignment's rows alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Query, joinedload, object_session

MOST_ASKED = 500  # ids in one query: SQLite takes so many, however old it is


def ask_less() -> None:
    """Put them in place, once in a process."""
    if getattr(NbGraderAPI, "asks_less", False):
        return
    all_submissions, existing = NbGraderAPI.get_student_submissions, NbGraderAPI._filter_existing_notebooks

    def get_student_submissions(api: NbGraderAPI, student_id: str) -> list[dict[str, Any]]:
        return all_submissions(_OfOneStudent(api, student_id), student_id)

    def filter_existing_notebooks(
        api: NbGraderAPI, assignment_id: str, notebooks: list[SubmittedNotebook]
    ) -> list[SubmittedNotebook]:
        submissions = _load_students(notebooks)
        filtered = existing(api, assignment_id, notebooks)
        del submissions  # a session keeps what somebody holds
        return filtered

    NbGraderAPI.get_student_submissions = get_student_submissions
    Gradebook.submission_dicts = _narrowed(Gradebook.submission_dicts, _of_assignment)
    Gradebook.notebook_submission_dicts = _narrowed(Gradebook.notebook_submission_dicts, _of_notebook)
    NbGraderAPI._filter_existing_notebooks = filter_existing_notebooks
    NbGraderAPI.asks_less = True


class _OfOneStudent:
    """An `NbGraderAPI` for which the class is one student."""

    def __init__(self, api: NbGraderAPI, student_id: str) -> None:
        self._api, self._student = api, student_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def get_submission(self, assignment_id: str, student_id: str) -> dict[str, Any] | None:
        return NbGraderAPI.get_submission(self, assignment_id, student_id)

    def get_students(self) -> list[dict[str, Any]]:
        with self.gradebook as gradebook:
            try:
                student = gradebook.find_student(self._student)
            except MissingEntry:
                return []
            names = {"last_name": student.last_name, "first_name": student.first_name}
        return [{"id": self._student, **names}]

    def get_submitted_students(self, assignment_id: str) -> set[str]:
        return self._if_there(self.coursedir.submitted_directory, assignment_id)

    def get_autograded_students(self, assignment_id: str) -> set[str]:
        with self.gradebook as gradebook:
            try:
                graded = gradebook.find_submission(assignment_id, self._student).timestamp
            except MissingEntry:
                return set()
        if self.get_submitted_timestamp(assignment_id, self._student) != graded:
            return set()  # handed in anew
        return self._if_there(self.coursedir.autograded_directory, assignment_id)

    def _if_there(self, directory: str, assignment_id: str) -> set[str]:
        folder = self.coursedir.format_path(directory, self._student, assignment_id)
        return {self._student} if os.path.isdir(folder) else set()


class _NarrowQuery(Query):
    """A query in which whatever is selected from has only some rows."""

    rows: ColumnElement[bool]

    def select_from(self, *tables: Any) -> Query:
        return super().select_from(*tables).filter(self.rows)


class _NarrowGradebook:
    """A gradebook whose queries see only some rows of what they select from; also its own session."""

    def __init__(self, gradebook: Gradebook, rows: ColumnElement[bool]) -> None:
        self.db, self._session, self._rows = self, gradebook.db(), rows

    def query(self, *columns: Any) -> _NarrowQuery:
        made = _NarrowQuery(columns, self._session)
        made.rows = self._rows
        return made


def _narrowed(dicts: Callable[..., list[dict]], rows_of: Callable[..., ColumnElement[bool]]) -> Callable:
    """nbgrader's method, on the rows of what it is asked for."""

    @wraps(dicts)
    def narrowed(gradebook: Gradebook, *names: str) -> list[dict]:
        return dicts(_NarrowGradebook(gradebook, rows_of(gradebook, *names)), *names)

    return narrowed


def _of_assignment(gradebook: Gradebook, assignment: str) -> ColumnElement[bool]:
    ids = select(Assignment.id).where(Assignment.name == assignment)
    return SubmittedAssignment.assignment_id.in_(gradebook.db.scalars(ids).all())


def _of_notebook(gradebook: Gradebook, notebook: str, assignment: str) -> ColumnElement[bool]:
    ids = select(Notebook.id).join(Assignment, Assignment.id == Notebook.assignment_id)
    ids = ids.where(Notebook.name == notebook, Assignment.name == assignment)
    return SubmittedNotebook.notebook_id.in_(gradebook.db.scalars(ids).all())


def _load_students(notebooks: Iterable[SubmittedNotebook]) -> list[SubmittedAssignment]:
    """Whose notebooks they are, so that nothing is asked when each says it."""
    asked = list(notebooks)
    loaded: list[SubmittedAssignment] = []
    for start in range(0, len(asked), MOST_ASKED):
        part = asked[start : start + MOST_ASKED]
        query = (
            select(SubmittedAssignment)
            .where(SubmittedAssignment.id.in_([notebook.assignment_id for notebook in part]))
            .options(joinedload(SubmittedAssignment.student))
        )
        loaded += object_session(part[0]).scalars(query).unique()
    return loaded
