"""What a collecting did, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograde.collect.collect import DIFFERS, NEW, REPLACED, SAME, Collected
from autograde.collect.match import Unmatched
from autograde.collect.patterns import NOTEBOOK
from autograde.errors import UsageError
from autograde.grading.read_submission import TIMESTAMP
from autograde.roster.naming import named
from autograde.roster.nearest import described
from autograde.roster.people import Roster
from autograde.untrusted.names import is_student, printable
from descentlab.sentences import say, say_count, template

MOST = 100
MOST_LINES = 10
STATES = {
    NEW: template("collected: {students}"),
    REPLACED: template("replaced by what is in it: {students}"),
    SAME: template("collected before, and the same: {students}"),
    DIFFERS: template("collected before, and another: {students}. Left as it was; --update replaces it"),
}
REFUSED = {
    "none": template("no notebook: {students}"),
    "twice": template("two notebooks of one name, not collected: {students}"),
    "senders": template(
        "two submissions of one student, not collected: {students}. Whose is the other? --match says it"
    ),
    "large": template("a notebook larger than any that is graded, not collected: {students}"),
    "name": template("a file's name that cannot be kept, not collected: {students}"),
}


def matches_asked(words: Sequence[str], roster: Roster | None) -> dict[str, str]:
    """What `--match SENDER=ID` asks for, by sender.

    Raises:
        UsageError: another form, or an id that can be none or is not on the roster.
    """
    asked = {}
    for word in words:
        sender, equals, student = word.rpartition("=")
        if not equals or not sender:
            raise UsageError.say("--match {word}: write SENDER=ID.", word=printable(word))
        if not is_student(student):
            raise UsageError.say(
                "--match {word}: {student!r} can be no student's id.", word=printable(word), student=student
            )
        if roster is not None and student not in roster:
            raise UsageError.say(
                "--match {word}: {student!r} is not on the roster. Add: autograde roster add {student}",
                word=printable(word),
                student=student,
            )
        asked[sender] = student
    return asked


def collected_lines(
    collected: Collected, assignment: str, notebooks: Sequence[str], roster: Roster | None
) -> Iterator[str]:
    """What was taken, from whom there is nothing, and what was left; `notebooks` are the names expected."""
    for state, sentence in STATES.items():
        students = [student for student, its in collected.states.items() if its == state]
        if students:
            yield say(sentence, students=_counted(students))
    if collected.other_case:
        pairs = [f"{sender} → {student}" for student, sender in collected.other_case.items()]
        yield say("ids in other letters, and nobody else fits: {students}", students=named(pairs, MOST))
    if collected.late_and_left:
        yield say(
            "the other one is marked late by Canvas: {students}. --update takes that one, with its mark",
            students=named(collected.late_and_left, MOST),
        )
    if collected.times_gone:
        yield say(
            "the time in timestamp.txt went with the notebook that was replaced, and counts no more: "
            "{students}",
            students=named(collected.times_gone, MOST),
        )
    if collected.late:
        yield say(
            "marked late by Canvas, which says no time: {students}. When it was, one file each says: echo "
            "YYYY-MM-DD HH:MM:SS UTC > {file} (or Europe/Berlin in place of UTC)",
            students=named(collected.late, MOST),
            file=f"submitted/{collected.late[0]}/{assignment}/{TIMESTAMP}",
        )
    yield from _misnamed(collected, assignment, [f"{name}{NOTEBOOK}" for name in notebooks])
    if collected.other_files:
        yield say("left out, as they are no notebooks: {files}", files=named(collected.other_files))
    if roster is not None and collected.states:
        absent = [student for student in roster if student not in {**collected.states, **collected.refused}]
        if absent:
            yield say("not in it: {students}", students=_counted(absent))


def _misnamed(collected: Collected, assignment: str, expected: Sequence[str]) -> Iterator[str]:
    """Whose notebooks have other names: a slip of some, and of everybody another assignment."""
    if not collected.misnamed:
        return
    words = {"notebooks": ", ".join(expected), "assignment": assignment}
    if len(collected.misnamed) == len(collected.states):
        yield say(
            "no notebook is named {notebooks}: {students}. Is this the download of {assignment}? If not, "
            "delete {folder} and its like before you grade",
            students=named(list(collected.misnamed), MOST),
            folder=f"submitted/{next(iter(collected.misnamed))}/{assignment}",
            **words,
        )
    for student, names in list(collected.misnamed.items())[:MOST_LINES]:
        yield say(
            "{student} handed in {names}: if it is their {assignment}, rename it to {notebooks} in {folder}",
            student=printable(student),
            names=printable(", ".join(names)),
            folder=f"submitted/{student}/{assignment}/",
            **words,
        )
    if (more := len(collected.misnamed) - MOST_LINES) > 0:
        yield say_count("and {count} more", "and {count} more", more)


def left_lines(collected: Collected, assignment: str, source: Path, roster: Roster | None) -> Iterator[str]:
    """What was not taken, and what to do."""
    for reason, sentence in REFUSED.items():
        students = [student for student, why in collected.refused.items() if why == reason]
        if students:
            yield say(sentence, students=named([_with_senders(who, collected) for who in students], MOST))
    for unmatched in collected.unmatched.values():
        yield _unmatched(unmatched, roster)
    if collected.unmatched and roster is None and collected.systems - {""}:
        yield say(
            "{system} names files by people, not by ids. Import the roster: autograde roster import FILE.csv",
            system=next(iter(collected.systems - {""})),
        )
    elif collected.unmatched:
        sender = printable(next(iter(collected.unmatched)))
        yield say(
            'if you know whose it is, say so: autograde collect {assignment} {source} --match "{sender}=ID"',
            assignment=assignment,
            source=source,
            sender=sender,
        )
        if "Moodle" in collected.systems:
            yield say(
                'the number behind a name is Moodle\'s: in the grading worksheet ("View all submissions", '
                '"Download grading worksheet") it is the Participant in the column Identifier'
            )


def _with_senders(student: str, collected: Collected) -> str:
    """A student, and by which words several submissions were signed."""
    senders = collected.senders.get(student)
    return f"{student} ({', '.join(senders)})" if senders else student


def _unmatched(unmatched: Unmatched, roster: Roster | None) -> str:
    values = {"sender": printable(unmatched.sender)}
    if unmatched.several:
        people = ", ".join(map(described, unmatched.several))
        return say("not collected: {sender} can be {people}", people=printable(people), **values)
    if unmatched.nearest:
        people = ", ".join(map(described, unmatched.nearest))
        return say(
            "not collected: {sender} fits nobody on the roster (nearest: {people})",
            people=printable(people),
            **values,
        )
    if roster is None:
        return say("not collected: {sender} is no student's id", **values)
    return say("not collected: {sender} fits nobody on the roster", **values)


def _counted(students: Sequence[str]) -> str:
    return f"{len(students)} ({named(students)})"
