"""Which submissions have to be graded: those that are not as the grader remembers them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from autograde.errors import MachineError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.autograded_files import repair_autograded
from autograde.grading.course import Course, Submission
from autograde.grading.flag_messages import NeedsReviewError
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.read_submission import digests
from autograde.grading.results import GRADED, Result
from autograde.grading.scores import is_self_reported, read_scores, result_of
from autograde.grading.submission_rows import SubmissionRow, read_rows
from autograde.grading.submission_run import digest_of, graded_with, parts_of

NO_ROW = SubmissionRow("", "")
AT_A_TIME = 500  # what is known of so many submissions is in memory at once


def fingerprint(submission: Submission, key: AnswerKey) -> str:
    """What a submission holds, as one word: the same as long as nothing changes."""
    try:
        return digest_of(digests(submission, key))
    except NeedsReviewError as reason:
        return f"{reason.flag}: {json.dumps(vars(reason.note))}"


@dataclass
class Sorted:
    """Which submissions have to be graded, and the results of those that are as they were.

    Of the first, `returned` has the scores on pages that students have; `released_anew` counts those where
    only what they are run with has changed; `self_reported` names those that stock nbgrader graded.
    """

    todo: list[Submission] = field(default_factory=list)
    unchanged: list[Result] = field(default_factory=list)
    returned: dict[str, float | None] = field(default_factory=dict)
    released_anew: int = 0
    self_reported: list[str] = field(default_factory=list)


def sort_out(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    submissions: list[Submission],
    released: str,
    force: bool,
) -> Sorted:
    """Compare submissions, and the word for what they are run with, with what the grader remembers."""
    sorted_out = Sorted()
    for first in range(0, len(submissions), AT_A_TIME):
        some = submissions[first : first + AT_A_TIME]
        students = [submission.student for submission in some]
        rows = read_rows(gradebook, key.assignment, students)
        scores = read_scores(gradebook, key.assignment, students)
        for submission in some:
            row = rows.get(submission.student)
            if is_self_reported(row or NO_ROW, scores[submission.student]):
                sorted_out.self_reported.append(submission.student)
            if row is None:
                sorted_out.todo.append(submission)
                continue
            try:
                submitted = fingerprint(submission, key)
            except MachineError:  # said of this submission when its turn comes
                sorted_out.todo.append(submission)
                continue
            result = result_of(row, scores[submission.student], key, unchanged=True)
            if not (force or result.self_reported) and _holds(
                course, key, submission, row, graded_with(submitted, released)
            ):
                sorted_out.unchanged.append(result)
                continue
            sorted_out.todo.append(submission)
            was_submitted, was_released = parts_of(row.digest)
            sorted_out.released_anew += was_submitted == submitted and was_released != released
            if course.is_returned(submission.student, submission.assignment):
                sorted_out.returned[submission.student] = result.score
    return sorted_out


def _holds(course: Course, key: AnswerKey, submission: Submission, row: SubmissionRow, digest: str) -> bool:
    if row.digest != digest:
        return False
    folder = course.folder("autograded", submission.student, submission.assignment)
    return row.status != GRADED or repair_autograded(folder, list(key.notebooks), row.products)
