"""The step `save`: grades, late penalties, autograded notebook and our own row, all at once or not at all.

nbgrader's own steps write the grades and keep what a person gave.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry, SubmittedAssignment
from nbgrader.converters import Autograde

from autograde.course.answer_key import AnswerKey
from autograde.course.course import Course, Submission
from autograde.course.flags import NeedsReviewError
from autograde.course.gradebook import SharedGradebook
from autograde.course.nbgrader_preprocessors import apply_steps, make_steps, resources_of
from autograde.course.results import REVIEW, Result
from autograde.course.scores import read_scores, result_of
from autograde.course.submission_files import digests
from autograde.course.submission_rows import Answer, SubmissionRow, read_rows, write_row
from autograde.errors import MachineError
from autograde.grading.autograded_files import (
    autograded_files,
    digest_of_files,
    refuse_what_lies_in_the_way,
    remove_autograded,
    write_autograded,
)
from autograde.grading.manual_grades import (
    answers_after,
    answers_in,
    answers_of,
    graded_by_hand,
    settled,
    suspend,
    tick_after,
    ticks_of,
)
from autograde.grading.submission_run import SubmissionRun, digest_of
from autograde.people.late import extension_of, read_due_dates, read_extensions


class Saver:
    """nbgrader's save steps, made once a run, and where their results go."""

    def __init__(self, course: Course, gradebook: SharedGradebook, key: AnswerKey) -> None:
        self._course, self._gradebook, self._key = course, gradebook, key
        converter = Autograde(course.directory, config=course.config)
        self._steps = make_steps(course, converter.autograde_preprocessors)
        due = read_due_dates(gradebook).get(key.assignment)
        self._extensions = read_extensions(gradebook) if due else {}  # without one nbgrader cannot add it up
        self._mode = 0o664 if course.directory.groupshared else 0o444

    def save(self, run: SubmissionRun, keep: bool = True) -> None:
        """Write a graded submission; with `keep=False` only put into `run.result` what it would come to.

        Raises:
            MachineError: it was replaced meanwhile, or nbgrader's steps fail.
            CourseError: the gradebook or the disk refuses.
        """
        submission = run.submission
        folder = self._course.folder("autograded", submission.student, submission.assignment)
        refuse_what_lies_in_the_way(folder)
        with self._gradebook.transaction(keep):
            try:
                with self._gradebook.lent():
                    answers = self._take_steps(run, folder)
            except MissingEntry as lost:
                raise MachineError(
                    f"the gradebook lost a row of this submission ({lost}): put a backup in its place"
                ) from lost
            _refuse_replaced(run, self._key)
            files = autograded_files(run) if keep else {}
            result = self._write(row_of(run, products=digest_of_files(files), answers=answers))
        if keep:
            write_autograded(files, folder, self._mode)
        run.result = replace(result, cpu_seconds=run.cpu_seconds)

    def _take_steps(self, run: SubmissionRun, folder: Path) -> dict[str, Answer]:
        """Take nbgrader's steps; returns what the row says of the answers that a person grades.

        Where the row before says nothing, what lies in `folder` is what a person looked at.
        """
        self._submit(run.submission, timestamp=run.timestamp)
        by_hand = graded_by_hand(self._gradebook, run)
        ticks = ticks_of(by_hand)
        before = self._row_before(run.submission) if by_hand else None
        now = answers_of(run) if run.answers is None else run.answers
        notebooks = [notebook_run.key for notebook_run in run.notebook_runs]
        lying = answers_in(folder, notebooks) if by_hand.keys() - (before.answers if before else {}) else {}
        answers = answers_after(now, ticks, before, lying)
        for notebook_run in run.notebook_runs:
            resources = resources_of(self._course, run.submission, notebook_run.key.name)
            notebook_run.notebook = apply_steps(self._steps, notebook_run.notebook, resources)
        tick_after(by_hand, answers, ticks, before)
        suspend(self._gradebook, run)
        return answers

    def _row_before(self, submission: Submission) -> SubmissionRow | None:
        return read_rows(self._gradebook, submission.assignment, [submission.student]).get(submission.student)

    def save_review(self, submission: Submission, digest: str, reason: NeedsReviewError) -> Result:
        """Write that a person has to look: no automatic score, what a person gave stays.

        Raises:
            CourseError: the gradebook or the disk refuses.
        """
        with self._gradebook.transaction():
            submitted = self._submit(submission)
            before, by_hand = self._row_before(submission), {}
            for notebook in submitted.notebooks:
                for grade in notebook.grades:
                    if grade.manual_score is not None:
                        by_hand[f"{notebook.name}/{grade.name}"] = grade
            answers = settled(before.answers if before else {}, ticks_of(by_hand))
            for notebook in submitted.notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = None, True
            remove_autograded(self._course.folder("autograded", submission.student, submission.assignment))
            row = SubmissionRow(
                assignment=submission.assignment,
                student=submission.student,
                digest=digest,
                status=REVIEW,
                flags=(reason.flag,),
                notes=(reason.note,),
                answers=answers,
            )
            return self._write(row)

    def _submit(self, submission: Submission, **fields: Any) -> SubmittedAssignment:
        if fields.get("timestamp") is None:
            fields = {}
        time = extension_of(self._extensions, submission.student, submission.assignment)
        if time is not None:
            fields["extension"] = time
        self._gradebook.update_or_create_student(submission.student)
        return self._gradebook.update_or_create_submission(
            submission.assignment, submission.student, **fields
        )

    def _write(self, row: SubmissionRow) -> Result:
        """Write the row with the scores that the gradebook has now; returns what they come to."""
        self._gradebook.db.flush()
        scores = read_scores(self._gradebook, self._key.assignment, [row.student])[row.student]
        row = replace(row, auto_scores=scores.automatic, points=dict(self._key.points))
        write_row(self._gradebook, row)
        return result_of(row, scores, self._key)


def _refuse_replaced(run: SubmissionRun, key: AnswerKey) -> None:
    try:
        unchanged = digest_of(digests(run.submission, key)) == run.submitted
    except NeedsReviewError:
        unchanged = False
    if not unchanged:
        raise MachineError("it was replaced while it was graded")


def row_of(run: SubmissionRun, **fields: Any) -> SubmissionRow:
    """What is remembered of a run; `fields` stand beside what it says itself, or in place of it."""
    known: dict[str, Any] = {
        "digest": run.digest,
        "flags": tuple(run.flags),
        "notes": tuple(run.notes),
        "cells": verdicts_of(run),
        "seconds": run.seconds,
        "tier": run.tier,
    }
    return SubmissionRow(run.submission.assignment, run.submission.student, **known | fields)


def verdicts_of(run: SubmissionRun) -> dict[str, dict[str, Any]]:
    """What the table and the report say of each check, by "notebook/grade_id"."""
    return {
        f"{notebook_run.key.name}/{grade_id}": {
            "check": notebook_run.key.cells[grade_id].check,
            "misconception": verdict.mistake,
            "cause": verdict.cause,
            "fact": next(iter(verdict.facts), ""),
            "hint": verdict.hint,
            "status": verdict.status,
            "failed": [criterion.name for criterion in verdict.criteria if criterion.wrong],
        }
        for notebook_run in run.notebook_runs
        for grade_id, verdict in notebook_run.verdicts.items()
    }
