"""How a submission is graded: the steps of a class, and the judging of stored evidence.

    step       file                      what it does
    read       read_submission.py        files → notebooks, within limits
    restore    restore.py                cells as the instructor has them
    sanitize   save.py                   what a course adds to nbgrader's steps with this name
    start      run_cells.py              cells into the sandbox
    finish     run_cells.py              outputs and evidence out of the sandbox
    judge      judge.py                  evidence → verdicts, points
    save       save.py                   grades, files and our row, all at once

`autograde grade`, and nbgrader's own command with it, takes all of them for each submission of a class (`Pipeline`),
`autograde mark` `restore` and those from `start` to `judge` for one file, a release those from `start` to `judge` for its
solution (`trial.py`), `rejudge` the last two with stored evidence.
"""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from typing import Any, TypeVar

from autograde.course import graded_files, submission_rows
from autograde.course.course import Course, Submission
from autograde.course.gradebook import SharedGradebook
from autograde.entries import answer_key
from autograde.entries.entry import EARLIER_VERSION, FAILED, GRADED, WAITING, ClassOutcome, Entry, Person
from autograde.errors import CourseError, MachineError, NeedsReviewError
from autograde.grading import read_submission, restore, run_cells, save
from autograde.grading.judge import judge_submission
from autograde.grading.solver import Solver
from autograde.grading.submission_run import NotebookRun, SubmissionRun, graded_with
from verdicts.recording import evidence_bytes
from verdicts.recording.evidence_bytes import unpack

# Flags of the step `judge`.
JUDGE_FLAGS = ("no-evidence", "odd-evidence", "not-judged", "no-explanation", "as-shipped")
SILENCE_SECONDS = 30.0  # seconds without a result until the terminal says who still runs
Done = TypeVar("Done")
WITHOUT_REJUDGE = "grade it again without --rejudge"


@dataclass(frozen=True)
class Pipeline:
    """A class on its way through the steps: call `grade`.

    Several submissions are in the sandbox at once; the others are read, judged and saved meanwhile. `home` is the
    zone in which the course's exchange writes times, `run_with` the digest of what a submission is run with. `waits`
    is told who is in the sandbox when nothing was done for a while.
    """

    key: answer_key.AnswerKey
    run_with: str
    reader: read_submission.NotebookReader
    home: tzinfo
    runner: run_cells.CellRunner
    saver: save.Saver
    waits: Callable[[list[str]], None]
    together: int
    """Submissions that are read before the first of them runs: their problems are solved at once."""

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Entry]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are saved.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        running: list[SubmissionRun] = []
        for first in range(0, len(submissions), self.together):
            batch = submissions[first : first + self.together]
            read = [self._attempt(submission, partial(self._read, submission)) for submission in batch]
            self.runner.prepare([one for one in read if isinstance(one, SubmissionRun)])
            for one in read:
                if isinstance(one, SubmissionRun):
                    one = self._attempt(one.submission, partial(self.runner.start, one))
                if isinstance(one, Entry):
                    yield one
                else:
                    running.append(one)
                while len(running) >= at_once:
                    yield self._finish_one(running)
        while running:
            yield self._finish_one(running)

    def _read(self, submission: Submission) -> SubmissionRun:
        run = SubmissionRun(submission, self.run_with)
        read_submission.read_within_limits(run, self.key, self.reader, self.home)
        restore.restore_submission(run)
        self.saver.sanitize(run)
        return run

    def _finish(self, run: SubmissionRun) -> Entry:
        self.runner.finish(run)
        judge_submission(run)
        return self.saver.save(run)

    def _finish_one(self, running: list[SubmissionRun]) -> Entry:
        """Wait until the sandbox has run one of the submissions, and finish it."""
        while not (done := [one for one in running if one.unfinished.done()]):
            if not wait([one.unfinished for one in running], SILENCE_SECONDS, FIRST_COMPLETED).done:
                self.waits([one.submission.student for one in running])
        running.remove(done[0])
        return self._attempt(done[0].submission, partial(self._finish, done[0]))

    def _attempt(self, submission: Submission, steps: Callable[[], Done]) -> Done | Entry:
        """What the steps give, or the result of a submission that goes no further."""
        try:
            try:
                return steps()
            except NeedsReviewError as reason:
                digest = graded_with(read_submission.digest_of_submitted(submission, self.key), self.run_with)
                return self.saver.save_review(submission, digest, reason)
        except CourseError:
            raise
        except Exception as error:
            what = str(error) if isinstance(error, MachineError) else f"the grader failed: {error!r}"
            of = Person(submission.student), submission.assignment
            return Entry(*of, FAILED, self.key.max_score, notes=(what,))


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
            run = stored_run(course, key, submission, rows[student])
            was, now = run.run_with.split(":"), run_with.split(":")
            if was[1:2] != now[1:2]:
                raise MachineError(f"a file beside its notebook has changed since it ran: {WITHOUT_REJUDGE}")
            if was[0] == now[0]:
                run.run_with = run_with  # it would run with the same: the next `grade` has nothing to do
            for one in run.notebook_runs:
                if one.key.name in key.solutions:
                    solver.solve_again(one)
            judge_submission(run)
            for one in run.notebook_runs:
                for grade_id, verdict in one.verdicts.items():
                    if verdict.status == "not-judged":  # what was judged before stays
                        raise MachineError(f"{grade_id}: {verdict.cause}")
                    was_odd = "odd-evidence" in rows[student].flags
                    had_points = rows[student].auto_scores.get(one.name_of(grade_id))
                    if verdict.status == "odd-evidence" and (had_points or not was_odd):
                        raise MachineError(f"{grade_id}: {verdict.cause}: {WITHOUT_REJUDGE}")
            answers = {name: answer.now for name, answer in rows[student].answers.items()}
            after = saver.save(run, not hold, answers)  # nothing was submitted since
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
) -> SubmissionRun:
    """A graded submission as it came out of the sandbox.

    Raises:
        MachineError: its files are not those that were graded, of another version, or in doubt.
    """
    folder = course.folder("autograded", submission.student, submission.assignment)
    run = SubmissionRun(submission, row.run_with, seconds=row.seconds, tier=row.tier)
    run.flags = [flag for flag in row.flags if flag not in (*JUDGE_FLAGS, EARLIER_VERSION)]
    run.added = {*key.points} - {*row.points}
    run.notes = list(row.notes)
    run.pending = {name for name, score in row.auto_scores.items() if score is None} & {
        name for name, cell in key.graded_cells.items() if not cell.check and name not in run.added
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
        one = NotebookRun(notebook, stored["submitted"], ran)
        for grade_id, check in stored["checks"].items():
            evidence = check["evidence"]
            one.seeds[grade_id], one.errors[grade_id] = check["seed"], check["error"]
            one.evidence[grade_id] = None if evidence is None else base64.b64decode(evidence)
            if check.get("solved"):
                one.solved[grade_id] = answer_key.Solved(**unpack(check["solved"].encode())["solved"])
        missing = {cell.grade_id for cell in notebook.cells.values() if cell.check} - set(one.seeds)
        if missing:
            named = ", ".join(sorted(missing))
            raise MachineError(f"no evidence of {named} was kept: grade it again with --force")
        run.notebook_runs.append(one)
    return run


def _require_judgeable(stored: dict[str, Any]) -> None:
    """Refuse evidence that another version recorded: it answers other questions.

    Raises:
        MachineError: naming what to do.
    """
    try:
        evidence_bytes.require_format(stored["evidence_format"])
    except evidence_bytes.OddEvidenceError as error:
        raise MachineError(f"its evidence cannot be judged: {error}. Grade it again with --force.") from error
