"""Both graders measured in this process, where each part of a submission can be told from the others."""

import ctypes
import os
import resource
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from small_course import ASSIGNMENT, same_courses
from traitlets.config import Config

from autograde.course.course import log
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class

PR_SET_CHILD_SUBREAPER = 36  # of linux/prctl.h


@dataclass(frozen=True)
class Measured:
    """One grader on one class: seconds of the clock and of the processors, scores by student.

    `cpu_seconds` are those of this process and of all that it started, boxes and what runs in them included.
    Of these, where the grader knows: `in_boxes` for each student's run, `grader_each` in this process for one
    submission after another.
    """

    name: str
    seconds: float
    cpu_seconds: float
    scores: dict[str, float]
    in_boxes: dict[str, float] = field(default_factory=dict)
    grader_each: float = 0.0

    @property
    def each(self) -> float:
        """Seconds of the clock a submission."""
        return self.seconds / len(self.scores)


def measure(
    submissions: int,
    against_stock: bool,
    jobs: int,
    lesson: Path | None = None,
    look: Callable[[Path], None] = lambda course: None,
) -> list[Measured]:
    """Grade a class with this grader, and with stock nbgrader where asked, on the same files.

    `lesson` is a folder of solutions whose notebook everybody hands in; without it the small assignment.
    `look` is called with the folder of the course that this grader has graded, before it is gone.
    """
    name = lesson.name if lesson else ASSIGNMENT
    with same_courses(submissions, lesson) as (first, second):
        measured = [_ours(first, name, jobs)]
        look(first)
        if against_stock:
            measured.append(_stock(second, name))
        return measured


def _ours(root: Path, assignment: str, jobs: int) -> Measured:
    began, cpu = time.perf_counter(), processor_seconds()
    own: list[float] = []
    with adopting():
        watcher = Watcher(done=lambda _: own.append(time.process_time()))
        outcome = grade_class(GradeOptions(assignment, root, jobs=jobs), watcher)
    seconds, cpu = time.perf_counter() - began, processor_seconds() - cpu
    scores = {result.student: result.score or 0.0 for result in outcome.results}
    in_boxes = {result.student: result.cpu_seconds for result in outcome.results}
    each = (own[-1] - own[0]) / max(1, len(own) - 1)
    return Measured("autograde", seconds, cpu, scores, in_boxes, each)


def _stock(root: Path, assignment: str) -> Measured:
    config = Config()
    config.CourseDirectory.source_directory = "solutions"
    directory = CourseDirectory(config=config, root=str(root), assignment_id=assignment, log=log)
    began, cpu = time.perf_counter(), processor_seconds()
    with _quiet():
        Autograde(coursedir=directory, config=config, log=log).start()
    seconds, cpu = time.perf_counter() - began, processor_seconds() - cpu
    return Measured("nbgrader", seconds, cpu, scores_in(root, assignment))


def scores_in(root: Path, assignment: str) -> dict[str, float]:
    """The scores that a course's gradebook holds, by student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {graded.student.id: graded.score for graded in gradebook.assignment_submissions(assignment)}


def processor_seconds() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def adopting() -> Iterator[None]:
    """Boxes outlive the program that started them by a moment: they become children here, and are counted."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")
    try:
        yield
        with suppress(ChildProcessError):
            while True:
                os.wait()
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what nbgrader's kernels and its database layer print on stderr."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
