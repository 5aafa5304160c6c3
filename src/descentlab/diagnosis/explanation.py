"""What the diagnosis answers."""

from __future__ import annotations

from dataclasses import dataclass

from descentlab.sentences import say_named


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


def explanation_of(id: str, *, cause: str = "", hint: str, symptom: str, **values: object) -> Explanation:
    """The explanation of these templates, each said with those of the values that it names."""
    return Explanation(id, *(say_named(template, values) for template in (cause, hint, symptom)))
