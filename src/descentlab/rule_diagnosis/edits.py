"""Systematic edits of a rule's formula, as slips make them: `edits.txt` has a line for each, after the engine's `SLIPS`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from descentlab.rule_diagnosis.formula import Rewrite
from verdicts.diagnosis.formula_tables import SLIPS
from verdicts.sentences import rows

HINTS: Mapping[str, str] = dict(rows(Path(__file__).with_name("hints.txt")))
"""The question for each kind of edit."""
# One name, constant or operator replaced in one place: many, but rarer than the rest.
RARE_KINDS = ("name", "constant", "old", "operator")


@cache
def tables() -> Mapping[str, tuple[Rewrite, ...]]:
    """The rows of each table of edits, likelier ones first; those of "gradients" are in two of the others, too."""
    slips = (Rewrite(one.right, one.wrong, one.of_formula, one.kind) for one in SLIPS if one.of_formula)
    tables: dict[str, tuple[Rewrite, ...]] = {"in one place": tuple(slips)}
    for cells in rows(Path(__file__).with_suffix(".txt")):
        if len(cells) == 1:
            name = cells[0].strip("[]")
        else:
            signs = "+-" if "±" in cells[0] else "±"
            made = (Rewrite(*(cell.replace("±", sign) for cell in cells)) for sign in signs)
            tables[name] = (*tables.get(name, ()), *made)
    tables["in one place"] += tables["gradients"]
    tables["everywhere"] += tuple(
        replace(row, words=f"{row.words} everywhere") for row in tables["gradients"]
    )
    return tables
