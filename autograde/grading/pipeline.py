"""How a submission is graded: `STEPS`, the one list that every front end takes.

`autograde grade` takes all of them for each submission of a class (`Pipeline`), `autograde mark` those from
`restore` to `judge` for one file, a release those from `start` to `judge` for its solution (`trial.py`), `--rejudge`
`judge` and `save` with the evidence that was kept, and nbgrader's own command all of them (`nbgrader_autograde.py`). Each step's docstring names the file with the rest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from autograde.course.answer_key import AnswerKey
from autograde.course.course import Submission
from autograde.course.flags import NeedsReviewError
from autograde.course.results import FAILED, Result
from autograde.errors import CourseError, MachineError
from autograde.grading.judge import judge_submission
from autograde.grading.read_submission import NotebookReader, read_within_limits
from autograde.grading.restore import Sanitizer, restore_submission
from autograde.grading.run_cells import (
    Sandbox,
    SandboxFailedError,
    SolutionHooks,
    run_in_sandbox,
    suspend_hooked_tests,
    take_results,
)
from autograde.grading.save import Saver
from autograde.grading.select_submissions import fingerprint
from autograde.grading.submission_run import SubmissionRun, graded_with
from autograde.sandbox import Turn

TRIES = 2  # a sandbox that fails once may work the next time
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
    sanitizer: Sanitizer | Any = None
    saver: Saver | Any = None


Step = Callable[[SubmissionRun, Tools], None]


def read(run: SubmissionRun, tools: Tools) -> None:
    """Files → notebooks, within limits (`read_submission.py`)."""
    read_within_limits(run, tools.key, tools.reader, tools.home)


def restore(run: SubmissionRun, tools: Tools) -> None:
    """Cells as the instructor has them (`restore.py`)."""
    restore_submission(run)


def sanitize(run: SubmissionRun, tools: Tools) -> None:
    """What a course adds to nbgrader's steps of that name (`restore.py`)."""
    tools.sanitizer.sanitize(run)


def start(run: SubmissionRun, tools: Tools) -> None:
    """Cells into the sandbox (`run_cells.py`)."""
    run.futures = run_in_sandbox(run, tools.sandbox, tools.secret, tools.files)


def await_results(run: SubmissionRun, tools: Tools) -> None:
    """Outputs and evidence out of the sandbox (`run_cells.py`); one that fails is tried once more."""
    while True:
        try:
            take_results(run, run.futures)
            break
        except SandboxFailedError:
            if run.tries == TRIES:
                raise
            run.tries += 1
            start(run, tools)
    suspend_hooked_tests(run, tools.solution)


def judge(run: SubmissionRun, tools: Tools) -> None:
    """Evidence → verdicts, points (`judge.py`)."""
    judge_submission(run)


def save(run: SubmissionRun, tools: Tools) -> None:
    """Grades, files and our row, all at once (`save.py`)."""
    tools.saver.save(run)


STEPS: tuple[Step, ...] = (read, restore, sanitize, start, await_results, judge, save)


def take(steps: Sequence[Step], run: SubmissionRun, tools: Tools) -> None:
    """Take a submission through some of the steps, in their order."""
    for step in steps:
        step(run, tools)


class Pipeline:
    """A class on its way through the steps: call `grade`.

    Several submissions are in the sandbox at once; the others are read, judged and saved meanwhile. `waits` is
    told who is in the sandbox, and how far each has come, when nothing was done for a while.
    """

    def __init__(
        self,
        tools: Tools,
        released: str,
        steps: Sequence[Step] = STEPS,
        waits: Callable[[dict[str, Turn | None]], None] = lambda turns: None,
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
            take(steps, run, self._tools)
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
                sandbox = self._tools.sandbox
                self._waits({run.submission.student: sandbox.turn(run.unfinished) for run in running})
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
