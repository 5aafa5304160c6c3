"""The edits of a formula, one or two at a time, likelier ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations

from descentlab.diagnosis.edits import (
    BY_FORM,
    EVERYWHERE,
    EVERYWHERE_ALONE,
    EXCHANGED_EVERYWHERE,
    IN_ONE_LINE,
    IN_ONE_LINE_TWICE,
    IN_ONE_PLACE,
    LINES,
    RARE,
    STARTS,
    STEP,
    UNLIKELY,
)
from descentlab.diagnosis.formula import Expr, Formula, line_text, names, nodes, replaced, text
from descentlab.diagnosis.rewriting import CLOCK, PARAMETER, Row, filled, rewritten, states_of
from descentlab.sentences import Phrase

Line = tuple[str, Expr]
Lines = Mapping[int, Line]
Change = tuple[Expr, Phrase, str]
"""An expression after an edit, the edit's words and its kind."""
Swap = Mapping[Expr, Expr]
"""What takes whose place, wherever it occurs."""
OWN = 100
"""A line that an edit adds after line n has the number OWN + n."""


# Not frozen: tens of thousands are made.
@dataclass(slots=True, eq=False)
class Edit:
    """One change of a formula. Lines are counted from 0; a line of its own has a number from `OWN`."""

    words: Phrase
    kind: str
    lines: Lines = field(default_factory=dict)
    """The lines that change."""
    order: tuple[int, ...] | None = None
    """The order in which lines are run, where it is not the formula's."""
    start: Mapping[str, Expr] = field(default_factory=dict)
    """What a state is before the first call, where it is not zero."""
    forgets: frozenset[str] = frozenset()
    """States that start anew at each call."""
    rare: bool = False
    """Two of these at once are not looked for."""

    def with_other(self, other: Edit) -> Edit | None:
        """Both changes; None where they touch the same thing."""
        if self.lines.keys() & other.lines.keys() or (self.order and other.order):
            return None
        touched, touched_too = self.start.keys() | self.forgets, other.start.keys() | other.forgets
        if touched & touched_too or (self.forgets and other.forgets):
            return None
        return Edit(
            both(self.words, other.words),
            self.kind,
            {**self.lines, **other.lines},
            self.order or other.order,
            {**self.start, **other.start},
            self.forgets | other.forgets,
        )

    @property
    def key(self) -> tuple:
        """The same for edits that do the same."""
        return (tuple(sorted(self.lines.items())), self.order, tuple(self.start.items()), self.forgets)


def both(one: Phrase, other: Phrase) -> Phrase:
    """The words of two edits at once."""
    return Phrase("{one}, and with {other}", one=one, other=other)


# ----------------------------------------------------------------------------------------------- one edit


@cache
def single_edits(formula: Formula) -> tuple[Edit, ...]:
    """All edits of the formula, the likelier ones first."""
    edits = [*_everywhere(formula), *_whole_lines(formula), *_left_out_or_twice(formula)]
    edits += [*_remembered(formula), *_other_order(formula), *_in_one_place(formula)]
    alone = _once(edits)
    counts = Counter(edit.words for edit in alone)
    return tuple(_in_its_line(edit, formula) if counts[edit.words] > 1 else edit for edit in alone)


def _once(edits: Sequence[Edit]) -> list[Edit]:
    """Of edits that do the same only the first."""
    return list({edit.key: edit for edit in reversed(edits)}.values())[::-1]


def _in_its_line(edit: Edit, formula: Formula) -> Edit:
    """The same words are used for several places: say which line."""
    if len(edit.lines) != 1:
        return edit
    (number,) = edit.lines
    return replace(edit, words=_in_line(edit.words, formula.lines[number]))


def _in_line(words: Phrase, line: Line) -> Phrase:
    return Phrase("{edit} in {line}", edit=words, line=line_text(*line))


def _in_one_place(formula: Formula) -> Iterator[Edit]:
    for number, (target, expr) in enumerate(formula.lines):
        for changed, words, kind in changes(expr, formula):
            yield Edit(words, kind, {number: (target, changed)}, rare=kind in RARE)


_ROWS: dict[str, list[Row]] = {}
for _row in IN_ONE_PLACE:
    _ROWS.setdefault(_row.before[0][0], []).append(_row)


@cache
def changes(expr: Expr, formula: Formula, with_rare: bool = True) -> list[Change]:
    """The expression with one edit in any place of it."""
    made = []
    for row in _ROWS.get(expr[0], ()):
        if with_rare or row.kind not in RARE:
            for bound in row.matches_in(expr, formula):
                made.append((filled(row.after[0], bound), row.text(bound), row.kind))
    for index, child in enumerate(expr[1:], start=1):
        if isinstance(child, tuple):
            for changed, words, kind in changes(child, formula, with_rare):
                made.append(((*expr[:index], changed, *expr[index + 1 :]), words, kind))
    return made


# --------------------------------------------------------------------------------- in all places of all lines


def _swaps(formula: Formula, rows: Sequence[Row], target: str = "") -> Iterator[tuple[Swap, Phrase, str]]:
    line_of = {"target": ("name", target)}  # for the words of what happens in one line
    for row in rows:
        for bound in row.bindings(formula, line_of) if row.holds_for(formula) else ():
            swap = {filled(b, bound): filled(a, bound) for b, a in zip(row.before, row.after, strict=True)}
            yield swap, row.text(bound), row.kind


def _swapped(expr: Expr, swap: Swap) -> Expr:
    if expr in swap:
        return swap[expr]
    return tuple(_swapped(child, swap) if isinstance(child, tuple) else child for child in expr)


def _changed_lines(formula: Formula, changed: Iterable[Expr]) -> Lines:
    """The lines of which something else has become."""
    pairs = zip(formula.lines, changed, strict=True)
    return {n: (target, new) for n, ((target, old), new) in enumerate(pairs) if new != old}


def _swap_edit(formula: Formula, swap: Swap, words: Phrase, kind: str) -> Edit | None:
    lines = _changed_lines(formula, (_swapped(expr, swap) for _, expr in formula.lines))
    return Edit(words, kind, lines) if lines else None


def _everywhere(formula: Formula) -> list[Edit]:
    """One quantity in place of another, in all lines."""
    return list(filter(None, (_swap_edit(formula, *swap) for swap in _swaps(formula, EVERYWHERE))))


def _everywhere_alone(formula: Formula) -> Iterator[Edit]:
    for row in EVERYWHERE_ALONE:
        for bound in row.bindings(formula, {}):
            lines = _changed_lines(formula, (rewritten(e, row, bound, formula) for _, e in formula.lines))
            if lines:
                yield Edit(row.text(bound), row.kind, lines)
    yield from filter(None, (_swap_edit(formula, *swap) for swap in _swaps(formula, EXCHANGED_EVERYWHERE)))


# ------------------------------------------------------------------------------------------- whole lines


def _whole_lines(formula: Formula) -> Iterator[Edit]:
    """What becomes of whole lines: two exchanged, one hyperparameter for another, another last step."""
    yield from _states_exchanged(formula)
    for number, line in enumerate(formula.lines):
        yield from _in_one_line(formula, number, line)
    last = len(formula.lines) - 1
    yield from _of_a_line(formula, last, STEP)


def _states_exchanged(formula: Formula) -> Iterator[Edit]:
    """What two states are made of."""
    for (i, (one, first)), (j, (other, second)) in combinations(enumerate(formula.lines), 2):
        if {one, other} <= set(states_of(formula)) and one not in [*names(second), other]:
            a, b = ("name", one), ("name", other)
            made = {i: (one, _swapped(second, {a: b, b: a})), j: (other, _swapped(first, {a: b, b: a}))}
            words = Phrase("the lines of {one} and {other} exchanged", one=text(a), other=text(b))
            yield Edit(words, "name", made)


def _in_one_line(formula: Formula, number: int, line: Line) -> Iterator[Edit]:
    """One quantity in place of another, in all places of one line."""
    target, expr = line
    stand = names(expr)
    for rows, times in ((IN_ONE_LINE, 1), (IN_ONE_LINE_TWICE, 2)):
        for swap, words, kind in _swaps(formula, rows, target):
            if all(stand.count(old[1]) >= times for old in swap):
                yield Edit(words, kind, {number: (target, _swapped(expr, swap))})


def _of_a_line(formula: Formula, number: int, rows: Sequence[Row]) -> Iterator[Edit]:
    """What the rows make of a line: another one, or another and one after it."""
    target, expr = formula.lines[number]
    for row in rows:
        for bound in row.matches_in(("=", ("name", target), expr), formula):
            after = [filled(line, bound) for line in row.after]
            numbers = (number, OWN + number)[: len(after)]
            lines = {n: (name[1], value) for n, (_, name, value) in zip(numbers, after, strict=True)}
            order = _with_own(formula, [number]) if len(after) > 1 else None
            yield Edit(row.text(bound), row.kind, lines, order)


def _with_own(formula: Formula, numbers: Sequence[int]) -> tuple[int, ...]:
    """The formula's order, with lines of their own after the last of these."""
    own = [OWN + n for n in numbers]
    return (*range(numbers[-1] + 1), *own, *range(numbers[-1] + 1, len(formula.lines)))


def _left_out_or_twice(formula: Formula) -> Iterator[Edit]:
    targets = [target for target, _ in formula.lines]
    count = len(targets)
    for number, (target, expr) in enumerate(formula.lines):
        line = line_text(target, expr)
        others = tuple(n for n in range(count) if n != number)
        if target != PARAMETER or targets.count(PARAMETER) > 1:
            yield Edit(Phrase("the line {line} left out", line=line), "left out", order=others)
        if target in names(expr):
            twice = (*range(number + 1), *range(number, count))
            yield Edit(Phrase("the line {line} run twice", line=line), "twice", order=twice)


def _other_order(formula: Formula) -> list[Edit]:
    edits = []
    count = len(formula.lines)
    for number in range(count):
        for place in range(count):
            if place == number:
                continue
            order = [n for n in range(count) if n != number]
            order.insert(place, number)
            words = _moved(formula, number, order)
            edits.append(Edit(words, "order", order=tuple(order), rare=place not in (0, count - 1)))
    return sorted(edits, key=lambda edit: edit.rare)


def _moved(formula: Formula, number: int, order: Sequence[int]) -> Phrase:
    """The words for a line that is run elsewhere."""
    line, place = line_text(*formula.lines[number]), order.index(number)
    if place == 0:
        return Phrase("the line {line} run first", line=line)
    if place == len(order) - 1:
        return Phrase("the line {line} executed last", line=line)
    return Phrase(
        "the line {line} run before {next}", line=line, next=line_text(*formula.lines[order[place + 1]])
    )


# ------------------------------------------------------------------------------------------------ states


def _remembered(formula: Formula) -> Iterator[Edit]:
    """What is remembered: another start, a reset, something else stored, a clock that ticks otherwise."""
    states = states_of(formula)
    for row in STARTS if states else ():
        for bound in row.bindings(formula, {}) if row.holds_for(formula) else ():
            yield Edit(row.text(bound), row.kind, start={bound["S"][1]: filled(row.after[0], bound)})
    for state in states:
        words = Phrase("{state} forgotten at each call", state=text(("name", state)))
        yield Edit(words, "memory", forgets=frozenset([state]))
    if len(states) > 1:
        yield Edit(Phrase("everything forgotten at each call"), "memory", forgets=frozenset(states))
    for number in range(len(formula.lines)):
        yield from _of_a_line(formula, number, LINES)
    yield from _everywhere_alone(formula)
    yield from _one_array(formula)
    yield from _roots_stored(formula)
    yield from _stored_back(formula)


def _one_array(formula: Formula) -> Iterator[Edit]:
    """Two states that are two names of one array."""
    for one, other in combinations(states_of(formula), 2):
        a, b = ("name", one), ("name", other)
        pairs = enumerate(formula.lines)
        lines = {n: (one if target == other else target, replaced(e, b, a)) for n, (target, e) in pairs}
        changed = {n: line for n, line in lines.items() if line != formula.lines[n]}
        words = Phrase("{one} and {other} two names of one array", one=text(a), other=text(b))
        yield Edit(words, "one array", changed)


def _roots_stored(formula: Formula) -> Iterator[Edit]:
    """A root taken when a state is stored, in place of when it is used."""
    for number, (target, expr) in enumerate(formula.lines):
        state = ("name", target)
        root = ("sqrt", state)
        if target in states_of(formula) and any(root in nodes(e) for _, e in formula.lines):
            lines = _changed_lines(formula, (replaced(e, root, state) for _, e in formula.lines))
            stored = {**lines, number: (target, ("sqrt", expr))}
            yield Edit(Phrase("the root √{state} stored in {state}", state=text(state)), "stored", stored)


def _stored_back(formula: Formula) -> Iterator[Edit]:
    """A quantity made of a state, written into the state itself; two of them, into both."""
    back: dict[int, tuple[str, str]] = {}
    for number, (target, expr) in enumerate(formula.lines):
        made_of = [state for state in states_of(formula) if state in names(expr)]
        if made_of and target not in (*formula.states, PARAMETER, CLOCK):
            back[number] = target, made_of[0]
    for chosen in [[number] for number in back] + [list(pair) for pair in combinations(back, 2)]:
        made, state = (_listed([text(("name", back[n][i])) for n in chosen]) for i in (0, 1))
        words = Phrase("{made} stored back into {state}", made=made, state=state)
        own = {OWN + n: (back[n][1], ("name", back[n][0])) for n in chosen}
        yield Edit(words, "stored", own, _with_own(formula, chosen))


def _listed(quantities: Sequence[str]) -> Phrase:
    """One quantity, or two."""
    if len(quantities) == 1:
        return Phrase("{one}", one=quantities[0])
    return Phrase("{one} and {other}", one=quantities[0], other=quantities[1])


# --------------------------------------------------------------------------------------------- two edits


@cache
def edits_of_one_line(formula: Formula, number: int) -> tuple[Edit, ...]:
    """Two edits of the same line."""
    target, expr = formula.lines[number]
    edits: dict[Expr, Edit] = {}
    nested: dict[Expr, Edit] = {}
    for once, first, kind in changes(expr, formula):
        first_place = _place(expr, once)
        for twice, second, _ in changes(once, formula, with_rare=kind not in RARE):
            if twice == expr or twice in edits:
                continue
            if _on_top(expr, first_place, _place(once, twice), second, formula):
                if twice not in nested:
                    words = _difference(formula, number, twice)
                    nested[twice] = Edit(words, kind, {number: (target, twice)})
            else:
                edits[twice] = Edit(both(first, second), kind, {number: (target, twice)})
    for twice, edit in nested.items():
        edits.setdefault(twice, edit)
    return tuple(edits.values())


def _on_top(expr: Expr, place: tuple[int, ...], other: tuple[int, ...], words: str, formula: Formula) -> bool:
    """Whether an edit at the `other` place, with these words, changes what one at the first place made.

    What was said of the first is then undone.
    """
    return other[: len(place)] == place or words not in _words_alone(expr, formula)


@cache
def _words_alone(expr: Expr, formula: Formula) -> frozenset[str]:
    return frozenset(words for _, words, _ in changes(expr, formula))


def _place(old: Expr, new: Expr) -> tuple[int, ...]:
    """The way to the smallest part in which two expressions differ; 0 at its end: in the operator alone."""
    if len(old) != len(new):
        return ()
    parts = [n for n in range(len(old)) if old[n] != new[n]]
    if parts == [0]:
        return (0,)
    if len(parts) != 1 or not isinstance(old[parts[0]], tuple):
        return ()
    return (parts[0], *_place(old[parts[0]], new[parts[0]]))


def _difference(formula: Formula, number: int, changed: Expr) -> Phrase:
    """What stands in place of what in a line, whichever edits led there."""
    target, expr = formula.lines[number]
    old, new = expr, changed
    for index in filter(None, _place(expr, changed)):
        old, new = old[index], new[index]
    line = line_text(target, expr)
    if _parts(expr).count(old) > 1:
        return Phrase("the line {new} in place of {old}", new=line_text(target, changed), old=line)
    words = Phrase("{new} in place of {old}", new=text(new), old=text(old))
    return words if len(formula.lines) == 1 else _in_line(words, formula.lines[number])


@cache
def _parts(expr: Expr) -> tuple[Expr, ...]:
    return tuple(nodes(expr))


@cache
def edits_of_edited(formula: Formula) -> tuple[Edit, ...]:
    """An edit after one that changes several lines alike: what pairs of single edits cannot give."""
    pairs: dict[tuple, Edit] = {}
    nested: list[Edit] = []
    for edit in (*_everywhere(formula), *_whole_lines(formula)):
        if edit.order:
            continue
        edited = Formula(formula.rule, tuple(edit.lines.get(n, line) for n, line in enumerate(formula.lines)))
        for pair in (*_line_after(edit, edited), *_place_after(edit, edited, formula, nested)):
            pairs.setdefault(pair.key, pair)
    for pair in nested:
        pairs.setdefault(pair.key, pair)
    return tuple(pairs.values())


def _line_after(edit: Edit, edited: Formula) -> Iterator[Edit]:
    """The edited formula, with an edit of a whole line that was edited."""
    for other in _whole_lines(edited):
        touches = not other.order and other.lines.keys() & edit.lines.keys()
        if touches and not _both_unlikely(edit.kind, other.kind):
            yield _one_after_other(edit, other.words, other.lines)


def _place_after(edit: Edit, edited: Formula, formula: Formula, nested: list[Edit]) -> Iterator[Edit]:
    """The edited formula, edited in a place of an edited line; what undoes the first goes to `nested`."""
    for number, (target, expr) in edit.lines.items():
        before = formula.lines[number][1]
        first_place = _place(before, expr)
        for changed, words, kind in changes(expr, edited, with_rare=False):
            line = (target, changed)
            if _both_unlikely(edit.kind, kind) or (changed == before and len(edit.lines) == 1):
                continue
            if not _on_top(before, first_place, _place(expr, changed), words, formula):
                yield _one_after_other(edit, words, {number: line})
                continue
            if len(edit.lines) == 1:
                undone = _difference(formula, number, changed)
            else:
                undone = Phrase("{edit}, but with the line {line}", edit=edit.words, line=line_text(*line))
            nested.append(Edit(undone, edit.kind, {**edit.lines, number: line}))


def _one_after_other(edit: Edit, words: Phrase, lines: Lines) -> Edit:
    return Edit(both(edit.words, words), edit.kind, {**edit.lines, **lines})


@cache
def edits_everywhere_twice(formula: Formula, by_form: bool) -> tuple[Edit, ...]:
    """Two edits that change all lines alike: those whose numbers depend on the rule's form, or the others."""
    edits = []
    for one, other in combinations(_swaps(formula, EVERYWHERE), 2):
        (swap, words, kind), (other_swap, other_words, other_kind) = one, other
        if _both_unlikely(kind, other_kind) or swap.keys() & other_swap.keys():
            continue
        if by_form == (kind in BY_FORM or other_kind in BY_FORM):
            edits.append(_swap_edit(formula, {**swap, **other_swap}, both(words, other_words), kind))
    return tuple(filter(None, edits))


def _both_unlikely(one: str, other: str) -> bool:
    return one in UNLIKELY and other in UNLIKELY
