"""A whole class graded: opens the course, registers what is new, runs the pipeline, and ends in results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograde.course import submission_rows
from autograde.course.answer_key import AnswerKey
from autograde.course.configuration import exchange_zone
from autograde.course.course import Course, Submission
from autograde.course.gradebook import SharedGradebook
from autograde.course.lock import only_grader
from autograde.course.open_gradebook import has_gradebook, opened_gradebook, require_course
from autograde.course.register_assignment import answer_key
from autograde.course.results import GRADED, MISSING, ClassOutcome, Result
from autograde.course.scores import graded_students, is_self_reported, read_results, read_scores, result_of
from autograde.course.secret import course_secret
from autograde.course.submission_rows import SubmissionRow, read_rows
from autograde.errors import CourseError, MachineError
from autograde.grading.autograded_files import read_autograded
from autograde.grading.read_submission import NotebookReader, fingerprint, graded_with
from autograde.grading.run_cells import (
    Sandbox,
    assignment_files,
    gradebook_files,
    limits_of,
    may_draw,
    packages_of,
    released,
    withheld_of,
)
from autograde.people.class_results import gone_of, strangers, with_marks, without_result
from autograde.people.late import stale_feedback, take_times
from autograde.people.roster import read_people, read_roster
from autograde.sandbox import Limits, Pool, Turn

if TYPE_CHECKING:
    from autograde.grading.pipeline import Tools


@dataclass(frozen=True)
class GradeOptions:
    """What `autograde grade` was asked for."""

    assignment: str
    course_dir: Path = Path(".")
    students: tuple[str, ...] = ()
    jobs: int = field(default_factory=lambda: max(1, len(os.sched_getaffinity(0))))
    force: bool = False
    rejudge: bool = False
    isolation: str = "auto"
    scheduler: str | None = None


@dataclass
class Watcher:
    """Who is told how a run goes; the default says nothing."""

    begin: Callable[[int, int, ClassOutcome], None] = lambda todo, unchanged, outcome: None
    done: Callable[[Result], None] = lambda result: None
    waits: Callable[[dict[str, Turn | None]], None] = lambda turns: None
    joined: Callable[[int, str], None] = lambda places, scheduler: None


@dataclass(frozen=True)
class _Run:
    """What a run of the grader is about, once its course and gradebook are open."""

    course: Course
    gradebook: SharedGradebook
    options: GradeOptions
    limits: Limits
    watcher: Watcher
    make_pool: Callable[..., Pool]


def grade_class(
    options: GradeOptions,
    watcher: Watcher | None = None,
    make_pool: Callable[..., Pool] = Pool,
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
    limits = limits_of(course.config, options.assignment)
    require_course(course)
    if not has_gradebook(course):  # a wrong name must leave none behind
        known = course.source_assignments()
        if options.assignment not in known:
            raise course.unknown_assignment(options.assignment, known)
        course.submissions(options.assignment, list(options.students))
    with only_grader(course), opened_gradebook(course) as gradebook:
        return _grade(_Run(course, gradebook, options, limits, watcher, make_pool))


def local_pool(
    course: Course, options: GradeOptions, limits: Limits, make_pool: Callable[..., Pool] = Pool
) -> Pool:
    """A pool of this machine's boxes."""
    return make_pool(
        jobs=options.jobs,
        isolation=options.isolation,
        limits=limits,
        figures=may_draw(course, options.assignment),
        packages=packages_of(course, options.assignment),
        withheld=withheld_of(course),
    )


@contextmanager
def _pool(run: _Run, submissions: int) -> Iterator[tuple[Sandbox, int]]:
    """Where notebooks run, and how many at once."""
    options = run.options
    if not options.scheduler:
        with local_pool(run.course, options, run.limits, run.make_pool) as pool:
            pool.warm(submissions)
            yield pool, options.jobs
        return
    from autograde.cluster.cluster_pool import ClusterPool

    packages = packages_of(run.course, options.assignment)
    withheld = withheld_of(run.course)
    files = gradebook_files(run.course)
    with ClusterPool(options.scheduler, options.isolation, run.limits, packages, withheld, files) as cluster:
        run.watcher.joined(cluster.places, cluster.address)
        yield cluster, cluster.places


def _grade(run: _Run) -> ClassOutcome:
    course, gradebook, options = run.course, run.gradebook, run.options
    submission_rows.prepare(gradebook)
    secret = course_secret(course, submission_rows.anything_graded(gradebook))
    key, registered = answer_key(course, gradebook, options.assignment)
    submissions = course.submissions(options.assignment, list(options.students))
    about_times, penalties = take_times(course, gradebook, submissions)
    outcome = ClassOutcome(
        registered=registered,
        rejudged=options.rejudge,
        forced=options.force,
        penalties=penalties,
        about_times=about_times,
    )
    if options.rejudge:
        from autograde.grading.pipeline import rejudge

        run.watcher.begin(0, 0, outcome)
        rejudge(course, gradebook, key, submissions, outcome)
    else:
        _grade_what_is_new(run, key, submissions, secret, outcome)
    _compare_with_class(run, key, outcome)
    _say_old_pages(run, outcome)
    return outcome


def _grade_what_is_new(
    run: _Run, key: AnswerKey, submissions: list[Submission], secret: bytes, outcome: ClassOutcome
) -> None:
    """Run and judge what is not as the grader remembers it."""
    course, gradebook, options = run.course, run.gradebook, run.options
    files = assignment_files(course, options.assignment, run.limits)
    run_with = released(key, files)
    sorted_out = sort_out(course, gradebook, key, submissions, run_with, options.force)
    gradebook.db.rollback()
    outcome.results = sorted_out.unchanged
    outcome.released_anew = sorted_out.released_anew
    outcome.self_reported = sorted_out.self_reported
    outcome.ignored = [] if options.students else course.odd_folders()
    run.watcher.begin(len(sorted_out.todo), len(sorted_out.unchanged), outcome)
    if sorted_out.todo:
        try:
            with _tools(run, key, files, secret, len(sorted_out.todo)) as (tools, places):
                _grade_todo(run, tools, sorted_out, run_with, places, outcome)
        except KeyboardInterrupt:
            outcome.stopped = "interrupted"
        except CourseError as fault:
            outcome.stopped = str(fault)


def _compare_with_class(run: _Run, key: AnswerKey, outcome: ClassOutcome) -> None:
    """Who of the class has handed in nothing, or nothing any more, who handed in without being on the roster,
    and who was marked as late; results in order.
    """
    roster = read_roster(run.gradebook)
    gone: set[str] = set()
    handed_in = {result.student for result in outcome.results}
    if not run.options.students:
        graded = graded_students(run.gradebook, key.assignment)
        if gone := gone_of(run.course, key.assignment, graded):
            known = read_results(run.gradebook, key, gone).values()
            outcome.results += [replace(one.result, unchanged=True) for one in known]
        without, _ = without_result(run.course, roster or {}, key.assignment, graded | handed_in)
        outcome.missing = [Result(who, key.assignment, MISSING, key.max_score) for who in without]
    if roster is not None:
        outcome.strangers = strangers(handed_in, roster, read_people(run.gradebook))
    in_order = sorted(outcome.results, key=lambda result: result.student)
    outcome.results = list(with_marks(run.course, run.gradebook, key.assignment, in_order, gone))


def _say_old_pages(run: _Run, outcome: ClassOutcome) -> None:
    """Whose feedback was written before what changed here."""
    changed = {
        one.student
        for one in outcome.results
        if (one.was is not None if outcome.rejudged else not one.unchanged)
    }
    outcome.about_pages += stale_feedback(
        run.course, run.options.assignment, changed | outcome.penalties.keys()
    )


@contextmanager
def _tools(
    run: _Run, key: AnswerKey, files: dict[str, bytes], secret: bytes, submissions: int
) -> Iterator[tuple[Tools, int]]:
    """What the pipeline's steps need, and for how many submissions at once."""
    with _pool(run, submissions) as (pool, places), NotebookReader() as reader:
        reader.start()
        # What judges and saves is not loaded for a class that is as it was, and otherwise while boxes start.
        from autograde.grading.judge import load_mistakes
        from autograde.grading.pipeline import Tools
        from autograde.grading.run_cells import SolutionHooks
        from autograde.grading.save import Saver

        load_mistakes(key)
        pool.prove()
        tools = Tools(
            sandbox=pool,
            secret=secret,
            files=files,
            solution=SolutionHooks(pool, files, run.course.source(key.assignment)),
            key=key,
            reader=reader,
            home=exchange_zone(run.course.config),
            saver=Saver(run.course, run.gradebook, key),
        )
        yield tools, places


def _grade_todo(
    run: _Run, tools: Tools, sorted_out: Sorted, run_with: str, places: int, outcome: ClassOutcome
) -> None:
    from autograde.grading.pipeline import Pipeline

    pipeline = Pipeline(tools, run_with, waits=run.watcher.waits)
    for result in pipeline.grade(sorted_out.todo, at_once=2 * places):
        was = sorted_out.returned.get(result.student)
        outcome.results.append(replace(result, was=None if was == result.score else was))
        run.watcher.done(result)


NO_ROW = SubmissionRow("", "")


@dataclass
class Sorted:
    """Which submissions have to be graded, and the results of those that are as they were.

    Of the first, `returned` has the scores on pages that students have; `released_anew` counts those where
    only what they are run with has changed; `self_reported` names those that stock nbgrader graded.
    """

    todo: list[Submission] = field(default_factory=list)
    unchanged: list[Result] = field(default_factory=list)
    returned: dict[str, float | None] = field(default_factory=dict)
    released_anew: int = 0
    self_reported: list[str] = field(default_factory=list)


def sort_out(
    course: Course,
    gradebook: SharedGradebook,
    key: AnswerKey,
    submissions: list[Submission],
    released: str,
    force: bool,
) -> Sorted:
    """Compare submissions, and the word for what they are run with, with what the grader remembers."""
    sorted_out = Sorted()
    students = [submission.student for submission in submissions]
    rows = read_rows(gradebook, key.assignment, students)
    scores = read_scores(gradebook, key.assignment, students)
    for submission in submissions:
        row = rows.get(submission.student)
        if is_self_reported(row or NO_ROW, scores[submission.student]):
            sorted_out.self_reported.append(submission.student)
        try:
            submitted = fingerprint(submission, key) if row else ""
        except MachineError:  # reported when the submission is read again to be graded
            row = None
        if row is None:
            sorted_out.todo.append(submission)
            continue
        result = result_of(row, scores[submission.student], key, unchanged=True)
        unchanged = _holds(course, key, submission, row, graded_with(submitted, released))
        if unchanged and not (force or result.self_reported):
            sorted_out.unchanged.append(result)
            continue
        sorted_out.todo.append(submission)
        was_submitted, _, was_released = row.digest.rpartition(" ")
        sorted_out.released_anew += was_submitted == submitted and was_released != released
        if course.is_returned(submission.student, submission.assignment):
            sorted_out.returned[submission.student] = result.score
    return sorted_out


def _holds(course: Course, key: AnswerKey, submission: Submission, row: SubmissionRow, digest: str) -> bool:
    if row.digest != digest:
        return False
    folder = course.folder("autograded", submission.student, submission.assignment)
    return row.status != GRADED or read_autograded(folder, list(key.notebooks)) == row.products
