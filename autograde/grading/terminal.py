"""How a run looks on the terminal: progress while it goes, then a table and what to do next.

Everything that comes from a submission or a folder's name is shown with control characters escaped.
"""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from autograde.course.flags import GONE, GONE_NEXT
from autograde.course.result_messages import safe, what_happened
from autograde.course.results import FAILED, GRADED, REVIEW, WAITING, ClassOutcome, Result
from autograde.grading.grade_class import Watcher
from autograde.sandbox import Turn
from autograde.sandbox.tiers import NAMES
from autograde.scores import named, points, score_of
from autograde.untrusted.names import shell_word

PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal
STRONGEST = max(NAMES)
# Columns of the table that an id and a reason have in any case, and those between all four.
SHORTEST_ID, SHORTEST_REASON, GAPS = 8, 24, 6
NEXT_STEPS = {
    WAITING: "submitted, not graded yet: {students}. Run `{again}`",
    REVIEW: (
        "needs-review: {students}. Fix or rename the file in submitted/, or ask the student for it and run "
        "`autograde collect {assignment} FILE --update`; then `{again}`"
    ),
    FAILED: "failed (internal error): {students}. Retry with `{retry}`",
}
NAMED = 20  # in a line below the table
LISTED = 60  # longer tables name only what needs attention


class Progress:
    """Count and time left: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._name = ""
        self._bar: Bar | None = None
        self._task: Any = None
        self._done, self._total = 0, 0
        self._explained = False
        self._began = self._last_line = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar:
            self._bar.stop()

    def watcher(self, name: str = "") -> Watcher:
        """What `grade_class` reports to; `name` says what is graded, where there are several."""
        self._name = f"{safe(name)}: " if name else ""
        return Watcher(self._begin, self._one_done, self._still_waits, self._joined)

    def _begin(self, todo: int, unchanged: int, outcome: ClassOutcome) -> None:
        self._say_what_there_is(unchanged, outcome)
        self._total, self._began = todo, time.monotonic()
        if todo and self._console.is_terminal:
            self._start_bar(todo)
        elif todo:
            self.say(f"grading {_submissions(todo)} …")

    def _say_what_there_is(self, unchanged: int, outcome: ClassOutcome) -> None:
        if outcome.registered:
            self.say("registered the assignment in the gradebook, from the source folder")
        if outcome.released_anew:
            self.say(
                f"regrading {_submissions(outcome.released_anew)}: released files, checks or points have changed "
                "since the last run"
            )
        if outcome.self_reported:
            self.say(f"replacing grades of stock nbgrader: {safe(', '.join(outcome.self_reported))}")
        for student, (before, now) in outcome.penalties.items():
            self.say(f"points off for lateness: {safe(student)} {points(before)} → {points(now)}")
        for sentence in outcome.about_times:
            self.say(safe(sentence))
        if unchanged:
            self.say(f"{_submissions(unchanged)} unchanged since the last run (--force grades them, too)")
        for folder in outcome.ignored:
            self.say(
                f"skipped folder '{safe(folder)}': not a valid student id. Rename it, for example to the "
                "student's login"
            )

    def _start_bar(self, todo: int) -> None:
        self._bar = Bar(
            TextColumn(self._name + "grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=todo)

    def _joined(self, places: int, scheduler: str) -> None:
        self.say(f"{places} at once on the workers of {safe(scheduler)}")

    def say(self, sentence: str) -> None:
        """Print a line."""
        self._console.print(f"{self._name}{sentence}", soft_wrap=True)

    def _still_waits(self, turns: dict[str, Turn | None]) -> None:
        """Say who still runs; the first time also what becomes of an endless loop."""
        students = safe(named([where_it_stands(*one) for one in turns.items()], NAMED))
        self.say(f"still in the sandbox: {students}")
        if not self._explained:
            self._explained = True
            self.say(
                "a cell that exceeds its time limit is stopped, later if the machine is busy. Ctrl-C loses "
                "nothing that was graded"
            )

    def _one_done(self, result: Result) -> None:
        self._done += 1
        if self._bar:
            self._bar.update(self._task, completed=self._done)
            return
        now = time.monotonic()
        if self._done < self._total and now - self._last_line >= PLAIN_EVERY:
            self._last_line = now
            left = (now - self._began) / self._done * (self._total - self._done)
            self.say(f"{self._done} of {self._total}, about {left:.0f} s left unless one reaches its limits")


def _submissions(count: int) -> str:
    return f"{count} submission{'' if count == 1 else 's'}"


def where_it_stands(student: str, turn: Turn | None) -> str:
    """A student and how far the run has come, where it is known."""
    if turn is None:
        return student
    if turn.seconds is None:
        return f"{student} (waits for its turn)"
    return f"{student} ({turn.seconds:.0f} of at most {turn.most:.0f} s)"


def show_outcome(
    outcome: ClassOutcome, assignment: str, console: Console | None = None, ids: bool = False
) -> None:
    """The table of a run and what to do next."""
    console = console or Console()
    shown = outcome.everybody
    if len(shown) > LISTED:
        shown = [result for result in outcome.results if result.status != GRADED or result.flags]
    if shown:
        _show_table(console, shown, ids)
    graded = [result for result in outcome.results if result.status == GRADED]
    console.print(_summary(outcome, graded))
    _show_roster(console, outcome)
    _show_weakness(console, [result for result in graded if not result.unchanged])
    _show_changes(console, outcome, assignment)
    if outcome.stopped:
        retry = same_again(safe(assignment), outcome.rejudged)
        how = f"`{retry} --force` starts again" if outcome.forced else f"`{retry}` continues"
        console.print(
            f"[bold]stopped: {safe(outcome.stopped)}.[/bold] What was graded is saved; {how}.", soft_wrap=True
        )
    _show_what_to_do(console, outcome, graded, assignment)


def same_again(assignment: str, rejudge: bool) -> str:
    """The command that repeats the run."""
    return f"autograde grade {assignment}{' --rejudge' if rejudge else ''}"


def _show_what_to_do(console: Console, outcome: ClassOutcome, graded: list[Result], assignment: str) -> None:
    """The next step for submissions without a grade, and for answers that a person grades."""
    words = {
        "assignment": safe(assignment),
        "again": f"autograde grade {safe(assignment)}",
        "retry": same_again(safe(assignment), outcome.rejudged),
    }
    for status, step in NEXT_STEPS.items():
        if students := [result.student for result in outcome.results if result.status == status]:
            console.print(step.format(students=escape(named(students, NAMED)), **words))
    if gone := [result.student for result in outcome.results if GONE in result.flags]:
        who = {"students": escape(named(gone, NAMED)), "first": safe(shell_word(gone[0]))}
        console.print(GONE_NEXT.format(assignment=safe(assignment), **who), soft_wrap=True)
    if waiting := [result for result in graded if result.pending_manual]:
        count = sum(result.pending_manual for result in waiting)
        whom = "all" if len(waiting) == len(graded) else named([one.student for one in waiting], NAMED)
        console.print(
            f"not final, {count} answer{'' if count == 1 else 's'} to grade by hand: {escape(whom)}. "
            "`autograde lab --teacher`, then Nbgrader → Formgrader"
        )


def _show_roster(console: Console, outcome: ClassOutcome) -> None:
    """Who has not submitted, where the table is too long to show it; and who is not on the roster."""
    if outcome.missing and len(outcome.everybody) > LISTED:
        absent = ", ".join(result.student for result in outcome.missing)
        console.print(f"not submitted: {safe(absent)}", soft_wrap=True)
    for student, close in outcome.strangers.items():
        nearest = f" (nearest: {safe(', '.join(close))})" if close else ""
        console.print(
            f"not on the roster, graded anyway: {safe(student)}{nearest}. In no report or export until added: "
            f"autograde roster add {safe(shell_word(student))}",
            soft_wrap=True,
        )


def _show_weakness(console: Console, ran: list[Result]) -> None:
    """Never weaker in silence: the tier of what was run now, where a machine can give a higher one."""
    weakest = min((result.tier for result in ran if result.tier is not None), default=STRONGEST)
    if weakest < STRONGEST:
        console.print(
            f"isolation: tier {weakest} of {STRONGEST} ({NAMES[weakest]}): `autograde doctor` "
            "says what a higher one needs."
        )


def _show_changes(console: Console, outcome: ClassOutcome, assignment: str) -> None:
    """Scores that differ from those on a returned page, or that --rejudge changed."""
    changed = [result for result in outcome.results if result.was is not None]
    for result in changed:
        console.print(f"changed: {safe(result.student)} {points(result.was)} → {points(result.score)}")
    by_student = {result.student: result for result in outcome.results}
    for student, now in outcome.held.items():
        before = by_student[student]
        console.print(
            f"changed: {safe(student)} {score_of(before.score, before.max_score)} → "
            f"{score_of(now.score, now.max_score)}, not saved: its feedback was returned",
            soft_wrap=True,
        )
    for sentence in outcome.about_pages:
        console.print(safe(sentence), soft_wrap=True)
    if outcome.rejudged and not (changed or outcome.held or outcome.penalties):
        console.print("rejudged: no score changes")
    if count := len(outcome.held):
        console.print(
            f"{count} returned score{'' if count == 1 else 's'} kept; "
            f"`autograde grade {safe(assignment)} --rejudge --force` changes {'it' if count == 1 else 'them'}"
        )


def _show_table(console: Console, results: list[Result], ids: bool) -> None:
    """A line for each result. Where there is no room ids are cut, and reasons stand below; never a score."""
    scores = [f"{points(result.score)} / {points(result.max_score)}" for result in results]
    widths = max(map(len, ["score", *scores])), max(len(result.status) for result in results)
    room = console.width - sum(widths) - GAPS
    aside = room >= SHORTEST_ID + SHORTEST_REASON
    table = Table(box=None, pad_edge=False)
    longest_id = max(SHORTEST_ID, room - SHORTEST_REASON if aside else room)
    table.add_column("student", no_wrap=True, max_width=longest_id)
    table.add_column("score", justify="right", no_wrap=True, min_width=widths[0])
    table.add_column("status", no_wrap=True, min_width=widths[1])
    if aside:
        table.add_column("what happened", overflow="fold")
    reasons = [what_happened(result, ids, pending=False) for result in results]
    for result, score, reason in zip(results, scores, reasons, strict=True):
        status = f"{colour_of(result)}{result.status}"
        table.add_row(safe(result.student), score, status, *([reason] if aside else []))
    console.print(table)
    for result, reason in zip(results, reasons, strict=True):
        if reason and not aside:
            console.print(f"{safe(result.student)}: {reason}")


def colour_of(result: Result) -> str:
    """Rich's markup for a status: colour only repeats what the words say."""
    return {GRADED: "", FAILED: "[red]"}.get(result.status, "[yellow]")


def _mean(graded: list[Result]) -> str:
    """The mean score; while answers wait for a person, that of the automatic points: they are no 0.

    Of the same numbers as the rows, after late penalties.
    """
    if not any(result.pending_manual for result in graded):
        mean = sum(result.score or 0.0 for result in graded) / len(graded)
        return f"mean {points(mean)} of {points(graded[0].max_score)}"
    mean = sum(result.automatic for result in graded) / len(graded)
    most = sum(cell.max_score for cell in graded[0].cells if not cell.manual)
    return f"mean {points(mean)} of the {points(most)} automatic points"


def _summary(outcome: ClassOutcome, graded: list[Result]) -> str:
    counts = [f"{len(graded)} graded"]
    everybody = outcome.everybody
    for status in sorted({result.status for result in everybody} - {GRADED}):
        counts.append(f"{sum(result.status == status for result in everybody)} {status}")
    if graded:
        counts.append(_mean(graded))
    return ", ".join(counts)
