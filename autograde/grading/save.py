"""Step 5, `save`: grades, late penalties, the autograded notebook and our own row, all at once or not at all.

nbgrader's own steps write the grades (they keep what a person gave). Files wait beside their places until the
commit (see `products`); a kill before it leaves all as it was, one after it leaves files for the next run to
move.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from nbgrader.converters import Autograde

from autograde.errors import MachineError, NeedsReviewError
from autograde.grading.course import Course, Submission
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.key import AnswerKey
from autograde.grading.products import place_products, remove_products, stage_products
from autograde.grading.read import digests
from autograde.grading.record import Record, write_record
from autograde.grading.scores import read_scores, result_of
from autograde.grading.steps import apply_steps, make_steps, resources_of
from autograde.grading.work import GRADED, REVIEW, Result, Work, digest_of


class Saver:
    """nbgrader's save steps, made once a run, and where their results go."""

    def __init__(self, course: Course, gradebook: SharedGradebook, key: AnswerKey) -> None:
        self._course, self._gradebook, self._key = course, gradebook, key
        converter = Autograde(course.directory, config=course.config)
        self._steps = make_steps(course, converter.autograde_preprocessors)
        self._mode = 0o664 if course.directory.groupshared else 0o444

    def save(self, work: Work, keep: bool = True, behind: bool = False) -> Result:
        """Write a graded submission; with `keep=False` only say what the result would be.

        With `behind=True` it is saved when the gradebook's `settle` has returned.

        Raises:
            MachineError: it was replaced meanwhile, or nbgrader's steps fail.
            CourseError: the gradebook or the disk refuses.
        """
        submission = work.submission
        folder = self._course.folder("autograded", submission.student, submission.assignment)
        place = partial(place_products, folder)
        with self._gradebook.transaction(keep, behind, then=place), self._gradebook.lent():
            self._submit(submission, timestamp=work.timestamp)
            for sheet in work.sheets:
                resources = resources_of(self._course, submission, sheet.key.name)
                sheet.notebook = apply_steps(self._steps, sheet.notebook, resources)
            _refuse_replaced(work, self._key)
            record = Record(
                assignment=submission.assignment,
                student=submission.student,
                digest=work.digest,
                products=stage_products(work, folder, self._mode) if keep else "",
                status=GRADED,
                flags=tuple(work.flags),
                notes=tuple(work.notes),
                cells=_verdicts(work),
                seconds=work.seconds,
                tier=work.tier,
            )
            return replace(self._write(record), cpu_seconds=work.cpu_seconds)

    def save_review(self, submission: Submission, digest: str, reason: NeedsReviewError) -> Result:
        """Write that a person has to look: no automatic score, what a person gave stays.

        Raises:
            CourseError: the gradebook or the disk refuses.
        """
        with self._gradebook.transaction():
            submitted = self._submit(submission)
            for notebook in submitted.notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = None, True
            remove_products(self._course.folder("autograded", submission.student, submission.assignment))
            return self._write(
                Record(
                    assignment=submission.assignment,
                    student=submission.student,
                    digest=digest,
                    products="",
                    status=REVIEW,
                    flags=(reason.flag,),
                    notes=(reason.sentence,),
                    cells={},
                    seconds=0.0,
                    tier=None,
                )
            )

    def _submit(self, submission: Submission, **fields: Any) -> Any:
        if fields.get("timestamp") is None:
            fields = {}
        self._gradebook.update_or_create_student(submission.student)
        return self._gradebook.update_or_create_submission(
            submission.assignment, submission.student, **fields
        )

    def _write(self, record: Record) -> Result:
        self._gradebook.db.flush()
        write_record(self._gradebook, record)
        scores = read_scores(self._gradebook, record.assignment, [record.student])
        return result_of(record, scores[record.student], self._key)


def _refuse_replaced(work: Work, key: AnswerKey) -> None:
    try:
        unchanged = digest_of(digests(work.submission, key)) == work.submitted
    except NeedsReviewError:
        unchanged = False
    if not unchanged:
        raise MachineError("it was replaced while it was graded")


def _verdicts(work: Work) -> dict[str, dict[str, Any]]:
    """What the table and the report say of each check, by "notebook/grade_id"."""
    return {
        f"{sheet.key.name}/{grade_id}": {
            "check": sheet.key.cells[grade_id].check,
            "misconception": verdict.misconception,
            "cause": verdict.cause,
            "status": verdict.status,
            "failed": [criterion.name for criterion in verdict.criteria if not criterion.passed],
        }
        for sheet in work.sheets
        for grade_id, verdict in sheet.verdicts.items()
    }
