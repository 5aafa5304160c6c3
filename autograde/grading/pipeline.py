"""How a submission is graded: `STEPS`, in the order of `autograde.steps`, and a class that goes through them.

nbgrader's converters take the same steps, a notebook at a time: see `nbgrader_converters.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from datetime import tzinfo

from autograde.errors import CourseError, MachineError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Submission
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.judge import judge_submission
from autograde.grading.messages import NeedsReviewError
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.read_submission import read_within_limits
from autograde.grading.results import FAILED, Result
from autograde.grading.run_cells import Sandbox, run_in_sandbox, take_results
from autograde.grading.sanitize import Sanitizer, restore_submission
from autograde.grading.save import Saver
from autograde.grading.selection import fingerprint
from autograde.grading.submission_run import SubmissionRun, graded_with
from autograde.steps import STEPS as ORDER
from descentlab.sentences import say

TRIES = 2  # a sandbox that fails once may work the next time
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


def read(run: SubmissionRun, tools: Tools) -> None:
    """Files → notebooks, within limits (`read_submission.py`)."""
    read_within_limits(run, tools.key, tools.reader, tools.home)


def restore(run: SubmissionRun, tools: object = None) -> None:
    """Cells as the instructor has them (`sanitize.py`)."""
    restore_submission(run)


def sanitize(run: SubmissionRun, tools: Tools) -> None:
    """What a course adds to nbgrader's steps of that name."""
    tools.sanitizer.sanitize(run)


def start(run: SubmissionRun, tools: SandboxTools) -> None:
    """Cells into the sandbox (`run_cells.py`)."""
    run.futures = run_in_sandbox(run, tools.sandbox, tools.secret, tools.files)


def collect(run: SubmissionRun, tools: object = None) -> None:
    """Outputs and evidence out of the sandbox, when it is done (`run_cells.py`)."""
    take_results(run, run.futures)


def judge(run: SubmissionRun, tools: object = None) -> None:
    """Evidence → verdicts, points (`judge.py`)."""
    judge_submission(run)


def save(run: SubmissionRun, tools: Tools) -> None:
    """Grades, files and our row, at once (`save.py`)."""
    run.result = tools.saver.save(run)


Step = Callable[[SubmissionRun, Tools], None]


def steps_named(names: Iterable[str]) -> tuple[Step, ...]:
    """The steps of these names: the functions above."""
    return tuple(globals()[name] for name in names)


STEPS = steps_named(ORDER)


def steps_between(first: Step, last: Step) -> tuple[Step, ...]:
    """The steps from one to another, both included."""
    return STEPS[STEPS.index(first) : STEPS.index(last) + 1]


class Pipeline:
    """A class on its way through the steps: call `grade`.

    Many submissions are under way at once: it waits where the sandbox is not done (before `collect`) and
    where those before are not on the disk (before `save`), and goes on with others meanwhile. Those that are
    done at the same time are saved together.
    """

    def __init__(self, tools: Tools, gradebook: SharedGradebook, released: str) -> None:
        self._tools, self._gradebook, self._released = tools, gradebook, released
        self._saving: list[Result] = []

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Result]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are done.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        running: list[SubmissionRun] = []
        try:
            for submission in submissions:
                run = SubmissionRun(submission, self._released)
                try:
                    self._take(steps_between(read, start), run)
                    running.append(run)
                except NeedsReviewError as reason:
                    yield from self._saved()
                    yield self._review(submission, reason)
                except CourseError:
                    raise
                except Exception as error:
                    yield self._failed(submission, error)
                while len(running) >= at_once:
                    yield from self._settle(running)
            while running:
                yield from self._settle(running)
        except KeyboardInterrupt:
            yield from self._saved()
            raise
        yield from self._saved()

    def _take(self, steps: tuple[Step, ...], run: SubmissionRun) -> None:
        for step in steps:
            step(run, self._tools)

    def _settle(self, running: list[SubmissionRun]) -> Iterator[Result]:
        """Finish every submission whose runs are done, after waiting for one."""
        if not any(run.done for run in running):
            yield from self._saved()
        wait([run.unfinished for run in running], return_when=FIRST_COMPLETED)
        judged = []
        for run in [run for run in running if run.done][:MOST_TOGETHER]:
            running.remove(run)
            try:
                if self._collected(run):
                    self._take((judge,), run)
                    judged.append(run)
                else:
                    running.append(run)
            except CourseError:
                raise
            except Exception as error:
                yield self._failed(run.submission, error)
        yield from self._saved()
        if judged:
            yield from self._save(judged)

    def _collected(self, run: SubmissionRun) -> bool:
        """Take what the sandbox gave; where it failed for the first time, start once more."""
        try:
            self._take((collect,), run)
        except MachineError:
            if run.tries == TRIES:
                raise
            run.tries += 1
            self._take((start,), run)
            return False
        return True

    def _save(self, runs: list[SubmissionRun]) -> Iterator[Result]:
        """Save them as one; where one of them cannot be saved, each by itself."""
        try:
            with self._tools.saver.batch():
                for run in runs:
                    self._take((save,), run)
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
        results, self._saving = self._saving, []
        if results:
            self._gradebook.settle()
            yield from results

    def _review(self, submission: Submission, reason: NeedsReviewError) -> Result:
        digest = graded_with(fingerprint(submission, self._tools.key), self._released)
        return self._tools.saver.save_review(submission, digest, reason)

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
