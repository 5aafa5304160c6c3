"""Submissions on their way through the steps, several at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Protocol, TypeVar

from autograde.course import submission_files
from autograde.entries import answer_key
from autograde.entries.entry import FAILED, Entry, Person, Submission
from autograde.entries.graded import Graded, graded_with
from autograde.errors import CourseError, MachineError, NeedsReviewError
from autograde.pipeline import read_submission, restore, run_cells
from autograde.pipeline.judge import judge_submission

SILENCE_SECONDS = 30.0  # seconds without a result until the terminal says who still runs
Done = TypeVar("Done")


class Keeper(Protocol):
    """Who keeps what is graded."""

    def sanitize(self, graded: Graded) -> None:
        """Take the steps that a course adds to nbgrader's sanitize steps."""

    def save(self, graded: Graded) -> Entry:
        """Keep a graded submission, and say what it comes to."""

    def save_review(self, submission: Submission, digest: str, reason: NeedsReviewError) -> Entry:
        """Keep that a person has to look at it."""


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
    keeper: Keeper
    waits: Callable[[list[str]], None]
    together: int
    """Submissions that are read before the first of them runs: their problems are solved at once."""

    def grade(self, submissions: list[Submission], at_once: int) -> Iterator[Entry]:
        """Grade submissions, `at_once` in the sandbox at a time; results come as they are saved.

        Raises:
            CourseError: something that would meet every submission; what was yielded before is saved.
        """
        running: list[Graded] = []
        for first in range(0, len(submissions), self.together):
            batch = submissions[first : first + self.together]
            read = [self._attempt(submission, partial(self._read, submission)) for submission in batch]
            self.runner.prepare([one for one in read if isinstance(one, Graded)])
            for one in read:
                if isinstance(one, Graded):
                    one = self._attempt(one.submission, partial(self.runner.start, one))
                if isinstance(one, Entry):
                    yield one
                else:
                    running.append(one)
                while len(running) >= at_once:
                    yield self._finish_one(running)
        while running:
            yield self._finish_one(running)

    def _read(self, submission: Submission) -> Graded:
        graded = Graded(submission, self.run_with)
        read_submission.read_within_limits(graded, self.key, self.reader, self.home)
        restore.restore_submission(graded)
        self.keeper.sanitize(graded)
        return graded

    def _finish(self, graded: Graded) -> Entry:
        self.runner.finish(graded)
        judge_submission(graded)
        return self.keeper.save(graded)

    def _finish_one(self, running: list[Graded]) -> Entry:
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
                digest = graded_with(
                    submission_files.digest_of_submitted(submission, self.key.notebooks), self.run_with
                )
                return self.keeper.save_review(submission, digest, reason)
        except CourseError:
            raise
        except Exception as error:
            what = str(error) if isinstance(error, MachineError) else f"the grader failed: {error!r}"
            of = Person(submission.student), submission.assignment
            return Entry(*of, FAILED, self.key.max_score, notes=(what,))
