"""Systematic edits of a rule's formula: what a slip of the pen or of the mind turns it into.

Each edit has words that continue "Your numbers are those of Adam with …" and a kind, which has a hint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations

from descentlab.diagnosis.formula import ONE, Expr, Formula, line_text, names, replaced, text
from descentlab.registry import HYPERPARAMETERS

HINTS = {
    "left out": "Put your line beside the formula and tick off its factors and terms, one by one.",
    "sign": "Follow one sign from the gradient to the parameter: which way should it push?",
    "name": "Read each name in that line aloud. Is it the quantity which the formula has there?",
    "old": "At that line, has the value already been updated in this call, or not yet?",
    "order": "Which line needs the value from before the update, and which the one from after it?",
    "root": "Make all gradients ten times larger. What should happen to the step, and what happens to yours?",
    "square": "What are the units of this quantity? Does the power apply to all that it should?",
    "eps": "Try gradients of 1e-9: there ε decides. Where does the formula add it?",
    "weights": "Do the weights of your average sum to one, and which of them is the large one?",
    "turned": "Should this factor make the result larger or smaller?",
    "power": "Work the factor out by hand for the first and for the second call.",
    "raised": "Does this factor change from call to call? Should it?",
    "array": "Two coordinates of one array with different gradients: may they share this number?",
    "extra": "Which line of yours has no counterpart in the formula?",
    "clip": "Did anyone ask for the line that limits the gradient? Try a gradient of 10 000.",
    "constant": "Change each argument of the constructor by ten per cent. Do all of them change the numbers?",
    "start": "What should be remembered before the first call?",
    "memory": "What does the second call know of the first one? What should it know?",
    "stored": "Which value does the next call start from: the average itself, or something made of it?",
    "clock": "Print t on five calls. When does it tick, and how often in one call?",
    "twice": "Count how often this quantity enters one step.",
    "operator": "Read the operators of that line aloud, one by one: a sum, a product, or a quotient?",
    "schedule": "Call twice with the same gradient. Should the rate of the rule itself change?",
}
# One name, constant or operator in one place for another: less often than the rest, and many.
RARE = ("name", "constant", "old", "operator", "raised")
# Two of these in one line are not looked for.
UNLIKELY = (*RARE, "extra", "clip", "schedule", "array")
# Made everywhere, these give other numbers in another form of the rule: forms are equal at constant
# hyper-parameters, for gradients that are given.
BY_FORM = ("schedule", "power", "extra")
DECAYS = (0.1, 0.01, 0.001, 1e-4, 1e-5)
G = ("name", "g")


# Not frozen: tens of thousands are made.
@dataclass(slots=True, eq=False)
class Edit:
    """One change of a formula. Lines are counted from 0; a line of its own has a number from 100."""

    words: str
    kind: str
    lines: Mapping[int, tuple[str, Expr]] = field(default_factory=dict)
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
        mine, theirs = self.start.keys() | self.forgets, other.start.keys() | other.forgets
        if mine & theirs or (self.forgets and other.forgets):
            return None
        return Edit(
            f"{self.words}, and with {other.words}",
            self.kind,
            {**self.lines, **other.lines},
            self.order or other.order,
            {**self.start, **other.start},
            self.forgets | other.forgets,
        )


Change = tuple[Expr, str, str]
"""An expression after an edit, the edit's words and its kind."""


@cache
def single_edits(formula: Formula) -> tuple[Edit, ...]:
    """All edits of the formula, the likelier ones first."""
    found = [*_everywhere_edits(formula), *_step_edits(formula), *_line_edits(formula)]
    found += [*_state_edits(formula), *_order_edits(formula)]
    for number, (target, expr) in enumerate(formula.lines):
        for changed, words, kind in changes(expr, formula):
            found.append(Edit(words, kind, {number: (target, changed)}, rare=kind in RARE))
    alone = list({_key(edit): edit for edit in reversed(found)}.values())[::-1]
    counts = Counter(edit.words for edit in alone)
    return tuple(_in_its_line(edit, formula) if counts[edit.words] > 1 else edit for edit in alone)


def _in_its_line(edit: Edit, formula: Formula) -> Edit:
    """The same words are used for several places: say which line."""
    if len(edit.lines) != 1:
        return edit
    (number,) = edit.lines
    return replace(edit, words=f"{edit.words} in {line_text(*formula.lines[number])}")


@cache
def edits_of_one_line(formula: Formula, number: int) -> tuple[Edit, ...]:
    """Two edits of the same line."""
    target, expr = formula.lines[number]
    found: dict[Expr, Edit] = {}
    nested: dict[Expr, Edit] = {}
    for once, first, kind in changes(expr, formula):
        first_place = _place(expr, once)
        for twice, second, _ in changes(once, formula, with_rare=kind not in RARE):
            if twice == expr or twice in found:
                continue
            if _on_top(expr, first_place, _place(once, twice), second, formula):
                if twice not in nested:
                    words = _difference(formula, number, twice)
                    nested[twice] = Edit(words, kind, {number: (target, twice)})
            else:
                found[twice] = Edit(f"{first}, and with {second}", kind, {number: (target, twice)})
    for twice, edit in nested.items():
        found.setdefault(twice, edit)
    return tuple(found.values())


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


def _difference(formula: Formula, number: int, changed: Expr) -> str:
    """What stands in place of what in a line, whichever edits led there."""
    target, expr = formula.lines[number]
    old, new = expr, changed
    for index in filter(None, _place(expr, changed)):
        old, new = old[index], new[index]
    line = line_text(target, expr)
    if list(_nodes(expr)).count(old) > 1:
        return f"the line {line_text(target, changed)} in place of {line}"
    words = f"{text(new)} in place of {text(old)}"
    return words if len(formula.lines) == 1 else f"{words} in {line}"


@cache
def edits_of_edited(formula: Formula) -> tuple[Edit, ...]:
    """An edit after one that changes several lines alike: what pairs of single edits cannot give."""
    found: dict[tuple, Edit] = {}
    nested: list[Edit] = []

    def keep(one: Edit, words: str, lines: Mapping[int, tuple[str, Expr]]) -> None:
        both = Edit(f"{one.words}, and with {words}", one.kind, {**one.lines, **lines})
        found.setdefault(_key(both), both)

    def keep_on_top(one: Edit, number: int, line: tuple[str, Expr]) -> None:
        words = f"{one.words}, but with the line {line_text(*line)}"
        if len(one.lines) == 1:
            words = _difference(formula, number, line[1])
        nested.append(Edit(words, one.kind, {**one.lines, number: line}))

    for edit in (*_everywhere_edits(formula), *_step_edits(formula)):
        if edit.order:
            continue
        lines = [edit.lines.get(n, line) for n, line in enumerate(formula.lines)]
        edited = Formula(formula.rule, tuple(lines))
        for other in _step_edits(edited):
            touches = not other.order and other.lines.keys() & edit.lines.keys()
            if touches and not _both_unlikely(edit.kind, other.kind):
                keep(edit, other.words, other.lines)
        for number, (target, expr) in edit.lines.items():
            before = formula.lines[number][1]
            first_place = _place(before, expr)
            for changed, words, kind in changes(expr, edited, with_rare=False):
                if _both_unlikely(edit.kind, kind) or (changed == before and len(edit.lines) == 1):
                    continue
                if _on_top(before, first_place, _place(expr, changed), words, formula):
                    keep_on_top(edit, number, (target, changed))
                else:
                    keep(edit, words, {number: (target, changed)})
    for both in nested:
        found.setdefault(_key(both), both)
    return tuple(found.values())


@cache
def edits_everywhere_twice(formula: Formula, by_form: bool) -> tuple[Edit, ...]:
    """Two edits that change all lines alike: those whose numbers depend on the rule's form, or the others."""
    found = []
    for (swap, words, kind), (other_swap, other_words, other) in combinations(_swaps(formula), 2):
        if _both_unlikely(kind, other) or swap.keys() & other_swap.keys():
            continue
        if by_form == (kind in BY_FORM or other in BY_FORM):
            both = f"{words}, and with {other_words}"
            found.append(_everywhere(formula, {**swap, **other_swap}, both, kind))
    return tuple(filter(None, found))


def _both_unlikely(one: str, other: str) -> bool:
    return one in UNLIKELY and other in UNLIKELY


def _key(edit: Edit) -> tuple:
    return (tuple(sorted(edit.lines.items())), edit.order, tuple(edit.start.items()), edit.forgets)


# ------------------------------------------------------------------------------------- whole formula


Swap = Mapping[Expr, Expr]
"""What stands for what, wherever it occurs."""


def _everywhere(formula: Formula, swap: Swap, words: str, kind: str) -> Edit | None:
    lines = {}
    for number, (target, expr) in enumerate(formula.lines):
        changed = _substituted(expr, swap)
        if changed != expr:
            lines[number] = (target, changed)
    return Edit(words, kind, lines) if lines else None


def _substituted(expr: Expr, swap: Swap) -> Expr:
    if expr in swap:
        return swap[expr]
    return tuple(_substituted(child, swap) if isinstance(child, tuple) else child for child in expr)


def _everywhere_edits(formula: Formula) -> list[Edit]:
    """One quantity in place of another, in all lines."""
    return list(filter(None, (_everywhere(formula, *swap) for swap in _swaps(formula))))


def _swaps(formula: Formula) -> Iterator[tuple[Swap, str, str]]:
    """Two hyper-parameters exchanged, one in place of another, a constant in the code, another gradient."""
    for one, other in combinations(formula.hyper, 2):
        a, b = ("name", one), ("name", other)
        yield {a: b, b: a}, f"{text(a)} and {text(b)} exchanged", "name"
    for one in formula.hyper:
        a = ("name", one)
        for other in formula.hyper:
            if other != one:
                b = ("name", other)
                yield {a: b}, f"{text(b)} in place of {text(a)} everywhere", "name"
        for value in HYPERPARAMETERS[one].typical:
            yield (
                {a: ("number", value)},
                f"{text(a)} = {value:g} whatever the constructor is given",
                "constant",
            )
        if HYPERPARAMETERS[one].fraction:
            rest = ("-", ONE, a)
            yield {rest: a, a: rest}, f"{text(a)} and 1 − {text(a)} exchanged everywhere", "weights"
            power = ("**", a, ("name", "call"))
            yield {a: power}, f"{text(a)} to the power t in place of {text(a)}", "power"
    rate = ("name", "lr")
    for factor, words, kind in (
        (("/", rate, ("sqrt", ("name", "call"))), "the rate divided by √t", "schedule"),
        (("/", rate, ("name", "call")), "the rate divided by t", "schedule"),
        (("square", rate), "the rate applied twice", "twice"),
        (("sqrt", rate), "the root of the rate", "root"),
        (("/", ONE, rate), "a division by the rate", "turned"),
        (("/", rate, ("number", 2)), "half the rate", "left out"),
        (("*", ("number", 2), rate), "twice the rate", "twice"),
        (
            ("*", ("name", "keys"), rate),
            "each step taken once for every array, so as many times over",
            "twice",
        ),
        (("/", rate, ("name", "keys")), "each step divided by the number of arrays", "turned"),
        (ONE, "the rate left out", "left out"),
    ):
        yield {rate: factor}, words, kind
    for changed, words, kind in (*_gradients(), *_other_gradients()):
        yield {G: changed}, f"{words} everywhere", kind
    square = ("square", G)
    if any(square in _nodes(expr) for _, expr in formula.lines):
        yield {square: G, G: square}, "g and g² exchanged", "square"


def _step_edits(formula: Formula) -> Iterator[Edit]:
    """What becomes of whole lines: two exchanged, one hyper-parameter for another, another last step."""
    yield from _exchanged(formula)
    yield from _one_line_alike(formula)
    yield from _added_to_the_step(formula)
    last = len(formula.lines) - 1
    target, expr = formula.lines[last]
    if target == "p" and expr[0] in "+-" and expr[1] == ("name", "p"):
        turned = ("-" if expr[0] == "+" else "+", *expr[1:])
        yield Edit("the step in the opposite direction", "sign", {last: (target, turned)})
        product = ("*", ("name", "p"), (expr[0], ONE, expr[2]))
        yield Edit("the parameter multiplied by 1 minus the step", "name", {last: (target, product)})
        lost = (expr[0], ("number", 0), expr[2])
        yield Edit("the parameter replaced by the step alone", "left out", {last: (target, lost)})


def _exchanged(formula: Formula) -> Iterator[Edit]:
    """What two states are made of, or two quantities in one line."""
    lines = formula.lines
    for (i, (one, first)), (j, (other, second)) in combinations(enumerate(lines), 2):
        swap = {("name", one): ("name", other), ("name", other): ("name", one)}
        words = f"{text(('name', one))} and {text(('name', other))}"
        if {one, other} <= set(formula.states) - {"t"} and one not in [*names(second), other]:
            made = {i: (one, _substituted(second, swap)), j: (other, _substituted(first, swap))}
            yield Edit(f"the lines of {words} exchanged", "name", made)
        for n, (target, expr) in enumerate(lines):
            if {one, other} <= set(names(expr)) - {"p", "t"} and one != other:
                yield Edit(f"{words} exchanged", "name", {n: (target, _substituted(expr, swap))})


def _one_line_alike(formula: Formula) -> Iterator[Edit]:
    """One hyper-parameter in place of another, in all places of one line."""
    for number, (target, expr) in enumerate(formula.lines):
        for one in dict.fromkeys(names(expr)):
            if one not in formula.hyper or names(expr).count(one) < 2:
                continue
            for other in formula.hyper:
                if other != one:
                    changed = _substituted(expr, {("name", one): ("name", other)})
                    words = (
                        f"{text(('name', other))} in place of {text(('name', one))} in the line of {target}"
                    )
                    yield Edit(words, "name", {number: (target, changed)})


def _added_to_the_step(formula: Formula) -> Iterator[Edit]:
    """What is found in libraries and was not asked for: a decay of the parameter, a momentum of the step."""
    last = len(formula.lines) - 1
    target, expr = formula.lines[last]
    if target != "p" or expr[0] not in "+-" or expr[1] != ("name", "p"):
        return
    for decay in DECAYS:
        shrinks = ("*", ("*", ("name", "lr"), ("number", decay)), ("name", "p"))
        yield Edit(
            f"a weight decay of {decay:g} beside the step", "extra", {last: (target, ("-", expr, shrinks))}
        )
    if "momentum" in formula.hyper:
        return
    for share in (("number", 0.9), *(("name", h) for h in formula.hyper if HYPERPARAMETERS[h].fraction)):
        carried = (expr[0], ("*", share, ("name", "carried")), expr[2])
        lines = {last: ("carried", carried), 100 + last: ("p", ("+", ("name", "p"), ("name", "carried")))}
        words = f"a momentum of {text(share)} for the step"
        yield Edit(words, "extra", lines, (*range(last + 1), 100 + last))


def _other_gradients() -> Iterator[Change]:
    yield ("name", "g@"), "the gradient of the call before", "old"
    for decay in DECAYS:
        decayed = ("+", G, ("*", ("number", decay), ("name", "p")))
        yield decayed, f"a weight decay of {decay:g} in the gradient", "extra"


def _gradients() -> tuple[Change, ...]:
    return (
        (("sign", G), "only the sign of the gradient", "array"),
        (("above", G), "only the sign of the gradient, with −1 for 0", "array"),
        (("clip 1", G), "the gradient cut off at ±1", "clip"),
        (("clip 5", G), "the gradient cut off at ±5", "clip"),
        (("clip 10", G), "the gradient cut off at ±10", "clip"),
        (("mean", G), "the mean of the array's gradient in place of the gradient", "array"),
        (("total", G), "the sum of the array's gradient in place of the gradient", "array"),
        (("/", G, ("norm", G)), "each array's gradient scaled to length one", "array"),
        (("/", G, ("name", "all_norm")), "the whole gradient scaled to length one", "array"),
        (("/", G, ("size", G)), "the gradient divided by the number of coordinates", "array"),
        (("/", G, ("length", G)), "the gradient divided by its length len(g)", "array"),
        (("square", G), "the square of the gradient in place of the gradient", "square"),
        (("abs", G), "the size |g| in place of the gradient", "sign"),
    )


# --------------------------------------------------------------------------------- lines and their order


def _line_edits(formula: Formula) -> list[Edit]:
    found = []
    count = len(formula.lines)
    for number, (target, expr) in enumerate(formula.lines):
        words = line_text(target, expr)
        others = tuple(n for n in range(count) if n != number)
        if target != "p" or formula.targets.count("p") < [t for t, _ in formula.lines].count("p"):
            found.append(Edit(f"the line {words} left out", "left out", order=others))
        if target in names(expr):
            twice = (*range(number + 1), *range(number, count))
            found.append(Edit(f"the line {words} run twice", "twice", order=twice))
    return found


def _order_edits(formula: Formula) -> list[Edit]:
    found = []
    count = len(formula.lines)
    for number in range(count):
        for place in range(count):
            if place == number:
                continue
            order = [n for n in range(count) if n != number]
            order.insert(place, number)
            where = "first" if place == 0 else "last" if place == count - 1 else "elsewhere"
            if where == "elsewhere":
                before = formula.lines[order[place + 1]]
                where = f"before {line_text(*before)}"
            words = f"the line {line_text(*formula.lines[number])} run {where}"
            found.append(Edit(words, "order", order=tuple(order), rare=place not in (0, count - 1)))
    return sorted(found, key=lambda edit: edit.rare)


# ------------------------------------------------------------------------------------------------ states


def _state_edits(formula: Formula) -> list[Edit]:
    """What is remembered: another start, a reset, something else stored, a clock that ticks otherwise."""
    found = []
    arrays = [s for s in formula.states if s != "t"]
    for state in arrays:
        for start, words in (
            (ONE, "one"),
            (G, "the first gradient"),
            (("square", G), "the first squared gradient"),
            (("name", "p"), "the parameters"),
            (("name", "eps"), "ε")
            if "eps" in formula.hyper
            else (("-", ("number", 0), G), "minus the gradient"),
        ):
            found.append(
                Edit(
                    f"{text(('name', state))} starting at {words}, not at zero", "start", start={state: start}
                )
            )
        found.append(
            Edit(f"{text(('name', state))} forgotten at each call", "memory", forgets=frozenset([state]))
        )
    if len(arrays) > 1:
        found.append(Edit("everything forgotten at each call", "memory", forgets=frozenset(arrays)))
    for number, (target, expr) in enumerate(formula.lines):
        if target in arrays:
            found += _stored(formula, number, target, expr)
        elif target not in ("p", "t"):
            found += _stored_back(formula, number, target, expr)
        elif target == "t":
            found += _clocks(formula, number)
    return found


def _stored(formula: Formula, number: int, target: str, expr: Expr) -> Iterator[Edit]:
    state = ("name", target)
    name = text(state)
    yield Edit(
        f"the largest {name} so far kept", "memory", {number: (target, ("max", ("name", f"{target}@"), expr))}
    )
    newest = _newest(expr, target)
    if newest != expr:
        largest = ("max", ("name", f"{target}@"), newest)
        yield Edit(f"the largest {text(newest)} so far in {name}", "memory", {number: (target, largest)})
    yield Edit(
        f"{name} set to its newest part at the first call",
        "start",
        {number: (target, ("if first", _newest(expr, target), expr))},
    )
    squares = "square" in str(expr)
    if squares:
        yield _everywhere(
            formula,
            {("square", G): ("total", ("square", G))},
            "the sum of the array's squares in place of each square",
            "array",
        )
        yield _everywhere(
            formula,
            {("square", G): ("mean", ("square", G))},
            "the mean of the array's squares in place of each square",
            "array",
        )
        yield _everywhere(
            formula,
            {("square", G): ("square", ("name", "all_norm"))},
            "the sum of all arrays' squares in place of each square",
            "array",
        )
        yield _everywhere(formula, {("square", G): G}, "the gradient in place of its square", "square")
        yield _everywhere(formula, {("square", G): ("abs", G)}, "|g| in place of g²", "square")
    root = ("sqrt", state)
    roots = [n for n, (_, e) in enumerate(formula.lines) if root in _nodes(e)]
    if roots:
        lines = {n: (formula.lines[n][0], replaced(formula.lines[n][1], root, state)) for n in roots}
        lines[number] = (target, ("sqrt", expr))
        yield Edit(f"the root √{name} stored in {name}", "stored", lines)


def _newest(expr: Expr, target: str) -> Expr:
    """The part of an average that does not hold the average itself, without its weight."""
    if expr[0] in "+-" and target in names(expr[1]) and target not in names(expr[2]):
        part = expr[2]
        if part[0] == "*" and part[1][0] in ("-", "name") and part[1] != ("name", "lr"):
            part = part[2]
        return part if expr[0] == "+" else ("-", ("number", 0), part)
    return expr


def _stored_back(formula: Formula, number: int, target: str, expr: Expr) -> Iterator[Edit]:
    """A quantity made of a state, written into the state itself."""
    states = [s for s in formula.states if s in names(expr) and s != "t"]
    for state in states[:1]:
        order = (*range(number + 1), 100 + number, *range(number + 1, len(formula.lines)))
        own = {100 + number: (state, ("name", target))}
        words = f"{text(('name', target))} stored back into {text(('name', state))}"
        yield Edit(words, "stored", own, order)
    hats = [n for n, (t, e) in enumerate(formula.lines) if t.endswith("_hat")]
    if len(hats) == 2 and number == hats[0]:
        rest = range(hats[1] + 1, len(formula.lines))
        own = {100 + n: (formula.lines[n][0][0], ("name", formula.lines[n][0])) for n in hats}
        order = (*range(hats[1] + 1), 100 + hats[0], 100 + hats[1], *rest)
        yield Edit("m̂ and v̂ stored back into m and v", "stored", own, order)


def _clocks(formula: Formula, number: int) -> Iterator[Edit]:
    t, call = ("name", "t"), ("name", "call")
    ticks = ("-", ("+", ("*", ("name", "keys"), call), ("name", "position")), ("-", ("name", "keys"), ONE))
    others = ("-", ("+", ("*", ("name", "keys"), call), ("name", "place")), ("-", ("name", "keys"), ONE))
    for expr, words in (
        (ONE, "t = 1 at every call"),
        (("-", call, ONE), "t raised after its use, so that it is 0 at the first call"),
        (("+", call, ONE), "t one step ahead, 2 at the first call"),
        (ticks, "t raised once for every array"),
        (others, "t raised once for every array, in the order of the gradients"),
    ):
        yield Edit(words, "clock", {number: ("t", expr)})
    off = [n for n, (_, e) in enumerate(formula.lines) if n != number and "t" in names(e)]
    lines = {
        n: (formula.lines[n][0], _substituted(formula.lines[n][1], _uncorrected(formula.lines[n][1])))
        for n in off
    }
    yield Edit("no correction of m and v for their start at zero", "left out", lines)
    for hyper in ("beta1", "beta2"):
        power = ("**", ("name", hyper), t)
        for new, words, kind in (
            (("*", ("name", hyper), t), "β t in place of βᵗ", "power"),
            (("name", hyper), "β in place of βᵗ", "power"),
        ):
            both = {
                ("**", ("name", h), t): replaced(new, ("name", hyper), ("name", h))
                for h in ("beta1", "beta2")
            }
            if hyper == "beta1":
                yield _everywhere(formula, both, words, kind)
            yield _everywhere(formula, {power: new}, words.replace("β", text(("name", hyper))), kind)
    one, other = (("-", ONE, ("**", ("name", h), t)) for h in ("beta1", "beta2"))
    yield _everywhere(formula, {one: other, other: one}, f"{text(one)} and {text(other)} exchanged", "name")
    both = {("-", ONE, ("**", ("name", h), t)): ("**", ("name", h), t) for h in ("beta1", "beta2")}
    yield _everywhere(formula, both, "βᵗ in place of 1 − βᵗ", "power")
    corrections = {
        (n, e): ("*", *e[1:])
        for n, (_, line) in enumerate(formula.lines)
        for e in _nodes(line)
        if _is_correction(e)
    }
    turned = {e: new for (_, e), new in corrections.items()}
    yield _everywhere(formula, turned, "both corrections multiplied, not divided", "turned")


def _uncorrected(expr: Expr) -> dict[Expr, Expr]:
    return {e: e[1] for e in _nodes(expr) if _is_correction(e)}


def _is_correction(expr: Expr) -> bool:
    return expr[0] == "/" and expr[2][0] == "-" and expr[2][1] == ONE and "t" in names(expr[2])


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in expr[1:]:
        if isinstance(child, tuple):
            yield from _nodes(child)


# ------------------------------------------------------------------------------------------- expressions


@cache
def changes(expr: Expr, formula: Formula, with_rare: bool = True) -> list[Change]:
    """The expression with one edit in any place of it."""
    found = [change for change in _here(expr, formula, with_rare) if with_rare or change[2] not in RARE]
    for index, child in enumerate(expr[1:], start=1):
        if isinstance(child, tuple):
            for changed, words, kind in changes(child, formula, with_rare):
                found.append(((*expr[:index], changed, *expr[index + 1 :]), words, kind))
    return found


def _here(expr: Expr, formula: Formula, with_rare: bool) -> Iterator[Change]:
    kind = expr[0]
    if kind in ("+", "-"):
        yield from _sums(expr)
    elif kind == "*":
        yield from _products(expr)
    elif kind == "/":
        yield from _quotients(expr)
    elif kind == "**":
        yield from _powers(expr)
    elif kind == "square":
        a = expr[1]
        yield a, f"{text(a)} in place of {text(expr)}", "square"
        yield ("abs", a), f"|{text(a)}| in place of {text(expr)}", "square"
        yield ("square", ("*", ("name", "lr"), a)), f"η squared into the sum together with {text(a)}", "twice"
        yield ("*", ("number", 2), a), f"2 {text(a)} in place of {text(expr)}", "square"
        yield ("mean", expr), f"the mean of {text(expr)} over the array", "array"
        yield ("total", expr), f"the sum of {text(expr)} over the array", "array"
    elif kind == "sqrt":
        yield from _roots(expr)
    elif kind == "name":
        yield from _names(expr, formula, with_rare)


def _sums(expr: Expr) -> Iterator[Change]:
    kind, a, b = expr
    other = "-" if kind == "+" else "+"
    weights = _weights(expr)
    if weights:
        weight, old, new = weights
        rest = ("-", ONE, weight)
        name = text(weight)
        yield ("+", ("*", rest, old), ("*", weight, new)), f"{name} and 1 − {name} exchanged", "weights"
        yield (
            ("*", weight, ("+", old, new)),
            f"{name} multiplying {text(new)} as well, without 1 − {name}",
            "weights",
        )
        yield ("+", old, new), f"no weights {name} and 1 − {name}", "weights"
        moved = ("+", ("*", rest, ("*", weight, old)), new)
        yield moved, f"1 − {name} multiplying {text(old)} in place of {text(new)}", "weights"
        if new[0] == "square":
            yield (
                ("+", ("*", weight, old), ("square", ("*", rest, new[1]))),
                f"1 − {name} squared too",
                "square",
            )
            middle = ("square", ("+", ("*", weight, old), ("*", rest, new[1])))
            yield middle, f"{text(new[1])} averaged first and then squared", "square"
    if a == ONE and kind == "-":
        yield b, f"{text(b)} in place of {text(expr)}", "weights"
        yield ("+", ONE, b), f"{text(('+', ONE, b))} in place of {text(expr)}", "sign"
        yield ONE, f"the factor {text(expr)} left out", "left out"
        return
    if b == ("name", "eps"):
        yield from _eps(expr)
    yield (
        (other, a, b),
        f"{'−' if other == '-' else '+'} {text(b, 2)} in place of {'−' if kind == '-' else '+'} {text(b, 2)}",
        "sign",
    )
    words = "sum" if kind == "+" else "difference"
    yield ("*", a, b), f"{text(a, 2)} times {text(b, 2)} in place of their {words}", "operator"
    yield a, f"the term {text(b, 2)} left out", "left out"
    if kind == "+":
        yield b, f"the term {text(a, 2)} left out", "left out"
    else:
        yield ("abs", expr), f"|{text(expr)}| in place of {text(expr)}", "sign"
        yield ("-", ("number", 0), b), f"the term {text(a, 2)} left out", "left out"
        yield ("-", b, a), f"{text(b)} and {text(a)} subtracted the wrong way round", "sign"
    if b[0] == "/" and b[2][0] == "+":
        # Read as Python reads it without brackets.
        loose = (kind, a, ("/", b[1], b[2][1]))
        yield (
            (kind, loose, b[2][2]),
            f"no brackets: {'−' if kind == '-' else '+'} {text(b[2][2])} outside the division",
            "eps",
        )
        yield ("+", loose, b[2][2]), f"no brackets: + {text(b[2][2])} outside the division", "eps"
    if b[0] == "*" and kind == "-" and a[0] == "*":
        # μ v − η g with μ on both, or with the push averaged.
        yield ("*", a[1], ("-", a[2], b)), f"{text(a[1])} multiplying {text(b)} as well", "weights"
    if a[0] == b[0] == "*" and b[1] == ("name", "lr"):
        yield (kind, ("*", b[1], a), b), f"{text(b[1])} multiplying {text(a)} as well", "twice"
    if a[0] == "*" and a[1][0] == "name":
        weight = a[1]
        yield (
            (kind, a, ("*", ("-", ONE, weight), b)),
            f"{text(b, 2)} weighted with 1 − {text(weight)}",
            "weights",
        )
        yield (
            (kind, ("*", ("-", ONE, weight), a[2]), b),
            f"1 − {text(weight)} in place of {text(weight)}",
            "weights",
        )
        yield ("*", weight, (kind, a[2], b)), f"{text(weight)} multiplying {text(b)} as well", "weights"
    if a[0] == "name":
        # h + g² with a fading memory.
        for name in ("0.9", "0.99"):
            w = ("number", float(name))
            rest = ("number", round(1 - float(name), 2))
            if kind == "+" and b[0] == "square":
                yield ("+", ("*", w, a), ("*", rest, b)), f"a memory that fades with {name}", "weights"
    if b == ("name", "v") or (b[0] == "*" and "v" in names(b)):
        step = ("*", ("name", "lr"), G)
        yield ("-", expr, step), f"the push {text(step)} added once more", "twice"
        yield (kind, a, ("*", ("name", "lr"), b)), "the rate applied twice", "twice"


def _weights(expr: Expr) -> tuple[Expr, Expr, Expr] | None:
    """w · old + (1 − w) · new: the weight, old and new."""
    kind, a, b = expr
    if kind == "+" and a[0] == "*" and b[0] == "*" and b[1] == ("-", ONE, a[1]):
        return a[1], a[2], b[2]
    return None


def _eps(expr: Expr) -> Iterator[Change]:
    _, a, eps = expr
    if a[0] == "sqrt":
        inside = ("sqrt", ("+", a[1], eps))
        yield inside, "ε inside the root", "eps"
        yield ("+", inside, eps), "ε twice, under the root and beside it", "eps"
        yield ("sqrt", ("+", a[1], ("square", eps))), "ε² inside the root", "eps"
        yield ("max", a, eps), f"the larger of {text(a)} and ε in place of their sum", "eps"
        yield ("sqrt", ("max", a[1], eps)), f"the larger of {text(a[1])} and ε under the root", "eps"
        yield ("+", a, ("sqrt", eps)), "√ε in place of ε", "eps"
    else:
        yield ("+", ("square", a), eps), f"{text(a)} squared before ε is added", "square"


def _products(expr: Expr) -> Iterator[Change]:
    _, a, b = expr
    yield b, f"the factor {text(a, 2)} left out", "left out"
    yield a, f"the factor {text(b, 2)} left out", "left out"
    yield ("/", b, a), f"a division by {text(a, 2)}", "turned"
    yield ("+", a, b), f"{text(a, 2)} plus {text(b, 2)} in place of their product", "operator"
    if a[0] == "name" or a[0] == "-":
        yield ("*", a, expr), f"the factor {text(a, 2)} twice", "twice"
        if b[0] == "square":
            yield ("square", ("*", a, b[1])), f"{text(a)} squared too", "square"
        if a[0] == "name":
            yield ("*", ("-", ONE, a), b), f"1 − {text(a)} in place of {text(a)}", "weights"


def _quotients(expr: Expr) -> Iterator[Change]:
    _, a, b = expr
    yield a, f"the division by {text(b, 2)} left out", "left out"
    yield ("*", a, b), f"a multiplication with {text(b, 2)} in place of the division", "turned"
    yield ("/", b, a), f"{text(expr)} turned over", "turned"
    yield ("/", ONE, b), f"1 in place of {text(a)} above the bar", "left out"
    yield ("/", a, ("sqrt", b)), f"the root of {text(b)} below the bar", "root"
    if a[0] == "*":
        yield ("/", a[1], b), f"the factor {text(a[2], 2)} left out above the bar", "left out"
        apart = ("/", a[2], b)
        words = f"{text(a[1])} plus {text(apart)} in place of their product"
        yield ("+", a[1], apart), words, "operator"
    if b[0] == "+" and a[0] == "*":
        rate = ("+", ("/", a[1], b[1]), b[2])
        yield ("*", rate, a[2]), f"{text(b[2])} added to {text(('/', a[1], b[1]))}", "eps"
    if b[0] == "+":
        alone = ("/", a, b[1])
        yield ("+", alone, b[2]), f"no brackets: {text(b[2])} outside the division", "eps"
        yield (
            ("*", alone, b[2]),
            f"a multiplication with {text(b[2])}, not its addition to {text(b[1])}",
            "eps",
        )


def _powers(expr: Expr) -> Iterator[Change]:
    _, a, b = expr
    yield ("*", a, b), f"{text(a)} {text(b)} in place of {text(expr)}", "power"
    yield a, f"{text(a)} without the power {text(b)}", "power"
    yield ("**", a, ("+", b, ONE)), f"the power {text(b)} + 1 in place of {text(b)}", "power"
    yield ("**", a, ("-", b, ONE)), f"the power {text(b)} − 1 in place of {text(b)}", "power"


def _roots(expr: Expr) -> Iterator[Change]:
    a = expr[1]
    yield a, f"the root of {text(a)} left out", "root"
    yield ("square", a), f"the square of {text(a)} in place of its root", "root"
    yield ("cube root", a), f"the cube root of {text(a)}", "root"
    yield ("sqrt", expr), f"the root of {text(a)} taken twice", "root"
    yield ("sqrt", ("abs", a)), f"the root of |{text(a)}|", "sign"
    yield ("norm", expr), f"one root for the whole array: √ of the sum of {text(a)}", "array"
    if a[0] == "+" and a[2] == ("name", "eps"):
        yield ("+", ("sqrt", a[1]), a[2]), "ε outside the root", "eps"
        yield ("sqrt", ("+", a[1], ("square", a[2]))), "ε² in place of ε", "eps"
        yield ("+", expr, a[2]), "ε twice, under the root and beside it", "eps"
        yield ("sqrt", ("max", a[1], a[2])), f"the larger of {text(a[1])} and ε under the root", "eps"
    if a[0] == "name":
        yield ("sqrt", ("/", a, ("name", "call"))), f"{text(a)} divided by the number of calls", "schedule"


def _names(expr: Expr, formula: Formula, with_rare: bool) -> Iterator[Change]:
    name = expr[1]
    if name in formula.hyper:
        for other in formula.hyper if with_rare else ():
            if other != name:
                words = f"{text(('name', other))} in place of {text(expr)} in one place"
                yield ("name", other), words, "name"
        for value in HYPERPARAMETERS[name].typical if with_rare else ():
            yield ("number", value), f"{value:g} in place of {text(expr)} in one place", "constant"
        if HYPERPARAMETERS[name].fraction:
            yield ("-", ONE, expr), f"1 − {text(expr)} in place of {text(expr)}", "weights"
            if with_rare:
                power = ("**", expr, ("name", "call"))
                yield power, f"{text(expr)} to the power t in place of {text(expr)} in one place", "raised"
        return
    if name == "call" or name not in (*formula.targets, "g"):
        return
    if name in formula.states and name != "t":
        for decay in ("decay", "momentum") if "t" not in formula.targets else ():
            if decay in formula.hyper:
                corrected = ("/", expr, ("-", ONE, ("**", ("name", decay), ("name", "call"))))
                words = f"{text(expr)} divided by 1 − {text(('name', decay))}ᵗ, as Adam's averages are"
                yield corrected, words, "start"
        yield ("name", f"{name}@"), f"the {text(expr)} of the call before in place of the new one", "old"
    if name == "p" or name == "t":
        return
    for other in (*formula.targets, "g"):
        if other not in (name, "p", "t"):
            yield ("name", other), f"{text(('name', other))} in place of {text(expr)}", "name"
    if name == "g":
        for changed, words, kind in _gradients():
            yield changed, words, kind
        for state in formula.states:
            if state != "t":
                yield ("-", G, ("name", state)), f"g − {state} in place of g", "name"
