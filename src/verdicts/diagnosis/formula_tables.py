"""The tables of formulas beside this module: of what may stand in the place of a number, or of an array."""

from pathlib import Path
from typing import Any

import numpy as np

from verdicts.sentences import rows

FOLDER = Path(__file__).parent


def formulas(table: str) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Each heading of a table with its lines: words, a function of x, and what else stands there."""
    found: list[tuple[str, list[tuple[Any, ...]]]] = []
    for words, *cells in rows(FOLDER / f"{table}.txt"):
        if cells:
            formula, *more = cells
            found[-1][1].append((words, eval(f"lambda x: {formula}", {"np": np}), *more))
        else:
            found.append((words.strip("[]"), []))
    return found
