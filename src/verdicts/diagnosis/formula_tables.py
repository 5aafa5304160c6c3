"""What people confuse (`slips.txt`), and the tables of formulas that read it for numbers and arguments."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from verdicts.sentences import headed, rows

FOLDER = Path(__file__).parent


class Slip(NamedTuple):
    """A line of `slips.txt`: two patterns that are taken for each other, and words where they are looked for."""

    kind: str
    right: str
    wrong: str
    of_number: str
    in_symbols: str
    of_formula: str

    def longer(self, letter: str) -> str:
        """The longer of its patterns, with this letter for what may be anything."""
        return re.sub(r"(?<![.\w])[ADT]\b", letter, max(self.right, self.wrong, key=len))


SLIPS = [Slip(*(cell.strip("–") for cell in row)) for row in rows(FOLDER / "slips.txt")]


def slips_of(*kinds: str) -> list[Slip]:
    """The slips of these kinds; none of what is no kind."""
    return [slip for slip in SLIPS if slip.kind in kinds]


class FormulaLine(NamedTuple):
    """A line of a table."""

    words: str
    of: Callable[[Any], Any]
    formula: str
    """Of x, without blanks."""
    key: str
    """The slip's kind, else the formula: what data name it by."""
    off_by: str = ""


def formulas(table: str, words: str = "of_number") -> Iterator[tuple[str, list[FormulaLine]]]:
    """Yield each heading of a table with its lines.

    Args:
        words: which of a slip's words stand for its kind.
    """
    for heading, lines in headed(FOLDER / f"{table}.txt"):
        made = []
        for line in lines:
            slips = [
                (one.kind, [getattr(one, words), one.longer("x"), *line[1:]]) for one in slips_of(line[0])
            ]
            for kind, (said, formula, *off_by) in slips or [("", line)]:
                of, plain = eval(f"lambda x: {formula}", {"np": np}), formula.replace(" ", "")
                made.append(FormulaLine(said, of, plain, kind.replace(" ", "-") or plain, *off_by))
        yield heading, made
