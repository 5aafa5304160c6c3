"""How a submission is graded: the pipeline, and a class in it.

read_within_limits   read.py       files → a notebook, within limits
sanitize             sanitize.py   cells as the instructor has them
run_in_sandbox       run.py        cells → outputs and evidence
judge                judge.py      evidence → verdicts, points
save                 save.py       grades, files and our row, at once
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from autograde.configuration import exchange_zone
from autograde.errors import CourseError, MachineError, NeedsReviewError
from autograde.grading.course import Course, Submission
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.judge import judge
from autograde.grading.key import AnswerKey
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.products import settle_products
from autograde.grading.read import digests, read_within_limits
from autograde.grading.record import Record, read_records
from autograde.grading.results import FAILED, GRADED, Result
from autograde.grading.run import Sandbox, run_in_sandbox, take_results
from autograde.grading.sanitize import Sanitizer
from autograde.grading.save import Saver
from autograde.grading.scores import read_scores, result_of
from autograde.grading.submission_run import SubmissionRun, digest_of, graded_with, parts_of
from autograde.sandbox import RunResult

TRIES = 2  # a sandbox that fails once may work the next time
AT_A_TIME = 500  # what is known of so many submissions is in memory at once


@dataclass
class _Running:
    run: SubmissionRun
    futures: list[Future[RunResult]]
    tries: int = 1

    @property
    def done(self) -> bool:
        return all(future.done() for future in self.futures)


class Pipeline:
    """Everything a run of the grader needs, made once: call `grade`."""

    def __init__(
        self,
        course: Course,
        gradebook: SharedGradebook,
        key: AnswerKey,
        reader: NotebookReader,
        sandbox: Sandbox,
        secret: bytes,
        files: Mapping[str, bytes],
        released: str,
    ) -> None:
        self._reader = reader
        self._course, self._gradebook, self._key = course, gradebook, key
        self._sandbox, self._secret, self._files = sandbox, secret, files
        self._released = released
        self._sanitizer = Sanitizer(course, gradebook)
        self._saver = Saver(course, gradebook, key)
        self._saving: Result | None = None

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Result]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are done.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        running: list[_Running] = []
        try:
            for submission in submissions:
                try:
                    running.append(self._start(submission))
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

    def _start(self, submission: Submission) -> _Running:
        run = read_within_limits(submission, self._key, self._reader, exchange_zone(self._course.config))
        run.released = self._released
        self._sanitizer.sanitize(run)
        return _Running(run, self._run(run))

    def _run(self, run: SubmissionRun) -> list[Future[RunResult]]:
        return run_in_sandbox(run, self._sandbox, self._secret, self._files)

    def _settle(self, running: list[_Running]) -> Iterator[Result]:
        """Finish every submission whose runs are done, after waiting for one."""
        if not any(one.done for one in running):
            yield from self._saved()
        wait([_unfinished(one) for one in running], return_when=FIRST_COMPLETED)
        for one in [one for one in running if one.done]:
            running.remove(one)
            try:
                take_results(one.run, one.futures)
            except MachineError as error:
                if one.tries < TRIES:
                    running.append(_Running(one.run, self._run(one.run), one.tries + 1))
                else:
                    yield self._failed(one.run.submission, error)
                continue
            yield from self._finish(one.run)

    def _finish(self, run: SubmissionRun) -> Iterator[Result]:
        try:
            judge(run)
            yield from self._saved()
            self._saving = self._saver.save(run, behind=True)
        except CourseError:
            raise
        except Exception as error:
            yield self._failed(run.submission, error)

    def _saved(self) -> Iterator[Result]:
        """The result whose commit went on while the next submission was judged, once that has ended."""
        result, self._saving = self._saving, None
        if result is not None:
            self._gradebook.settle()
            yield result

    def _review(self, submission: Submission, reason: NeedsReviewError) -> Result:
        digest = graded_with(fingerprint(submission, self._key), self._released)
        return self._saver.save_review(submission, digest, reason)

    def _failed(self, submission: Submission, error: Exception) -> Result:
        what = str(error) if isinstance(error, MachineError) else f"the grader failed: {error!r}"
        return Result(
            student=submission.student,
            assignment=submission.assignment,
            status=FAILED,
            max_score=self._key.max_score,
            notes=(what,),
        )


def _unfinished(one: _Running) -> Future[RunResult]:
    return next((future for future in one.futures if not future.done()), one.futures[-1])


def fingerprint(submission: Submission, key: AnswerKey) -> str:
    """What a submission holds, as one word: the same as long as nothing changes."""
    try:
        return digest_of(digests(submission, key))
    except NeedsReviewError as reason:
        return f"{reason.flag}: {reason.sentence}"


@dataclass
class Sorted:
    """Which submissions have to be graded, and the results of those that are as they were.

    Of the first, `returned` has the scores on pages that students have; `released_anew` counts those where
    only what they are run with has changed.
    """

    todo: list[Submission] = field(default_factory=list)
    unchanged: list[Result] = field(default_factory=list)
    returned: dict[str, float | None] = field(default_factory=dict)
    released_anew: int = 0


def sort_out(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    submissions: list[Submission],
    released: str,
    force: bool,
) -> Sorted:
    """Compare submissions, and the word for what they are run with, with what the grader remembers."""
    found = Sorted()
    for first in range(0, len(submissions), AT_A_TIME):
        some = submissions[first : first + AT_A_TIME]
        students = [submission.student for submission in some]
        records = read_records(gradebook, key.assignment, students)
        scores = read_scores(gradebook, key.assignment, students)
        for submission in some:
            record = records.get(submission.student)
            if record is None:
                found.todo.append(submission)
                continue
            try:
                submitted = fingerprint(submission, key)
            except MachineError:  # said of this submission when its turn comes
                found.todo.append(submission)
                continue
            result = result_of(record, scores[submission.student], key, unchanged=True)
            if not force and _holds(course, key, submission, record, graded_with(submitted, released)):
                found.unchanged.append(result)
                continue
            found.todo.append(submission)
            was_submitted, was_released = parts_of(record.digest)
            found.released_anew += was_submitted == submitted and was_released != released
            if course.is_returned(submission):
                found.returned[submission.student] = result.score
    return found


def _holds(course: Course, key: AnswerKey, submission: Submission, record: Record, digest: str) -> bool:
    if record.digest != digest:
        return False
    folder = course.folder("autograded", submission.student, submission.assignment)
    return record.status != GRADED or settle_products(folder, list(key.notebooks), record.products)
