"""The demo from nothing to the table: build, grade, write pages, show."""

import os
import shutil
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograde.book.class_results import graded_assignment, read_class
from autograde.entries.entry import FAILED, ClassOutcome, Entry
from autograde.entries.wording import points, safe, what_happened
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.grading.terminal import Progress, color_of
from autograde.pages.feedback import pages_of, write_pages
from autograde.selftest.demo.members import DemoMember
from autograde.selftest.demo.submissions import build
from autograde.untrusted.names import shell_word


def run_demo(folder: Path, source: Path, students: int | None = None, seed: int = 0) -> int:
    """Everything the demo does. Returns 1 where the grader or the machine failed, else 0."""
    console = Console()
    console.print(f"the demo course: {_shown(folder)}")
    lessons, members = build(folder, source, students, seed)
    outcomes: dict[str, ClassOutcome] = {}
    graded, seconds = 0, 0.0
    for lesson in lessons:
        began = time.perf_counter()
        console.print(lesson)
        with Progress(console) as progress:
            outcomes[lesson] = grade_class(GradeOptions(lesson, folder), progress.watcher())
        seconds += time.perf_counter() - began
        graded += sum(not result.unchanged for result in outcomes[lesson].results)
    pages = [path for lesson in lessons for path in _write_pages(folder, lesson)]
    _show_class(console, outcomes, members)
    _say_what_was_done(folder, pages, graded, seconds)
    asked = next(
        (student for student, member in members.items() if member.expect == "less"), next(iter(members))
    )
    _say_next(_shown(folder), lessons[-1], asked)
    failed = any(result.status == FAILED for outcome in outcomes.values() for result in outcome.results)
    return int(failed or any(outcome.stopped for outcome in outcomes.values()))


def _write_pages(folder: Path, lesson: str) -> list[Path]:
    with graded_assignment(folder, lesson) as (course, gradebook, key):
        return [written.path for written in write_pages(pages_of(course, read_class(course, gradebook, key)))]


def _show_class(console: Console, outcomes: dict[str, ClassOutcome], members: dict[str, DemoMember]) -> None:
    """A line a student, and below it, where there is something to say, what happened."""
    by_student = {
        lesson: {one.student: one for one in outcome.results} for lesson, outcome in outcomes.items()
    }
    wide = max(len(member.name) for member in members.values())
    heads = "  ".join(f"{lesson:>10}" for lesson in outcomes)
    console.print(f"\n[bold]{'student':<8}{'who':<{wide}}  {heads}[/bold]")
    for student, member in members.items():
        results = [by_student[lesson].get(student) for lesson in outcomes]
        scores = "  ".join(_score(result) for result in results)
        console.print(f"{student:<8}{member.name:<{wide}}  {scores}", highlight=False)
        words = dict.fromkeys(word for result in results if result for word in what_happened(result))
        if words:
            line = Text(f"{'':8}{'; '.join(words)}", style="dim")
            console.print(line, no_wrap=True, overflow="ellipsis")


def _score(result: Entry | None) -> str:
    shown = f"{points(result.score)} / {points(result.max_score)}" if result else "–"
    return f"{color_of(result) if result else ''}{shown:>10}"


def _say_what_was_done(folder: Path, pages: list[Path], graded: int, seconds: float) -> None:
    if graded:
        print(f"\n{graded} submissions graded in {seconds:.1f} s: {graded / seconds:.1f} a second")
    else:
        print("\nnothing had changed since the last run")
    if pages:
        print(f"feedback   {_shown(pages[0])} and {len(pages) - 1} more: open one in a browser")
    print(f"gradebook  {_shown(folder)}/gradebook.db")


def _say_next(folder: str, lesson: str, student: str) -> None:
    """Commands to paste into the shell that the demo was started in."""
    course = f"--course-dir {shell_word(folder)}"
    print()
    if hint := _activation():
        print(hint)
    print(f"Why a grade is what it is:\n    autograde explain {lesson} {student} {course}")
    print(f"Correct by hand, in Nbgrader → Formgrader:\n    autograde lab --teacher {course}")


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return safe(str(path) if relative.startswith("..") else relative)


def _activation() -> str:
    """What to type so that this shell finds `autograde`; empty if it does."""
    folder = Path(sys.prefix, "bin")
    on_path, script = shutil.which("autograde") or "", folder / "activate"
    if not script.is_file() or os.path.realpath(on_path) == os.path.realpath(folder / "autograde"):
        return ""
    near = os.path.relpath(script)
    word = shell_word(script if near.startswith("..") else near)
    return f"Once in this shell, so that it finds autograde:\n    source {word}"
