"""What a list of students changes on the roster: worked out first, refused where it is doubtful."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from autograde.roster.nearest import described, folded
from autograde.roster.people import FIELDS, Person, Roster
from autograde.roster.read_file import Listed
from descentlab.sentences import say

SINGLY = 3  # changed ids that are told one by one


@dataclass(frozen=True)
class Changes:
    """A roster's next state, and how it differs from the one before."""

    people: list[Person]  # to be written
    added: list[str]
    changed: dict[str, list[str]]  # by student, which fields
    unlisted: list[str]  # on the roster, not in the file
    problems: list[str] = field(default_factory=list)


def changes(listed: Listed, roster: Roster, known: Collection[Person]) -> Changes:
    """Compare a file with the roster and with everybody whom the gradebook knows."""
    before = {person.id: person for person in known} | roster
    problems = _changed_ids(listed, roster)
    people, added, changed = [], [], {}
    for who, person in listed.people.items():
        was = before.get(who, Person(who))
        # A column that the file lacks, or a cell left empty, takes nothing away.
        fields = {name: getattr(person, name) for name in FIELDS if getattr(person, name)}
        now = replace(was, **fields)
        differs = [name for name in FIELDS if getattr(now, name) != getattr(was, name)]
        if who not in roster:
            added.append(who)
        elif differs:
            changed[who] = differs
        people.append(now)
    unlisted = [who for who in roster if who not in listed.people]
    return Changes(people, added, changed, unlisted, problems)


def _changed_ids(listed: Listed, roster: Roster) -> list[str]:
    """New ids of people who are on the roster under another: their grades would stay behind."""
    alike: dict[tuple[str, str], str] = {}
    for what in ("email", "lms_user_id", "full_name"):
        holders: dict[str, list[Person]] = {}
        for person in roster.values():
            if value := folded(getattr(person, what)):
                holders.setdefault(value, []).append(person)
        for who, person in listed.people.items():
            old = holders.get(folded(getattr(person, what)), [])
            if who not in roster and len(old) == 1 and _gives_up(old[0], what, listed):
                alike.setdefault((who, old[0].id), what.replace("full_name", "name"))
    if len(alike) > SINGLY:
        return [_all_ids_changed(list(alike))]
    return [
        say(
            "{new} has the same {what} as {old} of the roster. If it is one student whose id has changed: "
            "grades are kept by id, so keep the old one in the file. If not, take the other off first: "
            "autograde roster remove {id}",
            new=described(listed.people[new]),
            old=described(roster[old]),
            what=what,
            id=old,
        )
        for (new, old), what in alike.items()
    ]


def _all_ids_changed(alike: Sequence[tuple[str, str]]) -> str:
    """One sentence for a list that calls many students otherwise than the roster does."""
    return say(
        "{count} students have other ids here than on the roster: {examples}, … Grades are kept by id. Which "
        "column has the ids of the roster? --column id=HEADER. If none has, import a list of the system that "
        "the roster came from",
        count=len(alike),
        examples=", ".join(say("{new} for {old}", new=new, old=old) for new, old in alike[:SINGLY]),
    )


def _gives_up(old: Person, what: str, listed: Listed) -> bool:
    """Whether the file names the old id no more, or leaves empty what two of them cannot share."""
    if old.id not in listed.people:
        return True
    return what != "full_name" and not getattr(listed.people[old.id], what)
