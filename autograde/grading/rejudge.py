"""A changed rubric applied to kept evidence: no student's code runs again.

Returned grades (those with a feedback page) change only when asked for; the others change at once. Either way
the outcome names every score that differs.
"""

import base64
from dataclasses import replace

import nbformat

from autograde.course.answer_key import AnswerKey, KeyNotebook
from autograde.course.course import Course, Submission
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import FAILED, GRADED, WAITING, ClassOutcome, Result
from autograde.course.scores import read_results, read_scores, result_of
from autograde.course.submission_rows import SubmissionRow, read_rows
from autograde.errors import MachineError
from autograde.grading.autograded_files import (
    EVIDENCE_FOLDER,
    may_be_judged,
    read_evidence,
    require_judgeable,
)
from autograde.grading.pipeline import Tools, judge, take
from autograde.grading.restore import restore
from autograde.grading.save import Saver
from autograde.grading.submission_run import NotebookRun, SubmissionRun, parts_of

JUDGED = ("no-evidence", "odd-evidence", "as-shipped")


def rejudge(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    submissions: list[Submission],
    outcome: ClassOutcome,
) -> None:
    """Judge again what was graded before; submissions that were not have the result that they had."""
    saver = Saver(course, gradebook, key)
    for submission in submissions:
        row = read_rows(gradebook, key.assignment, [submission.student]).get(submission.student)
        if row is None or row.status != GRADED:
            outcome.results.append(_not_rejudged(gradebook, key, submission.student))
            continue
        before = _result(gradebook, row, key)
        try:
            run = kept_run(course, key, submission, row)
            take([judge], run, Tools())
            hold = course.is_returned(submission.student, submission.assignment) and not outcome.forced
            saver.save(run, keep=not hold)
            after = run.result
        except MachineError as error:
            outcome.results.append(replace(before, status=FAILED, score=None, notes=(str(error),)))
            continue
        differs = (after.score, after.max_score) != (before.score, before.max_score)
        if hold:
            if differs:
                outcome.held[submission.student] = after
            outcome.results.append(before)
        else:
            outcome.results.append(replace(after, was=before.score) if differs else after)


def _not_rejudged(gradebook: SharedGradebook, key: AnswerKey, student: str) -> Result:
    """Of a submission without a grade of ours: what there is, so that nobody takes the table for complete."""
    known = read_results(gradebook, key, [student]).get(student)
    return known.result if known else Result(student, key.assignment, WAITING, key.max_score)


def kept_run(course: Course, key: AnswerKey, submission: Submission, row: SubmissionRow) -> SubmissionRun:
    """A graded submission as it was just before it was judged.

    Raises:
        MachineError: its files are not those that were graded, or of another version.
    """
    folder = course.folder("autograded", submission.student, submission.assignment)
    _, released = parts_of(row.digest)
    run = SubmissionRun(submission, released, seconds=row.seconds, tier=row.tier)
    run.flags = [flag for flag in row.flags if flag not in JUDGED]
    run.notes = list(row.notes)
    run.pending = {name for name, score in row.auto_scores.items() if score is None} & {
        name for name, cell in key.graded_cells.items() if cell.is_test
    }
    run.answers = {name: answer.now for name, answer in row.answers.items()}  # nothing was handed in since
    for name, notebook in key.notebooks.items():
        stored = read_evidence(folder / EVIDENCE_FOLDER / f"{name}.json")
        if not may_be_judged(folder, name, row.products, row.digest, stored["submitted"]):
            raise MachineError("its autograded files have changed: grade it again without --rejudge")
        require_judgeable(stored)
        ran = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        run.notebook_runs.append(_notebook_run(notebook, ran, stored))
    return run


def _notebook_run(notebook: KeyNotebook, ran: nbformat.NotebookNode, stored: dict) -> NotebookRun:
    restore(ran, notebook)
    notebook_run = NotebookRun(notebook, stored["submitted"], ran)
    for grade_id, check in stored["checks"].items():
        notebook_run.seeds[grade_id] = check["seed"]
        evidence = check["evidence"]
        notebook_run.evidence[grade_id] = None if evidence is None else base64.b64decode(evidence)
    missing = {cell.grade_id for cell in notebook.cells.values() if cell.check} - set(notebook_run.seeds)
    if missing:
        raise MachineError(
            f"no evidence of {', '.join(sorted(missing))} was kept: grade it again with --force"
        )
    return notebook_run


def _result(gradebook: SharedGradebook, row: SubmissionRow, key: AnswerKey) -> Result:
    scores = read_scores(gradebook, row.assignment, [row.student])
    return result_of(row, scores[row.student], key)
