"""The edits of a formula as slips make them, one at a time, likelier ones first: `edits.txt` has a line for each, after
the engine's `SLIPS`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

from descentlab.rule_diagnosis.formula import (
    CLOCK,
    CONDITIONS,
    PARAMETER,
    Bound,
    Expr,
    Formula,
    Line,
    Rewrite,
    filled,
    line_text,
    names,
    nodes,
    replaced,
    rewritten,
    text,
)
from verdicts.diagnosis.formula_tables import SLIPS
from verdicts.sentences import rows

Lines = Mapping[int, Line]
FIRST_ADDED_LINE = 100
"""The number of a line added after line n is FIRST_ADDED_LINE + n."""


HINTS: Mapping[str, str] = dict(rows(Path(__file__).with_name("hints.txt")))
"""The question for each kind of edit."""
# One name, constant or operator replaced in one place: many, but rarer than the rest.
RARE_KINDS = ("name", "constant", "old", "operator")


@cache
def tables() -> Mapping[str, tuple[Rewrite, ...]]:
    """The rows of each table of edits, likelier ones first; those of "gradients" are in two of the others, too."""
    slips = (Rewrite(one.right, one.wrong, one.of_formula, one.kind) for one in SLIPS if one.of_formula)
    tables: dict[str, tuple[Rewrite, ...]] = {"in one place": tuple(slips)}
    for cells in rows(Path(__file__).with_name("edits.txt")):
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


@dataclass(frozen=True, eq=False)
class Edit:
    """One change of a formula. Lines are counted from 0; an added line has a number from `FIRST_ADDED_LINE`."""

    words: str
    kind: str
    lines: Lines = field(default_factory=dict)
    """The changed lines."""
    order: tuple[int, ...] | None = None
    """The order of the lines, if not the formula's."""
    start: Mapping[str, Expr] = field(default_factory=dict)
    """The initial value of a state, if not zero."""
    forgets: frozenset[str] = frozenset()
    """States that are reset at each call."""
    one_array: tuple[str, ...] = ()
    """States that share one array."""
    rare: bool = False
    """Not combined with another rare edit."""
    moved: str = ""
    """What the line computes that is left out or moved, if one is."""

    @property
    def changed(self) -> set[str]:
        """The results and states that other lines, another start or a reset change."""
        return {target for target, _ in self.lines.values()} | self.start.keys() | self.forgets

    @cached_property
    def touches(self) -> set[int | str]:
        """The lines, and what else it changes, that another edit beside it leaves alone."""
        return {*self.lines, *(name for name in ("order", "start", "forgets") if getattr(self, name))}

    def with_other(self, other: "Edit") -> "Edit":
        """Both changes, if they touch different things."""
        return Edit(
            f"{self.words}{PAIR}{other.words}",
            self.kind,
            {**self.lines, **other.lines},
            self.order or other.order,
            {**self.start, **other.start},
            self.forgets | other.forgets,
            self.one_array,
            moved=self.moved or other.moved,
        )

    def in_order(self, formula: Formula) -> list[Line]:
        """The lines of the edited formula."""
        order = range(len(formula.lines)) if self.order is None else self.order
        return [self.lines[n] if n in self.lines else formula.lines[n] for n in order]

    def effect(self, formula: Formula) -> str:
        """The changed lines as a lesson prints them, all of them if their order changes: the catalogue's id."""
        lines = [*(self.lines.values() if self.order is None else self.in_order(formula))]
        lines += [(f"{state}₀", expr) for state, expr in self.start.items()]
        lines += [(f"{state}@", ("number", 0)) for state in sorted(self.forgets)]
        return "; ".join(line_text(*line) for line in lines)

    @property
    def key(self) -> tuple:
        """A key that is equal for edits with the same effect."""
        return (tuple(sorted(self.lines.items())), self.order, tuple(self.start.items()), self.forgets)


Edits = Iterator[Edit]
PAIR = ", and with "


# ----------------------------------------------------------------------------------------------- one edit


@cache
def single_edits(formula: Formula) -> tuple[Edit, ...]:
    """All edits of the formula, the likelier ones first."""
    edits = [*everywhere(formula), *_whole_lines(formula), *_left_out(formula)]
    edits += [*_state_edits(formula), *_other_order(formula), *_in_one_place(formula)]
    # Without those that repeat an earlier one's effect.
    alone = list({edit.key: edit for edit in reversed(edits)}.values())[::-1]
    counts = Counter(edit.words for edit in alone)
    return tuple(_in_its_line(edit, formula) if counts[edit.words] > 1 else edit for edit in alone)


def _in_its_line(edit: Edit, formula: Formula) -> Edit:
    """The edit with the line named in its words, if several places would have the same ones."""
    if len(edit.lines) != 1:
        return edit
    (number,) = edit.lines
    return replace(edit, words=f"{edit.words} in {line_text(*formula.lines[number])}")


def _in_one_place(formula: Formula) -> list[Edit]:
    edits = [
        Edit(row.text(bound), row.kind, {number: (target, changed)}, rare=row.kind in RARE_KINDS)
        for number, (target, expr) in enumerate(formula.lines)
        for changed, row, bound in changes(expr, formula)
    ]
    # A root left out of a later line is likelier than a square of a square, which has the same numbers.
    return sorted(edits, key=_squares_a_square)


def _squares_a_square(edit: Edit) -> bool:
    (line,) = edit.lines.values()
    return any(node[0] == "square" and node[1][0] == "square" for node in nodes(line[1]))


def _rows(table: str, formula: Formula) -> list[Rewrite]:
    """The rows of a table that apply to this formula."""
    return [row for row in tables()[table] if CONDITIONS[row.when](formula)]


def changes(expr: Expr, formula: Formula) -> Iterator[tuple[Expr, Rewrite, Bound]]:
    """The expression with one edit in any place of it, the edit, and what its letters stand for."""
    for row in _rows("in one place", formula):
        for bound in row.matches_in(expr, formula):
            yield filled(row.after[0], bound), row, bound
    for index, child in enumerate(expr[1:], start=1):
        if isinstance(child, tuple):
            for changed, row, bound in changes(child, formula):
                yield (*expr[:index], changed, *expr[index + 1 :]), row, bound


# --------------------------------------------------------------------------------- in all places of all lines


def _changed_lines(formula: Formula, lines: Iterable[Line]) -> Lines:
    """Those of the lines that are not the formula's."""
    pairs = zip(formula.lines, lines, strict=True)
    return {n: new for n, (old, new) in enumerate(pairs) if new != old}


def everywhere(formula: Formula, table: str = "everywhere") -> Edits:
    """Replace one quantity by another in all lines."""
    for row in _rows(table, formula):
        for bound in row.bindings(formula, {}):
            lines = ((target, rewritten(e, row, bound, formula)) for target, e in formula.lines)
            if changed := _changed_lines(formula, lines):
                yield Edit(row.text(bound), row.kind, changed)


# ------------------------------------------------------------------------------------------- whole lines


def _whole_lines(formula: Formula) -> Edits:
    """Edits of whole lines: another hyperparameter, another last step."""
    for number, line in enumerate(formula.lines):
        yield from _in_one_line(formula, number, line)
    yield from _line_edits(formula, len(formula.lines) - 1, "step")


def _in_one_line(formula: Formula, number: int, line: Line) -> Edits:
    """Replace one quantity by another in all places of a line that has it more than once."""
    target, expr = line
    counts = Counter(names(expr))
    for row in _rows("in one line", formula):
        for bound in row.bindings(formula, {"target": ("name", target)}):  # for the words
            old, new = filled(row.before[0], bound), filled(row.after[0], bound)
            if counts[old[1]] > 1:
                yield Edit(row.text(bound), row.kind, {number: (target, replaced(expr, {old: new}))})


def _line_edits(formula: Formula, number: int, table: str) -> Edits:
    """The edits of a line by a table's rows: another line, or another and one more after it."""
    target, expr = formula.lines[number]
    for row in _rows(table, formula):
        for bound in row.matches_in(("=", ("name", target), expr), formula):
            after = [filled(line, bound) for line in row.after]
            numbers = (number, FIRST_ADDED_LINE + number)[: len(after)]
            lines = {n: (name[1], value) for n, (_, name, value) in zip(numbers, after, strict=True)}
            order = _with_added_lines(formula, [number]) if len(after) > 1 else None
            yield Edit(row.text(bound), row.kind, lines, order)


def _with_added_lines(formula: Formula, numbers: Sequence[int]) -> tuple[int, ...]:
    """The formula's order, with added lines after the last of these."""
    added = [FIRST_ADDED_LINE + n for n in numbers]
    return (*range(numbers[-1] + 1), *added, *range(numbers[-1] + 1, len(formula.lines)))


def _left_out(formula: Formula) -> Edits:
    targets = [target for target, _ in formula.lines]
    for number, line in enumerate(formula.lines):
        if line[0] != PARAMETER or targets.count(PARAMETER) > 1:
            others = tuple(n for n in range(len(targets)) if n != number)
            yield Edit(f"the line {line_text(*line)} left out", "left out", order=others, moved=line[0])


def _other_order(formula: Formula) -> Edits:
    """One line moved before or after all others."""
    numbers = range(len(formula.lines))
    for number in numbers:
        target, line = formula.lines[number][0], line_text(*formula.lines[number])
        others = [n for n in numbers if n != number]
        if number != numbers[0]:
            yield Edit(f"the line {line} run first", "order", order=(number, *others), moved=target)
        if number != numbers[-1]:
            yield Edit(f"the line {line} executed last", "order", order=(*others, number), moved=target)


# ------------------------------------------------------------------------------------------------ states


def _state_edits(formula: Formula) -> Edits:
    """Edits of states: another start, a reset, another stored value, another clock."""
    states = formula.arrays
    for row in _rows("starts", formula) if states else ():
        for bound in row.bindings(formula, {}):
            yield Edit(row.text(bound), row.kind, start={bound["S"][1]: filled(row.after[0], bound)})
    for state in states:
        words = f"{text(('name', state))} forgotten at each call"
        yield Edit(words, "memory", forgets=frozenset([state]))
    if len(states) > 1:
        yield Edit("everything forgotten at each call", "memory", forgets=frozenset(states))
    for number in range(len(formula.lines)):
        yield from _line_edits(formula, number, "lines")
    yield from everywhere(formula, "everywhere alone")
    yield from _one_array(formula)
    yield from _roots_stored(formula)
    yield from _stored_back(formula)


def _one_array(formula: Formula) -> Edits:
    """Two states that share one array."""
    for one, other in combinations(formula.arrays, 2):
        a, b = ("name", one), ("name", other)
        lines = ((one if target == other else target, replaced(e, {b: a})) for target, e in formula.lines)
        words = f"{text(a)} and {text(b)} two names of one array"
        yield Edit(words, "one array", _changed_lines(formula, lines), one_array=(one, other))


def _roots_stored(formula: Formula) -> Edits:
    """A root taken when a state is stored instead of when it is used."""
    for number, (target, expr) in enumerate(formula.lines):
        state = ("name", target)
        root = ("sqrt", state)
        if target in formula.arrays and any(root in nodes(e) for _, e in formula.lines):
            lines = ((other, replaced(e, {root: state})) for other, e in formula.lines)
            stored = {**_changed_lines(formula, lines), number: (target, ("sqrt", expr))}
            yield Edit(f"the root √{text(state)} stored in {text(state)}", "stored", stored)


def _stored_back(formula: Formula) -> Edits:
    """A quantity computed from a state and stored into that state; or two of them."""
    back: dict[int, tuple[str, str]] = {}
    for number, (target, expr) in enumerate(formula.lines):
        made_of = [state for state in formula.arrays if state in names(expr)]
        if made_of and target not in (*formula.states, PARAMETER, CLOCK):
            back[number] = target, made_of[0]
    for chosen in [[number] for number in back] + [list(pair) for pair in combinations(back, 2)]:
        made, state = (" and ".join(text(("name", back[n][i])) for n in chosen) for i in (0, 1))
        words = f"{made} stored back into {state}"
        lines = {FIRST_ADDED_LINE + n: (back[n][1], ("name", back[n][0])) for n in chosen}
        yield Edit(words, "stored", lines, _with_added_lines(formula, chosen))
