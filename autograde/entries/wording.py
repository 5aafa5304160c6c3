"""Scores, flags and entries as people read them.

A row of the gradebook keeps flags' ids; the sentence is made where it is shown.
"""

import math
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograde.entries.entry import (
    EARLIER_VERSION,
    EVENT_HOOKS,
    FAILED,
    GRADED,
    MISSING,
    NOT_COLLECTED,
    ODD_TIMESTAMP,
    REVIEW,
    SUBMISSION_GONE,
    WAITING,
    CellScore,
    Entry,
)
from autograde.untrusted.flags import RUN_FLAGS, flag_messages
from autograde.untrusted.names import printable, shell_word

LONGEST_ERROR = 200  # characters of a student's error that is repeated
MOST_NAMED = 10
MOST_IN_A_LINE = 100  # that is about them alone


def points(number: float | None) -> str:
    """At most two digits after the point, and none that are zero; a dash where there is no score."""
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")


def score_of(score: float | None, maximum: float) -> str:
    """A score and what it is out of."""
    return f"{points(score)} of {points(maximum)}"


def counted(count: int, noun: str) -> str:
    """A count and its noun: `1 page`, `2 pages`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def manual_in_words(count: int) -> str:
    """`1 answer needs manual grading`, `2 answers need manual grading`."""
    return f"{counted(count, 'answer')} {'needs' if count == 1 else 'need'} manual grading"


def named(students: Sequence[str], most: int = MOST_NAMED) -> str:
    """Students' ids with commas: the first ones and how many more; all of them where no terminal shows them."""
    more = len(students) - most if sys.stdout.isatty() else 0
    shown = ", ".join(map(printable, students[:most] if more > 0 else students))
    return f"{shown} and {more} more (all of them: add | cat)" if more > 0 else shown


def lines_about(
    sentences: Mapping[str, Iterable[str]], assignment: str = "", most: int = MOST_IN_A_LINE, **values: object
) -> Iterator[str]:
    """Each sentence that is about anybody, with `{students}`, their `{count}`, and as words of a shell's command the
    `{first}` of them and the `{assignment}`.
    """
    for sentence, students in sentences.items():
        if names := list(dict.fromkeys(students)):
            words = {"first": shell_word(names[0]), "assignment": shell_word(assignment)} | values
            yield sentence.format(students=named(names, most), count=len(names), **words)


NO_RESULT = {
    MISSING: "not submitted",
    NOT_COLLECTED: "sent, but not collected",
    WAITING: "submitted, not graded yet",
}  # of the roster, without a result
ORDINARY_TEST = "an ordinary test cell: the score is what the student's own process said"
ORDINARY_TESTS_RUN = "self-reported, as your own test cells run in the student's process"
SELF_REPORTED = "self-reported: stock nbgrader graded it, in the student's own process"
FLAGS = RUN_FLAGS | flag_messages(f"""
{SUBMISSION_GONE} | graded, but no longer in submitted/
altered-cells | locked cells were changed or deleted, and put back | Graded cells were changed or missing. They were put back as they had been handed out.
altered-answers | an answer's cell was changed or deleted, and put back
unread-answers | an empty answer may stand elsewhere: its points wait for you
no-evidence | a check was not reached, or did not finish
odd-evidence | a check got an answer that cannot be judged
not-judged | a check could not be judged: its points wait for you | A check could not be judged. A person looks at it.
no-explanation | the search for a mistake took too long; no points depend on it
odd-score | a test cell's score was no number of points
not-run | a graded cell was not reached
malformed | cannot be read as a notebook
missing-notebook | its notebook is missing
duplicate-ids | it has a cell twice
{ODD_TIMESTAMP} | submitted at an unknown time, so no late penalty
{EVENT_HOOKS} | event hooks ran around a test cell: its points wait for you
{EARLIER_VERSION} | handed out before questions were added, which do not count | Questions were added after this version was handed out. They do not count here.
as-shipped | an answer is identical to the installed reference except for names
""")

GONE_REMEDY = (
    "graded, but no longer in submitted/: {students}. The points count. Put it back, or remove "
    "them: autograde student erase {first} --assignment {assignment} --yes"
)
SAY_WHEN = "To say when, in a table student,time: autograde due {assignment} --times FILE"
TIMES_REMEDY = f"{FLAGS[ODD_TIMESTAMP].words}: {{students}}. {SAY_WHEN}"
REVIEW_REMEDY = (
    "Fix or rename the file in submitted/, or ask the student for it and run "
    "`autograde collect {assignment} FILE --update`; for 0 points, replace it with the notebook of "
    "notebooks/{assignment}. Then `autograde grade {assignment}`"
)


def words_of(flag: str) -> str:
    """A flag in the teacher's table."""
    return FLAGS[flag].words if flag in FLAGS else flag


def sentences_of(flags: Iterable[str]) -> tuple[str, ...]:
    """What flags say on the student's page."""
    return tuple(FLAGS[flag].sentence for flag in flags if flag in FLAGS and FLAGS[flag].sentence)


def error_of(cell: Mapping[str, Any]) -> str:
    """How a cell ended, in one line, where it ended in an error; else empty."""
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            line = " ".join(f"{output['ename']}: {output['evalue']}".split())
            return re.sub(r"\(\S+\.py, line", "(line", line)[:LONGEST_ERROR].rstrip(": ")
    return ""


def points_by_hand(cell: CellScore) -> str:
    """That a person gave other points than the check or test; empty where nobody did."""
    if cell.automatic is None:
        return ""
    return f"{points(cell.score)} points given by hand, {points(cell.automatic)} automatically"


def reason_and_hint(cell: CellScore) -> list[str]:
    """What the student reads of an answer that did not earn all: why, and a hint."""
    reason = cell.sentence or cell.fails
    if not (reason or cell.manual):
        reason = "this test does not pass in your notebook"
    hint = f"Hint: {cell.hint}" if cell.hint else ""
    return [line for line in (reason, hint) if line]


def in_the_notebook(result: Entry) -> str:
    """The advice to look for the line in the notebook, where a check's answer is wrong; else empty."""
    wrong = any(
        cell.check and cell.sentence and (cell.score or 0.0) < cell.max_score for cell in result.cells
    )
    return "In the notebook, check often names the line to look at." if wrong else ""


def safe(text: str) -> str:
    """Text with every control, format and surrogate character escaped, and no markup for Rich."""
    from rich.markup import escape  # most commands print no table

    return escape(printable(text))


def about_submission(result: Entry, usual: bool = True) -> list[str]:
    """A submission's flags in words, why it was not graded, how late it was; `usual` as in `what_happened`."""
    words = [NO_RESULT[result.status]] if result.status in NO_RESULT else []
    words += [words_of(flag) for flag in result.flags if usual or flag != ODD_TIMESTAMP]
    words += [lateness_in_words(result)] if result.status == GRADED else result.notes
    words += [earlier_points_in_words(result), self_reported_in_words(result, usual)]
    return [printable(word) for word in words if word]


def what_happened(result: Entry, usual: bool = True) -> list[str]:
    """What happened to a submission and to its answers.

    Without `usual` what most rows of a table can have is left out: answers that need manual grading, points of own
    tests, an unknown time.
    """
    words = about_submission(result, usual)
    wrong = {}  # the answers by what is wrong with them, without the full stop
    for cell in result.cells:
        if cell.fails:
            wrong.setdefault((cell.sentence or cell.fails).rstrip("."), []).append(cell.label)
    words += [f"{', '.join(names)}: {reason}" for reason, names in wrong.items()]
    words += [f"{cell.label}: {given}" for cell in result.cells if (given := points_by_hand(cell))]
    if result.status == GRADED and (tests := [cell.grade_id for cell in result.cells if cell.fails_its_test]):
        words.append(f"tests that give less than all points: {', '.join(tests)}")
    if usual and result.status == GRADED and result.pending_manual:
        words.append(f"not final: {manual_in_words(result.pending_manual)}")
    return [printable(word) for word in words]


def self_reported_in_words(result: Entry, ordinary_tests: bool) -> str:
    """Which points the student's own process reported; empty where none or, without `ordinary_tests`, only those of tests."""
    if result.self_reported:
        return SELF_REPORTED
    if result.status != GRADED or not ordinary_tests or not (tests := result.ordinary_tests):
        return ""
    earned, most = sum(one.score for one in tests), sum(one.max_score for one in tests)
    return f"self-reported: {score_of(earned, most)} points"


def earlier_points_in_words(result: Entry) -> str:
    """That a score was given out of a different maximum than the assignment has now; empty where it was not."""
    if result.points_now is None:
        return ""
    given = "returned, out of" if result.returned else "given out of"
    return (
        f"{given} {points(result.max_score)} points; the assignment has {points(result.points_now)} now: "
        f"`autograde grade {shell_word(result.assignment)}` grades it again"
    )


def lateness_in_words(result: Entry) -> str:
    """How late it was and what that cost; empty where it was in time."""
    if result.marked_late:
        return "late according to the learning system, time unknown"
    if not (result.late or result.penalty):
        return ""
    if not result.penalty:
        return f"{duration(result.late)} late"
    if not result.late:  # nbgrader's rows say nothing of when
        return f"{points(result.penalty)} points off for lateness"
    return f"{duration(result.late)} late: {points(result.penalty)} points off"


def duration(seconds: float) -> str:
    """Days and hours, hours and minutes, or minutes: `2 d 3 h`, `3 h 20 min`, `5 min`; rounded up."""
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    days, hours = divmod(hours + (minutes > 0 and hours >= 24), 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


BY_STATUS = {
    **{status: f"{words}: {{students}}" for status, words in NO_RESULT.items()},
    WAITING: f"{NO_RESULT[WAITING]}: {{students}}. Run `autograde grade {{assignment}}`",
    REVIEW: "needs-review: {students}. Why: autograde explain {assignment} {first}",
    FAILED: "failed (internal error): {students}. Retry with `autograde grade {assignment}`",
}
STRANGERS = (
    "not on the roster, in no report or export until added: {students}. Add: autograde roster add {first}"
)


def notices(results: Collection[Entry]) -> dict[str, list[str]]:
    """Sentences for `lines_about`, in the order in which a person reads them, with the students of each."""
    graded = [one for one in results if one.status == GRADED]
    waiting = [one for one in graded if one.pending_manual]
    by_hand = manual_in_words(sum(one.pending_manual for one in waiting))
    return {
        **{
            text: [one.student for one in results if one.status == status]
            for status, text in BY_STATUS.items()
        },
        f"not final, {by_hand}: {{students}}. `autograde lab --teacher`, then Nbgrader → Formgrader; or `autograde "
        "marks page {assignment}`": (
            ["all"] if len(waiting) == len(graded) > 1 else [one.student for one in waiting]
        ),
    }
