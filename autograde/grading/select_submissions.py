"""Which submissions have to be graded: those that are not as the grader remembers them."""

import json
from dataclasses import dataclass, field

from autograde.course.answer_key import AnswerKey
from autograde.course.course import Course, Submission
from autograde.course.flags import NeedsReviewError
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import GRADED, Result
from autograde.course.scores import is_self_reported, read_scores, result_of
from autograde.course.submission_files import digests
from autograde.course.submission_rows import SubmissionRow, read_rows
from autograde.errors import MachineError
from autograde.grading.autograded_files import read_autograded
from autograde.grading.submission_run import digest_of, graded_with, parts_of

NO_ROW = SubmissionRow("", "")


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
    students = [submission.student for submission in submissions]
    rows = read_rows(gradebook, key.assignment, students)
    scores = read_scores(gradebook, key.assignment, students)
    for submission in submissions:
        row = rows.get(submission.student)
        if is_self_reported(row or NO_ROW, scores[submission.student]):
            sorted_out.self_reported.append(submission.student)
        try:
            submitted = fingerprint(submission, key) if row else ""
        except MachineError:  # reported when the submission is read again to be graded
            row = None
        if row is None:
            sorted_out.todo.append(submission)
            continue
        result = result_of(row, scores[submission.student], key, unchanged=True)
        unchanged = _holds(course, key, submission, row, graded_with(submitted, released))
        if unchanged and not (force or result.self_reported):
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
    return row.status != GRADED or read_autograded(folder, list(key.notebooks)) == row.products
