"""Finding the edits of a formula whose numbers are an answer's.

Pairs of edits are many: each is first run on one coordinate with Python's floats, call by call; only what
agrees there runs on all probes. The number of pairs tried is bounded by a count, not by a clock, so that the
same answer always gets the same verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice, product
from typing import Any, TypeVar

import numpy as np

from descentlab import agreement
from descentlab.diagnosis.double_edits import Key, doubles
from descentlab.diagnosis.edit_sets import Edit, single_edits
from descentlab.diagnosis.formula import Formula, formulas, line_text
from descentlab.diagnosis.probe_table import KEY_OF, ProbeTable, Value, evaluated, for_floats
from descentlab.diagnosis.rewriting import states_of
from descentlab.sentences import Phrase

MAX_PAIRS = 50_000
# Of further equal forms pairs would hardly be new, and each costs a tenth of a second the first time.
FORMS_WITH_PAIRS = 3
# With fewer finite numbers than this one mistake cannot be told from another.
ENOUGH = 20


@dataclass(frozen=True)
class EditedFormula:
    """An edited formula with exactly the answer's numbers."""

    formula: Formula
    edit: Edit

    @property
    def form(self) -> str:
        """The rule's lines, where lessons write it in more than one way; empty otherwise."""
        if len(formulas(self.formula.rule)) == 1:
            return ""
        return "; ".join(line_text(*line) for line in self.formula.lines)


@dataclass
class AnswerPath:
    """The answer's numbers, where they can be compared."""

    table: ProbeTable
    path: np.ndarray
    """(calls, rows, columns)."""
    columns: np.ndarray
    """Which columns count: an answer that skips arrays is compared on the others."""

    def __post_init__(self) -> None:
        self.tolerance = self.table.tolerance(self.path)
        self.finite = np.isfinite(self.path)

    @property
    def tells_enough(self) -> bool:
        """Whether there are numbers enough to tell one mistake from another."""
        return int((self.finite & self.columns & (self.path != self.table.start)).sum()) >= ENOUGH

    def agrees(self, call: int, params: np.ndarray) -> bool:
        """Whether the parameters after this call are the answer's, on all probes."""
        with np.errstate(all="ignore"):
            same = agreement.same(params, self.path[call], self.tolerance[call])
        return bool(same[:, self.columns].all())

    def matches(self, path: Iterable[np.ndarray]) -> bool:
        """Whether a path agrees at every call."""
        try:
            return all(self.agrees(call, params) for call, params in enumerate(islice(path, len(self.path))))
        except KeyError:
            # A line that was moved needs a quantity which is not there yet.
            return False


def one_edit(
    answer: AnswerPath, rule: str, admits: Callable[[Formula, Edit], bool] = lambda *_: True
) -> EditedFormula | None:
    """The likeliest single edit with the answer's numbers: of equal forms the one that lacks something.

    What is left out in one form may be brackets, or a sum, misread in another, where nobody would do so.
    """
    of_forms = filter(None, [_first_edit(answer, formula, admits) for formula in formulas(rule)])
    return min(of_forms, key=lambda edited: edited.edit.kind != "left out", default=None)


def _first_edit(
    answer: AnswerPath, formula: Formula, admits: Callable[[Formula, Edit], bool]
) -> EditedFormula | None:
    """The likeliest single edit of this form."""
    first_look = FirstLook(answer, formula)
    for ready in _alone(formula):
        if not first_look.agrees(ready) or not admits(formula, ready.edit):
            continue
        if answer.matches(answer.table.follow(formula, ready.edit)):
            return EditedFormula(formula, ready.edit)
    return None


def leaves_memory(formula: Formula, edit: Edit) -> bool:
    """Whether an edit leaves every state as it is."""
    touched = {target for number, (target, _) in edit.lines.items()} | edit.start.keys() | edit.forgets
    return touched.isdisjoint(states_of(formula))


def two_edits(answer: AnswerPath, rule: str) -> EditedFormula | None:
    """The likeliest pair of edits with the answer's numbers."""
    if not FirstLook(answer, formulas(rule)[0]).usable:
        return None
    tries = Tries(MAX_PAIRS)
    for formula in formulas(rule)[:FORMS_WITH_PAIRS]:
        for edit in _possible_pairs(formula, answer, tries):
            if answer.matches(answer.table.follow(formula, edit)):
                return EditedFormula(formula, edit)
    return None


T = TypeVar("T")


@dataclass
class Tries:
    """How many pairs may still be tried."""

    left: int

    def of(self, pairs: Iterable[T]) -> Iterator[T]:
        """The pairs, as far as the tries go."""
        for pair in pairs:
            if self.left <= 0:
                return
            self.left -= 1
            yield pair


def _possible_pairs(formula: Formula, answer: AnswerPath, tries: Tries) -> Iterator[Edit]:
    """Two edits at once that may have the answer's numbers, the likelier ones first."""
    first_look = FirstLook(answer, formula)
    common = [ready for ready in _alone(formula) if not ready.edit.rare]
    rare = [ready for ready in _alone(formula) if ready.edit.rare]
    yield from _apart(combinations(common, 2), first_look, tries)
    for kind in doubles(formula, formula is formulas(formula.rule)[0]):
        possible = (key for key in tries.of(kind.keys) if first_look.agrees_with_lines(key))
        yield from kind.in_words({key for key in possible if _matches(answer, formula, key)})
    yield from _apart(product(common, rare), first_look, tries)


def _matches(answer: AnswerPath, formula: Formula, key: Key) -> bool:
    return answer.matches(answer.table.follow(formula, Edit(Phrase(""), "", dict(key))))


def _apart(pairs: Iterable[tuple[Ready, Ready]], first_look: FirstLook, tries: Tries) -> Iterator[Edit]:
    """Pairs of single edits that touch different lines."""
    for one, other in tries.of(pair for pair in pairs if not pair[0].touches & pair[1].touches):
        if first_look.agrees(one, other):
            edit = one.edit.with_other(other.edit)
            if edit:
                yield edit


@dataclass(slots=True, eq=False)
class Ready:
    """An edit made ready to run on the first look."""

    edit: Edit
    touches: int
    """One bit for each line; one more each for the order, the states' start and their reset."""
    lines: tuple[tuple[int, tuple[str, Value]], ...]
    start: tuple[tuple[str, Value], ...]
    first: int
    """The first line that it changes."""


@cache
def _alone(formula: Formula) -> tuple[Ready, ...]:
    edits = single_edits(formula)
    for_floats.at_once(expr for edit in edits for _, expr in edit.lines.values())
    return tuple(
        Ready(
            edit,
            sum(1 << n for n in edit.lines)
            | (bool(edit.order) << 200)
            | (bool(edit.start) << 201)
            | (bool(edit.forgets) << 202),
            tuple((n, (target, for_floats(expr))) for n, (target, expr) in edit.lines.items()),
            tuple((state, for_floats(expr)) for state, expr in edit.start.items()),
            min(edit.lines, default=0),
        )
        for edit in edits
    )


class FirstLook:
    """One coordinate of the first probe, run with Python's floats: the cheap first look at an edit."""

    def __init__(self, answer: AnswerPath, formula: Formula):
        table = answer.table
        row = table.row("main")
        # Up to the first number that is none; the table compares what comes after.
        usable = np.cumprod(answer.finite[:, row], axis=0).sum(axis=0) * answer.columns
        columns = np.flatnonzero((usable == usable.max()) & (usable > 0))
        self.usable = columns.size > 0
        if not self.usable:
            return
        # An array of one number where there is one: there a mean is the number itself.
        singles = [c for c in columns if (KEY_OF[c] == KEY_OF).sum() == 1]
        column = int(singles[0] if singles else columns[0])
        self.path = answer.path[: usable[column], row, column].tolist()
        self.tolerance = answer.tolerance[:, row, column].tolist()
        self.base = {name: float(values[row, 0]) for name, values in table.hyper.items()}
        self.base |= {"p": float(table.start[row, column]), "keys": 4.0, "position": float(KEY_OF[column])}
        self.base |= dict.fromkeys((*formula.states, "carried"), 0.0)
        gradients = table.gradients[:, row, column].tolist()
        norms = np.sqrt((table.gradients[:, row] ** 2).sum(axis=1)).tolist()
        order = table.gradient_order[:, row, column].tolist()
        self.calls = [
            {"g": g, "g@": gradients[c - 1] if c else 0.0, "call": float(c + 1), "first": c == 0}
            | {"all_norm": norms[c], "place": order[c]}
            for c, g in enumerate(gradients[: len(self.path)])
        ]
        self.states = [(state, f"{state}@") for state in formula.states]
        self.lines = [(target, for_floats(expr)) for target, expr in formula.lines]
        begun = {before: self.base[state] for state, before in self.states}
        self._edited: Ready | None = None
        self._until = [self.base | self.calls[0] | begun]

    def agrees(self, one: Ready, other: Ready | None = None) -> bool:
        """Whether the edit, or the pair of edits, cannot be ruled out on this coordinate."""
        if not self.usable:
            return True
        lines: Any = list(self.lines)
        own = None
        for number, line in one.lines if other is None else one.lines + other.lines:
            if number < 100:
                lines[number] = line
            else:
                own = own or {}
                own[number] = line
        order = one.edit.order or (other.edit.order if other else None)
        if order is not None:
            lines = [lines[n] if n < 100 else own[n] for n in order if n < 100 or own]
        start = one.start + other.start if other else one.start
        forgets = one.edit.forgets or (other.edit.forgets if other else frozenset())
        try:
            if order is None and not start and not forgets:
                first = (other or one).first
                return self._goes_on(dict(self._before(first, lines, one if other else None)), lines, first)
            return self._run(lines, start, forgets)
        except KeyError:
            return False
        except ZeroDivisionError:
            # Arrays go on with an infinity, and m / ∞ is a number again. Pairs are not followed for that.
            return other is None
        except (OverflowError, TypeError):
            # No number there; the answer has one.
            return False

    def agrees_with_lines(self, changed: Key) -> bool:
        """The same for lines changed by two edits: most part in the first call, so that none is compiled."""
        if not self.usable:
            return True
        (first, (target, expr)), *others = changed
        try:
            env = dict(self._before(first, self.lines, None))
            env[target] = evaluated(expr, env)
            later = dict(others)
            for number in range(first + 1, len(self.lines)):
                if number in later:
                    target, expr = later[number]
                    env[target] = evaluated(expr, env)
                else:
                    target, value = self.lines[number]
                    env[target] = value(env)
            if not agreement.within(env["p"], self.path[0], self.tolerance[0]):
                return False
            lines = list(self.lines)
            for number, (target, expr) in changed:
                lines[number] = (target, for_floats(expr))
            return self._run(lines, env=env, from_call=1)
        except ZeroDivisionError:
            return True
        except (KeyError, OverflowError, TypeError):
            return False

    def _before(self, number: int, lines: Sequence[tuple], one: Ready | None) -> dict[str, Any]:
        """What there is in the first call before this line; kept while the edit above it is the same."""
        if self._edited is not one:
            self._edited, self._until = one, self._until[:1]
        while len(self._until) <= number:
            env = dict(self._until[-1])
            target, value = lines[len(self._until) - 1]
            env[target] = value(env)
            self._until.append(env)
        return self._until[number]

    def _goes_on(self, env: dict[str, Any], lines: Sequence[tuple], first: int) -> bool:
        """Whether the parameter is the answer's, from this line of the first call on."""
        for target, value in lines[first:]:
            env[target] = value(env)
        if not agreement.within(env["p"], self.path[0], self.tolerance[0]):
            return False
        return self._run(lines, env=env, from_call=1)

    def _run(
        self,
        lines: Sequence[tuple],
        start: Sequence[tuple] = (),
        forgets: frozenset[str] = frozenset(),
        env: dict[str, Any] | None = None,
        from_call: int = 0,
    ) -> bool:
        env = dict(self.base) if env is None else env
        for call in range(from_call, len(self.calls)):
            env.update(self.calls[call])
            for state in forgets:
                env[state] = 0.0
            for state, value in start:
                if call == 0 or state in forgets:
                    env[state] = value(env)
            for state, before in self.states:
                env[before] = env[state]
            for target, value in lines:
                env[target] = value(env)
            if not agreement.within(env["p"], self.path[call], self.tolerance[call]):
                return False
        return True
