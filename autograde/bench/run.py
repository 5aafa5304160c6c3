"""Measure, and say it as ratios."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.bench.course import ASSIGNMENT, make_course
from autograde.grading.classroom import Options, grade_class
from autograde.grading.course import log
from autograde.lessons.release import register


@dataclass(frozen=True)
class Measured:
    """One grader on one class: seconds of the clock, seconds of the processors, scores by student."""

    name: str
    seconds: float
    cpu_seconds: float
    scores: dict[str, float]

    @property
    def each(self) -> float:
        """Seconds of the clock a submission."""
        return self.seconds / len(self.scores)


def measure(submissions: int, against_stock: bool, jobs: int) -> list[Measured]:
    """Grade a class with this grader, and with stock nbgrader where asked, on the same files."""
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as scratch:
        first = Path(scratch) / "ours"
        make_course(first, submissions)
        register(first, ASSIGNMENT, f"sqlite:///{first}/gradebook.db")
        second = Path(scratch) / "stock"
        shutil.copytree(first, second)
        measured = [_timed("autograde", lambda: _ours(first, jobs))]
        if against_stock:
            measured.append(_timed("nbgrader", lambda: _stock(second)))
        return measured


def _timed(name: str, grade: Callable[[], dict[str, float]]) -> Measured:
    began, cpu = time.perf_counter(), _cpu()
    scores = grade()
    return Measured(name, time.perf_counter() - began, _cpu() - cpu, scores)


def _cpu() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _ours(root: Path, jobs: int) -> dict[str, float]:
    outcome = grade_class(Options(ASSIGNMENT, root, jobs=jobs))
    return {result.student: result.score or 0.0 for result in outcome.results}


def _stock(root: Path) -> dict[str, float]:
    config = Config()
    config.CourseDirectory.source_directory = "solutions"
    directory = CourseDirectory(config=config, root=str(root), assignment_id=ASSIGNMENT, log=log)
    Autograde(coursedir=directory, config=config, log=log).start()
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {found.student.id: found.score for found in gradebook.assignment_submissions(ASSIGNMENT)}
