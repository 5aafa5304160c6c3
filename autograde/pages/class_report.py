"""The report on a class, for one assignment or the term: an HTML file without scripts, and lines for a terminal."""

import hashlib
import inspect
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from autograde.course.course import Course
from autograde.course.flags import words_of
from autograde.course.results import (
    GRADED,
    Result,
    answers_in_words,
    lateness_in_words,
    self_reported_in_words,
)
from autograde.files import put_where_asked
from autograde.pages.class_numbers import CheckRow, Report, gather, histogram, summary, term_lines, urgency
from autograde.pages.render import render_page, stylesheet
from autograde.people.class_results import (
    graded_assignment,
    graded_assignments,
    graded_course,
    key_of_graded,
    read_class,
)
from autograde.scores import counted, points
from autograde.untrusted.names import printable
from descentlab import rules
from descentlab.checks.judging.verdict import says_borrowed
from descentlab.checks.spec import RuleCheck, UnknownCheckError
from descentlab.exercises import find
from descentlab.exercises.catalogue import Mistake, mistakes, section_of
from descentlab.sentences import capital

Line = TypeVar("Line", bound=Any)  # a student's id, or an object with a `student`
LINKED = {"submitted": ("*.ipynb", "submission"), "feedback": ("*.html", "feedback")}
# A wrong answer without a mistake's id, by the verdict's status.
UNKNOWN_MISTAKES = {
    "answered": "no known mistake",
    "unanswered": "not answered",
    "no-evidence": "the check was not reached",
    "odd-evidence": "an answer that cannot be judged",
}
SHOWN_LINES = SHOWN_MISTAKES = 3


@dataclass(frozen=True)
class Shown:
    """How a page names students: by id and name with links to their work, or by numbers alone."""

    labels: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Words and addresses of a student's files."""
    anonymous: bool = False

    def label(self, student: str) -> str:
        """What the page calls a student."""
        return self.labels[student] if self.anonymous else self.labels.get(student, student)

    def in_order(self, lines: Iterable[Line], group: Callable[[Line], int] = lambda line: 0) -> list[Line]:
        """Lines as they come, by id; on an anonymous page by number, within each group.

        The order of the ids would tell who is who.
        """
        if not self.anonymous:
            return list(lines)
        return sorted(lines, key=lambda line: (group(line), self.label(getattr(line, "student", line))))


def named(names: dict[str, str]) -> dict[str, str]:
    """Labels with id and name."""
    return {student: f"{student} · {name}" if name else student for student, name in names.items()}


def anonymous(students: Iterable[str], course: Course) -> Shown:
    """Numbers in an order that nobody can guess from the ids: it depends on the course's secret."""
    secret = course.private / "secret"
    salt = secret.read_bytes().hex() if secret.is_file() else str(course.root)
    drawn = sorted(students, key=lambda student: hashlib.sha256(f"{salt}\0{student}".encode()).digest())
    width = len(str(len(drawn)))
    return Shown({student: f"student {n:0{width}d}" for n, student in enumerate(drawn, 1)}, anonymous=True)


def write_report(
    course_dir: Path, assignment: str | None, out: Path | None, hidden: bool
) -> tuple[list[str], Path]:
    """Write the page on one assignment, or on all; the lines that a terminal shows, and the page's path.

    Args:
        hidden: whether students are numbers.

    Raises:
        UsageError: no course there, or nothing is graded in it.
    """
    path = out or Path(course_dir, f"report-{assignment or 'term'}{'-anonymous' if hidden else ''}.html")
    if assignment is None:
        lines, page = _term(course_dir, hidden)
    else:
        with graded_assignment(course_dir, assignment) as (course, gradebook, key):
            report = gather(read_class(course, gradebook, key))
        links = {} if hidden else _links(course, report, path)
        shown = anonymous(report.names, course) if hidden else Shown(named(report.names), links)
        lines, page = list(_for_terminal(report)), render(report, shown)
    put_where_asked(path, page.encode("utf-8", "replace"))
    return lines, path


def _links(course: Course, report: Report, page: Path) -> dict[str, list[tuple[str, str]]]:
    """Links to students' files, relative to the page."""
    links: dict[str, list[tuple[str, str]]] = {}
    for step, (pattern, words) in LINKED.items():
        for student in report.names:
            for file in sorted(course.folder(step, student, report.assignment).glob(pattern))[:1]:
                address = os.path.relpath(file, page.resolve().parent)
                links.setdefault(student, []).append((words, quote(os.fsencode(address))))
    return links


def _for_terminal(report: Report) -> Iterable[str]:
    yield summary_line(report)
    counts = {
        "not handed in": report.missing,
        "handed in, not graded yet": report.waiting,
        "not on the roster": report.strangers,
        "late": report.late,
        "to look at": report.attention,
    }
    yield from (f"  {words}: {len(who)}" for words, who in counts.items() if who)
    for row in report.rows:
        for message in mistake_messages(row)[:SHOWN_MISTAKES]:
            # A sentence may quote an exception of a student's code.
            yield f"  {row.title}: {printable(message.sentence)} ({len(message.students)})"


def render(report: Report, shown: Shown | None = None) -> str:
    """The page on one assignment."""
    shown = shown or Shown(named(report.names))
    return _page(
        "class_report",
        shown,
        report.scores,
        report.maximum,
        report=report,
        mistake_messages=mistake_messages,
        happened=partial(_happened, with_notes=not shown.anonymous),
        urgency=urgency,
        lateness=lateness_in_words,
    )


def _page(template: str, shown: Shown, scores: list[float], maximum: float, **values: object) -> str:
    """A page with the figures and bars of its scores."""
    bars = histogram(scores, maximum) if scores else []
    numbers = {"summary": summary(scores), "bars": bars, "largest": max((n for _, n in bars), default=1) or 1}
    return render_page(
        f"pages/{template}.html.j2", stylesheet("report.css"), shown=shown, **numbers, **values
    )


def summary_line(report: Report) -> str:
    """The scores of the class, for a terminal, and how many and which points they are of."""
    most = f"{points(report.maximum)} points"
    if not report.scores:
        return f"0 graded of {most}"
    figures = ", ".join(f"{name} {points(value)}" for name, value in summary(report.scores).items())
    if not report.pending:
        return f"{len(report.scores)} graded: {figures} of {most}"
    waiting = f"{counted(report.pending, 'answer')} in words waiting for manual grading"
    if report.is_final:
        final = f"{len(report.scores)} of {report.graded} graded have a final score"
        return f"{final}: {figures} of {most}; {waiting}"
    return f"{report.graded} graded: {figures} of the {points(report.maximum)} automatic points; {waiting}"


def _happened(result: Result, with_notes: bool) -> str:
    """What needs attention. Notes repeat files' names, which may contain students' names."""
    words = [*map(words_of, result.flags), *self_reported_in_words(result)]
    notes = result.notes if with_notes and result.status != GRADED else ()
    unanswered = [cell for cell in result.cells if cell.fails and not cell.answered]
    return "; ".join([*words, *notes, *answers_in_words(unanswered)])


@dataclass(frozen=True)
class MistakeMessage:
    """One mistake on the page: who made it, and what an instructor can do about it."""

    id: str
    """Empty for an unknown mistake."""
    sentence: str
    students: list[str]
    wrong: str = ""
    """The lines of the catalogue's code that the right class does not have."""
    section: str = ""
    """What to teach again."""


def mistake_messages(row: CheckRow) -> list[MistakeMessage]:
    """The mistakes of a check, the most frequent first; of equally many, those that have a name."""
    entries = {entry.id: entry for entry in mistakes(row.check)} if row.check else {}
    messages = []
    for (id, _), read in row.wrong.items():
        entry = entries.get(id)
        messages.append(
            MistakeMessage(
                id,
                mistake_in_words(id, list(read.values()), entry),
                list(read),
                wrong_lines(entry) if entry else "",
                _section(row.check, id, entry),
            )
        )
    return sorted(messages, key=lambda message: (-len(message.students), not message.id))


def mistake_in_words(id: str, read: list[str], entry: Mistake | None = None) -> str:
    """The sentence that all students with the mistake read, else the catalogue's, else the most frequent."""
    sentences = Counter(filter(None, read))
    if not id:
        return f"No known mistake{', for example' if len(sentences) > 1 else ''}: {read[0]}"
    if sentences and (len(sentences) == 1 or entry is None):
        return sentences.most_common(1)[0][0]
    if entry is not None:
        return capital(f"{entry.what}.")
    return says_borrowed() if id == "borrowed" else UNKNOWN_MISTAKES.get(id, id)


def wrong_lines(entry: Mistake) -> str:
    """The first lines of the catalogue's code that the right class does not have; an edit's words."""
    if entry.edits:
        return entry.edits[0]
    check, right = find(entry.check), entry.scope.code
    if isinstance(check, RuleCheck):
        right += inspect.getsource(getattr(rules, check.rule))
    known = {line.strip() for line in right.splitlines()}
    code = [line.strip() for line in entry.code.splitlines() if line.strip()]
    lines = [line for line in code if line not in known] or code
    chosen = [line for line in lines if not line.startswith(("class ", "def ", '"""', "@"))] or lines
    return "\n".join([*chosen[:SHOWN_LINES], *(["…"] if len(chosen) > SHOWN_LINES else [])])


def _section(check: str | None, id: str, entry: Mistake | None) -> str:
    if not check or id in ("", "borrowed", *UNKNOWN_MISTAKES):
        return ""
    try:
        return section_of(check, id, (entry.section if entry else "") or find(check).section)
    except UnknownCheckError:  # of a course's own package, which is not installed here
        return ""


def _term(course_dir: Path, hidden: bool) -> tuple[list[str], str]:
    """The lines for a terminal and the page on every assignment of which something is graded."""
    with graded_course(course_dir) as (course, gradebook):
        names = graded_assignments(course, gradebook)
        classes = [read_class(course, gradebook, key_of_graded(course, gradebook, name)) for name in names]
    reports, students = list(map(gather, classes)), term_lines(classes)
    full_names = {student: name for report in reports for student, name in report.names.items()}
    shown = anonymous([line.student for line in students], course) if hidden else Shown(named(full_names))
    shares = [100 * line.earned / line.possible for line in students if line.possible]
    page = _page("term_report", shown, shares, 100.0, reports=reports, lines=students, summary_of=summary)
    return [f"{counted(len(names), 'assignment')}, {counted(len(students), 'student')}"], page
