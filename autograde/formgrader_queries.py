"""What makes nbgrader's pages of a large class slow, asked in another way; the answers are the same.

`NbGraderAPI` is what formgrader's pages ask. No setting says how, so its methods are replaced:

- The page of one student asks for each assignment who of the class has handed in and is graded, and for all
  scores of everybody: here only of that student.
- Every list of a notebook's submissions, and every step from one to the next, asks for each student with two
  queries of its own: here all of them come with one before.

What is left is nbgrader's: its lists of scores add up all assignments of the course, and take one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from nbgrader.api import MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import select
from sqlalchemy.orm import joinedload, object_session

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
        kept = _load_students(notebooks)
        filtered = existing(api, assignment_id, notebooks)
        del kept  # a session keeps what somebody holds
        return filtered

    NbGraderAPI.get_student_submissions = get_student_submissions
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
        place = self.coursedir.format_path(directory, self._student, assignment_id)
        return {self._student} if os.path.isdir(place) else set()


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
