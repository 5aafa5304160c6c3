"""The step `save`: grades, late penalties, autograded notebook and our own row, all at once or not at all.

nbgrader's own steps write the grades (they keep what a person gave). Files wait beside their places until the
commit (see `autograded_files`); a kill before it leaves all as it was, one after it leaves files for the next
run to move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbgrader.api import MissingEntry, SubmittedAssignment
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties

from autograde.errors import MachineError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.answers_by_hand import (
    answers_after,
    answers_in,
    answers_of,
    graded_by_hand,
    settled,
    tick_after,
    ticks_of,
)
from autograde.grading.autograded_files import (
    Parts,
    autograded_files,
    digest_of_files,
    place_autograded,
    refuse_what_lies_in_the_way,
    remove_autograded,
    stage_autograded,
)
from autograde.grading.course import Course, Submission
from autograde.grading.flag_messages import NeedsReviewError
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.nbgrader_preprocessors import LOOKS_AT, apply_steps, make_steps, resources_of
from autograde.grading.read_submission import digests
from autograde.grading.results import REVIEW, Result
from autograde.grading.scores import read_scores, result_of
from autograde.grading.submission_rows import Answer, SubmissionRow, read_rows, write_rows
from autograde.grading.submission_run import SubmissionRun, digest_of
from autograde.lateness.due_dates import read_due_dates
from autograde.lateness.extensions import extension_of, read_extensions


class Saver:
    """nbgrader's save steps, made once a run, and where their results go."""

    def __init__(self, course: Course, gradebook: SharedGradebook, key: AnswerKey) -> None:
        self._course, self._gradebook, self._key = course, gradebook, key
        converter = Autograde(course.directory, config=course.config)
        self._steps = make_steps(course, converter.autograde_preprocessors)
        self._flushes_late = all(type(step) in LOOKS_AT for step in self._steps)  # nbgrader's own, known here
        due = read_due_dates(gradebook).get(key.assignment)
        self._extensions = read_extensions(gradebook) if due else {}  # without one nbgrader cannot add it up
        self._mode = 0o664 if course.directory.groupshared else 0o444
        self._batch: dict[Path, dict[str, Parts]] | None = None  # files to be, by their folders
        self._rows: list[tuple[SubmissionRun, SubmissionRow]] = []  # of the batch, not yet written

    @contextmanager
    def batch(
        self, submissions: Collection[Submission], keep: bool = True, behind: bool = True
    ) -> Iterator[None]:
        """Those of the submissions that are saved inside are committed as one, or none is: see
        `SharedGradebook.transaction`. Their results are there when the batch has ended.

        Raises:
            CourseError: the gradebook or the disk refuses.
        """
        self._batch, self._rows = batch, rows = {}, []

        def stage() -> None:
            for folder, files in batch.items():
                stage_autograded(files, folder, self._mode)

        def place() -> None:
            for folder in batch:
                place_autograded(folder)

        try:
            with self._gradebook.transaction(keep, behind, stage, place):
                with self._gradebook.lent(at_once=not self._flushes_late):
                    self._look_up(submissions)
                    yield
                for (run, _), result in zip(rows, self._write([row for _, row in rows]), strict=True):
                    run.result = replace(result, cpu_seconds=run.cpu_seconds)
        finally:
            self._batch = None

    def save(self, run: SubmissionRun, keep: bool = True) -> None:
        """Write a graded submission; with `keep=False` only say in `run.result` what would be.

        Outside a batch it is saved when this returns, in one it is saved with the others.

        Raises:
            MachineError: it was replaced meanwhile, or nbgrader's steps fail.
            CourseError: the gradebook or the disk refuses.
        """
        if self._batch is None:
            with self.batch([run.submission], keep, behind=False):
                self.save(run, keep)
            return
        submission = run.submission
        folder = self._course.folder("autograded", submission.student, submission.assignment)
        refuse_what_lies_in_the_way(folder)
        try:
            answers = self._take_steps(run, folder)
        except MissingEntry as lost:
            raise MachineError.say(
                "the gradebook lost a row of this submission ({reason}): put a backup in its place",
                reason=lost,
            ) from lost
        _refuse_replaced(run, self._key)
        files = autograded_files(run) if keep else {}
        self._batch[folder] = files
        self._rows.append((run, row_of(run, products=digest_of_files(files), answers=answers)))

    def _take_steps(self, run: SubmissionRun, folder: Path) -> dict[str, Answer]:
        """nbgrader's steps; what the row is to say of the answers that a person grades.

        Where the row before says nothing, what lies in `folder` is what a person looked at.
        """
        submitted = self._submit(run.submission, timestamp=run.timestamp)
        by_hand = graded_by_hand(self._gradebook, run)
        ticks = ticks_of(by_hand)
        before = self._row_before(run.submission) if by_hand else None
        now = answers_of(run) if run.answers is None else run.answers
        notebooks = [notebook_run.key for notebook_run in run.notebook_runs]
        lying = answers_in(folder, notebooks) if by_hand.keys() - (before.answers if before else {}) else {}
        answers = answers_after(now, ticks, before, lying)
        for notebook_run in run.notebook_runs:
            resources = resources_of(self._course, run.submission, notebook_run.key.name)
            notebook_run.notebook = apply_steps(
                self._steps, notebook_run.notebook, resources, lambda step: self._flush_for(step, submitted)
            )
        tick_after(by_hand, answers, ticks, before)
        return answers

    def _row_before(self, submission: Submission) -> SubmissionRow | None:
        return read_rows(self._gradebook, submission.assignment, [submission.student]).get(submission.student)

    def _flush_for(self, step: Preprocessor, submitted: SubmittedAssignment) -> None:
        """Let the database know the grades, whose sum the step that takes points for lateness asks it for."""
        if isinstance(step, AssignLatePenalties) and submitted.total_seconds_late > 0:
            self._gradebook.db.flush()

    def save_review(self, submission: Submission, digest: str, reason: NeedsReviewError) -> Result:
        """Write that a person has to look: no automatic score, what a person gave stays.

        Raises:
            CourseError: the gradebook or the disk refuses.
        """
        with self._gradebook.transaction():
            self._look_up([submission])
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
            return self._write([row])[0]

    def _look_up(self, submissions: Collection[Submission]) -> None:
        self._gradebook.look_up(self._key.assignment, [submission.student for submission in submissions])

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

    def _write(self, rows: Collection[SubmissionRow]) -> list[Result]:
        """Write the rows with the scores that stand in the gradebook; what they come to."""
        self._gradebook.db.flush()
        scores = read_scores(self._gradebook, self._key.assignment, [row.student for row in rows])
        rows = [
            replace(row, auto_scores=scores[row.student].automatic, points=self._key.points) for row in rows
        ]
        write_rows(self._gradebook, rows)
        return [result_of(row, scores[row.student], self._key) for row in rows]


def _refuse_replaced(run: SubmissionRun, key: AnswerKey) -> None:
    try:
        unchanged = digest_of(digests(run.submission, key)) == run.submitted
    except NeedsReviewError:
        unchanged = False
    if not unchanged:
        raise MachineError.say("it was replaced while it was graded")


def row_of(run: SubmissionRun, **fields: Any) -> SubmissionRow:
    """What is remembered of a run; `fields` stand beside what it says itself, or in place of it."""
    known = {
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
            "cause": "" if verdict.passed else verdict.cause,
            "fact": next(iter(verdict.facts), ""),
            "hint": "" if verdict.passed else verdict.hint,
            "status": verdict.status,
            "failed": [criterion.name for criterion in verdict.criteria if criterion.wrong],
        }
        for notebook_run in run.notebook_runs
        for grade_id, verdict in notebook_run.verdicts.items()
    }
