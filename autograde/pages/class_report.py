"""The report on a class, for one assignment or the term: an HTML file without scripts."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from autograde.course.course import Course
from autograde.entries.entry import Entry, Person, WholeClass
from autograde.entries.wording import FLAGS, NO_RESULT, lateness_in_words, what_happened, words_of
from autograde.files import put_where_asked
from autograde.pages.class_numbers import CheckRow, Report, gather, histogram, summary, term_lines
from autograde.pages.render import render_page, text_of
from verdicts.courses import UnknownCheckError, find
from verdicts.diagnosis.catalogue import Mistake, catalogue_of
from verdicts.judging.verdict import borrowed_message
from verdicts.sentences import capital
from verdicts.spec import Check

LINKED_FILES = {"submitted": ("*.ipynb", "submission"), "feedback": ("*.html", "feedback")}
# A wrong answer without a mistake's id, by the verdict's status; others are flags.
UNKNOWN_MISTAKES = {"answered": "no known mistake", "unanswered": "not answered"}
Links = dict[str, list[tuple[str, str]]]  # words and addresses of a student's files


def write_report(
    course: Course,
    classes: Sequence[WholeClass],
    folder: Path,
    assignment: str | None,
    out: Path | None,
    hidden: bool,
) -> Path:
    """Write the page on one assignment, or on all; returns its path.

    Args:
        folder: where the page goes that `out` does not name.
        hidden: whether students are numbers.
    """
    path = out or Path(folder, f"report-{assignment or 'term'}{'-anonymous' if hidden else ''}.html")
    if hidden:
        classes = numbered(classes, course)
    reports = list(map(gather, classes))
    if assignment:
        page = render(reports[0], {} if hidden else _links(course, reports[0], path))
    else:
        students = term_lines(classes)
        shares = [100 * line.earned / line.possible for line in students if line.possible]
        page = _page("term_report", reports, shares, 100.0, lines=students, summary_of=summary)
    put_where_asked(path, page.encode("utf-8", "replace"))
    return path


def numbered(classes: Sequence[WholeClass], course: Course) -> list[WholeClass]:
    """The classes with numbers instead of students, in the order of the numbers.

    Nobody can guess them from the ids: they depend on the course's secret.
    """
    secret = course.private / "secret"
    salt = secret.read_bytes().hex() if secret.is_file() else str(course.root)
    students = {who for whole in classes for who in (*whole.people, *whole.graded, *whole.strangers_graded)}
    drawn = sorted(students, key=lambda student: hashlib.sha256(f"{salt}\0{student}".encode()).digest())
    width = len(str(len(drawn)))
    labels = {student: f"student {n:0{width}d}" for n, student in enumerate(drawn, 1)}

    def hide(results: Mapping[str, Entry]) -> dict[str, Entry]:
        # Notes repeat files' names, which may contain students' names.
        hidden = {
            labels[student]: replace(one, person=Person(labels[student]), notes=())
            for student, one in results.items()
        }
        return dict(sorted(hidden.items()))

    return [
        replace(
            whole,
            people={},
            graded=hide(whole.graded),
            without=hide(whole.without),
            strangers=tuple(sorted(labels[student] for student in whole.strangers)),
        )
        for whole in classes
    ]


def _links(course: Course, report: Report, page: Path) -> Links:
    """Links to students' files, relative to the page."""
    links = {}
    for kind, (pattern, words) in LINKED_FILES.items():
        for student in report.names:
            for file in sorted(course.folder(kind, student, report.assignment).glob(pattern))[:1]:
                address = os.path.relpath(file, page.resolve().parent)
                links.setdefault(student, []).append((words, quote(os.fsencode(address))))
    return links


def render(report: Report, links: Links | None = None) -> str:
    """The page on one assignment."""
    return _page(
        "class_report",
        [report],
        report.scores,
        report.maximum,
        report=report,
        links=links or {},
        mistake_messages=mistake_messages,
        what_happened=what_happened,
        lateness=lateness_in_words,
        no_result=NO_RESULT,
    )


def _page(
    template: str, reports: Sequence[Report], scores: list[float], maximum: float, **values: object
) -> str:
    """A page with the figures and bars of its scores."""
    bars = histogram(scores, maximum) if scores else []
    return render_page(
        f"pages/{template}.html.j2",
        text_of("pages/report.css"),
        reports=reports,
        names={student: name for report in reports for student, name in report.names.items()},
        summary=summary(scores),
        bars=bars,
        largest=max((n for _, n in bars), default=1) or 1,
        **values,
    )


@dataclass(frozen=True)
class MistakeMessage:
    """One mistake on the page: who made it, and what a teacher can do about it."""

    id: str
    """Empty for an unknown mistake."""
    sentence: str
    students: list[str]
    section: str
    """What to teach again."""


def mistake_messages(row: CheckRow) -> list[MistakeMessage]:
    """The mistakes of a check, the most frequent first; of equally many, those that have a name."""
    check = _installed(row.check)
    entries = {entry.id: entry for entry in catalogue_of(check).mistakes(check.name)} if check else {}
    messages = []
    for (id, group), read in row.wrong.items():
        entry = entries.get(id)
        code = group if group in row.codes.values() else ""
        sentence = mistake_in_words(id, list(read.values()), entry, code)
        section = ""
        if check and id not in ("", "borrowed", *UNKNOWN_MISTAKES, *FLAGS):
            of_mistake = (entry.section if entry else "") or check.section
            section = catalogue_of(check).section_of(check.name, id, of_mistake)
        messages.append(MistakeMessage(id, sentence, list(read), section))
    return sorted(messages, key=lambda message: (-len(message.students), not message.id))


def mistake_in_words(id: str, read: list[str], entry: Mistake | None = None, code: str = "") -> str:
    """The sentence that all students with the mistake read, else the catalogue's, else the most frequent.

    `code`: of common results without a known mistake.
    """
    sentences = Counter(filter(None, read))
    if not id:
        known = f"{code}, equal results without a name" if code else "No known mistake"
        return f"{known}{', for example' if len(sentences) > 1 else ''}: {read[0]}"
    if sentences and (len(sentences) == 1 or entry is None):
        return sentences.most_common(1)[0][0]
    if entry is not None:
        return capital(f"{entry.what}.")
    return borrowed_message() if id == "borrowed" else UNKNOWN_MISTAKES.get(id) or words_of(id)


def _installed(name: str | None) -> Check | None:
    """The check with this name; None for a test, and for a check of a course that is not installed here."""
    try:
        return find(name) if name else None
    except UnknownCheckError:
        return None
