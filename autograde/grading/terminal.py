"""How a run looks on the terminal: progress while it goes, a table and one line to act on at its end.

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

from autograde.grading.flag_messages import GONE, GONE_NEXT
from autograde.grading.grade_class import Watcher
from autograde.grading.result_messages import safe, what_happened
from autograde.grading.results import (
    FAILED,
    GRADED,
    REVIEW,
    WAITING,
    ClassOutcome,
    Result,
)
from autograde.roster.naming import named
from autograde.sandbox import Turn
from autograde.sandbox.tiers import NAMES
from autograde.scores import points, score_of
from descentlab.sentences import say, say_count, template

PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal
STRONGEST = max(NAMES)
# Columns of the table that an id and a reason have in any case, and those between all four.
SHORTEST_ID, SHORTEST_REASON, GAPS = 8, 24, 6
NEXT_STEPS = {
    WAITING: template("handed in, not graded yet: {students}. Type: `{command}`"),
    REVIEW: template(
        "needs-review: {students}. Mend or rename the file in submitted/, or ask for it again and `autograde "
        "collect {assignment} FILE --update`; then `{command}`"
    ),
    FAILED: template("failed, which is the machine's fault: {students}. Type again: `{command}`"),
}
NAMED = 20  # in a line below the table
STOPPED = template("[bold]stopped: {reason}.[/bold] What was graded is saved; `{command}` continues.")
STOPPED_WITH_FORCE = template(
    "[bold]stopped: {reason}.[/bold] What was graded is saved; `{command} --force` begins again."
)
STRANGER = template(
    "not on the roster, graded all the same: {student}. In no report or export until added: {command}"
)
STRANGER_NEAR = template(
    "not on the roster, graded all the same: {student} (nearest: {nearest}). In no report or export until "
    "added: {command}"
)
CHANGED = template("changed: {student} {before} → {after}")
HELD = template("changed: {student} {before} → {after}, not saved: its feedback was returned")
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
        """What `grade_class` tells how it goes; `name` says of what, where there are several."""
        self._name = f"{safe(name)}: " if name else ""
        return Watcher(self._begin, self._one_done, self._still_waits, self._joined)

    def _begin(self, todo: int, unchanged: int, outcome: ClassOutcome) -> None:
        self._say_what_there_is(unchanged, outcome)
        self._total, self._began = todo, time.monotonic()
        if todo and self._console.is_terminal:
            self._start_bar(todo)
        elif todo:
            self.say_count("grading {count} submission …", "grading {count} submissions …", todo)

    def _say_what_there_is(self, unchanged: int, outcome: ClassOutcome) -> None:
        if outcome.registered:
            self.say("registered the assignment in the gradebook, from the source folder")
        if outcome.released_anew:
            self.say_count(
                "{count} submission graded again: released files, checks or points have changed since the "
                "last run",
                "{count} submissions graded again: released files, checks or points have changed since the "
                "last run",
                outcome.released_anew,
            )
        if outcome.self_reported:
            students = safe(", ".join(outcome.self_reported))
            self.say("graded by stock nbgrader, and replaced now: {students}", students=students)
        for student, (before, now) in outcome.penalties.items():
            self.say(
                "points off for lateness: {student} {before} → {now}",
                student=safe(student),
                before=points(before),
                now=points(now),
            )
        for sentence in outcome.about_times:
            self._print(safe(sentence))
        if unchanged:
            self.say_count(
                "{count} unchanged since the last run (--force grades it again)",
                "{count} unchanged since the last run (--force grades them again)",
                unchanged,
            )
        for folder in outcome.ignored:
            self.say(
                "left out: the folder '{folder}' is no student's id: rename it, for example to the "
                "student's login",
                folder=safe(folder),
            )

    def _start_bar(self, todo: int) -> None:
        self._bar = Bar(
            TextColumn(self._name + say("grading")),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=todo)

    def _joined(self, places: int, scheduler: str, dashboard: int) -> None:
        self.say("{places} at once on the workers of {scheduler}", places=places, scheduler=safe(scheduler))
        if dashboard:
            link = f"http://127.0.0.1:{dashboard}/status"
            self.say("Dask's dashboard, on the scheduler's own machine: {link}", link=link)

    def say(self, template: str, /, **values: Any) -> None:
        """Print a sentence."""
        self._print(say(template, **values))

    def say_count(self, one: str, many: str, count: int, /) -> None:
        """Print one of two sentences, by the count."""
        self._print(say_count(one, many, count))

    def _print(self, sentence: str) -> None:
        self._console.print(f"{self._name}{sentence}", soft_wrap=True)

    def _still_waits(self, turns: dict[str, Turn | None]) -> None:
        """Say who still runs and of how much; the first time also what becomes of an endless loop."""
        students = safe(named([where_it_stands(*one) for one in turns.items()], NAMED))
        self.say("still in the sandbox: {students}", students=students)
        if not self._explained:
            self._explained = True
            self.say(
                "its limits end a cell that goes on for ever; where the machine was busy the notebook is run "
                "once more. Ctrl-C loses nothing that was graded"
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
            self.say(
                "{done} of {total}, about {seconds:.0f} s left unless one runs into its limits",
                done=self._done,
                total=self._total,
                seconds=left,
            )


def where_it_stands(student: str, turn: Turn | None) -> str:
    """A student and how far the run has come, where it is known."""
    if turn is None:
        return student
    values = {"student": student, "seconds": turn.seconds, "most": turn.most}
    if turn.seconds is None and turn.again:
        return say("{student} (the machine kept it waiting: to be run once more, alone)", **values)
    if turn.seconds is None:
        return say("{student} (waits for its turn)", **values)
    if turn.again:
        return say("{student} (run once more, alone: {seconds:.0f} of at most {most:.0f} s)", **values)
    return say("{student} ({seconds:.0f} of at most {most:.0f} s)", **values)


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
        again = same_again(safe(assignment), outcome.rejudged)
        sentence = STOPPED_WITH_FORCE if outcome.forced else STOPPED
        console.print(say(sentence, reason=safe(outcome.stopped), command=again))
    _show_what_to_do(console, outcome, graded, assignment)


def same_again(assignment: str, rejudge: bool) -> str:
    """The command that does again what was asked for."""
    return f"autograde grade {assignment}{' --rejudge' if rejudge else ''}"


def _show_what_to_do(console: Console, outcome: ClassOutcome, graded: list[Result], assignment: str) -> None:
    """The next step for submissions without a grade, and for answers that a person grades."""
    again = f"autograde grade {safe(assignment)}"
    for status, step in NEXT_STEPS.items():
        students = [result.student for result in outcome.results if result.status == status]
        if students:
            who = escape(named(students, NAMED))
            command = same_again(safe(assignment), outcome.rejudged) if status == FAILED else again
            console.print(say(step, students=who, command=command, assignment=safe(assignment)))
    if gone := [result.student for result in outcome.results if GONE in result.flags]:
        values = {"students": escape(named(gone, NAMED)), "first": safe(gone[0])}
        console.print(say(GONE_NEXT, assignment=safe(assignment), **values), soft_wrap=True)
    waiting = [result for result in graded if result.pending_manual]
    if not waiting:
        return
    pending = say_count(
        "{count} answer waits for a person: `autograde lab --teacher`, then Nbgrader → Formgrader.",
        "{count} answers wait for a person: `autograde lab --teacher`, then Nbgrader → Formgrader.",
        sum(result.pending_manual for result in waiting),
    )
    who = escape(named([result.student for result in waiting], NAMED))
    console.print(f"{pending} {say('Not final: {students}', students=who)}")


def _show_roster(console: Console, outcome: ClassOutcome) -> None:
    """Who has not handed in, where the table is too long to say it; and who is not on the roster."""
    if outcome.missing and len(outcome.everybody) > LISTED:
        absent = ", ".join(result.student for result in outcome.missing)
        console.print(say("not handed in: {students}", students=safe(absent)), soft_wrap=True)
    for student, close in outcome.strangers.items():
        who = {"student": safe(student), "command": f"autograde roster add {safe(student)}"}
        sentence = STRANGER_NEAR if close else STRANGER
        console.print(say(sentence, nearest=safe(", ".join(close)), **who), soft_wrap=True)


def _show_weakness(console: Console, ran: list[Result]) -> None:
    """Never weaker in silence: the tier of what was run now, where a machine can give a higher one."""
    weakest = min((result.tier for result in ran if result.tier is not None), default=STRONGEST)
    if weakest < STRONGEST:
        console.print(
            say(
                "isolation: tier {tier} of {strongest} ({layers}): `autograde doctor` says what a higher one "
                "needs.",
                tier=weakest,
                strongest=STRONGEST,
                layers=say(NAMES[weakest]),
            )
        )


def _show_changes(console: Console, outcome: ClassOutcome, assignment: str) -> None:
    """Scores that are no longer those on a page that was returned, or that a rejudging changed."""
    changed = [result for result in outcome.results if result.was is not None]
    for result in changed:
        sides = {"before": points(result.was), "after": points(result.score)}
        console.print(say(CHANGED, student=safe(result.student), **sides))
    by_student = {result.student: result for result in outcome.results}
    for student, now in outcome.held.items():
        kept = by_student[student]
        sides = {
            "before": score_of(kept.score, kept.max_score),
            "after": score_of(now.score, now.max_score),
        }
        console.print(say(HELD, student=safe(student), **sides), soft_wrap=True)
    for sentence in outcome.about_pages:
        console.print(safe(sentence), soft_wrap=True)
    if outcome.rejudged and not (changed or outcome.held or outcome.penalties):
        console.print(say("rejudged: no score changes"))
    if outcome.held:
        again = f"autograde grade {safe(assignment)} --rejudge --force"
        console.print(
            say_count(
                "{count} returned score was left as it is; `{command}` changes it",
                "{count} returned scores were left as they are; `{command}` changes them",
                len(outcome.held),
                command=again,
            )
        )


def _show_table(console: Console, results: list[Result], ids: bool) -> None:
    """A line for each result. Where there is no room ids are cut, and reasons stand below; never a score."""
    scores = [f"{points(result.score)} / {points(result.max_score)}" for result in results]
    widths = max(map(len, [say("score"), *scores])), max(len(result.status) for result in results)
    room = console.width - sum(widths) - GAPS
    aside = room >= SHORTEST_ID + SHORTEST_REASON
    table = Table(box=None, pad_edge=False)
    longest_id = max(SHORTEST_ID, room - SHORTEST_REASON if aside else room)
    table.add_column(say("student"), no_wrap=True, max_width=longest_id)
    table.add_column(say("score"), justify="right", no_wrap=True, min_width=widths[0])
    table.add_column(say("status"), no_wrap=True, min_width=widths[1])
    if aside:
        table.add_column(say("what happened"), overflow="fold")
    for result, score in zip(results, scores, strict=True):
        reason = [what_happened(result, ids)] if aside else []
        table.add_row(safe(result.student), score, f"{colour_of(result)}{result.status}", *reason)
    console.print(table)
    for result in results:
        if not aside and (reason := what_happened(result, ids)):
            console.print(f"{safe(result.student)}: {reason}")


def colour_of(result: Result) -> str:
    """Rich's markup for a status: colour only repeats what the words say."""
    return {GRADED: "", FAILED: "[red]"}.get(result.status, "[yellow]")


def _mean(graded: list[Result]) -> str:
    """The mean score; while answers wait for a person, that of the points that need none: they are no 0.

    Of the same numbers as the rows, after what being late cost.
    """
    if not any(result.pending_manual for result in graded):
        mean = sum(result.score or 0.0 for result in graded) / len(graded)
        return say("mean {mean} of {most}", mean=points(mean), most=points(graded[0].max_score))
    mean = sum(result.automatic for result in graded) / len(graded)
    most = sum(cell.max_score for cell in graded[0].cells if not cell.manual)
    return say("mean {mean} of the {most} points that need no person", mean=points(mean), most=points(most))


def _summary(outcome: ClassOutcome, graded: list[Result]) -> str:
    counts = [say_count("{count} graded", "{count} graded", len(graded))]
    everybody = outcome.everybody
    for status in sorted({result.status for result in everybody} - {GRADED}):
        counts.append(f"{sum(result.status == status for result in everybody)} {status}")
    if graded:
        counts.append(_mean(graded))
    return ", ".join(counts)
