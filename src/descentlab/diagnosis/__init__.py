"""From wrong numbers to the mistake that makes exactly these numbers.

`explain.explain_rule`, `functions.explain_function` and `functions.explain_value` give an `Explanation`, or None
where nothing can honestly be said. A name is given only where all probes match to rounding; facts come without a
name, with an empty id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from descentlab.checks.courses import KnownMistake
from descentlab.sentences import say, say_named


@dataclass(frozen=True)
class Explanation:
    """The mistake behind an answer's numbers."""

    id: str
    """For counts over a class: `adam/no-bias-correction`, `adam/edit/…`, `behaviour/…`, `convention/…`; empty
    where only a place to look at can be named."""
    cause: str
    """One sentence on what the numbers show; empty: where they differ first says enough."""
    hint: str
    """A question or a place to look at, which does not give the answer away."""
    symptom: str = ""
    """For the instructor: what in the numbers says so."""
    section: str = ""
    """What to read again; empty: the check's own."""
    facts: tuple[str, ...] = ()
    """What was computed of the numbers, where they have no name: whole sentences."""


def explanation_of(
    id: str, *, cause: str = "", fact: str = "", hint: str, symptom: str, **values: object
) -> Explanation:
    """The explanation of these templates, each said with those of the values that it names."""
    facts = (say_named(fact, values).strip(),) if fact else ()
    return Explanation(id, *(say_named(template, values) for template in (cause, hint, symptom)), facts=facts)


def joined(entries: Sequence[KnownMistake]) -> str:
    """The descriptions of mistakes with equal numbers; what they all begin with is said once."""
    sentences = list(dict.fromkeys(say(entry.what) for entry in entries))
    start, colon, _ = sentences[0].partition(": ")
    if colon and all(words.startswith(start + colon) for words in sentences):
        sentences[1:] = [words.removeprefix(start + colon) for words in sentences[1:]]
    return reduce(lambda one, other: say("{one}, or {other}", one=one, other=other), sentences)


def of_entries(entries: Sequence[KnownMistake], sentence: str) -> Explanation:
    """The explanation that names these entries by the sentence `sentence`."""
    first = entries[0]
    instead = say(first.cause) if first.cause and len(entries) == 1 else ""
    symptom = [sentence] * bool(instead) + [say(entry.symptom) for entry in entries]
    return Explanation(
        first.group or first.id,
        instead or sentence,
        " ".join(dict.fromkeys(say(entry.hint) for entry in entries)),
        " ".join(dict.fromkeys(symptom)),
        first.section,
    )
