"""The tables of formulas beside this module: of what may stand in the place of a number, or of an array."""

from pathlib import Path
from typing import Any

import numpy as np

from verdicts.sentences import headed

FOLDER = Path(__file__).parent


def formulas(table: str) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Each heading of a table with its lines: words, a function of x, and what else stands there."""
    return [
        (
            heading,
            [(words, eval(f"lambda x: {formula}", {"np": np}), *more) for words, formula, *more in lines],
        )
        for heading, lines in headed(FOLDER / f"{table}.txt")
    ]
