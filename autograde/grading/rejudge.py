"""Stored evidence judged again, after a check or its points have changed."""

import base64
from dataclasses import replace
from typing import Any

from autograde.book import save, submission_rows
from autograde.book.gradebook import SharedGradebook
from autograde.course import graded_files
from autograde.course.course import Course
from autograde.entries import answer_key
from autograde.entries.entry import (
    EARLIER_VERSION,
    FAILED,
    GRADED,
    WAITING,
    ClassOutcome,
    Entry,
    Person,
    Submission,
)
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import MachineError, NeedsReviewError
from autograde.pipeline import judge, restore
from autograde.pipeline.solver import Solver
from verdicts.recording import evidence_bytes


def rejudge(
    course: Course,
    gradebook: SharedGradebook,
    key: answer_key.AnswerKey,
    submissions: list[Submission],
    outcome: ClassOutcome,
    run_with: str,
    solver: Solver,
) -> None:
    """Judge stored evidence again, after a check or its points have changed: no student's code runs.

    Returned grades (those with a feedback page) change only with --force, the others at once. The outcome
    names every score that differs. Submissions that were not graded keep the result that they had.
    """
    saver = save.Saver(course, gradebook, key)
    students = [submission.student for submission in submissions]
    rows = submission_rows.read_rows(gradebook, key.assignment, students)
    known = submission_rows.read_results(gradebook, key, students)
    for submission in submissions:
        student = submission.student
        waiting = Entry(Person(student), key.assignment, WAITING, key.max_score)
        before = known.get(student, waiting)
        if student not in rows or rows[student].status != GRADED:
            outcome.results.append(before)
            continue
        hold = student in outcome.returned
        try:
            graded = stored_run(course, key, submission, rows[student])
            was, now = graded.run_with.split(":"), run_with.split(":")
            if was[1:2] != now[1:2]:
                raise MachineError(f"a file beside its notebook has changed since it ran: {WITHOUT_REJUDGE}")
            if was[0] == now[0]:
                graded.run_with = run_with  # it would run with the same: the next `grade` has nothing to do
            for one in graded.notebooks:
                if one.key.name in key.solutions:
                    solver.solve_again(one)
            judge.judge_submission(graded)
            for one in graded.notebooks:
                for grade_id, verdict in one.verdicts.items():
                    if verdict.status == "not-judged":  # what was judged before stays
                        raise MachineError(f"{grade_id}: {verdict.cause}")
                    was_odd = "odd-evidence" in rows[student].flags
                    had_points = rows[student].auto_scores.get(one.name_of(grade_id))
                    if verdict.status == "odd-evidence" and (had_points or not was_odd):
                        raise MachineError(f"{grade_id}: {verdict.cause}: {WITHOUT_REJUDGE}")
            answers = {name: answer.now for name, answer in rows[student].answers.items()}
            after = saver.save(graded, not hold, answers)  # nothing was submitted since
        except MachineError as error:
            outcome.results.append(replace(before, status=FAILED, score=None, notes=(str(error),)))
            continue
        differs = (after.score, after.max_score) != (before.score, before.max_score)
        if differs and hold:
            outcome.withheld_changes[student] = after
        elif differs:
            after = replace(after, was=before.score)
        outcome.results.append(before if hold else after)


def stored_run(
    course: Course, key: answer_key.AnswerKey, submission: Submission, row: submission_rows.SubmissionRow
) -> Graded:
    """A graded submission as it came out of the sandbox.

    Raises:
        MachineError: its files are not those that were graded, of another version, or in doubt.
    """
    folder = course.folder("autograded", submission.student, submission.assignment)
    graded = Graded(submission, row.run_with, seconds=row.seconds, tier=row.tier)
    graded.flags = [flag for flag in row.flags if flag not in (*JUDGE_FLAGS, EARLIER_VERSION)]
    graded.added = {*key.points} - {*row.points}
    graded.notes = list(row.notes)
    graded.pending = {name for name, score in row.auto_scores.items() if score is None} & {
        name for name, cell in key.graded_cells.items() if not cell.check and name not in graded.added
    }
    for name, notebook in key.notebooks.items():
        stored = graded_files.read_evidence(folder, name)
        if not graded_files.may_be_judged(folder, name, row.products, row.digest, stored["submitted"]):
            raise MachineError(f"its autograded files have changed: {WITHOUT_REJUDGE}")
        _require_judgeable(stored)
        ran = answer_key.read_notebook(folder / f"{name}.ipynb")
        try:
            restore.restore_cells(ran, notebook)
        except NeedsReviewError as reason:
            raise MachineError(f"{reason}: {WITHOUT_REJUDGE}") from reason
        one = GradedNotebook(notebook, stored["submitted"], ran)
        for grade_id, check in stored["checks"].items():
            evidence = check["evidence"]
            one.seeds[grade_id], one.errors[grade_id] = check["seed"], check["error"]
            one.evidence[grade_id] = None if evidence is None else base64.b64decode(evidence)
            if check.get("solved"):
                one.solved[grade_id] = answer_key.Solved(
                    **evidence_bytes.unpack(check["solved"].encode())["solved"]
                )
        missing = {cell.grade_id for cell in notebook.cells.values() if cell.check} - set(one.seeds)
        if missing:
            named = ", ".join(sorted(missing))
            raise MachineError(f"no evidence of {named} was kept: grade it again with --force")
        graded.notebooks.append(one)
    return graded


def _require_judgeable(stored: dict[str, Any]) -> None:
    """Refuse evidence that another version recorded: it answers other questions.

    Raises:
        MachineError: naming what to do.
    """
    try:
        evidence_bytes.require_format(stored["evidence_format"])
    except evidence_bytes.OddEvidenceError as error:
        raise MachineError(f"its evidence cannot be judged: {error}. Grade it again with --force.") from error


# Flags of the step `judge`.
JUDGE_FLAGS = ("no-evidence", "odd-evidence", "not-judged", "no-explanation", "as-shipped")


WITHOUT_REJUDGE = "grade it again without --rejudge"
