"""The diagnosis of wrong numbers: the mistake that gives exactly these.

`functions.explain` returns an `Explanation`, or None if nothing is certain; so does what a
course adds for its own types of check. A mistake is named only if all probes match to rounding; facts have no name and an empty id.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from verdicts.diagnosis.catalogue import Mistake
from verdicts.sentences import say_named


@dataclass(frozen=True)
class Explanation:
    """The mistake behind an answer's numbers."""

    id: str
    """For counts over a class: `ode/one-slope`, `error/shapes`, `behavior/…`; empty where only a place to look
    at can be named."""
    cause: str
    """One sentence on what the numbers show; empty if the first difference says enough."""
    hint: str
    """A question or a place to look at, which does not give the answer away."""
    symptom: str = ""
    """For the teacher: the sign of this mistake in the numbers."""
    section: str = ""
    """The section to read again; empty: the check's own."""
    facts: tuple[str, ...] = ()
    """Sentences on what was computed, for numbers without a name."""


def explanation_of(id: str, *, cause: str = "", hint: str, symptom: str, **values: object) -> Explanation:
    """The explanation from these templates, each filled with the values that it names."""
    return Explanation(id, *(say_named(template, values) for template in (cause, hint, symptom)))


def of_entries(entries: Sequence[Mistake], begin: str = "Your numbers are those of") -> Explanation | None:
    """The explanation that names these entries, which have equal numbers, in a sentence that begins so; None for none."""
    if not entries:
        return None
    sentence = f"{begin} {', or '.join(dict.fromkeys(entry.what for entry in entries))}."
    first = entries[0]
    instead = first.cause if len(entries) == 1 else ""
    symptom = [sentence] * bool(instead) + [entry.symptom for entry in entries]
    return Explanation(
        first.group or first.id,
        instead or sentence,
        " ".join(dict.fromkeys(entry.hint for entry in entries)),
        " ".join(dict.fromkeys(symptom)),
        first.section,
    )
