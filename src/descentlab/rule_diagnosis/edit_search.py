"""The search for edits of a formula that give an answer's numbers.

All edits are tried, and then all pairs that touch different lines, each as far as it agrees: no clock ends the
search, so that the same answer always gets the same verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, combinations, product

import numpy as np

from descentlab.rule_diagnosis.edit_sets import Edit, single_edits
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import Formula, line_text
from descentlab.rule_diagnosis.probe_table import ProbeTable
from verdicts import agreement

# With fewer finite numbers than this one mistake cannot be told from another.
MIN_NUMBERS = 20


@dataclass(frozen=True)
class EditedFormula:
    """An edited formula with exactly the answer's numbers."""

    formula: Formula
    edit: Edit

    @property
    def form(self) -> str:
        """The rule's lines, if lessons write it in more than one way; empty otherwise."""
        if len(formulas(self.formula.rule)) == 1:
            return ""
        return "; ".join(line_text(*line) for line in self.formula.lines)


@dataclass
class AnswerPath:
    """The answer's numbers."""

    table: ProbeTable
    path: np.ndarray
    """(calls, rows, columns)."""

    def __post_init__(self) -> None:
        self.tolerance = self.table.tolerance(self.path)
        self.finite = np.isfinite(self.path)

    @property
    def tells_enough(self) -> bool:
        """Whether there are enough numbers to tell one mistake from another."""
        return int((self.finite & (self.path != self.table.start)).sum()) >= MIN_NUMBERS

    def matches(self, formula: Formula, *edits: Edit) -> bool:
        """Whether the formula with these edits agrees at every call: one number first, then those of all probes."""
        every = slice(None)
        try:
            with np.errstate(all="ignore"):
                for place, alone in ((every, *self.table.one), True), (every, False):
                    path = self.table.follow(formula, *edits, alone=alone)
                    calls = zip(self.path[place], self.tolerance[place], path, strict=False)
                    if not all(agreement.same(now, actual, near).all() for actual, near, now in calls):
                        return False
        except KeyError:
            # A line was moved before one that it depends on.
            return False
        return True


def one_edit(
    answer: AnswerPath, rule: str, admits: Callable[[Formula, Edit], bool] = lambda *_: True
) -> EditedFormula | None:
    """The likeliest single edit with the answer's numbers; of equal forms, one that leaves something out.

    A term left out in one form may equal brackets, or a sum, misread in another, which is less likely.
    """
    of_forms = filter(None, [_first_edit(answer, formula, admits) for formula in formulas(rule)])
    return min(of_forms, key=lambda edited: edited.edit.kind != "left out", default=None)


def _first_edit(
    answer: AnswerPath, formula: Formula, admits: Callable[[Formula, Edit], bool]
) -> EditedFormula | None:
    """The likeliest single edit of this form."""
    edits = (edit for edit in single_edits(formula) if admits(formula, edit))
    first = next((edit for edit in edits if answer.matches(formula, edit)), None)
    return first and EditedFormula(formula, first)


def leaves_memory(formula: Formula, edit: Edit) -> bool:
    """Whether an edit changes no state."""
    return edit.changed.isdisjoint(formula.arrays)


def two_edits(answer: AnswerPath, rule: str) -> EditedFormula | None:
    """The likeliest pair of edits of different lines with the answer's numbers."""
    for formula in formulas(rule):
        common = [edit for edit in single_edits(formula) if not edit.rare]
        rare = [edit for edit in single_edits(formula) if edit.rare]
        for one, other in chain(combinations(common, 2), product(common, rare)):
            apart = one.touches.isdisjoint(other.touches)
            if apart and answer.matches(formula, one, other):
                return EditedFormula(formula, one.with_other(other))
    return None
