"""The report on an assignment's class: one HTML file without scripts, and a few lines for a terminal."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograde.course.flags import words_of
from autograde.course.result_messages import (
    answers_in_words,
    lateness_in_words,
    self_reported_in_words,
)
from autograde.course.results import GRADED, Result
from autograde.files import put_where_asked
from autograde.pages.class_numbers import CheckRow, Report, gather, gravity, histogram, summary
from autograde.pages.render import render_page, stylesheet
from autograde.pages.students_shown import Shown, anonymous, named
from autograde.people.class_results import graded_assignment, read_class
from autograde.scores import counted, points
from autograde.untrusted.names import printable
from descentlab import rules
from descentlab.checks.judging.verdict import says_borrowed
from descentlab.checks.spec import RuleCheck, UnknownCheckError
from descentlab.exercises import find
from descentlab.exercises.catalogue import Mistake, mistakes, section_of
from descentlab.sentences import capital

# A wrong answer without a mistake's id, by the verdict's status.
UNKNOWN_MISTAKES = {
    "answered": "no known mistake",
    "unanswered": "not answered",
    "no-evidence": "the check was not reached",
    "odd-evidence": "an answer that cannot be judged",
}
SHOWN_LINES = 3


def write_report(
    course_dir: Path, assignment: str, out: Path | None, hidden: bool, ids: bool
) -> tuple[list[str], Path]:
    """Write the page on one assignment; the lines that a terminal shows, and the page's path.

    Args:
        hidden: whether students are numbers.
        ids: whether mistakes are shown with their ids.
    """
    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        report = gather(read_class(course, gradebook, key))
    path = out or course.root / f"report-{assignment}{'-anonymous' if hidden else ''}.html"
    shown = anonymous(report.names, course) if hidden else named(course, report.names, assignment, path)
    put_where_asked(path, render(report, shown, ids).encode("utf-8", "replace"))
    counts = {
        "not handed in": report.missing,
        "handed in, not graded yet": report.waiting,
        "not on the roster": report.strangers,
        "late": report.late,
        "to look at": report.attention,
    }
    lines = [summary_line(report), *(f"  {words}: {len(who)}" for words, who in counts.items() if who)]
    for row in report.rows:
        for message in mistake_messages(row)[:3]:
            name = f" [{message.id}]" if ids and message.id else ""
            # A sentence may quote an exception of a student's code.
            lines.append(f"  {row.title}: {printable(message.sentence)}{name} ({message.count})")
    return lines, path


def render(report: Report, shown: Shown | None = None, ids: bool = False) -> str:
    """The page; `shown` says how students are named and what is linked, `ids` adds mistakes' ids."""
    shown = shown or Shown(report.names)
    scores, maximum = counted_scores(report)
    bars = histogram(scores, maximum) if scores else []
    return render_page(
        "pages/class_report.html.j2",
        stylesheet("report.css"),
        report=report,
        shown=shown,
        ids=ids,
        maximum=maximum,
        is_final=is_final(report),
        summary=summary(scores),
        bars=bars,
        largest=max((count for _, count in bars), default=1) or 1,
        mistake_messages=mistake_messages,
        happened=partial(_happened, with_notes=not shown.numbers),
        gravity=gravity,
        lateness=lateness_in_words,
    )


def counted_scores(report: Report) -> tuple[list[float], float]:
    """Final scores and their maximum; while fewer than half are final, everybody's automatic points."""
    if is_final(report):
        return report.scores, report.max_score
    return report.automatic, report.max_automatic


def is_final(report: Report) -> bool:
    """Whether at least half of the graded submissions have a final score."""
    return 2 * len(report.scores) >= report.graded


def summary_line(report: Report) -> str:
    """The scores of the class, for a terminal, and how many and which points they are of."""
    scores, maximum = counted_scores(report)
    if not scores:
        return f"0 graded of {points(maximum)} points"
    figures = ", ".join(f"{name} {points(value)}" for name, value in summary(scores).items())
    if not report.pending:
        return f"{len(scores)} graded: {figures} of {points(maximum)} points"
    waiting = f"{counted(report.pending, 'answer')} in words waiting for manual grading"
    if is_final(report):
        final = f"{len(scores)} of {report.graded} graded have a final score"
        return f"{final}: {figures} of {points(maximum)} points; {waiting}"
    return f"{report.graded} graded: {figures} of the {points(maximum)} automatic points; {waiting}"


def _happened(result: Result, with_notes: bool) -> str:
    """What needs attention. Notes repeat files' names, which may contain students' names."""
    words = [*map(words_of, result.flags), *self_reported_in_words(result)]
    notes = result.notes if with_notes and result.status != GRADED else ()
    unanswered = [cell for cell in result.cells if cell.fails and not cell.answered]
    return "; ".join([*words, *notes, *answers_in_words(unanswered)])


@dataclass(frozen=True)
class MistakeMessage:
    """One mistake on the page: how many made it, who, and what an instructor can do about it."""

    id: str
    """Empty for an unknown mistake."""
    sentence: str
    count: int
    students: list[str]
    wrong: str = ""
    """The lines of the catalogue's code that the right class does not have."""
    section: str = ""
    """What to teach again."""


def mistake_messages(row: CheckRow) -> list[MistakeMessage]:
    """The mistakes of a check, the most frequent first; of equally many, those that have a name."""
    return sorted([*_known(row), *_unnamed(row)], key=lambda message: -message.count)


def _unnamed(row: CheckRow) -> Iterator[MistakeMessage]:
    """Answers without a known mistake, by what their numbers show."""
    for group in row.unnamed.values():
        shown = next(iter(group.values()))
        example = "" if len(set(group.values())) == 1 else ", for example"
        yield MistakeMessage("", f"No known mistake{example}: {shown}", len(group), list(group))


def _known(row: CheckRow) -> Iterator[MistakeMessage]:
    entries = {entry.id: entry for entry in mistakes(row.check)} if row.check else {}
    for id, count in row.mistakes.most_common():
        entry = entries.get(id)
        yield MistakeMessage(
            id=id,
            sentence=mistake_in_words(id, row, entry),
            count=count,
            students=row.students.get(id, []),
            wrong=wrong_lines(entry) if entry else "",
            section=_section(row.check, id, entry),
        )


def mistake_in_words(id: str, row: CheckRow, entry: Mistake | None = None) -> str:
    """The sentence that all students with the mistake read, else the catalogue's, else the most frequent."""
    read = row.sentences.get(id)
    if read and (len(read) == 1 or entry is None):
        return read.most_common(1)[0][0]
    if entry is not None:
        return capital(f"{entry.what}.")
    if id == "borrowed":
        return says_borrowed()
    return UNKNOWN_MISTAKES.get(id, id)


def wrong_lines(entry: Mistake) -> str:
    """The first lines of the catalogue's code that the right class does not have; an edit's words."""
    if entry.edits:
        return entry.edits[0]
    check = find(entry.check)
    right = {line.strip() for line in entry.scope.check.code.splitlines()}
    if isinstance(check, RuleCheck):
        right |= {line.strip() for line in inspect.getsource(getattr(rules, check.rule)).splitlines()}
    code = [line for line in entry.code.splitlines() if line.strip()]
    lines = [line for line in code if line.strip() not in right] or code
    plain = [line for line in lines if not line.lstrip().startswith(("class ", "def ", '"""', "@"))]
    chosen = [line.strip() for line in plain or lines]
    more = len(chosen) > SHOWN_LINES
    return "\n".join([*chosen[:SHOWN_LINES], *(["…"] if more else [])])


def _section(check: str | None, id: str, entry: Mistake | None) -> str:
    if not check or id in UNKNOWN_MISTAKES or id == "borrowed":
        return ""
    try:
        return section_of(check, id, (entry.section if entry else "") or find(check).section)
    except UnknownCheckError:  # of a course's own package, which is not installed here
        return ""
