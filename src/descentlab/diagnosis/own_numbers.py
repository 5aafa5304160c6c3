"""A number of the student's own in a rule: a weight decay, a start, a schedule, solved for.

The catalogue and the edits know usual numbers only. Here a formula holds an unknown one, `own`; least squares
over all probes give it, and it is named only where the formula then has all the answer's numbers to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from descentlab.diagnosis.edit_sets import Edit
from descentlab.diagnosis.formula import Expr, Formula, formulas, replaced
from descentlab.diagnosis.rewriting import PARAMETER, Bound, Row, filled
from descentlab.diagnosis.search import AnswerPath, EditedFormula

OWN = ("name", "own")
# Each with a value near which the search begins.
EVERYWHERE = (
    (Row("g", "g + own * p", "a weight decay of {own} in the gradient everywhere", "extra"), 1e-3),
    (Row("lr", "lr / (1 + own * (call - 1))", "the rate divided by 1 + {own} (t − 1)", "schedule"), 0.1),
    (Row("lr", "lr * own**(call - 1)", "the rate multiplied by {own} after each call", "schedule"), 0.9),
    (Row("g", "g + own", "{own} added to the gradient", "extra"), 1e-3),
)
STEP = (
    (Row("p = p + A", "p = p + A - lr * own * p", "a weight decay of {own} beside the step", "extra"), 1e-3),
    (Row("p = p - A", "p = p - A - lr * own * p", "a weight decay of {own} beside the step", "extra"), 1e-3),
    (Row("p = p + A", "p = p + A - own * p", "the parameter shrunk by {own} of itself", "extra"), 1e-3),
    (Row("p = p - A", "p = p - A - own * p", "the parameter shrunk by {own} of itself", "extra"), 1e-3),
)
STARTS = ((Row("S", "own", "{S} starting at {own}, not at zero", "start"), 0.1),)
# A fixed number in place of a hyperparameter: any wrong rate would be one, so that it must be a round one.
FIXED = (Row("H", "own", "{H} = {own} whatever the constructor is given", "constant"), 1e-6)
# A share too small or too large by a factor: one slip, where two edits would give the same numbers.
SHARES = ((Row("D", "own * D", "{own} {D} in place of {D}", "factor"), 0.5),)
# Of the search, in the logarithm of the number: how many steps, how long, how wide a difference, when to end.
MOST_STEPS, LONGEST, WIDTH, CLOSE = 12, 3.0, 1e-6, 1e-13
# After so many steps it must have come nearer.
HOPELESS = 4


@dataclass(frozen=True)
class Unknown:
    """A formula with an unknown number in it."""

    edit: Edit
    row: Row
    bound: Bound
    near: float
    must_be_round: bool = False

    def with_number(self, number: float) -> Edit:
        """The edit, the number put in."""
        value = ("number", number)
        swap = {OWN: value}
        return replace(
            self.edit,
            words=self.row.text(self.bound | {"own": value}),
            lines={n: (target, replaced(expr, swap)) for n, (target, expr) in self.edit.lines.items()},
            start={state: replaced(expr, swap) for state, expr in self.edit.start.items()},
        )


def with_own_number(answer: AnswerPath, rule: str) -> EditedFormula | None:
    """The rule with one number of the student's own in it that has all the answer's numbers."""
    formula = formulas(rule)[0]
    for unknown in _unknowns(formula):
        solved = _solved(unknown, formula, answer)
        for number in () if solved is None else (float(f"{solved:.3g}"), float(f"{solved:.6g}"), solved):
            if unknown.must_be_round and number != float(f"{solved:.3g}"):
                break
            edit = unknown.with_number(number)
            if number > 0 and answer.matches(answer.table.follow(formula, edit)):
                return EditedFormula(formula, edit)
    return None


def _unknowns(formula: Formula) -> Iterator[Unknown]:
    fixed = [(*FIXED, True)]
    for row, near, *is_round in [*EVERYWHERE, *fixed, *((*share, True) for share in SHARES)]:
        for bound in row.bindings(formula, {}):
            before, after = filled(row.before[0], bound), filled(row.after[0], bound)
            lines = {n: (target, replaced(e, {before: after})) for n, (target, e) in enumerate(formula.lines)}
            yield Unknown(_edit(row, bound, lines=lines), row, bound, near, bool(is_round))
    last = len(formula.lines) - 1
    expr = formula.lines[last][1]
    for row, near in STEP:
        for bound in row.matches_in(("=", ("name", PARAMETER), expr), formula):
            lines = {last: (PARAMETER, filled(row.after[0], bound)[2])}
            yield Unknown(_edit(row, bound, lines=lines), row, bound, near)
    for row, near in STARTS:
        for bound in row.bindings(formula, {}):
            start: dict[str, Expr] = {bound["S"][1]: OWN}
            yield Unknown(_edit(row, bound, start=start), row, bound, near)


def _edit(row: Row, bound: Bound, **changes: dict) -> Edit:
    return Edit(row.text(bound), row.kind, **changes)


def _solved(unknown: Unknown, formula: Formula, answer: AnswerPath) -> float | None:
    """The number for which the formula comes nearest to the answer.

    A fixed ε shows in probes that have another; all else is solved for on the first probe, where gradients
    are neither tiny nor huge.
    """
    rows = slice(None) if unknown.must_be_round else [answer.table.row("main")]
    usable = (answer.finite & answer.columns)[:, rows]
    scale = 1.0 / np.maximum(answer.tolerance[:, rows], np.finfo(float).tiny)

    def distance(number: float) -> np.ndarray:
        path = np.stack(list(answer.table.follow(formula, unknown.edit, number)))[:, rows]
        return np.where(usable, (path - answer.path[:, rows]) * scale, 0.0)

    return _least_squares(distance, unknown.near)


def _least_squares(distance: Callable[[float], np.ndarray], number: float) -> float | None:
    """The positive number that makes the distances least: Gauss and Newton's steps in its logarithm.

    None where nothing depends on the number, or some steps have not brought the distances below a third of
    the first. Whether they are small at the end is for the caller to ask.
    """
    here = distance(number)
    first = float(np.linalg.norm(here))
    for step in range(MOST_STEPS):
        slope = (distance(number * (1 + WIDTH)) - here) / WIDTH
        steepness = float((slope * slope).sum())
        if steepness == 0 or not np.isfinite(steepness):
            return None
        change = float((slope * here).sum()) / steepness
        number *= float(np.exp(np.clip(-change, -LONGEST, LONGEST)))
        if abs(change) <= CLOSE:
            return number
        here = distance(number)
        if step == HOPELESS and not np.linalg.norm(here) < 0.3 * first:
            return None
    return number
