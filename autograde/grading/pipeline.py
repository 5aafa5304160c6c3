"""How a submission is graded: `STEPS`, the one list that every front end takes.

`autograde grade` takes all of them for each submission of a class (`Pipeline`), `autograde mark` those from
`restore` to `judge` for one file, a release those from `start` to `judge` for its solution (`trial.py`), `rejudge`
`judge` and `save` with stored evidence, and nbgrader's own command all of them
(`grade_class.grade_for_nbgrader`). Each step's docstring names the file with the rest.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

import nbformat

from autograde.course.answer_key import AnswerKey
from autograde.course.course import Course, Submission
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import FAILED, GRADED, WAITING, ClassOutcome, NeedsReviewError, Result
from autograde.course.submission_files import (
    EVIDENCE_FOLDER,
    may_be_judged,
    read_evidence,
    require_judgeable,
)
from autograde.course.submission_rows import SubmissionRow, read_results, read_rows
from autograde.errors import CourseError, MachineError
from autograde.grading.judge import judge_submission
from autograde.grading.read_submission import (
    NotebookReader,
    NotebookRun,
    SubmissionRun,
    fingerprint,
    graded_with,
    read_within_limits,
)
from autograde.grading.restore import restore_cells, restore_submission
from autograde.grading.run_cells import (
    Sandbox,
    SolutionHooks,
    run_in_sandbox,
    suspend_hooked_tests,
    take_results,
)
from autograde.grading.save import Saver

JUDGED = ("no-evidence", "odd-evidence", "as-shipped")  # flags of the step `judge`
SILENCE = 30.0  # seconds without a result until the terminal says who still runs


@dataclass(frozen=True)
class Tools:
    """What the steps need, made once a run; a front end leaves out what none of its steps uses.

    `home` is the zone in which the course's exchange writes times.
    """

    sandbox: Sandbox | Any = None
    secret: bytes = b""
    files: Mapping[str, bytes] | Any = None  # of the assignment: path within its folder, content
    solution: SolutionHooks | Any = None
    key: AnswerKey | Any = None
    reader: NotebookReader | Any = None
    home: tzinfo = UTC
    saver: Saver | Any = None


Step = Callable[[SubmissionRun, Tools], None]


def read(run: SubmissionRun, tools: Tools) -> None:
    """Files → notebooks, within limits (`read_submission.py`)."""
    read_within_limits(run, tools.key, tools.reader, tools.home)


def restore(run: SubmissionRun, tools: Tools) -> None:
    """Cells as the instructor has them (`restore.py`)."""
    restore_submission(run)


def sanitize(run: SubmissionRun, tools: Tools) -> None:
    """What a course adds to nbgrader's steps of that name (`save.py`)."""
    tools.saver.sanitize(run)


def start(run: SubmissionRun, tools: Tools) -> None:
    """Cells into the sandbox (`run_cells.py`)."""
    run.futures = run_in_sandbox(run, tools.sandbox, tools.secret, tools.files)


def await_results(run: SubmissionRun, tools: Tools) -> None:
    """Outputs and evidence out of the sandbox (`run_cells.py`)."""
    take_results(run, run.futures)
    suspend_hooked_tests(run, tools.solution)


def judge(run: SubmissionRun, tools: Tools) -> None:
    """Evidence → verdicts, points (`judge.py`)."""
    judge_submission(run)


def save(run: SubmissionRun, tools: Tools) -> None:
    """Grades, files and our row, all at once (`save.py`)."""
    tools.saver.save(run)


STEPS: tuple[Step, ...] = (read, restore, sanitize, start, await_results, judge, save)


def run_steps(steps: Sequence[Step], run: SubmissionRun, tools: Tools) -> None:
    """Take a submission through some of the steps, in their order."""
    for step in steps:
        step(run, tools)


class Pipeline:
    """A class on its way through the steps: call `grade`.

    Several submissions are in the sandbox at once; the others are read, judged and saved meanwhile. `waits` is
    told who is in the sandbox when nothing was done for a while.
    """

    def __init__(
        self,
        tools: Tools,
        released: str,
        steps: Sequence[Step] = STEPS,
        waits: Callable[[list[str]], None] = lambda students: None,
    ) -> None:
        self._tools, self._released, self._waits = tools, released, waits
        waiting = steps.index(await_results)
        self._until_the_sandbox, self._after_it = steps[:waiting], steps[waiting:]

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Result]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are saved.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        running: list[SubmissionRun] = []
        for submission in submissions:
            run = SubmissionRun(submission, self._released)
            if result := self._take(self._until_the_sandbox, run):
                yield result
            else:
                running.append(run)
            while len(running) >= at_once:
                yield self._finish_one(running)
        while running:
            yield self._finish_one(running)

    def _take(self, steps: Sequence[Step], run: SubmissionRun) -> Result | None:
        """Take the steps; the result of a submission that goes no further."""
        try:
            run_steps(steps, run, self._tools)
        except NeedsReviewError as reason:
            return self._review(run.submission, reason)
        except CourseError:
            raise
        except Exception as error:
            return self._failed(run.submission, error)
        return run.result

    def _finish_one(self, running: list[SubmissionRun]) -> Result:
        """Wait until the sandbox has run one of the submissions, and finish it."""
        while not (done := [run for run in running if run.done]):
            if not wait([run.unfinished for run in running], SILENCE, FIRST_COMPLETED).done:
                self._waits([run.submission.student for run in running])
        running.remove(done[0])
        result = self._take(self._after_it, done[0])
        if result is None:
            raise RuntimeError("no step has saved the submission")
        return result

    def _review(self, submission: Submission, reason: NeedsReviewError) -> Result:
        try:
            digest = graded_with(fingerprint(submission, self._tools.key), self._released)
            return self._tools.saver.save_review(submission, digest, reason)
        except CourseError:
            raise
        except Exception as error:
            return self._failed(submission, error)

    def _failed(self, submission: Submission, error: Exception) -> Result:
        what = str(error) if isinstance(error, MachineError) else f"the grader failed: {error!r}"
        return Result(
            student=submission.student,
            assignment=submission.assignment,
            status=FAILED,
            max_score=self._tools.key.max_score,
            notes=(what,),
        )


def rejudge(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    submissions: list[Submission],
    outcome: ClassOutcome,
) -> None:
    """Judge stored evidence again, after a check has changed: no student's code runs.

    Returned grades (those with a feedback page) change only with --force, the others at once. The outcome
    names every score that differs. Submissions that were not graded keep the result that they had.
    """
    tools = Tools(saver=Saver(course, gradebook, key))
    students = [submission.student for submission in submissions]
    rows = read_rows(gradebook, key.assignment, students)
    known = read_results(gradebook, key, students)
    for submission in submissions:
        student = submission.student
        waiting = Result(student, key.assignment, WAITING, key.max_score)
        before = known.get(student, waiting)
        if student not in rows or rows[student].status != GRADED:
            outcome.results.append(before)
            continue
        hold = course.is_returned(student, submission.assignment) and not outcome.forced
        try:
            run = stored_run(course, key, submission, rows[student])
            run_steps([judge], run, tools)
            tools.saver.save(run, keep=not hold)
        except (MachineError, NeedsReviewError) as error:
            outcome.results.append(replace(before, status=FAILED, score=None, notes=(str(error),)))
            continue
        after = run.result
        differs = (after.score, after.max_score) != (before.score, before.max_score)
        if hold:
            if differs:
                outcome.held[student] = after
            outcome.results.append(before)
        else:
            outcome.results.append(replace(after, was=before.score) if differs else after)


def stored_run(course: Course, key: AnswerKey, submission: Submission, row: SubmissionRow) -> SubmissionRun:
    """A graded submission as it came out of the sandbox.

    Raises:
        MachineError: its files are not those that were graded, or of another version.
    """
    folder = course.folder("autograded", submission.student, submission.assignment)
    run = SubmissionRun(submission, row.digest.rpartition(" ")[2], seconds=row.seconds, tier=row.tier)
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
        restore_cells(ran, notebook)
        one = NotebookRun(notebook, stored["submitted"], ran)
        for grade_id, check in stored["checks"].items():
            evidence = check["evidence"]
            one.seeds[grade_id] = check["seed"]
            one.evidence[grade_id] = None if evidence is None else base64.b64decode(evidence)
        missing = {cell.grade_id for cell in notebook.cells.values() if cell.check} - set(one.seeds)
        if missing:
            named = ", ".join(sorted(missing))
            raise MachineError(f"no evidence of {named} was kept: grade it again with --force")
        run.notebook_runs.append(one)
    return run
