"""Feedback pages of an assignment: which, from what, to where."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Assignment, BaseCell, Comment, Notebook, SubmittedAssignment

from autograde.errors import CourseError
from autograde.feedback.exchange_files import pass_on
from autograde.feedback.judged_cells import judged_cells, unreadable
from autograde.feedback.page_job import PageJob, inputs_of, is_unchanged, remember
from autograde.feedback.student_page import Mark, Page, answer_of, cells_of, render, verdict_of
from autograde.files import put
from autograde.grading.answer_key import AnswerKey, KeyCell
from autograde.grading.autograded_files import needs_repair
from autograde.grading.course import Course
from autograde.grading.flag_messages import sentences_of
from autograde.grading.gradebook import SharedGradebook, rows_of_cells
from autograde.grading.results import GRADED, by_hand
from autograde.grading.scores import Graded, read_results, waits_anew
from autograde.roster.people import Person, read_people

PART = 8  # pages that a process makes between two words of progress


@dataclass(frozen=True)
class Written:
    """A page and whether it had to be written."""

    student: str
    path: Path
    fresh: bool


@dataclass(frozen=True)
class Pages:
    """An assignment's pages, and students without one: stock nbgrader's grades say nothing to show, and what
    needs a person has no grade."""

    jobs: list[PageJob]
    without: list[str]
    no_grade: list[str]


def write_feedback(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    students: list[str] | None = None,
    workers: int = 1,
) -> Iterator[Written]:
    """Write `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html` for every graded submission; unchanged pages stay.

    Raises:
        CourseError: a page cannot be written.
    """
    return write_pages(pages_of(course, gradebook, key, students), workers)


def pages_of(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None = None
) -> Pages:
    """The pages that there are to be."""
    graded = read_results(gradebook, key, students)
    without = [student for student, one in graded.items() if one.result.self_reported]
    with_page = {
        student: one
        for student, one in graded.items()
        if one.result.status == GRADED and not one.result.self_reported
    }
    no_grade = [student for student in graded if student not in with_page and student not in without]
    return Pages(list(_jobs(course, gradebook, key, with_page)), without, no_grade)


def write_pages(pages: Pages, workers: int = 1) -> Iterator[Written]:
    """Write them: first those that stay as they are, then the others.

    Args:
        workers: processes that make pages, where there are enough of them.

    Raises:
        CourseError: a page cannot be written.
    """
    changed: list[PageJob] = []
    for job in pages.jobs:
        if is_unchanged(job):
            _pass_on(job)
            yield Written(job.student, job.page, fresh=False)
        else:
            changed.append(job)
    parts = [changed[start : start + PART] for start in range(0, len(changed), PART)]
    if workers == 1 or len(parts) < 3:
        for job in changed:
            yield from _write([job])
        return
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for written in pool.map(_write, parts):
                yield from written
    except BrokenProcessPool as error:
        raise CourseError.say(
            "a process that writes pages was ended, perhaps for want of memory. Type the command again, with "
            "--jobs 1: it goes on"
        ) from error


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


def _write(jobs: list[PageJob]) -> list[Written]:
    """Make some pages, perhaps in a process of their own."""
    written = []
    for job in jobs:
        inputs = inputs_of(job)
        page = render(_page(job)).encode("utf-8", "replace")
        written.append(Written(job.student, job.page, fresh=_put(job.page, page)))
        remember(job, inputs, page)
        _pass_on(job)
    return written


def _pass_on(job: PageJob) -> None:
    try:
        pass_on(job.submission, job.target)
    except OSError as error:
        raise _cannot_write(job.target, error) from error


def _page(job: PageJob) -> Page:
    if needs_repair(job.folder):
        raise CourseError.say(
            "{folder}: a run of `autograde grade` is at work there or broke off; run it again",
            folder=job.folder,
        )
    notebook, result = job.notebook, job.graded.result
    try:
        # As nbformat.read, without its check against the schema: grading wrote this file.
        ran = nbformat.convert(nbformat.reader.reads(job.source.read_text(encoding="utf-8")), 4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise unreadable(job.source) from error
    judged = judged_cells(job.folder, notebook.name)
    titled = {cell.grade_id: cell for cell in notebook.cells.values() if cell.points is not None}
    return Page(
        title=job.title,
        student=job.student,
        name=job.name,
        score=result.score,
        max_score=result.max_score,
        penalty=result.penalty,
        pending=result.pending_manual,
        notes=sentences_of(result.flags),
        marks=[_mark(ran, cell, job, judged.get(cell.grade_id, {})) for cell in _in_order(ran, titled)],
        cells=list(cells_of(ran, notebook)),
    )


def _in_order(ran: nbformat.NotebookNode, titled: dict[str, KeyCell]) -> list[KeyCell]:
    places = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in ran.cells]
    return [titled[index] for index in places if index in titled]


def _mark(ran: nbformat.NotebookNode, cell: KeyCell, job: PageJob, judged: dict[str, Any]) -> Mark:
    notebook, graded = job.notebook, job.graded
    name = f"{notebook.name}/{cell.grade_id}"
    most = graded.row.points.get(name, cell.points)
    cause = judged.get("verdict", {}).get("cause", "")
    waits = waits_anew(graded.row, graded.scores, name)  # points and remark are of the earlier answer
    score = graded.scores.cells.get(name)
    return Mark(
        grade_id=cell.grade_id,
        title=cell.title,
        score=None if waits else score,
        points=most or 0.0,
        summary=cause,
        comment="" if waits else job.comments.get((notebook.name, cell.grade_id), ""),
        answer=answer_of(ran, cell.grade_id, notebook),
        verdict=verdict_of(ran, cell.grade_id),
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


def _put(path: Path, page: bytes) -> bool:
    """Write a page, unless it is there; whether it had to be written."""
    try:
        if path.exists() and path.read_bytes() == page:
            return False
        put(path, page)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return True


def _cannot_write(path: Path, error: OSError) -> CourseError:
    return CourseError(f"{error.filename or path}: {error.strerror}")
