"""How a submission is graded: `STEPS`, and a class that goes through them.

Each step is a function here; its docstring names the file with the rest. Their order, and which class takes a
step when nbgrader's own command grades, are the rows of `autograde/steps.py`.

nbgrader's converters take the same steps, a notebook at a time: see `nbgrader_converters.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from datetime import tzinfo
from itertools import chain, pairwise
from typing import Any

from autograde.errors import CourseError, MachineError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Submission
from autograde.grading.flag_messages import NeedsReviewError
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.judge import judge_submission
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.read_submission import read_within_limits
from autograde.grading.results import FAILED, Result
from autograde.grading.run_cells import Sandbox, SandboxFailedError, run_in_sandbox, take_results
from autograde.grading.sanitize import Sanitizer, restore_submission
from autograde.grading.save import Saver
from autograde.grading.selection import fingerprint
from autograde.grading.submission_run import SubmissionRun, graded_with
from autograde.sandbox import Turn
from autograde.steps import ORDER
from descentlab.sentences import say

TRIES = 2  # a sandbox that fails once may work the next time
SILENCE = 30.0  # seconds without a result, after which it is said who still runs
MOST_TOGETHER = 16  # in one transaction: a student's rows are in memory until it ends


@dataclass(frozen=True)
class SandboxTools:
    """What running a submission needs: all that nbgrader's converters, which read and save, need here."""

    sandbox: Sandbox
    secret: bytes
    files: Mapping[str, bytes]  # of the assignment: path within its folder, content


@dataclass(frozen=True)
class Tools(SandboxTools):
    """What all steps need, made once a class; `home` is the zone in which the course's exchange writes."""

    key: AnswerKey
    reader: NotebookReader
    home: tzinfo
    sanitizer: Sanitizer
    saver: Saver


Step = Callable[[SubmissionRun, Any], None]
_STEPS: dict[str, Step] = {}


def step(function: Step) -> Step:
    """Make the function a step, by its name."""
    _STEPS[function.__name__] = function
    return function


@step
def read(run: SubmissionRun, tools: Tools) -> None:
    """Files → notebooks, within limits (`read_submission.py`)."""
    read_within_limits(run, tools.key, tools.reader, tools.home)


@step
def restore(run: SubmissionRun, tools: object = None) -> None:
    """Cells as the instructor has them (`sanitize.py`)."""
    restore_submission(run)


@step
def sanitize(run: SubmissionRun, tools: Tools) -> None:
    """What a course adds to nbgrader's steps of that name (`sanitize.py`)."""
    tools.sanitizer.sanitize(run)


@step
def start(run: SubmissionRun, tools: SandboxTools) -> None:
    """Cells into the sandbox (`run_cells.py`)."""
    run.futures = run_in_sandbox(run, tools.sandbox, tools.secret, tools.files)


@step
def await_results(run: SubmissionRun, tools: object = None) -> None:
    """Outputs and evidence out of the sandbox, when it is done (`run_cells.py`)."""
    take_results(run, run.futures)


@step
def judge(run: SubmissionRun, tools: object = None) -> None:
    """Evidence → verdicts, points (`judge.py`)."""
    judge_submission(run)


@step
def save(run: SubmissionRun, tools: Tools) -> None:
    """Grades, files and our row, at once (`save.py`): the result is there when its batch has ended."""
    tools.saver.save(run)


def steps_named(names: Iterable[str]) -> tuple[Step, ...]:
    """The steps of these names: the functions above."""
    return tuple(_STEPS[name] for name in names)


STEPS = steps_named(step.name for step in ORDER)


def stretches(steps: Sequence[Step]) -> tuple[Sequence[Step], ...]:
    """The steps cut where a class waits: behind `read`, for the process that reads; before `await_results`,
    for the sandbox; before `save`, for the disk."""
    cuts = (0, steps.index(read) + 1, steps.index(await_results), steps.index(save), len(steps))
    return tuple(steps[begin:end] for begin, end in pairwise(cuts))


class Pipeline:
    """A class on its way through the steps: call `grade`.

    Many submissions are under way at once: it waits where the sandbox is not done and where those before are
    not on the disk (`stretches`), and goes on with others meanwhile. The next one is read in the meantime,
    too. Those that are done at the same time are saved together. `waits` is told who is in the sandbox, and
    where each stands, when nothing was done for a while.
    """

    def __init__(
        self,
        tools: Tools,
        gradebook: SharedGradebook,
        released: str,
        steps: Sequence[Step] = STEPS,
        waits: Callable[[dict[str, Turn | None]], None] = lambda turns: None,
    ) -> None:
        self._tools, self._gradebook, self._released, self._waits = tools, gradebook, released, waits
        self._reading, self._until_the_sandbox, self._until_the_disk, self._at_the_disk = stretches(steps)
        self._into_the_sandbox = self._until_the_sandbox[self._until_the_sandbox.index(start) :]
        self._saving: list[Result] = []

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Result]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are done.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        try:
            with closing(self._begun(submissions)) as begun:
                yield from self._through_the_sandbox(begun, at_once)
            yield from self._saved()
        except KeyboardInterrupt:
            yield from self._saved()
            raise

    def _through_the_sandbox(
        self, begun: Iterator[tuple[SubmissionRun, Future[None]]], at_once: int
    ) -> Iterator[Result]:
        running: list[SubmissionRun] = []
        for run, reading in begun:
            try:
                reading.result()
                self._take(self._until_the_sandbox, run)
                running.append(run)
            except NeedsReviewError as reason:
                yield from self._saved()
                yield self._review(run.submission, reason)
            except CourseError:
                raise
            except Exception as error:
                yield self._failed(run.submission, error)
            while len(running) >= at_once:
                yield from self._finish_done(running)
        while running:
            yield from self._finish_done(running)

    def _begun(self, submissions: list[Submission]) -> Iterator[tuple[SubmissionRun, Future[None]]]:
        """Each submission and its reading; that of the next one begins before this one is given out."""
        runs = (SubmissionRun(submission, self._released) for submission in submissions)
        with ThreadPoolExecutor(1, "autograde-read") as thread:
            begun = ((run, thread.submit(self._take, self._reading, run)) for run in runs)
            try:
                for one, _ in pairwise(chain(begun, [None])):
                    yield one
            except GeneratorExit:  # nobody waits for the one that is read now
                self._tools.reader.stop()
                raise

    def _take(self, steps: Sequence[Step], run: SubmissionRun) -> None:
        for step in steps:
            step(run, self._tools)

    def _finish_done(self, running: list[SubmissionRun]) -> Iterator[Result]:
        """Finish every submission whose runs are done, after waiting for one."""
        if not any(run.done for run in running):
            yield from self._saved()
        unfinished = [run.unfinished for run in running]
        while not wait(unfinished, SILENCE, FIRST_COMPLETED).done:
            sandbox = self._tools.sandbox
            self._waits({run.submission.student: sandbox.turn(run.unfinished) for run in running})
        judged = []
        for run in [run for run in running if run.done][:MOST_TOGETHER]:
            running.remove(run)
            try:
                (judged if self._judged(run) else running).append(run)
            except CourseError:
                raise
            except Exception as error:
                yield self._failed(run.submission, error)
        yield from self._saved()
        if judged:
            yield from self._save(judged)

    def _judged(self, run: SubmissionRun) -> bool:
        """Go on with what the sandbox gave; where it failed for the first time, start it once more."""
        try:
            self._take(self._until_the_disk, run)
        except SandboxFailedError:
            if run.tries == TRIES:
                raise
            run.tries += 1
            self._take(self._into_the_sandbox, run)
            return False
        return True

    def _save(self, runs: list[SubmissionRun]) -> Iterator[Result]:
        """Save them as one; where one of them cannot be saved, each by itself."""
        try:
            with self._tools.saver.batch([run.submission for run in runs]):
                for run in runs:
                    self._take(self._at_the_disk, run)
            self._saving = [run.result for run in runs]
        except CourseError:
            raise
        except Exception as error:
            if len(runs) == 1:
                yield self._failed(runs[0].submission, error)
            else:
                for run in runs:
                    yield from self._save([run])
                    yield from self._saved()

    def _saved(self) -> Iterator[Result]:
        """The results whose commit went on while the next submissions were judged, once that has ended."""
        if self._saving:
            self._gradebook.await_commit()  # who is interrupted here asks once more
            results, self._saving = self._saving, []
            yield from results

    def _review(self, submission: Submission, reason: NeedsReviewError) -> Result:
        try:
            digest = graded_with(fingerprint(submission, self._tools.key), self._released)
            return self._tools.saver.save_review(submission, digest, reason)
        except CourseError:
            raise
        except Exception as error:
            return self._failed(submission, error)

    def _failed(self, submission: Submission, error: Exception) -> Result:
        what = (
            str(error)
            if isinstance(error, MachineError)
            else say("the grader failed: {error!r}", error=error)
        )
        return Result(
            student=submission.student,
            assignment=submission.assignment,
            status=FAILED,
            max_score=self._tools.key.max_score,
            notes=(what,),
        )
