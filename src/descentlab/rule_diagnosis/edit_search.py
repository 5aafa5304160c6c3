"""The search for edits of a formula that give an answer's numbers.

There are many pairs of edits of different lines: each is first run on one coordinate with Python's floats, call by call; only those
that agree there run on all probes. The number of pairs tried is bounded by a count, not by a clock, so that the
same answer always gets the same verdict.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product
from typing import Any

import numpy as np

from descentlab.rule_diagnosis.edit_sets import Edit, Edits, single_edits
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import Formula, line_text, nodes
from descentlab.rule_diagnosis.probe_table import ARRAY_SIZES, CompiledLine, ProbeTable, for_floats, walk
from verdicts import agreement

MAX_PAIRS = 50_000

ARRAY_FUNCTIONS = {"mean", "total", "norm", "size", "length"}
"""Functions of a whole array, which one coordinate does not determine."""
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

    def matches(self, path: Iterable[np.ndarray]) -> bool:
        """Whether a path agrees at every call, on all probes."""
        calls = zip(self.path, self.tolerance, path, strict=False)
        try:
            with np.errstate(all="ignore"):
                return all(agreement.same(params, own, near).all() for own, near, params in calls)
        except KeyError:
            # A line was moved before one that it depends on.
            return False


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
    first_look = FirstLook(answer, formula)
    for ready in prepared(formula):
        if not first_look.agrees(ready) or not admits(formula, ready.edit):
            continue
        if answer.matches(answer.table.follow(formula, ready.edit)):
            return EditedFormula(formula, ready.edit)
    return None


def leaves_memory(formula: Formula, edit: Edit) -> bool:
    """Whether an edit changes no state."""
    return edit.changed.isdisjoint(formula.arrays)


def two_edits(answer: AnswerPath, rule: str) -> EditedFormula | None:
    """The likeliest pair of edits with the answer's numbers."""
    if not FirstLook(answer, formulas(rule)[0]).usable:
        return None
    tries = iter(range(MAX_PAIRS))
    for formula in formulas(rule):
        for edit in _possible_pairs(formula, answer, tries):
            if answer.matches(answer.table.follow(formula, edit)):
                return EditedFormula(formula, edit)
    return None


def _possible_pairs(formula: Formula, answer: AnswerPath, tries: Iterator[int]) -> Edits:
    """Yield pairs of edits of different lines that may have the answer's numbers, likelier ones first."""
    first_look = FirstLook(answer, formula)
    common = [ready for ready in prepared(formula) if not ready.edit.rare]
    rare = [ready for ready in prepared(formula) if ready.edit.rare]
    pairs = chain(combinations(common, 2), product(common, rare))
    apart = (pair for pair in pairs if not pair[0].touches & pair[1].touches)
    for (one, other), _ in zip(apart, tries, strict=False):
        if first_look.agrees(one, other):
            yield one.edit.with_other(other.edit)


@dataclass(slots=True, eq=False)
class Ready:
    """An edit prepared for the first look."""

    edit: Edit
    touches: set[int | str]
    """The lines, and what else it touches."""
    lines: tuple[tuple[int, CompiledLine], ...]
    start: tuple[CompiledLine, ...]
    takes_an_array: bool
    """Whether its lines have a function of a whole array."""


@cache
def prepared(formula: Formula) -> tuple[Ready, ...]:
    """All edits of the formula, the likelier ones first."""
    return tuple(
        Ready(
            edit,
            {*edit.lines, *(name for name in ("order", "start", "forgets") if getattr(edit, name))},
            tuple((n, (target, for_floats(expr))) for n, (target, expr) in edit.lines.items()),
            tuple((state, for_floats(expr)) for state, expr in edit.start.items()),
            any(node[0] in ARRAY_FUNCTIONS for _, expr in edit.lines.values() for node in nodes(expr)),
        )
        for edit in single_edits(formula)
    )


class FirstLook:
    """One coordinate of the first probe, run with Python's floats: a cheap first test of an edit."""

    def __init__(self, answer: AnswerPath, formula: Formula):
        table = answer.table
        row = table.row("main")
        # Up to the first NaN or infinity; the table compares the rest.
        usable = np.cumprod(answer.finite[:, row], axis=0).sum(axis=0)
        columns = np.flatnonzero((usable == usable.max()) & (usable > 0))
        self.usable, self.is_of_several = columns.size > 0, False
        self.lines = [(target, for_floats(expr)) for target, expr in formula.lines]
        if not self.usable:
            return
        # An array of one number where there is one: there a mean is the number itself.
        singles = [c for c in columns if ARRAY_SIZES[c] == 1]
        column = int(singles[0] if singles else columns[0])
        self.is_of_several = not singles
        self.path = answer.path[: usable[column], row, column].tolist()
        self.tolerance = answer.tolerance[:, row, column].tolist()

        def alone(values: Mapping[str, Any]) -> dict[str, Any]:
            wide = {name: np.broadcast_to(value, table.start.shape) for name, value in values.items()}
            return {name: value[row, column].item() for name, value in wide.items()}

        self.base, self.states = alone(table.base), formula.states
        self.calls = [alone(given) for given in table.given[: len(self.path)]]

    def agrees(self, *edits: Ready) -> bool:
        """Whether one coordinate does not rule out the edit, or the pair."""
        alone = len(edits) == 1
        if not self.usable or (alone and self.is_of_several and edits[0].takes_an_array):
            return True
        changed = {n: line for ready in edits for n, line in ready.lines}
        orders = (ready.edit.order for ready in edits if ready.edit.order)
        lines = [changed[n] if n in changed else self.lines[n] for n in next(orders, range(len(self.lines)))]
        start = {state: value for ready in edits for state, value in ready.start}
        forgets = frozenset().union(*(ready.edit.forgets for ready in edits))
        path = walk(lines, self.states, start, forgets, self.base, self.calls, 0.0)
        try:
            return all(map(agreement.within, path, self.path, self.tolerance))
        except ZeroDivisionError:
            # Arrays continue after an infinity, and m / ∞ is finite again. Pairs are not followed that far.
            return alone
        except (KeyError, OverflowError, TypeError):
            # NaN or infinity; the answer has a number.
            return False
