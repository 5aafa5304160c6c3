"""The same pipeline for nbgrader's own `nbgrader autograde` and formgrader's button.

    ReadWithinLimits   in place of nbgrader's reading: `read`, of one notebook
    RestoreCells       before nbgrader's sanitize steps: `restore`
    SandboxedRun       in place of nbgrader's Execute: `start` to `judge`
    RememberGrade      after nbgrader has saved the grades: our row beside them

`sanitize` and `save` are nbgrader's own there; `autograde/steps.py` says who stands where.

Every submission is its own run of the grader here.
"""

from __future__ import annotations

import atexit
import hashlib
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from traitlets import Enum

from autograde.errors import MachineError
from autograde.files import put
from autograde.grading import submission_rows
from autograde.grading.answer_key import KeyNotebook, read_key
from autograde.grading.answers_by_hand import (
    answers_after,
    answers_of,
    graded_by_hand,
    tick_after,
    ticks_of,
)
from autograde.grading.assignment_files import assignment_files
from autograde.grading.autograded_files import EVIDENCE_FOLDER, evidence_of
from autograde.grading.configured_limits import limits_of
from autograde.grading.course import Course, Submission
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.nbgrader_preprocessors import PipelineStep
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.open_gradebook import open_gradebook
from autograde.grading.pipeline import SandboxTools, steps_named
from autograde.grading.read_submission import read_notebook
from autograde.grading.released_versions import read_released
from autograde.grading.sandbox_access import packages_of, withheld_of
from autograde.grading.save import row_of, verdicts_of
from autograde.grading.scores import read_scores
from autograde.grading.secret import course_secret
from autograde.grading.submission_run import NotebookRun, SubmissionRun
from autograde.lateness.apply import apply_lateness
from autograde.sandbox import Limits, Pool
from autograde.steps import steps_of

GRADED_RUN = "autograde_run"  # in nbgrader's resources, from SandboxedRun to RememberGrade


class _CourseStep(PipelineStep):
    """A step that finds its course and answer key through the converter it runs in."""

    def course(self) -> Course:
        """The course whose converter runs this step."""
        directory = self.parent.parent.coursedir
        return Course(Path(directory.root), self.config, directory)

    def submission_of(self, course: Course, resources: dict[str, Any]) -> Submission:
        """The submission that the notebook at hand belongs to."""
        names = resources["nbgrader"]
        return course.submission(names["student"], names["assignment"])

    def key_of(self, course: Course, resources: dict[str, Any]) -> KeyNotebook:
        """The answer key of the notebook at hand; `graded_before` says whether the secret is in use."""
        names = resources["nbgrader"]
        with closing(open_gradebook(course)) as gradebook:
            submission_rows.prepare(gradebook)
            self.graded_before = submission_rows.anything_graded(gradebook)
            try:
                return read_released(course, gradebook, names["assignment"]).notebooks[names["notebook"]]
            except (MissingEntry, KeyError) as error:
                raise MachineError.say(
                    "the gradebook does not know {notebook!r}", notebook=names["notebook"]
                ) from error


class ReadWithinLimits(NotebookExporter):
    """Reads what was submitted as `autograde grade` does; what nbgrader made of it, as nbgrader does."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources, **kw)
        path = Path(filename)
        submission = Submission(path.parent.parent.name, path.parent.name, path.parent)
        return self.from_notebook_node(read_notebook(submission, path.name, _reader()), resources, **kw)


class RestoreCells(_CourseStep):
    """Cells as the instructor has them; two cells with one id stop the submission."""

    steps = steps_named(steps_of("RestoreCells"))

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course = self.course()
        run = SubmissionRun(self.submission_of(course, resources))
        run.notebook_runs.append(NotebookRun(self.key_of(course, resources), "", nb))
        for step in self.steps:
            step(run, None)
        for note in run.notes:
            self.log.warning("%s", note.sentence())
        return nb, resources


class SandboxedRun(_CourseStep):
    """Runs the notebook in the sandbox and puts verdicts in the checks' cells."""

    steps = steps_named(steps_of("SandboxedRun"))
    isolation = Enum(("auto", "none"), "auto", help="none: run submissions unprotected").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course, names = self.course(), resources["nbgrader"]
        key = self.key_of(course, resources)
        run = SubmissionRun(self.submission_of(course, resources))
        submitted = (run.submission.folder / f"{key.name}.ipynb").read_bytes()
        run.notebook_runs.append(NotebookRun(key, hashlib.sha256(submitted).hexdigest(), nb))
        run.answers, run.ticks = answers_of(run), self._ticks(course, run)
        limits = limits_of(self.config, names["assignment"])
        packages, withheld = packages_of(course, names["assignment"]), withheld_of(course)
        pool = _pool(self.isolation, limits, packages, tuple(withheld.items()))
        files = assignment_files(course, names["assignment"], limits)
        tools = SandboxTools(pool, course_secret(course, self.graded_before), files)
        for step in self.steps:
            step(run, tools)
        for flag in run.flags:
            self.log.warning("%s: %s", names["student"], flag)
        resources[GRADED_RUN] = run
        evidence = course.folder("autograded", names["student"], names["assignment"]) / EVIDENCE_FOLDER
        put(evidence / f"{key.name}.json", evidence_of(run, run.notebook_runs[0]))
        return nb, resources

    def _ticks(self, course: Course, run: SubmissionRun) -> dict[str, bool]:
        with closing(open_gradebook(course)) as gradebook:
            return ticks_of(graded_by_hand(gradebook, run))


class RememberGrade(_CourseStep):
    """Writes our row, once the grades are saved: without it they would count as stock nbgrader's.

    It speaks of no files, so that the next `autograde grade` grades anew. An assignment of several notebooks
    has one row, to which each adds its cells.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        run: SubmissionRun = resources.pop(GRADED_RUN)
        who = run.submission
        with closing(open_gradebook(self.course())) as gradebook, gradebook.transaction():
            before = submission_rows.read_rows(gradebook, who.assignment, [who.student]).get(who.student)
            answers = self._tick(gradebook, run, before)
            apply_lateness(gradebook, self.config, who.assignment, [who.student])
            others = before if before and not before.digest else None
            scores = read_scores(gradebook, who.assignment, [who.student])[who.student]
            made = row_of(
                run,
                digest="",
                flags=tuple(dict.fromkeys([*(others.flags if others else ()), *run.flags])),
                notes=others.notes if others else (),
                cells=(others.cells if others else {}) | verdicts_of(run),
                auto_scores=scores.automatic,
                points=read_key(gradebook, who.assignment).points,
                answers=(before.answers if before else {}) | answers,
            )
            submission_rows.write_rows(gradebook, [made])
        return nb, resources

    def _tick(
        self, gradebook: SharedGradebook, run: SubmissionRun, before: submission_rows.SubmissionRow | None
    ) -> dict[str, submission_rows.Answer]:
        """Tick what waits; nbgrader has replaced the file that a person looked at."""
        answers = answers_after(run.answers or {}, run.ticks, before, {})
        tick_after(graded_by_hand(gradebook, run), answers, run.ticks, before)
        return answers


@cache
def _pool(
    isolation: str, limits: Limits, packages: tuple[str, ...], withheld: tuple[tuple[str, Path], ...]
) -> Pool:
    """One warm sandbox a process, however many submissions nbgrader hands over."""
    pool = Pool(jobs=1, isolation=isolation, limits=limits, packages=packages, withheld=dict(withheld))
    atexit.register(pool.close)
    return pool


@cache
def _reader() -> NotebookReader:
    reader = NotebookReader()
    atexit.register(reader.close)
    return reader
