"""What the report says of a mistake: a sentence, the catalogue's wrong line, what to teach again."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from autograde.report.gather import CheckRow
from descentlab import rules
from descentlab.borrowing import says_borrowed
from descentlab.checks.spec import RuleCheck, UnknownCheckError
from descentlab.exercises import find
from descentlab.exercises.catalogue import Mistake, mistakes, section_of
from descentlab.sentences import capital, say, template

# What is said of a wrong answer without a mistake's id, by the verdict's status.
UNKNOWN_MISTAKES = {
    "answered": template("no known mistake"),
    "unanswered": template("not answered"),
    "no-evidence": template("the check was not reached"),
    "odd-evidence": template("an answer that cannot be judged"),
}
SHOWN_OF_ALL = template("No known mistake: {shown}")
SHOWN_OF_ONE = template("No known mistake, for example: {shown}")
SHOWN_LINES = 3


@dataclass(frozen=True)
class MistakeMessage:
    """One mistake on the page: how many made it, who, and what an instructor can do about it."""

    id: str
    """Empty where the mistake is not known."""
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
    """Answers that nobody knows the mistake of, by what their numbers show."""
    for group in row.unnamed.values():
        shown = next(iter(group.values()))
        named = SHOWN_OF_ALL if len(set(group.values())) == 1 else SHOWN_OF_ONE
        yield MistakeMessage("", say(named, shown=shown), len(group), list(group))


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
    """A mistake by the sentence that all who made it were told, else the catalogue's, else the commonest."""
    said = row.sentences.get(id)
    if said and (len(said) == 1 or entry is None):
        return said.most_common(1)[0][0]
    if entry is not None:
        return capital(say("{what}.", what=say(entry.what)))
    if id == "borrowed":
        return says_borrowed()
    return say(UNKNOWN_MISTAKES[id]) if id in UNKNOWN_MISTAKES else id


def wrong_lines(entry: Mistake) -> str:
    """What is wrong in the catalogue's code: its lines that the right class does not have, the first few."""
    check = find(entry.check)
    known = [getattr(rules, check.rule)] if isinstance(check, RuleCheck) else []
    known += [base for base in getattr(entry.answer, "__mro__", ())[1:] if base is not object]
    right = {line.strip() for one in known for line in inspect.getsource(one).splitlines()}
    lines = [line for line in entry.code.splitlines() if line.strip() and line.strip() not in right]
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
