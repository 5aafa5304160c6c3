"""Systematic edits of a rule's formula, as slips make them: `edits.txt` has a line for each, after those of the engine's `FORMS`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from descentlab.rule_diagnosis.formula import Rewrite
from verdicts.repair.changes import FORMS, rows

HINTS: Mapping[str, str] = {
    "left out": "Compare what you compute for {made} with the formula: check each factor and each term.",
    "sign": "Follow one sign, line by line, from the gradient to θ. How many minus signs should it meet?",
    "brackets": "Where {made} is made: read the line as Python does. What does each factor multiply?",
    "name": "Check each name in what you compute for {made}. Does the formula have it there?",
    "old": "What you compute {made} from: has it already been updated in this call, or not yet?",
    "order": "Which line needs the value of the call before, and which one this call's?",
    "root": "Work {made} out by hand for the first call. Over what does the root go?",
    "square": "Where {made} is made: what does the formula square, and what do you square?",
    "eps": "Where {made} is made: to what does the formula add ε, and what do you add it to?",
    "weights": "Which weight in {made} is the large one, and what should it multiply?",
    "exchanged": "Which weight in {made} is the large one, and what should it multiply?",
    "factor": "Work {made} out by hand for the first two calls. What multiplies what?",
    "turned": "Where {made} is made: which factors should make the result larger, and which smaller?",
    "power": "Work {made} out by hand for the first and for the second call.",
    "array": "Two coordinates of one array have different gradients: what may they share in {made}?",
    "extra": "Which part of your line for {made} has no counterpart in the formula?",
    "clip": "Which line of yours limits the gradient, and does the formula have it?",
    "constant": "Which numbers are typed into your class? Which argument of the constructor belongs there?",
    "start": "What should be remembered before the first call, and what after it? Print both.",
    "memory": "Print {made} before and after each call. What should the next call know of it?",
    "stored": "After a call, print {made}: is it still the average, or something made of it?",
    "one array": "Print {same}. Are they two things, or two names of one?",
    "clock": "Print t on five calls. When does it grow, and how often in one call?",
    "twice": "Count how often each quantity enters {made} in one call.",
    "operator": "Check the operators in {made}, one by one: a sum, a product, or a quotient?",
    "pair": "Compare these two places with the formula, one after the other.",
    "schedule": "Which of your factors depends on the number of the call, and should it?",
}
"""A question for each kind of edit. {made}: the changed quantities, as "m, v"; {same}: the same as code,
"self.m[k] is self.v[k]"."""
# One name, constant or operator replaced in one place: many, but rarer than the rest.
RARE_KINDS = ("name", "constant", "old", "operator")
# Two of these in one line are not tried.
UNLIKELY_KINDS = (*RARE_KINDS, "extra", "clip", "schedule", "array")


@cache
def tables() -> Mapping[str, tuple[Rewrite, ...]]:
    """The rows of each table of edits, likelier ones first; those of "gradients" are in two of the others, too."""
    tables: dict[str, tuple[Rewrite, ...]] = {}
    for cells in rows(FORMS + Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")):
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
