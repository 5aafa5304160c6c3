"""Feedback pages of an assignment: for whom, from what, to where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Assignment, BaseCell, Comment, Notebook, SubmittedAssignment

from autograde.course.answer_key import AnswerKey, KeyCell, KeyNotebook, grade_id_of
from autograde.course.course import Course, Submission
from autograde.course.flags import GONE_NEXT, sentences_of
from autograde.course.gradebook import SharedGradebook, rows_of_cells
from autograde.course.results import GRADED, by_hand
from autograde.course.scores import Graded, read_results, waits_anew
from autograde.errors import CourseError
from autograde.files import put
from autograde.grading.autograded_files import EVIDENCE_FOLDER, is_as_graded, read_evidence
from autograde.pages.exchange import pass_on
from autograde.pages.student_page import Mark, Page, answer_of, cells_of, render, verdict_of
from autograde.people.class_results import gone_of, without_result
from autograde.people.roster import Person, read_people, read_roster

STOCK = "no page, as stock nbgrader graded it: {students}. `autograde grade {assignment}` first"
NO_GRADE = "no page, as there is no grade: {students}. Why: autograde explain {assignment} {first}"
UNGRADED = "no page, as it is not graded yet: {students}. `autograde grade {assignment}` first"
NOT_SUBMITTED = "no page, as nothing was handed in: {students}"


@dataclass(frozen=True)
class PageJob:
    """A page to write: the student's files, marks and comments, and the assignment's notebook."""

    student: str
    name: str
    title: str
    notebook: KeyNotebook
    folder: Path
    target: Path
    submission: Submission
    graded: Graded
    comments: dict[tuple[str, str], str]

    @property
    def path(self) -> Path:
        """Where the page is written."""
        return self.target / f"{self.notebook.name}.html"

    @cached_property
    def ran(self) -> nbformat.NotebookNode:
        """The notebook as it ran.

        Raises:
            CourseError: the file is missing, broken, or not the one that was graded.
        """
        if not is_as_graded(self.folder, self.notebook.name, self.graded.row.products):
            raise CourseError(
                f"{self.folder}: not the files that were graded: edited, missing, or `autograde grade` was "
                "interrupted; run it again"
            )
        path = self.folder / f"{self.notebook.name}.ipynb"
        try:
            # As nbformat.read, without its check against the schema: grading wrote this file.
            return nbformat.convert(nbformat.reader.reads(path.read_text(encoding="utf-8")), 4)
        except (OSError, ValueError, nbformat.ValidationError) as error:
            raise CourseError(f"{path} cannot be read: grade again with `autograde grade`") from error


@dataclass(frozen=True)
class Written:
    """A page, and whether it is new or changed."""

    student: str
    path: Path
    fresh: bool


@dataclass(frozen=True)
class Pages:
    """An assignment's pages, and students without one: stock nbgrader keeps no verdict to show, and what needs
    attention has no grade."""

    assignment: str
    jobs: list[PageJob]
    without: list[str]
    no_grade: list[str]


def write_feedback(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None = None
) -> Iterator[Written]:
    """Write `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html` for every graded submission; unchanged pages stay.

    Raises:
        CourseError: a page cannot be written.
    """
    return write_pages(pages_of(course, gradebook, key, students))


def pages_of(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None = None
) -> Pages:
    """The pages to write, and the students without one."""
    graded = read_results(gradebook, key, students)
    without = [student for student, one in graded.items() if one.result.self_reported]
    with_page = {
        student: one
        for student, one in graded.items()
        if one.result.status == GRADED and not one.result.self_reported
    }
    no_grade = [student for student in graded if student not in with_page and student not in without]
    return Pages(key.assignment, list(_jobs(course, gradebook, key, with_page)), without, no_grade)


def without_pages(
    course: Course, gradebook: SharedGradebook, pages: Pages, everybody: bool
) -> dict[str, Sequence[str]]:
    """The students without a page by the sentence that says why; of the whole roster for `everybody`."""
    without: dict[str, Sequence[str]] = {STOCK: pages.without, NO_GRADE: pages.no_grade}
    if not everybody:
        return without
    known = {job.student for job in pages.jobs}.union(pages.without, pages.no_grade)
    missing, waiting = without_result(course, read_roster(gradebook) or {}, pages.assignment, known)
    gone = sorted(gone_of(course, pages.assignment, known))
    return without | {UNGRADED: waiting, NOT_SUBMITTED: missing, GONE_NEXT: gone}


def write_pages(pages: Pages) -> Iterator[Written]:
    """Write the pages that are new or changed.

    Raises:
        CourseError: a page cannot be written.
    """
    for job in pages.jobs:
        content = render(_page(job)).encode("utf-8", "replace")
        try:
            fresh = not (job.path.exists() and job.path.read_bytes() == content)
            if fresh:
                put(job.path, content)
            pass_on(job.submission, job.target)
        except OSError as error:
            raise CourseError(f"{error.filename or job.path}: {error.strerror}") from error
        yield Written(job.student, job.path, fresh)


def _jobs(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, with_page: dict[str, Graded]
) -> Iterator[PageJob]:
    people = read_people(gradebook)
    comments = _comments(gradebook, key.assignment)
    for student, graded in with_page.items():
        for notebook in key.notebooks.values():
            yield PageJob(
                student=student,
                name=people.get(student, Person(student)).full_name,
                title=key.assignment if len(key.notebooks) == 1 else f"{key.assignment}: {notebook.name}",
                notebook=notebook,
                folder=course.folder("autograded", student, key.assignment),
                target=course.folder("feedback", student, key.assignment),
                submission=course.submission(student, key.assignment),
                graded=graded,
                comments=comments.get(student, {}),
            )


def _page(job: PageJob) -> Page:
    notebook, result, ran = job.notebook, job.graded.result, job.ran
    judged = read_evidence(job.folder / EVIDENCE_FOLDER / f"{notebook.name}.json")["checks"]
    with_points = {cell.grade_id: cell for cell in notebook.cells.values() if cell.points is not None}
    in_order = [with_points[name] for name in map(grade_id_of, ran.cells) if name in with_points]
    return Page(
        title=job.title,
        student=job.student,
        name=job.name,
        score=result.score,
        max_score=result.max_score,
        penalty=result.penalty,
        pending=result.pending_manual,
        notes=sentences_of(result.flags),
        marks=[_mark(job, cell, judged.get(cell.grade_id, {})) for cell in in_order],
        cells=list(cells_of(ran, notebook)),
    )


def _mark(job: PageJob, cell: KeyCell, judged: dict[str, Any]) -> Mark:
    notebook, graded = job.notebook, job.graded
    name = f"{notebook.name}/{cell.grade_id}"
    stale = waits_anew(graded.row, graded.scores, name)  # points and comment are of an earlier answer
    score = graded.scores.cells.get(name)
    return Mark(
        grade_id=cell.grade_id,
        title=cell.title,
        score=None if stale else score,
        points=graded.row.points.get(name, cell.points) or 0.0,
        summary=judged.get("verdict", {}).get("cause", ""),
        comment="" if stale else job.comments.get((notebook.name, cell.grade_id), ""),
        answer=answer_of(job.ran, cell.grade_id, notebook),
        verdict=verdict_of(job.ran, cell.grade_id),
        manual=cell.manual,
        by_hand=by_hand(score, graded.scores.overruled(name, cell)),
    )


def _comments(gradebook: SharedGradebook, assignment: str) -> dict[str, dict[tuple[str, str], str]]:
    columns = SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Comment.comment
    query = rows_of_cells(Comment, *columns).where(Assignment.name == assignment)
    comments: dict[str, dict[tuple[str, str], str]] = {}
    for student, notebook, grade_id, comment in gradebook.db.execute(query):
        if comment:
            comments.setdefault(student, {})[notebook, grade_id] = comment
    return comments
