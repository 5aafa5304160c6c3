"""The demo from nothing to the table: build, grade, write pages, show."""

from __future__ import annotations

import os
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograde.demo.build import build
from autograde.demo.cases import Case
from autograde.feedback.write import write_feedback
from autograde.grading.classroom import Options, Outcome, grade_class
from autograde.grading.reading import graded_assignment
from autograde.grading.show import Progress, colour_of, points, safe, what_happened
from autograde.grading.work import FAILED, Result


def run_demo(folder: Path, students: int, seed: int) -> int:
    """Everything the demo does. Returns 1 where the grader or the machine failed, else 0."""
    console = Console()
    console.print(f"the demo course: {_shown(folder)}")
    lessons, cases = build(folder, students, seed)
    outcomes: dict[str, Outcome] = {}
    graded, seconds = 0, 0.0
    for lesson in lessons:
        began = time.perf_counter()
        with Progress(console) as progress:
            outcomes[lesson] = grade_class(Options(lesson, folder), progress.watcher(lesson))
        seconds += time.perf_counter() - began
        graded += sum(not result.unchanged for result in outcomes[lesson].results)
    pages = [path for lesson in lessons for path in _write_pages(folder, lesson)]
    console.print(_table(outcomes, cases))
    _say_next(console, folder, pages, graded, seconds)
    failed = any(result.status == FAILED for outcome in outcomes.values() for result in outcome.results)
    return int(failed or any(outcome.stopped for outcome in outcomes.values()))


def _write_pages(folder: Path, lesson: str) -> list[Path]:
    with graded_assignment(folder, lesson) as (course, gradebook, key):
        return [written.path for written in write_feedback(course, gradebook, key)]


def _table(outcomes: dict[str, Outcome], cases: dict[str, Case]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("student", no_wrap=True)
    table.add_column("who", no_wrap=True)
    for lesson in outcomes:
        table.add_column(lesson, justify="right", no_wrap=True)
    table.add_column("what happened")
    results = {lesson: {one.student: one for one in outcome.results} for lesson, outcome in outcomes.items()}
    for student, case in cases.items():
        found = {lesson: results[lesson][student] for lesson in outcomes if student in results[lesson]}
        scores = [_score(found.get(lesson)) for lesson in outcomes]
        table.add_row(safe(student), case.name, *scores, _words(found))
    return table


def _score(result: Result | None) -> str:
    if result is None:
        return "–"
    return f"{colour_of(result)}{points(result.score)} / {points(result.max_score)}"


def _words(found: dict[str, Result]) -> str:
    """What happened, said once where it is the same in every lesson."""
    said = {lesson: what_happened(result) for lesson, result in found.items()}
    if len(set(said.values())) <= 1:
        return next(iter(said.values()), "")
    return "\n".join(f"{lesson}: {words}" for lesson, words in said.items() if words)


def _say_next(console: Console, folder: Path, pages: list[Path], graded: int, seconds: float) -> None:
    shown = _shown(folder)
    if graded:
        rate = graded / seconds
        console.print(f"\n{graded} submissions graded in {seconds:.1f} s: {rate:.1f} a second")
    else:
        console.print("\nnothing had changed since the last run")
    if pages:
        console.print(f"feedback   {_shown(pages[0])} and {len(pages) - 1} more")
    console.print(f"gradebook  {shown}/gradebook.db")
    console.print("next       open a feedback page in a browser, or ask why a grade is what it is:")
    console.print(f"           autograde explain 06-adam s05 --course-dir {shown}")
    console.print(f"           correct by hand: cd {shown} && jupyter lab, then Nbgrader → Formgrader")


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return safe(str(path) if relative.startswith("..") else relative)
