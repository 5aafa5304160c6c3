"""Whose a thing is: a submission, a line of a worksheet, of a template, of a list of groups.

Who asks hands over all that a system says (`Said`) and gets one student, one group, or a sentence. Keys are what a
system or the teacher writes: a number, an address, a login, an id. They count before every name, and may not name
two people. Each system, and each course in it, counts its own numbers: one counts only with its student's name, and no
key beside another student's. A name is enough where no key is given, for exactly one person of that system. What
students type (texts, names of files) is no part of `Said`.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autograde.entries.entry import Person
from autograde.errors import UsageError
from autograde.untrusted.names import is_student

NEAREST = 3
# Letters and marks that show nothing, besides those that Python does not print.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
Roster = dict[str, Person]  # by id, in order
Files = Mapping[str, str]
SenderKey = tuple[str, str, str]
Matches = Mapping[SenderKey, str]  # students and groups by `Said.sender_key`
TOLD, KEY, NAME = "told", "key", "name"  # what a match rests on
# Which another system, or another course there, can have given to somebody else.
NUMBERS = ("lms_user_id", "id_number")
# Which fields of a Person the value of a column can be.
CAN_BE = (
    "id login email lms_user_id id_number",
    "login id email",
    "email id",
    "lms_user_id id",
    "id_number id",
)
KEY_FIELDS = {fields[0]: fields for fields in map(tuple, map(str.split, CAN_BE))}
NOT_WORD = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class Said:
    """What says whose a thing is; what is not said is empty."""

    system: str = ""
    sender: str = ""
    """Name, `_` and number as the system wrote them: what comes from one sender is one submission."""
    number: str = ""
    """The sender's number in that system, which tells senders apart."""
    keys: tuple[tuple[str, Sequence[str]], ...] = ()
    """Each value with the fields of `Person` that it can be."""
    name: str = ""
    doubt: str = ""
    """Why nobody can tell, in words: the file's name can be read in two ways."""

    @property
    def shown(self) -> str:
        """The name, where it is not a key."""
        return "" if self.name in dict(self.keys) else self.name

    @property
    def sender_key(self) -> SenderKey:
        """The key of what is kept about the sender: the system, a number, and the name that was shown beside it; without
        a number the sender.
        """
        shown = as_file_name(self.sender.removesuffix(self.number))
        return self.system, self.number, shown if self.number else self.sender


@dataclass(frozen=True)
class Match:
    """Who was found: the id of a student or the name of a group."""

    who: str
    by: str


class TwoPeopleError(LookupError):
    """Keys of one thing name different people."""


def said_in(fields: Mapping[str, str], system: str = "", number: str = "") -> Said:
    """What a line of a table says, its cells by kind of column."""
    keys = tuple((fields[kind], of) for kind, of in KEY_FIELDS.items() if fields.get(kind))
    name = " ".join(filter(None, map(fields.get, ("first_name", "last_name"))))
    sender = f"{fields.get('name') or name}_{number}" if number else ""
    return Said(system, sender, number, keys, name or fields.get("id", ""))


def said_in_word(word: str) -> Said:
    """What the name of a folder says that a person gave it: a key or a name."""
    return Said(sender=word, keys=((word, KEY_FIELDS["id"]),), name=word)


@dataclass(frozen=True)
class Matcher:
    """Everybody whom a thing can be of, and what is known about senders."""

    roster: Roster | None
    groups: Mapping[str, str] = field(default_factory=dict)
    """The group's name by student."""
    kept: Matches = field(default_factory=dict)
    """From earlier downloads."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """Students and groups by sender, as --match says now."""

    @cached_property
    def _by(self) -> Mapping[tuple[str, str], Sequence[Person]]:
        """Students and groups by the name of a field and its value, and by their names as file names keep them."""
        by = defaultdict(list)
        for person in (self.roster or {}).values():
            for name in KEY_FIELDS:
                by[name, casefolded(getattr(person, name))].append(person)
            names = names_of(person)
            # Moodle writes a group before a name. Names have hyphens, too: a group is one that is known.
            teams = filter(None, {person.section, self.groups.get(person.id)})
            names |= {as_file_name(f"{team}-{person.full_name}") for team in teams}
            for shown in names:
                by[NAME, shown].append(person)
        for team in map(Person, set(self.groups.values())):
            by["id", casefolded(team.id)].append(team)
            by[NAME, as_file_name(team.id)].append(team)
        return by

    def match(self, said: Said) -> Match:
        """The student or the group.

        Raises:
            TwoPeopleError: its keys name several people.
            LookupError: nobody, or several of that name, or a key is one's and the name is not, or it cannot be told; a
                sentence says which.
        """
        if said.sender in self.asked:
            return Match(self.asked[said.sender], TOLD)
        if said.system and (told := self.kept.get(said.sender_key)) and self.knows(told):
            return Match(told, TOLD)
        if said.doubt:
            raise LookupError(said.doubt)
        if self.roster is None:
            if said.system or not is_student(said.sender):
                raise LookupError("is not a student's id")
            return Match(said.sender, KEY)
        by_key = [
            (one, value) for value, fields in said.keys for one in self._with_key(value, fields, said.system)
        ]
        found = {one.id: one for one, _ in by_key} or self._with_number(said)
        everybody = {one.id: one for one in self._of_system((NAME, as_file_name(said.name)), "")}
        named = [one for one in everybody.values() if one.is_of(said.system)]
        if len(found) > 1:
            raise TwoPeopleError(f"can be {all_described(found.values())}")
        if found:
            (one,) = found.values()
            others = all_described(everybody.values())
            numbers = {value for value, fields in said.keys if fields[0] in NUMBERS}
            is_number = numbers.issuperset(value for _, value in by_key) and (one.full_name or not by_key)
            is_of_name = {one.id, self.submitter(one.id)} & everybody.keys()
            if said.shown and not is_of_name and (others or is_number):
                other = f"the name of {others}" if others else "another name"
                raise LookupError(f"has the number, address or login of {described(one)}, and {other}")
            return Match(one.id, KEY)
        if all(value == said.name for value, _ in said.keys):
            if len(named) == 1:
                return Match(named[0].id, NAME)
            if named:
                raise LookupError(f"can be {all_described(named)}")
        there = [one for one in self.roster.values() if one.is_of(said.system)]
        close = nearest(Person(said.sender, last_name=said.name), there)
        hint = f" (nearest: {all_described(close)})" if close else ""
        raise LookupError(f"matches nobody on the roster{hint}")

    def in_line(self, said: Said, where: str) -> str:
        """Who a line of a table is of; empty where nobody fits, or several of one name.

        Raises:
            UsageError: its keys name two people; `where` is the file and the line.
        """
        try:
            return self.match(said).who
        except TwoPeopleError as error:
            raise UsageError(f"{where} {error}: nothing of the file was taken.") from error
        except LookupError:
            return ""

    def knows(self, who: str) -> bool:
        """Whether it is the id of a student or the name of a group."""
        return self.roster is None or who in self.roster or who in self.groups.values()

    def submitter(self, who: str) -> str:
        """Under whose name a student hands in: the group's, or the own id."""
        return self.groups.get(who, who)

    def _with_number(self, said: Said) -> dict[str, Person]:
        """Whose that number was in earlier downloads, whatever the name beside it."""
        return {
            who: self.roster[who]
            for key, who in self.kept.items()
            if said.number and key[:2] == said.sender_key[:2] and who in self.roster
        }

    def _with_key(self, value: str, fields: Sequence[str], system: str) -> Iterator[Person]:
        """Who has that key in one of the fields: as it is written, else in another case or form."""
        for name in fields:
            there = self._of_system((name, casefolded(value)), system if name == "lms_user_id" else "")
            yield from [one for one in there if getattr(one, name) == value] or there

    def _of_system(self, key: tuple[str, str], system: str) -> Sequence[Person]:
        return [one for one in self._by.get(key, ()) if key[1] and one.is_of(system)]


def names_of(person: Person) -> set[str]:
    """What a person's name can look like, first or last name first. In a list that has it in one cell, the last name can
    begin with any word.
    """
    words = person.full_name.split()
    return {as_file_name("".join(words[at:] + words[:at])) for at in range(len(words))}


def as_file_name(name: str) -> str:
    """A name as file names keep it: its letters and digits."""
    return NOT_WORD.sub("", folded(name))


def nearest(stranger: Person, people: Collection[Person]) -> list[Person]:
    """Up to three people with a similar id, address or name."""
    by_word: dict[str, list[Person]] = {}
    for person in people:
        for word in _words(person):
            by_word.setdefault(word, []).append(person)
    matches = [difflib.get_close_matches(word, by_word, NEAREST) for word in _words(stranger)]
    return list(dict.fromkeys(one for close in matches for word in close for one in by_word[word]))[:NEAREST]


def casefolded(key: str) -> str:
    """An id, an address, a login or a number without case, for comparing."""
    return unicodedata.normalize("NFKC", key).casefold()


def folded(text: str) -> str:
    """Text without case, accents, runs of blanks and what shows nothing, for comparing."""
    plain = " ".join(unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold().split())
    return "".join(char for char in plain if char.isprintable() and not unicodedata.combining(char))


def described(person: Person) -> str:
    """The id, and the name where there is one."""
    return f"{person.id} ({person.full_name})" if person.full_name else person.id


def all_described(people: Iterable[Person]) -> str:
    """Several people, with commas between."""
    return ", ".join(map(described, people))


def _words(person: Person) -> list[str]:
    turned = f"{person.last_name} {person.first_name}"
    names = (person.id, person.id.partition("@")[0], person.email.partition("@")[0], person.full_name, turned)
    return list({word: None for word in map(folded, names) if len(word) > 1})
