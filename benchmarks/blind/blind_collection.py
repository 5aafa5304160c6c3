"""Wrong rules, and a few right ones, written by people who did not look at the diagnosis.

A set is a folder of `*_rules.py`, which mark classes with `wrong` and `right`. No class is changed to please the
diagnosis.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Blind:
    """One answer."""

    check: str
    answer: type
    mistakes: tuple[str, ...]
    """What is wrong with it in plain words, one or two; empty: it is right."""

    @property
    def name(self) -> str:
        """Unique in its set."""
        return f"{self.check.split('/')[0]}-{self.answer.__name__}"


_collected: list[Blind] = []


def wrong(check: str, *mistakes: str) -> Callable[[type], type]:
    """Collect the class that follows: `mistakes` are what is wrong with it, one or two."""

    def keep(cls: type) -> type:
        _collected.append(Blind(check, cls, mistakes))
        return cls

    return keep


def right(check: str, variant: str) -> Callable[[type], type]:
    """Collect the class that follows: it is right, written in the way that `variant` says."""
    return wrong(check)


def blind_set(folder: Path) -> list[Blind]:
    """The answers of a set."""
    sys.path[:0] = [str(HERE), str(folder)]
    try:
        modules = [import_module(path.stem) for path in sorted(folder.glob("*_rules.py"))]
    finally:
        del sys.path[:2]
    names = {module.__name__ for module in modules}
    return [blind for blind in _collected if blind.answer.__module__ in names]


def blind_sets() -> dict[str, list[Blind]]:
    """Every set by its folder's name."""
    folders = sorted(path.parent for path in HERE.glob("*/judged.json")) + sorted(HERE.glob("*-right"))
    return {folder.name: blind_set(folder) for folder in folders}
