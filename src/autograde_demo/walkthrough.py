"""The demo from nothing to the table: build, grade, write pages, show."""

from __future__ import annotations

import os
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograde.feedback.write import write_feedback
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.grading.graded_assignments import graded_assignment
from autograde.grading.result_messages import happenings, safe
from autograde.grading.results import FAILED, ClassOutcome, Result
from autograde.grading.terminal import Progress, colour_of
from autograde.scores import points
from autograde_demo.build import build
from autograde_demo.cases import DemoCase


def run_demo(folder: Path, students: int, seed: int) -> int:
    """Everything the demo does. Returns 1 where the grader or the machine failed, else 0."""
    console = Console()
    console.print(f"the demo course: {_shown(folder)}")
    lessons, cases = build(folder, students, seed)
    outcomes: dict[str, ClassOutcome] = {}
    graded, seconds = 0, 0.0
    for lesson in lessons:
        began = time.perf_counter()
        with Progress(console) as progress:
            outcomes[lesson] = grade_class(GradeOptions(lesson, folder), progress.watcher(lesson))
        seconds += time.perf_counter() - began
        graded += sum(not result.unchanged for result in outcomes[lesson].results)
    pages = [path for lesson in lessons for path in _write_pages(folder, lesson)]
    _show_class(console, outcomes, cases)
    _say_next(console, folder, pages, lessons[-1], graded, seconds)
    failed = any(result.status == FAILED for outcome in outcomes.values() for result in outcome.results)
    return int(failed or any(outcome.stopped for outcome in outcomes.values()))


def _write_pages(folder: Path, lesson: str) -> list[Path]:
    with graded_assignment(folder, lesson) as (course, gradebook, key):
        return [written.path for written in write_feedback(course, gradebook, key)]


def _show_class(console: Console, outcomes: dict[str, ClassOutcome], cases: dict[str, DemoCase]) -> None:
    """A line a student, and below it, where there is something to say, what happened."""
    by_student = {
        lesson: {one.student: one for one in outcome.results} for lesson, outcome in outcomes.items()
    }
    wide = max(len(case.name) for case in cases.values())
    heads = "  ".join(f"{lesson:>10}" for lesson in outcomes)
    console.print(f"\n[bold]{'student':<8}{'who':<{wide}}  {heads}[/bold]")
    for student, case in cases.items():
        results = [by_student[lesson].get(student) for lesson in outcomes]
        scores = "  ".join(_score(result) for result in results)
        console.print(f"{student:<8}{case.name:<{wide}}  {scores}", highlight=False)
        words = dict.fromkeys(word for result in results if result for word in happenings(result))
        if words:
            line = Text(f"{'':8}{'; '.join(words)}", style="dim")
            console.print(line, no_wrap=True, overflow="ellipsis")


def _score(result: Result | None) -> str:
    shown = f"{points(result.score)} / {points(result.max_score)}" if result else "–"
    return f"{colour_of(result) if result else ''}{shown:>10}"


def _say_next(
    console: Console, folder: Path, pages: list[Path], lesson: str, graded: int, seconds: float
) -> None:
    shown = _shown(folder)
    if graded:
        rate = graded / seconds
        console.print(f"\n{graded} submissions graded in {seconds:.1f} s: {rate:.1f} a second")
    else:
        console.print("\nnothing had changed since the last run")
    if pages:
        console.print(f"feedback   {_shown(pages[0])} and {len(pages) - 1} more")
    console.print(f"gradebook  {shown}/gradebook.db")
    console.print("next       open a feedback page in a browser; or ask why a grade is what it is:")
    console.print(f"           autograde explain {lesson} s05 --course-dir {shown}", soft_wrap=True)
    console.print("           or correct by hand, in Nbgrader → Formgrader:")
    console.print(f"           cd {shown} && jupyter lab", soft_wrap=True)


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return safe(str(path) if relative.startswith("..") else relative)
