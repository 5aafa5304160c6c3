"""How a run looks on the terminal: progress while it goes, then a table and what to do next.

Everything that comes from a submission or a folder's name is shown with control characters escaped.
"""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich import progress
from rich.console import Console
from rich.table import Table

from autograde.book import roster
from autograde.entries.entry import (
    COMMON,
    FAILED,
    GRADED,
    NOT_JUDGED,
    ODD_TIMESTAMP,
    REVIEW,
    SUBMISSION_GONE,
    ClassOutcome,
    Entry,
    answers_in,
    common_results,
)
from autograde.entries.wording import (
    BY_STATUS,
    GONE_REMEDY,
    ORDINARY_TESTS_RUN,
    REVIEW_REMEDY,
    STRANGERS,
    TIMES_REMEDY,
    counted,
    lines_about,
    named,
    notices,
    points,
    safe,
    score_of,
    what_happened,
)
from autograde.grading.grade_class import Watcher
from autograde.sandbox.tiers import NAMES
from autograde.untrusted.names import shell_word

PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal
HIGHEST_TIER = max(NAMES)
MOST_NAMED = 20  # who are still in the sandbox
MOST_MISTAKES = 5
LONGEST_TABLE = 60  # longer tables name only what needs attention


class Progress:
    """Count and time left: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._explained = False
        self._last_line = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: Any) -> None:
        self._bar.stop()

    def watcher(self) -> Watcher:
        """What `grade_class` reports to."""
        return Watcher(self._begin, self._one_done, self._still_waits, self._joined)

    def _begin(self, todo: int, unchanged: int, outcome: ClassOutcome) -> None:
        for line in _before_grading(outcome):
            self.say(line)
        if unchanged:
            self.say(
                f"{counted(unchanged, 'submission')} unchanged since the last run (--force grades them, too)"
            )
        if todo:
            self._bar.add_task("grading", total=todo)
            self._bar.start()
            if self._bar.disable:
                self.say(f"grading {counted(todo, 'submission')} …")

    def _joined(self, slots: int, scheduler: str) -> None:
        self.say(f"{slots} at once on the workers of {safe(scheduler)}")

    def say(self, sentence: str) -> None:
        """Print a line."""
        self._console.print(sentence, soft_wrap=True)

    def _still_waits(self, students: list[str]) -> None:
        """Say who still runs; the first time also what becomes of an endless loop."""
        self.say(f"still in the sandbox: {safe(named(students, MOST_NAMED))}")
        if not self._explained:
            self._explained = True
            self.say(
                "a cell that exceeds its time limit is stopped, later if the machine is busy. Ctrl-C loses "
                "nothing that was graded"
            )

    def _one_done(self, result: Entry) -> None:
        task = self._bar.tasks[-1]
        self._bar.advance(task.id)
        now = time.monotonic()
        if self._bar.disable and not task.finished and now - self._last_line >= PLAIN_EVERY:
            self._last_line = now
            left = task.elapsed / task.completed * task.remaining
            self.say(
                f"{task.completed:g} of {task.total:g}, about {left:.0f} s left unless one reaches its limits"
            )


def _before_grading(outcome: ClassOutcome) -> Iterator[str]:
    """What was found before anything was graded."""
    if outcome.registered:
        yield "registered the assignment in the gradebook, from the source folder"
    for path in outcome.unreleased:
        yield f"{safe(str(path))} has changed since its release: what was released counts until it is released again"
    if outcome.returned:
        yield (
            f"{counted(len(outcome.returned), 'grade')} will be kept, as feedback was returned: to change returned "
            "grades, too, add --force"
        )
    if outcome.released_anew:
        yield (
            f"regrading {counted(outcome.released_anew, 'submission')}: released files, checks or points have "
            "changed since the last run"
        )
    if outcome.self_reported:
        yield f"replacing grades of stock nbgrader: {safe(', '.join(outcome.self_reported))}"
    for student, (before, now) in outcome.penalties.items():
        yield f"points off for lateness: {safe(student)} {points(before)} → {points(now)}"
    yield from map(safe, outcome.timestamp_warnings)
    for folder in outcome.ignored:
        yield (
            f"skipped folder '{safe(folder)}': not a valid student id. Rename it, for example to the "
            "student's login"
        )


def show_outcome(outcome: ClassOutcome, assignment: str, console: Console | None = None) -> None:
    """The table of a run and what to do next."""
    console = console or Console()
    shown = outcome.results
    if len(shown) > LONGEST_TABLE:
        shown = [result for result in outcome.results if result.status != GRADED or result.flags]
    if shown:
        _show_table(console, shown)
    for line in _below_the_table(outcome, assignment):
        console.print(line, soft_wrap=True)


def same_again(assignment: str, rejudge: bool) -> str:
    """The command that repeats the run."""
    return f"autograde grade {assignment}{' --rejudge' if rejudge else ''}"


def _below_the_table(outcome: ClassOutcome, assignment: str) -> Iterator[str]:
    graded = [result for result in outcome.results if result.status == GRADED]
    word = safe(shell_word(assignment))
    yield _summary(outcome, graded)
    for student, group in outcome.in_two_ways.items():
        yield safe(f"{student}: {roster.in_two_ways(student, group, assignment)}")
    tiers = [result.tier for result in graded if result.tier is not None and not result.unchanged]
    if tiers and min(tiers) < HIGHEST_TIER:  # of what was run now, where a machine can give a higher one
        yield (
            f"isolation: tier {min(tiers)} of {HIGHEST_TIER} ({NAMES[min(tiers)]}): `autograde doctor` "
            "says what a higher one needs."
        )
    yield from _common_mistakes(graded, word)
    yield from _changes(outcome, word)
    retry = same_again(word, outcome.rejudged)
    if outcome.stopped:
        how = f"`{retry} --force` starts again" if outcome.forced else f"`{retry}` continues"
        yield f"[bold]stopped: {safe(outcome.stopped)}.[/bold] What was graded is saved; {how}."

    def flagged(flag: str) -> list[str]:
        return [one.student for one in outcome.results if flag in one.flags]

    sentences = {
        f"{ORDINARY_TESTS_RUN}: {{students}}": sorted(
            test.grade_id for one in graded for test in one.ordinary_tests
        ),
        STRANGERS: outcome.strangers,
        "full points for everybody, by `autograde marks full`: {students}": outcome.full,
        "matched ignoring case: {students}": [
            f"{name} → {student}" for student, name in outcome.other_capitals.items()
        ],
        "{count} with a check that is not judged, whose points wait for you: {students}": flagged(NOT_JUDGED),
        **notices(outcome.everybody),
        GONE_REMEDY: flagged(SUBMISSION_GONE),
        TIMES_REMEDY: flagged(ODD_TIMESTAMP),
    }
    # The table has the reasons.
    sentences[f"needs-review: {{students}}. {REVIEW_REMEDY}"] = sentences.pop(BY_STATUS[REVIEW])
    if outcome.rejudged:
        sentences["not rejudged: {students}. The table says what to do"] = sentences.pop(BY_STATUS[FAILED])
    yield from map(safe, lines_about(sentences, assignment))


def _common_mistakes(graded: list[Entry], assignment: str) -> Iterator[str]:
    """How many have each of the common mistakes, and how many of these have no name."""
    names: Counter[str] = Counter()
    unnamed = 0
    for cells in answers_in({one.student: one for one in graded}).values():
        wrong = [cell for cell in cells.values() if cell.mistake]
        sentences = {cell.mistake: cell.sentence.rstrip(".") for cell in reversed(wrong)}
        names.update(f"{cell.label}: {sentences[cell.mistake]}" for cell in wrong)
        nameless = {student: cell for student, cell in cells.items() if not cell.mistake}
        unnamed += sum(len(students) >= COMMON for students in common_results(nameless).values())
    for name, count in names.most_common(MOST_MISTAKES):
        if count >= COMMON:
            yield f"{counted(count, 'student')}: {safe(name)}"
    if unnamed:
        yield f"{counted(unnamed, 'common mistake')} without a name: `autograde mistakes {assignment}` lists them"


def _changes(outcome: ClassOutcome, assignment: str) -> Iterator[str]:
    """Scores that differ from those on a returned page, or that --rejudge changed."""
    changed = [result for result in outcome.results if result.was is not None]
    for result in changed:
        yield f"changed: {safe(result.student)} {points(result.was)} → {points(result.score)}"
    by_student = {result.student: result for result in outcome.results}
    for student, now in outcome.withheld_changes.items():
        before = by_student[student]
        yield (
            f"changed: {safe(student)} {score_of(before.score, before.max_score)} → "
            f"{score_of(now.score, now.max_score)}, not saved: its feedback was returned"
        )
    yield from map(safe, outcome.stale_feedback_warnings)
    if outcome.rejudged and not (changed or outcome.withheld_changes or outcome.penalties):
        yield "rejudged: no score changes"
    if outcome.withheld_changes:
        kept = counted(len(outcome.withheld_changes), "returned score")
        yield f"{kept} kept; to change: `autograde grade {assignment} --rejudge --force`"


def _show_table(console: Console, results: list[Entry]) -> None:
    """A line for each result. On a narrow terminal ids are cut; scores and reasons never are."""
    table = Table(box=None, pad_edge=False)
    table.add_column("student", no_wrap=True, max_width=console.width // 3)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    for result in results:
        reason = safe("; ".join(what_happened(result, usual=False)))
        score = f"{points(result.score)} / {points(result.max_score)}"
        status = f"{color_of(result)}{result.status}"
        table.add_row(safe(result.student), score, status, reason)
    console.print(table)


def color_of(result: Entry) -> str:
    """Rich's markup for a status: color only repeats what the words say."""
    return {GRADED: "", FAILED: "[red]"}.get(result.status, "[yellow]")


def _summary(outcome: ClassOutcome, graded: list[Entry]) -> str:
    """How many have which status, and the mean after late penalties; of the automatic points alone while an answer
    waits for a person, which is no 0.
    """
    others = Counter(result.status for result in outcome.everybody if result.status != GRADED)
    counts = [f"{len(graded)} graded", *(f"{count} {status}" for status, count in sorted(others.items()))]
    if graded:
        waits = any(result.pending_manual for result in graded)
        mean = sum(result.automatic if waits else result.score for result in graded) / len(graded)
        most = sum(cell.max_score for cell in graded[0].cells if not (waits and cell.manual))
        counts.append(
            f"mean {points(mean)} of the {points(most)} {'automatic points' if waits else 'points'}"
        )
    return ", ".join(counts)
