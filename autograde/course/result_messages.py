"""What became of a submission, in words: for a table, a report, a page."""

import math
from collections.abc import Iterable

from rich.markup import escape

from autograde.course.flags import SELF_REPORTED, words_of
from autograde.course.results import GRADED, MISSING, WAITING, CellScore, Result
from autograde.scores import points
from autograde.untrusted.names import printable
from descentlab.sentences import say, say_count

WITHOUT = {
    MISSING: "no notebook submitted",
    WAITING: "submitted, not graded yet",
}

MINUTES, HOURS = 60, 24  # of an hour, of a day


def safe(text: str) -> str:
    """Text with every control, format and surrogate character escaped, and no markup for Rich."""
    return escape(printable(text))


def what_happened(result: Result, ids: bool = False, pending: bool = True) -> str:
    """One line on a result: its flags in words, why it was not graded, what is wrong where."""
    return "; ".join(happenings(result, ids, pending))


def happenings(result: Result, ids: bool = False, pending: bool = True) -> list[str]:
    """The parts of that line; a mistake as the student reads it, or with `ids` by its id.

    Without `pending` answers that wait for a person are left out: most rows of a table have some.
    """
    words = [WITHOUT[result.status]] if result.status in WITHOUT else []
    words += [words_of(flag) for flag in result.flags]
    words += [note for note in result.notes if result.status != GRADED]
    if result.status == GRADED and (late := lateness_in_words(result)):
        words.append(late)
    if earlier := earlier_points_in_words(result):
        words.append(earlier)
    words += self_reported_in_words(result)
    words += answers_in_words([cell for cell in result.cells if cell.fails], ids)
    words += [f"{cell.check or cell.grade_id}: {cell.by_hand()}" for cell in result.cells if cell.by_hand()]
    if result.status == GRADED and (tests := [cell.grade_id for cell in result.cells if cell.fails_its_test]):
        words.append(f"tests that give less than all points: {', '.join(tests)}")
    if pending and result.status == GRADED and result.pending_manual:
        words.append(
            say_count(
                "not final: {count} answer waits for a person",
                "not final: {count} answers wait for a person",
                result.pending_manual,
            )
        )
    return [safe(word) for word in words]


def self_reported_in_words(result: Result) -> list[str]:
    """Which points nobody vouches for but the student's own process."""
    if result.self_reported:
        return [SELF_REPORTED]
    if result.status != GRADED or not (tests := result.own_tests):
        return []
    earned, most = sum(one.score for one in tests), sum(one.max_score for one in tests)
    return [f"self-reported: {points(earned)} of {points(most)} points"]


def answers_in_words(wrong: Iterable[CellScore], ids: bool = False) -> list[str]:
    """What is wrong with answers: once for all of which it is the same."""
    checks: dict[str, list[str]] = {}
    for cell in wrong:
        checks.setdefault(_what_is_wrong(cell, ids), []).append(cell.check or cell.grade_id)
    return [f"{', '.join(names)}: {summary}" for summary, names in checks.items()]


def earlier_points_in_words(result: Result) -> str:
    """That a score was given out of other points than the assignment has now; empty where it was not."""
    if result.points_now is None:
        return ""
    named = {"then": points(result.max_score), "now": points(result.points_now)}
    named["command"] = f"autograde grade {result.assignment}"
    if result.returned:
        return say(
            "returned, out of {then} points; the assignment has {now} now: `{command}` grades it again",
            **named,
        )
    return say(
        "given out of {then} points; the assignment has {now} now: `{command}` grades it again", **named
    )


def lateness_in_words(result: Result) -> str:
    """How late it was and what that cost; empty where it was in time."""
    if result.marked_late:
        return "marked late by Canvas, which says no time"
    if not (result.late or result.penalty):
        return ""
    if not result.penalty:
        return f"{in_words(result.late)} late"
    if not result.late:  # nbgrader's rows say nothing of when
        return f"{points(result.penalty)} points off for handing in late"
    return f"{in_words(result.late)} late: {points(result.penalty)} points off"


def _what_is_wrong(cell: CellScore, ids: bool) -> str:
    """What is wrong with an answer, without the full stop, as more may follow."""
    known = cell.fails if ids or not cell.answered else cell.sentence or cell.fails
    return known.rstrip(".")


def in_words(seconds: float) -> str:
    """Days and hours, hours and minutes, or minutes: `2 d 3 h`, `3 h 20 min`, `5 min`; rounded up."""
    minutes = math.ceil(seconds / 60)
    hours, left = divmod(minutes, MINUTES)
    if hours >= HOURS:
        days, hours = divmod(hours, HOURS)
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {left} min"
    return f"{left} min"
