"""How the blind set is written: a wrong class, its check, and the mistake (or two) in plain words.

The first set was written before the diagnosis, the second (`later_rules`) after it. No entry is changed to
please it. What the diagnosis says of each is judged in `judged.json`.
"""

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

FILES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "graves", "adam", "later")


@dataclass(frozen=True)
class Blind:
    check: str
    answer: type
    mistakes: tuple[str, ...]

    @property
    def later(self) -> bool:
        """Of the second set, written when the engine was done."""
        return self.answer.__module__ == "later_rules"

    @property
    def name(self) -> str:
        return f"{self.check.split('/')[0]}-{self.answer.__name__}"


SET: list[Blind] = []


def wrong(check: str, *mistakes: str):
    """Keep the class that follows: `mistakes` are what is wrong with it, one or two."""

    def keep(cls: type) -> type:
        SET.append(Blind(check, cls, mistakes))
        return cls

    return keep


def right(check: str, variant: str):
    """Keep the class that follows: it is right, written in the way that `variant` says."""
    return wrong(check)


def blind_set() -> list[Blind]:
    for name in FILES:
        import_module(f"{name}_rules")
    return SET


def of_folder(folder: Path) -> list[Blind]:
    """The rules of a further set, a folder of `*_rules.py`; `SET` is as it was before."""
    sys.path.insert(0, str(folder))
    begun = len(SET)
    for path in sorted(folder.glob("*_rules.py")):
        import_module(path.stem)
    rules = SET[begun:]
    del SET[begun:]
    return rules
