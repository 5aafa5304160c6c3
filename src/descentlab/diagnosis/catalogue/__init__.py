"""Known mistakes, one file a rule. An entry is the wrong code itself, with words about it:

    @mistake("adam/no-bias-correction", "D7", what=…, why=…, gives_away=…, hint=…)
    class NoBiasCorrection(Adam): …

Every module here is found by itself: adding a mistake is adding one entry in one file. The entry's numbers
are
made by running its code on the same probes as the answer; a test holds that each is recognised as itself.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to a check."""

    id: str
    """`rule/what-is-wrong`."""
    source: str
    """Its number in the collection of mistakes seen in the wild; empty for one added later."""
    check: str
    """The check that it is an answer to."""
    what: str
    """Continues "Your numbers are those of …"."""
    why: str
    """How one comes to write it."""
    gives_away: str
    """The number that tells it from the others, for the instructor."""
    hint: str
    """A question that does not give the answer away."""
    answer: Any
    """The wrong class or function; where it must be made anew each time, a function `make_…` that does so."""
    group: str = ""
    """Shared by mistakes whose numbers are equal by algebra."""
    section: str = ""
    """What to read again; empty: the check's own."""
    shown: str = ""
    """What the student reads in place of "Your numbers are those of …", where a later question of the lesson
    is to find this very mistake; the instructor reads both."""

    def make(self) -> Any:
        """The wrong answer, ready to be driven."""
        return self.answer() if self.answer.__name__.startswith("make_") else self.answer

    @property
    def code(self) -> str:
        """The wrong code, as the page of the catalogue shows it."""
        source = textwrap.dedent(inspect.getsource(self.answer))
        return re.sub(r"\A@\w+\(.*?^\)\n", "", source, flags=re.DOTALL | re.MULTILINE).rstrip()


_collected: list[Mistake] = []


def mistakes_of(check: str) -> Callable[..., Callable[[Any], Any]]:
    """A decorator for the entries of one check."""

    def mistake(id: str, source: str = "", **words: str) -> Callable[[Any], Any]:
        def keep(answer: Any) -> Any:
            _collected.append(Mistake(id, source, check, answer=answer, **words))
            return answer

        return keep

    return mistake


@cache
def catalogue() -> tuple[Mistake, ...]:
    """All entries, file by file."""
    for module in sorted(iter_modules(__path__), key=lambda m: m.name):
        import_module(f"{__name__}.{module.name}")
    ids = [m.id for m in _collected]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise ValueError(f"two mistakes have the id {sorted(twice)}")
    return tuple(_collected)


@cache
def mistakes(check: str) -> tuple[Mistake, ...]:
    """The entries of one check."""
    return tuple(m for m in catalogue() if m.check == check)
