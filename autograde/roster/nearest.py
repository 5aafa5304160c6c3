"""Who on the roster a stranger may be: told to a person, never decided."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection

from autograde.roster.people import Person

SHOWN = 3
CUTOFF = 0.6  # of 1: difflib's own, half the letters in their order


def nearest(stranger: Person, people: Collection[Person]) -> list[Person]:
    """Up to three people whose id, address or name is close to the stranger's, the closest first."""
    words = [word for word in _words(stranger) if word]
    by_word: dict[str, list[Person]] = {}
    for person in people:
        for word in _words(person):
            by_word.setdefault(word, []).append(person)
    close = [
        (difflib.SequenceMatcher(None, word, match).ratio(), match)
        for word in words
        for match in difflib.get_close_matches(word, by_word, n=SHOWN, cutoff=CUTOFF)
    ]
    close.sort(key=lambda pair: (-pair[0], pair[1]))
    once = {person.id: person for _, match in close for person in by_word[match]}
    return list(once.values())[:SHOWN]


def folded(text: str) -> str:
    """Text as two spellings of it are compared: without case, accents and runs of blanks."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).casefold().split())


def described(person: Person) -> str:
    """A student in a sentence: the id, and the name where there is one."""
    return f"{person.id} ({person.full_name})" if person.full_name else person.id


def _words(person: Person) -> list[str]:
    local = person.email.partition("@")[0]
    turned = f"{person.last_name} {person.first_name}"
    names = (person.id, person.id.partition("@")[0], local, person.full_name, turned)
    return list(dict.fromkeys(word for word in map(folded, names) if len(word) > 1))
