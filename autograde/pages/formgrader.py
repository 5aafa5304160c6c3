"""What is changed in formgrader: it shows the rubric, and a class of 1,000 students does not slow it down.

    ShowRubric    the model answer and its rubric above each answer that a person grades
    speed_up_formgrader()    replaces methods of nbgrader's `NbGraderAPI` and `Gradebook`, in the whole process, by methods that
                  answer the same with fewer queries

A course's configuration asks for both (`autograde/course/configuration.py`).
"""

import os
import re
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import (
    Assignment,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps.api import NbGraderAPI
from nbgrader.utils import is_grade, is_solution, is_task
from sqlalchemy import select
from sqlalchemy.orm import Query, joinedload, object_session
from traitlets import Unicode

from autograde.course.versions import grade_id_of
from autograde.pages.clean import OF_INSTRUCTOR
from descentlab.sentences import say

MARKS = re.compile(r"^[^\S\n]*### .*\n?|=== (?:BEGIN|END) MARK SCHEME ===", re.MULTILINE)
OF_FORMGRADER = {"submission_id", "assignment_id", "notebook_id", "base_url"}


class ShowRubric(Preprocessor):
    """Puts the instructor's model answer above the student's answer in words.

    Students' pages do not pass here: nbgrader's feedback has no `submission_id` among its resources.
    """

    source = Unicode(help="the folder of solutions").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if self.source and resources.keys() >= OF_FORMGRADER:
            model = _model_answers(Path(self.source), resources["assignment_id"], resources["notebook_id"])
            cells = []
            for cell in nb.cells:
                grade_id = grade_id_of(cell)
                if is_for_a_person(cell) and grade_id in model:
                    heading = say(
                        "Model answer and rubric of {cell} (students do not see this)", cell=grade_id
                    )
                    quoted = _words(model[grade_id]).strip().replace("\n", "\n> ")
                    cells.append(new_markdown_cell(f"**{heading}**\n\n> {quoted}", metadata=OF_INSTRUCTOR))
                    cells[-1].attachments = model[grade_id].get("attachments", {})
                cells.append(cell)
            nb.cells = cells
        return nb, resources


def is_for_a_person(cell: NotebookNode) -> bool:
    """Whether only a person can grade a cell."""
    return bool(is_task(cell) or (is_grade(cell) and is_solution(cell)))


def _model_answers(source: Path, assignment: str, notebook: str) -> dict[str, NotebookNode]:
    """By grade_id what the instructor's own notebook has there; nothing where it cannot be read."""
    try:
        model = nbformat.read(source / assignment / f"{notebook}.ipynb", as_version=4)
    except (OSError, ValueError):
        return {}
    return {grade_id_of(cell): cell for cell in model.cells if is_for_a_person(cell)}


def _words(cell: NotebookNode) -> str:
    """A cell as words; an answer in code as code, nbgrader's marks left out."""
    text = MARKS.sub("", cell.source)
    return f"```python\n{text}\n```" if cell.cell_type == "code" else text


def speed_up_formgrader() -> None:
    """Make formgrader's pages of a large class fast; the answers are the same.

    The page of one student asks for each assignment who of the class has submitted and is graded, and for
    everybody's scores: here only for that student's. Every list of a notebook's submissions, and every step
    from one to the next, asks for each student with two queries: here all of them come with one before. Lists
    of scores add up all assignments of the course, several times, and take one of them: here nbgrader's own
    queries see that assignment's rows alone.
    """
    all_submissions, existing = NbGraderAPI.get_student_submissions, NbGraderAPI._filter_existing_notebooks

    def get_student_submissions(api: Any, student_id: str) -> list[dict[str, Any]]:
        return all_submissions(_OfOneStudent(api, student_id), student_id)

    def filter_existing_notebooks(api: Any, assignment_id: str, notebooks: list[Any]) -> list[Any]:
        submissions = _load_students(notebooks)
        filtered = existing(api, assignment_id, notebooks)
        del submissions  # a session keeps what somebody holds
        return filtered

    NbGraderAPI.get_student_submissions = get_student_submissions
    NbGraderAPI._filter_existing_notebooks = filter_existing_notebooks
    Gradebook.submission_dicts = _narrowed(Gradebook.submission_dicts, _of_assignment)
    Gradebook.notebook_submission_dicts = _narrowed(Gradebook.notebook_submission_dicts, _of_notebook)


class _OfOneStudent:
    """An `NbGraderAPI` for which the class is one student."""

    def __init__(self, api: Any, student_id: str) -> None:
        self._api, self._student = api, student_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def get_submission(self, assignment_id: str, student_id: str) -> dict[str, Any] | None:
        return type(self._api).get_submission(self, assignment_id, student_id)

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
            return set()  # submitted again
        return self._if_there(self.coursedir.autograded_directory, assignment_id)

    def _if_there(self, directory: str, assignment_id: str) -> set[str]:
        folder = self.coursedir.format_path(directory, self._student, assignment_id)
        return {self._student} if os.path.isdir(folder) else set()


class _NarrowGradebook:
    """A gradebook whose queries see only some rows of what they select from; also its own session."""

    def __init__(self, gradebook: Any, rows: Any) -> None:
        self.db, self._session, self._rows = self, gradebook.db(), rows

    def query(self, *columns: Any) -> Any:
        class Narrow(Query):
            rows: Any

            def select_from(self, *tables: Any) -> Query:
                return super().select_from(*tables).filter(self.rows)

        made = Narrow(columns, self._session)
        made.rows = self._rows
        return made


def _narrowed(dicts: Callable[..., list[dict]], rows_of: Callable[..., Any]) -> Callable[..., list[dict]]:
    """nbgrader's method, on the rows of what it is asked for."""

    @wraps(dicts)
    def narrowed(gradebook: Any, *names: str) -> list[dict]:
        return dicts(_NarrowGradebook(gradebook, rows_of(gradebook, *names)), *names)

    return narrowed


def _of_assignment(gradebook: Any, assignment: str) -> Any:
    ids = select(Assignment.id).where(Assignment.name == assignment)
    return SubmittedAssignment.assignment_id.in_(gradebook.db.scalars(ids).all())


def _of_notebook(gradebook: Any, notebook: str, assignment: str) -> Any:
    ids = select(Notebook.id).join(Assignment, Assignment.id == Notebook.assignment_id)
    ids = ids.where(Notebook.name == notebook, Assignment.name == assignment)
    return SubmittedNotebook.notebook_id.in_(gradebook.db.scalars(ids).all())


def _load_students(notebooks: Iterable[Any]) -> list[Any]:
    """Whose notebooks they are, so that nothing is asked when each says it."""
    asked = list(notebooks)
    query = (
        select(SubmittedAssignment)
        .where(SubmittedAssignment.id.in_([notebook.assignment_id for notebook in asked]))
        .options(joinedload(SubmittedAssignment.student))
    )
    return list(object_session(asked[0]).scalars(query).unique()) if asked else []
