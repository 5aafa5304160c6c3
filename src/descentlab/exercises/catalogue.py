"""Known mistakes, collected from the lessons' folders. An entry is the wrong code itself, and words about it:

    mistake = MistakesOf("adam/update")

    @mistake("adam/no-bias-correction", what=…, why=…, symptom=…, hint=…)
    class NoBiasCorrection(CorrectAdam): …

What takes one line is a row: a wrong number or word, a wrong formula, a wrong method or two of the class that
`@mistake.base` marks.

    growth.value("adam/growth-rounded", 1.24, what=…, …)
    sums.value("adam/sum-no-power", lambda beta, t: 1 - beta, what=…, …)
    mistake.differs("adam/leaky", first=lambda self, m, g: self.b1 * m + g, what=…, …)

`like="adam/stores-m-hat"` in place of words: those that are not said are that entry's. Every module of a
lesson whose name begins with `mistakes` is found by itself. The entry's numbers are made by running its
code on the same probes as the answer; a test holds that each is recognised as itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from descentlab.exercises import modules
from descentlab.exercises.wrong_code import code_of, derived


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to a check."""

    id: str
    """`<lesson>/what-is-wrong`, the lesson without its number: it stays for ever, for counts."""
    check: str
    """The check that it is an answer to."""
    what: str
    """Continues "Your numbers are those of …"."""
    why: str
    """How one comes to write it."""
    symptom: str
    """The number that tells it from the others, for the instructor."""
    hint: str
    """A question that does not give the answer away."""
    answer: Any
    """The wrong class, function or value; where a class must be made anew each time, a function `make_…`."""
    group: str = ""
    """Shared by mistakes whose numbers are equal by algebra."""
    section: str = ""
    """What to read again; empty: the check's own."""
    cause: str = ""
    """What the student reads in place of "Your numbers are those of …", where a later question of the lesson
    is to find this very mistake; the instructor reads both."""
    experiment: str = ""
    """What the hint proposes to try, a key of `descentlab.diagnosis.experiments.EXPERIMENTS`."""

    def make(self) -> Any:
        """The wrong answer, ready to be driven."""
        anew = getattr(self.answer, "__name__", "").startswith("make_")
        return self.answer() if anew else self.answer

    @property
    def code(self) -> str:
        """The wrong code, as the page of the catalogue shows it."""
        return code_of(self.id.split("/")[1].replace("-", "_"), self.answer)


# The words of each entry, as its file has them.
_collected: list[dict[str, Any]] = []
# By check: what stands in a mistake's id, and the section that teaches it.
_sections: dict[str, list[tuple[str, str]]] = {}
# Python's own errors, and who owns an array: no section of a lesson is about these.
UNTAUGHT = ("error/", "behaviour/changes", "behaviour/returns", "behaviour/removes", "behaviour/not-an-array")


class MistakesOf:
    """The entries of one check: a decorator for wrong code, and rows of what takes one line."""

    def __init__(self, check: str) -> None:
        self.check = check

    def __call__(self, id: str, **words: str) -> Callable[[Any], Any]:
        """Keep the class or function that follows."""

        def keep(answer: Any) -> Any:
            self.value(id, answer, **words)
            return answer

        return keep

    def section(self, section: str, *words: str) -> None:
        """What to read again where one of the words stands in a mistake's id: an entry's, or an edit's."""
        _sections.setdefault(self.check, []).append(("|".join(words), section))

    def base(self, correct: type) -> type:
        """Marks the class from which `differs` makes others."""
        self._base = correct
        return correct

    def differs(self, id: str, **entry: Any) -> None:
        """Keep a row: the base but for the methods in it, a `lambda` each; the rest are words."""
        methods = {name: value for name, value in entry.items() if callable(value)}
        words = {name: value for name, value in entry.items() if name not in methods}
        self.value(id, derived(self._base, **methods), **words)

    def value(self, id: str, value: Any, **words: str) -> None:
        """Keep a row: a number, a word, a formula as a `lambda`."""
        _collected.append({"id": id, "check": self.check, "answer": value, **words})


@cache
def catalogue() -> tuple[Mistake, ...]:
    """All entries, file by file."""
    for _ in modules("mistakes"):
        pass  # importing one collects its entries
    ids = [words["id"] for words in _collected]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise ValueError(f"two mistakes have the id {sorted(twice)}")
    whole = {words["id"]: Mistake(**words) for words in _collected if "like" not in words}
    return tuple(whole.get(words["id"]) or _like(whole, **words) for words in _collected)


def _like(whole: dict[str, Mistake], like: str, **words: Any) -> Mistake:
    """The entry of these words, and of those of another where it has none of its own."""
    if like not in whole:
        raise ValueError(f"{words['id']} is like {like}, which is no entry that has all its words itself")
    return replace(whole[like], **words)


def section_of(check: str, id: str, otherwise: str) -> str:
    """What to read again after a mistake of that id; empty where no section is about it."""
    catalogue()
    if id.startswith(UNTAUGHT):
        return ""
    named = (section for words, section in _sections.get(check, ()) if re.search(words, id))
    return next(named, otherwise)


def sections() -> dict[str, list[str]]:
    """By check the sections that its mistakes name."""
    catalogue()
    return {check: [section for _, section in rows] for check, rows in _sections.items()}


def mistake(id: str) -> Mistake:
    """The entry of that id.

    Raises:
        KeyError: there is none.
    """
    return {entry.id: entry for entry in catalogue()}[id]


@cache
def mistakes(check: str) -> tuple[Mistake, ...]:
    """The entries of one check."""
    return tuple(m for m in catalogue() if m.check == check)
