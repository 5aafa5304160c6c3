"""Feedback pages of an assignment: which, from what, to where."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Notebook,
    Student,
    SubmittedAssignment,
)
from sqlalchemy import select

from autograde.errors import CourseError
from autograde.feedback.exchange_files import pass_on
from autograde.feedback.judged_cells import judged_cells, unreadable
from autograde.feedback.student_page import Mark, Page, answer_of, cells_of, render, verdict_of
from autograde.files import put
from autograde.grading.answer_key import AnswerKey, KeyCell, KeyNotebook
from autograde.grading.autograded_files import needs_repair
from autograde.grading.course import Course, Submission
from autograde.grading.flag_messages import sentences_of
from autograde.grading.gradebook import SharedGradebook, rows_of_cells
from autograde.grading.results import GRADED
from autograde.grading.scores import Graded, read_results

PART = 8  # pages that a process makes between two words of progress


@dataclass(frozen=True)
class Written:
    """A page and whether it had to be written."""

    student: str
    path: Path
    fresh: bool


@dataclass(frozen=True)
class _Job:
    """One page to be made: of whom, from where, to where."""

    student: str
    name: str
    notebook: str
    folder: Path
    target: Path
    submission: Submission
    graded: Graded
    comments: dict[tuple[str, str], str]


def write_feedback(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    students: list[str] | None = None,
    workers: int = 1,
) -> Iterator[Written]:
    """Write `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html` for every graded submission; unchanged pages stay.

    Args:
        workers: processes that make pages, where there are enough of them.

    Raises:
        CourseError: a page cannot be written.
    """
    jobs = list(_jobs(course, gradebook, key, students))
    parts = [jobs[start : start + PART] for start in range(0, len(jobs), PART)]
    if workers == 1 or len(parts) < 3:
        for part in parts:
            for job in part:
                yield from _write(key, [job])
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for written in pool.map(partial(_write, key), parts):
            yield from written


def pages_to_write(gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None = None) -> int:
    """How many pages there will be."""
    return len(key.notebooks) * len(_with_page(gradebook, key, students))


def _with_page(gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None) -> dict[str, Graded]:
    return {
        student: one
        for student, one in read_results(gradebook, key, students).items()
        if one.result.status == GRADED and not one.result.self_reported
    }


def _jobs(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, students: list[str] | None
) -> Iterator[_Job]:
    names = {student.id: _name(student) for student in gradebook.db.scalars(select(Student))}
    comments = _comments(gradebook, key.assignment)
    for student, graded in _with_page(gradebook, key, students).items():
        folder = course.folder("autograded", student, key.assignment)
        target = course.folder("feedback", student, key.assignment)
        collected = course.folder("submitted", student, key.assignment)
        submission = Submission(student, key.assignment, collected)
        for name in key.notebooks:
            said = comments.get(student, {})
            yield _Job(student, names.get(student, ""), name, folder, target, submission, graded, said)


def _write(key: AnswerKey, jobs: list[_Job]) -> list[Written]:
    """Make some pages, perhaps in a process of their own."""
    written = []
    for job in jobs:
        page = _page(job.folder, key.notebooks[job.notebook], job.graded, key, job.comments)
        text = render(Page(**{**page, "student": job.student, "name": job.name}))
        written.append(Written(job.student, *_put(job.target / f"{job.notebook}.html", text)))
        pass_on(job.submission, job.target)
    return written


def without_page(gradebook: SharedGradebook, key: AnswerKey) -> list[str]:
    """Students whose grade is stock nbgrader's: nothing is known of it that a page could say."""
    graded = read_results(gradebook, key)
    return [student for student, one in graded.items() if one.result.self_reported]


def _page(
    folder: Path,
    notebook: KeyNotebook,
    graded: Graded,
    key: AnswerKey,
    comments: dict[tuple[str, str], str],
) -> dict[str, Any]:
    source = folder / f"{notebook.name}.ipynb"
    if needs_repair(folder):
        raise CourseError.say(
            "{folder}: a run of `autograde grade` is at work there or broke off; run it again",
            folder=folder,
        )
    try:
        ran = nbformat.read(source, as_version=4)
    except (OSError, ValueError) as error:
        raise unreadable(source) from error
    kept = judged_cells(folder, notebook.name)
    result = graded.result
    titled = {cell.grade_id: cell for cell in notebook.cells.values() if cell.points is not None}
    marks = [
        _mark(ran, cell, notebook, graded, comments, kept.get(cell.grade_id, {}))
        for cell in _in_order(ran, titled)
    ]
    return {
        "title": key.assignment if len(key.notebooks) == 1 else f"{key.assignment}: {notebook.name}",
        "score": result.score,
        "max_score": result.max_score,
        "penalty": result.penalty,
        "pending": result.pending_manual,
        "notes": sentences_of(result.flags),
        "marks": marks,
        "cells": list(cells_of(ran, notebook)),
    }


def _in_order(ran: nbformat.NotebookNode, titled: dict[str, KeyCell]) -> list[KeyCell]:
    places = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in ran.cells]
    return [titled[place] for place in places if place in titled]


def _mark(
    ran: nbformat.NotebookNode,
    cell: KeyCell,
    notebook: KeyNotebook,
    graded: Graded,
    comments: dict[tuple[str, str], str],
    kept: dict[str, Any],
) -> Mark:
    most = graded.record.points.get(f"{notebook.name}/{cell.grade_id}", cell.points)
    cause = kept.get("verdict", {}).get("cause", "")
    return Mark(
        grade_id=cell.grade_id,
        title=cell.title,
        score=graded.scores.cells.get((notebook.name, cell.grade_id)),
        points=most or 0.0,
        summary=cause,
        comment=comments.get((notebook.name, cell.grade_id), ""),
        answer=answer_of(ran, cell.grade_id, notebook),
        verdict=verdict_of(ran, cell.grade_id),
        manual=cell.manual,
    )


def _comments(gradebook: SharedGradebook, assignment: str) -> dict[str, dict[tuple[str, str], str]]:
    columns = SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Comment.comment
    query = rows_of_cells(Comment, *columns).where(Assignment.name == assignment)
    comments: dict[str, dict[tuple[str, str], str]] = {}
    for student, notebook, grade_id, comment in gradebook.db.execute(query):
        if comment:
            comments.setdefault(student, {})[notebook, grade_id] = comment
    return comments


def _name(student: Student) -> str:
    return " ".join(part for part in (student.first_name, student.last_name) if part)


def _put(path: Path, text: str) -> tuple[Path, bool]:
    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and path.read_bytes() == data:
            return path, False
        put(path, data)
    except OSError as error:
        raise CourseError(f"{error.filename or path}: {error.strerror}") from error
    return path, True
