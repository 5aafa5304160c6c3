"""Wrong rules, and a few right ones, written by people who did not look at the diagnosis.

A set is a folder of `*_rules.py`, which mark classes with `wrong` and `right`. No class is changed to please the
diagnosis.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Blind:
    """One answer."""

    check: str
    answer: Any
    mistakes: tuple[str, ...]
    """What is wrong with it in plain words, one or two; empty: it is right."""
    module: str

    @property
    def name(self) -> str:
        """Unique in its set; a number has its check's name and its own text."""
        return (
            f"{self.check.split('/')[0]}-{getattr(self.answer, '__name__', f'{self.check}={self.answer!r}')}"
        )


_collected: list[Blind] = []


def wrong(check: str, *mistakes: str) -> Callable[[Any], Any]:
    """Collect the class, function or value that follows: `mistakes` are what is wrong with it, one or two."""
    module = sys._getframe(1 if mistakes else 2).f_globals["__name__"]

    def keep(answer: Any) -> Any:
        _collected.append(Blind(check, answer, mistakes, module))
        return answer

    return keep


def right(check: str, variant: str) -> Callable[[Any], Any]:
    """Collect the class, function or value that follows: it is right, written in the way that `variant` says."""
    return wrong(check)


def blind_set(folder: Path) -> list[Blind]:
    """The answers of a set."""
    sys.path[:0] = [str(HERE), str(folder)]
    try:
        modules = [import_module(path.stem) for path in sorted(folder.glob("*_rules.py"))]
    finally:
        del sys.path[:2]
    names = {module.__name__ for module in modules}
    return [blind for blind in _collected if blind.module in names]


def blind_sets() -> dict[str, list[Blind]]:
    """Every set by its folder's name."""
    folders = sorted(path.parent for path in HERE.glob("*/judged.json")) + sorted(HERE.glob("*-right"))
    return {folder.name: blind_set(folder) for folder in folders}
