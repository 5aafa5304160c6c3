"""The step `save`: grades, late penalties, autograded notebook and our own row, all at once or not at all.

nbgrader's own steps write the grades and keep manual ones. A manual grade belongs to one version of an answer: for
a changed answer formgrader ticks the grade, and no output counts it until a person has saved points there or clicked
on the tick. Our row has a digest of each submitted answer, so that neither a change to the autograded files nor
another answer in between makes anybody look twice.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbgrader.api import Grade, MissingEntry, SubmittedAssignment
from nbgrader.converters import Autograde

from autograde.course.answer_key import AnswerKey, KeyCell, KeyNotebook, grade_id_of
from autograde.course.course import Course, Submission
from autograde.course.flags import NeedsReviewError
from autograde.course.gradebook import SharedGradebook
from autograde.course.nbgrader_preprocessors import apply_steps, make_steps, resources_of
from autograde.course.results import REVIEW, Result
from autograde.course.scores import read_scores, result_of
from autograde.course.submission_rows import NOT_KEPT, Answer, SubmissionRow, read_rows, write_row
from autograde.errors import MachineError
from autograde.grading.autograded_files import (
    autograded_files,
    digest_of_files,
    refuse_what_lies_in_the_way,
    remove_autograded,
    write_autograded,
)
from autograde.grading.read_submission import SubmissionRun, fingerprint
from autograde.people.late import extension_of, read_due_dates, read_extensions


class Saver:
    """nbgrader's own steps, made once a run, and where their results go."""

    def __init__(self, course: Course, gradebook: SharedGradebook, key: AnswerKey) -> None:
        self._course, self._gradebook, self._key = course, gradebook, key
        converter = Autograde(course.directory, config=course.config)
        self._sanitizing = make_steps(course, converter.sanitize_preprocessors)
        self._saving = make_steps(course, converter.autograde_preprocessors)
        due = read_due_dates(gradebook).get(key.assignment)
        self._extensions = read_extensions(gradebook) if due else {}  # without one nbgrader cannot add it up
        self._mode = 0o664 if course.directory.groupshared else 0o444

    def sanitize(self, run: SubmissionRun) -> None:
        """Take the steps that a course adds to nbgrader's sanitize steps, whose own work `restore` has done."""
        with self._gradebook.lent():
            self._apply(self._sanitizing, run)

    def _apply(self, steps: list[Preprocessor], run: SubmissionRun) -> None:
        for one in run.notebook_runs if steps else ():
            resources = resources_of(self._course, run.submission, one.key.name)
            one.notebook = apply_steps(steps, one.notebook, resources)

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
            if fingerprint(run.submission, self._key) != run.submitted:
                raise MachineError("it was replaced while it was graded")
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
        self._apply(self._saving, run)
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


Texts = list[tuple[str | None, str]]  # of a notebook's cells: grade_id and source, in order


def answers_of(run: SubmissionRun) -> dict[str, str]:
    """A digest of each answer that only a person can grade, by "notebook/grade_id"."""
    digests: dict[str, str] = {}
    for one in run.notebook_runs:
        digests |= _digests(one.key, [(grade_id_of(cell), cell["source"]) for cell in one.notebook.cells])
    return digests


def answers_in(folder: Path, notebooks: Iterable[KeyNotebook]) -> dict[str, str]:
    """As `answers_of`, of the files that lie there; nothing of a file that is gone or odd."""
    digests: dict[str, str] = {}
    for notebook in notebooks:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            cells = json.loads((folder / f"{notebook.name}.ipynb").read_bytes())["cells"]
            texts = [
                (cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"]))
                for cell in cells
            ]
            digests |= _digests(notebook, texts)
    return digests


def graded_by_hand(gradebook: SharedGradebook, run: SubmissionRun) -> dict[str, Grade]:
    """The answers in words that a person has given points, by "notebook/grade_id"."""
    who, by_hand = run.submission, {}
    for notebook in (notebook_run.key for notebook_run in run.notebook_runs):
        for cell in filter(lambda cell: cell.manual, notebook.cells.values()):
            with suppress(MissingEntry):  # a cell that was added since
                grade = gradebook.find_grade(cell.grade_id, notebook.name, who.assignment, who.student)
                if grade.manual_score is not None:
                    by_hand[f"{notebook.name}/{cell.grade_id}"] = grade
    return by_hand


def ticks_of(by_hand: Mapping[str, Grade]) -> dict[str, bool]:
    """Whether formgrader ticks each of these answers: to be asked before nbgrader's step ticks them all."""
    return {name: bool(grade.needs_manual_grade) for name, grade in by_hand.items()}


def settled(answers: Mapping[str, Answer], ticks: Mapping[str, bool]) -> dict[str, Answer]:
    """The answers of a row with what a person did since: points without a tick are of what was there then."""
    return {
        name: answer if ticks.get(name) else Answer(answer.now, answer.now)
        for name, answer in answers.items()
    }


def answers_after(
    now: Mapping[str, str],
    ticks: Mapping[str, bool],
    before: SubmissionRow | None,
    lying: Mapping[str, str],
) -> dict[str, Answer]:
    """What the row says of each answer from now on.

    Args:
        now: what `answers_of` gave.
        before: the row of the grading before.
        lying: what a person looked at, of answers of which that row says nothing.
    """
    known = settled(before.answers if before else {}, ticks)
    answers = {}
    for name, digest in now.items():
        points_of = known[name].points_of if name in known else lying.get(name, NOT_KEPT)
        answers[name] = Answer(digest, points_of if name in ticks else digest)
    return answers


def tick_after(
    by_hand: Mapping[str, Grade],
    answers: Mapping[str, Answer],
    ticks: Mapping[str, bool],
    before: SubmissionRow | None,
) -> None:
    """Tick what waits, and what somebody else than this grader ticked: nbgrader's step ticks everything."""
    ours = {name for name in ticks if before and (before.status == REVIEW or before.waits(name))}
    for name, ticked in ticks.items():
        waits = name in answers and answers[name].waits
        by_hand[name].needs_manual_grade = waits or (ticked and name not in ours)


def suspend(gradebook: SharedGradebook, run: SubmissionRun) -> None:
    """Take the automatic points of test cells that a person has to look at; points by hand stay."""
    for name in run.pending:
        notebook, _, grade_id = name.rpartition("/")
        who = run.submission
        grade = gradebook.find_grade(grade_id, notebook, who.assignment, who.student)
        grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None


def _digests(notebook: KeyNotebook, texts: Texts) -> dict[str, str]:
    by_id = dict(texts)
    unlocked = [
        text for grade_id, text in texts if text.strip() and not _is_locked(notebook.cells.get(grade_id))
    ]
    return {
        f"{notebook.name}/{cell.grade_id}": _digest(unlocked if cell.task else [by_id.get(cell.grade_id, "")])
        for cell in notebook.cells.values()
        if cell.manual
    }


def _is_locked(cell: KeyCell | None) -> bool:
    """Whether nothing that a student does stands in the cell: what is done for a task is in all others."""
    return cell is not None and (cell.locked or cell.task)


def _digest(texts: list[str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
