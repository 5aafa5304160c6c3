"""A whole class graded: opens the course, registers what is new, runs the pipeline, and ends in results."""

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograde.book import class_results, gradebook, late, marks, submission_rows
from autograde.book.gradebook import SharedGradebook, has_gradebook, opened_gradebook, require_course
from autograde.book.roster import read_roster, read_submitters
from autograde.course import configuration, graded_files, submission_files
from autograde.course.course import Course, course_secret, only_grader
from autograde.entries import graded, matching, wording
from autograde.entries.answer_key import AnswerKey, read_notebook
from autograde.entries.entry import GRADED, ClassOutcome, Entry, Submission
from autograde.errors import AutogradeError, CourseError, MachineError
from autograde.pipeline import read_submission, run_cells, settings
from autograde.release.keys import registered_key
from autograde.sandbox import Limits, Pool

if TYPE_CHECKING:
    from autograde.cluster.cluster_pool import ClusterPool
    from autograde.pipeline.solver import Solver
TOGETHER = 64
"""Submissions whose problems are solved at once."""

NO_ROW = submission_rows.SubmissionRow("", "")


@dataclass(frozen=True)
class GradeOptions:
    """What `autograde grade` was asked for."""

    assignment: str
    course_dir: Path = Path(".")
    students: tuple[str, ...] = ()
    jobs: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    force: bool = False
    rejudge: bool = False
    isolation: str = "auto"
    scheduler: str | None = None


@dataclass
class Watcher:
    """Who is told how a run goes; the default says nothing."""

    begin: Callable[[int, int, ClassOutcome], None] = lambda todo, unchanged, outcome: None
    done: Callable[[Entry], None] = lambda result: None
    waits: Callable[[list[str]], None] = lambda students: None
    joined: Callable[[int, str], None] = lambda slots, scheduler: None


def grade_class(
    options: GradeOptions,
    watcher: Watcher | None = None,
    *,
    course: Course | None = None,
) -> ClassOutcome:
    """Grade an assignment's submissions; Ctrl-C or a fault of the machine ends it early, with all saved.

    Args:
        course: where it is open already.

    Raises:
        UsageError: the course, the assignment or a student is not there, or the set-up is wrong.
    """
    watcher = watcher or Watcher()
    course = course or Course.open(options.course_dir)
    limits = settings.limits_of(course.config, options.assignment)
    require_course(course)
    if not has_gradebook(course):  # a wrong name must leave none
        course.require_assignment(options.assignment, course.source_assignments())
        course.submissions(options.assignment, options.students)
    with only_grader(course), opened_gradebook(course) as gradebook:
        return ClassGrading(course, gradebook, options, limits, watcher).grade()


@dataclass
class ClassGrading:
    """One run of the grader, once its course and gradebook are open: call `grade`."""

    course: Course
    gradebook: SharedGradebook
    options: GradeOptions
    limits: Limits
    watcher: Watcher
    outcome: ClassOutcome = field(default_factory=ClassOutcome)

    def grade(self) -> ClassOutcome:
        """Register what is new, grade or judge again, compare with the class."""
        course, gradebook, options, outcome = self.course, self.gradebook, self.options, self.outcome
        outcome.rejudged, outcome.forced = options.rejudge, options.force
        submission_rows.prepare(gradebook)
        secret = course_secret(course, submission_rows.anything_graded(gradebook))
        key, outcome.registered = registered_key(course, gradebook, options.assignment)
        submissions = course.submissions(options.assignment, options.students)
        odd, changed_penalties = late.take_times(course, gradebook, submissions)
        outcome.penalties = {who: change for (who, _), change in changed_penalties.items()}
        outcome.timestamp_warnings = [*wording.lines_about({late.ODD_TIME: odd})]
        outcome.unreleased = [*self._changed_since(key)]
        files = settings.assignment_files(course, key.assignment)
        run_with = settings.release_digest(key, files)
        if options.rejudge:
            from autograde.grading.rejudge import rejudge

            outcome.returned = {
                one.student
                for one in submissions
                if course.is_returned(one.student, one.assignment) and not options.force
            }
            self.watcher.begin(0, 0, outcome)
            with self._solver(key) as solver:
                rejudge(course, gradebook, key, submissions, outcome, run_with, solver)
        else:
            self._grade_new(key, submissions, secret, files, run_with)
        self._compare_with_class(key)
        changed = {
            one.student
            for one in outcome.results
            if (one.was is not None if options.rejudge else not one.unchanged)
        }
        outcome.stale_feedback_warnings += late.stale_feedback(
            course, options.assignment, changed | outcome.penalties.keys()
        )
        return outcome

    def _changed_since(self, key: AnswerKey) -> Iterator[Path]:
        """Yield the solutions that define checks and have changed since their release."""
        for name, solution in key.solutions.items():
            path = self.course.source(key.assignment) / f"{name}.ipynb"
            with suppress(OSError, ValueError):  # what is no longer there, or no notebook, is not run either
                if run_cells.code_of(read_notebook(path)) != solution.cells:
                    yield path

    def _grade_new(
        self,
        key: AnswerKey,
        submissions: list[Submission],
        secret: bytes,
        files: dict[str, bytes],
        run_with: str,
    ) -> None:
        """Run and judge what is not as the grader remembers it."""
        course, outcome = self.course, self.outcome
        todo, returned = self._sort_out(key, submissions, run_with)
        self.gradebook.db.rollback()
        outcome.ignored = [] if self.options.students else course.odd_folders()
        self.watcher.begin(len(todo), len(outcome.results), outcome)
        if not todo:
            return
        try:
            with (
                self._sandbox(len(todo), key.checks) as (sandbox, slots),
                self._solver(key) as solver,
                read_submission.NotebookReader() as reader,
            ):
                reader.start()
                # Not loaded for a class that is as it was, and otherwise while boxes start.
                from autograde.book import save
                from autograde.pipeline.flow import Pipeline

                if key.solutions:
                    solver.sandbox.warm(len(todo))
                sandbox.prove()
                steps = Pipeline(
                    key=key,
                    run_with=run_with,
                    reader=reader,
                    home=configuration.exchange_zone(course.config),
                    runner=run_cells.CellRunner(
                        sandbox, secret, files, lambda one: key.hooks.get(one.key.name, {}), solver
                    ),
                    keeper=save.Saver(course, self.gradebook, key),
                    waits=self.watcher.waits,
                    together=TOGETHER if key.solutions else 1,
                )
                for result in steps.grade(todo, at_once=2 * slots):
                    was = returned.get(result.student)
                    outcome.results.append(replace(result, was=None if was == result.score else was))
                    self.watcher.done(result)
        except KeyboardInterrupt:
            outcome.stopped = "interrupted"
        except CourseError as fault:
            outcome.stopped = str(fault)

    def _sort_out(
        self, key: AnswerKey, submissions: list[Submission], run_with: str
    ) -> tuple[list[Submission], dict[str, float | None]]:
        """Compare submissions, and what they are run with, with what the grader remembers.

        Returns:
            Those that have to be graded, and of them the scores on pages that students have.
        """
        todo, returned, outcome = [], {}, self.outcome
        students = [submission.student for submission in submissions]
        rows = submission_rows.read_rows(self.gradebook, key.assignment, students)
        scores = submission_rows.read_scores(self.gradebook, key.assignment, students)
        for submission in submissions:
            student = submission.student
            row = rows.get(student, NO_ROW)
            result = submission_rows.result_of(row, scores[student], key, unchanged=True)
            if result.self_reported:
                outcome.self_reported.append(student)
            try:
                submitted = (
                    submission_files.digest_of_submitted(submission, key.notebooks)
                    if row is not NO_ROW
                    else ""
                )
            except MachineError:  # reported when the submission is read again to be graded
                row, submitted = NO_ROW, ""
            regrade = self.options.force or result.self_reported
            digest = graded.graded_with(submitted, run_with)
            if not regrade and self._is_as_graded(submission, key, row, digest):
                outcome.results.append(result)
                continue
            todo.append(submission)
            if row is not NO_ROW:
                outcome.released_anew += row.submitted == submitted and row.run_with != run_with
                if self.course.is_returned(student, submission.assignment):
                    returned[student] = result.score
        return todo, returned

    def _is_as_graded(
        self, submission: Submission, key: AnswerKey, row: submission_rows.SubmissionRow, digest: str
    ) -> bool:
        if row.digest != digest:
            return False
        folder = self.course.folder("autograded", submission.student, submission.assignment)
        return (
            row.status != GRADED or graded_files.read_autograded(folder, list(key.notebooks)) == row.products
        )

    @contextmanager
    def _sandbox(self, submissions: int, checks: Sequence[str]) -> Iterator[tuple["Pool | ClusterPool", int]]:
        """Where notebooks run, and how many at once."""
        course, options = self.course, self.options
        if not options.scheduler:
            with self._local_pool(checks) as pool:
                pool.warm(submissions)
                yield pool, options.jobs
            return
        from autograde.cluster.cluster_pool import ClusterPool

        with ClusterPool(
            options.scheduler,
            options.isolation,
            self.limits,
            settings.packages_of(course, options.assignment),
            settings.withheld_of(course),
            gradebook.gradebook_files(course),
            checks,
        ) as cluster:
            self.watcher.joined(cluster.slots, cluster.address)
            yield cluster, cluster.slots

    def _local_pool(self, checks: Sequence[str] | None = None) -> Pool:
        asked = self.options
        return settings.local_pool(self.course, asked.assignment, asked.jobs, asked.isolation, checks)

    def _solver(self, key: AnswerKey) -> "Solver":
        # With NumPy, which a class that is as it was does not need.
        from autograde.pipeline.solver import Solver

        return Solver(self._local_pool, key.solutions)

    def _compare_with_class(self, key: AnswerKey) -> None:
        """Find who submitted nothing, whose submission is gone, who is not on the roster and who was marked late;
        sort the results.
        """
        course, gradebook, outcome = self.course, self.gradebook, self.outcome
        assignment = key.assignment
        gone: set[str] = set()
        handed_in = {result.student for result in outcome.results}
        roster = read_roster(gradebook)
        groups = read_submitters(course, gradebook, assignment, handed_in, roster)
        if not self.options.students:
            graded = submission_rows.graded_students(gradebook, assignment)
            if gone := class_results.no_longer_submitted(course, assignment, graded):
                known = submission_rows.read_results(gradebook, key, gone).values()
                outcome.results += [replace(one, unchanged=True) for one in known]
            there = graded | handed_in
            absent = {who for who in roster or () if who not in there and groups.get(who) not in there}
            outcome.missing = list(
                class_results.without_result(course, gradebook, key, absent, groups).values()
            )
        if roster is not None:
            outcome.strangers = sorted(handed_in - roster.keys() - {*groups.values()})
            outcome.other_capitals = {
                who: name
                for who, name in groups.items()
                if matching.casefolded(who) == matching.casefolded(name) and name in handed_in
            }
            outcome.in_two_ways = {who: name for who, name in groups.items() if {who, name} <= handed_in}
        outcome.full = sorted(marks.full_answers(gradebook, assignment))
        in_order = sorted(outcome.results, key=lambda result: result.student)
        rule = late.LateRule(gradebook, course.config)
        outcome.results = list(class_results.with_lateness(course, rule, assignment, in_order, gone))


def grade_for_nbgrader(converter: Any) -> list[str]:
    """`nbgrader autograde` and formgrader's button grade as `autograde grade` does; returns lines for their log.

    `course/configuration.py` puts it in the place of nbgrader's `Autograde.start`, so that no student's code ever
    runs outside the sandbox.

    Raises:
        NbGraderException: a submission has no grade, with the reason.
    """
    from nbgrader.converters import NbGraderException  # our own commands start without it

    directory = converter.coursedir
    course = Course(Path(directory.root), converter.config, directory)
    assignment, pattern = directory.assignment_id, directory.student_id
    try:
        submitted = [] if pattern == "*" else [one.student for one in course.submissions(assignment)]
        students = tuple(fnmatch.filter(submitted, pattern))
        if submitted and not students:
            raise NbGraderException(f"no submission by {pattern!r}")
        options = GradeOptions(assignment, course.root, students, force=converter.force)
        outcome = grade_class(options, course=course)
    except AutogradeError as error:
        converter.log.error("%s", error)
        raise NbGraderException(str(error)) from error
    lines = [
        line
        for one in outcome.results
        for line in (
            f"{one.student}: {wording.score_of(one.score, one.max_score)} points",
            *wording.what_happened(one),
        )
    ]
    if outcome.stopped or any(result.status != GRADED for result in outcome.results):
        lines += [outcome.stopped] if outcome.stopped else []
        converter.log.error("%s", "\n".join(lines))
        raise NbGraderException("\n".join(lines))
    return lines
