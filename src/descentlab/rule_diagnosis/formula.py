"""A rule as a list of assignments, read from the reference's own source; rows that edit it, and their matcher.

An expression is a nested tuple: ("name", "beta1"), ("number", 1), ("+", a, b) and -, *, /, **, and functions
of one expression, such as ("sqrt", a), ("square", a), ("mean", a), ("norm", a). It is read from Python's own
`ast` once. Nodes of that are no keys, and a search makes and looks up tens of thousands of expressions: a
tuple in 0.05 and 0.15 µs, a node in a hashable wrapper in 0.4 and 2 µs.
Names: the hyperparameters as the constructor calls them, the states, g the gradient, p the parameter, v@ the
state v as it was before the call.

A `Rewrite` is a pattern, its replacement, and the words for the edit. Both sides are Python, read as the rules' own
source is; a capital letter in them stands for a part of a formula, as `RANGES` and `ADMITS` say. Words may hold
any expression in braces, {A + B}, printed as in a lesson; {A:2} has brackets as a factor has.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from string import Formatter

from descentlab.registry import FRACTIONS, HYPERPARAMETERS, SYMBOLS

Expr = tuple
Line = tuple[str, Expr]
ONE = ("number", 1)
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
FUNCTIONS = {"maximum": "max"}
"""NumPy functions allowed in an `update` whose names differ here."""
PSEUDONYMS = {"p": "θ", "call": "t", "keys": "len(params)"}
"""How lessons print the names used here."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A rule: assignments in order, run for each array at each call."""

    rule: str
    lines: tuple[Line, ...]

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The states, zero at first: names read before they are written."""
        read: list[str] = []
        written: set[str] = set()
        for target, expr in self.lines:
            read += [n for n in names(expr) if n in self.targets and n not in written and n not in read]
            written.add(target)
        return tuple(n for n in read if n != "p")

    @cached_property
    def arrays(self) -> tuple[str, ...]:
        """The states except for the clock."""
        return tuple(state for state in self.states if state != CLOCK)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(target for target, _ in self.lines))

    @cached_property
    def hyper(self) -> tuple[str, ...]:
        """The hyperparameters, in the order in which they appear."""
        used = [n for _, expr in self.lines for n in names(expr)]
        return tuple(n for n in dict.fromkeys(used) if n in HYPERPARAMETERS)


def assignments(rule: type) -> tuple[Line, ...]:
    """The assignments in a rule's `update`, without the check of its input and the initial zeros."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(rule.update))).body
    lines: list[Line] = []
    for node in ast.walk(function):  # the lines of a loop after those outside it
        if isinstance(node, ast.AugAssign):
            lines.append((_name(node.target), expression(ast.BinOp(node.target, node.op, node.value))))
        elif isinstance(node, ast.Assign):
            lines.append((_name(node.targets[0]), expression(node.value)))
    # A copy of a state, "old = v", is the state before the call.
    copies = {("name", target): ("name", f"{expr[1]}@") for target, expr in lines if expr[0] == "name"}
    return tuple((target, replaced(expr, copies)) for target, expr in lines if ("name", target) not in copies)


def _name(node: ast.expr) -> str:
    """params[k] → p, grads[k] → g, self.m[k] → m, self.lr → lr."""
    if isinstance(node, ast.Subscript):
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    return {"params": "p", "grads": "g"}.get(name, name)


def expression(node: ast.expr) -> Expr:
    """Convert a Python expression to a nested tuple, which can be compared and hashed."""
    if isinstance(node, ast.BinOp):
        left, right = expression(node.left), expression(node.right)
        squared = isinstance(node.op, ast.Pow) and right == ("number", 2)
        return ("square", left) if squared else (OPERATORS[type(node.op)], left, right)
    if isinstance(node, ast.Constant):
        return ("number", node.value)
    if isinstance(node, ast.Call):
        return (FUNCTIONS.get(_name(node.func), _name(node.func)), *map(expression, node.args))
    return ("name", _name(node))


def names(expr: Expr) -> list[str]:
    """The names in an expression, from left to right."""
    return [node[1] for node in nodes(expr) if node[0] == "name"]


def nodes(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts."""
    yield expr
    for child in expr[1:]:
        if isinstance(child, tuple):
            yield from nodes(child)


def replaced(expr: Expr, swap: Mapping[Expr, Expr]) -> Expr:
    """The expression with every occurrence of some parts replaced."""
    if expr in swap:
        return swap[expr]
    return tuple(replaced(child, swap) if isinstance(child, tuple) else child for child in expr)


LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


@cache
def text(expr: Expr, level: int = 0) -> str:
    """The expression as it is printed in a lesson."""
    kind, first, *_ = expr
    if kind == "name":
        return _symbol(first)
    if kind == "number":
        return f"{first:g}"
    if kind == "square":
        return f"{text(first, 4)}²"
    if kind == "sqrt":
        return f"√{text(first, 4)}"
    if kind == "**" and expr[2] == ("name", "t"):
        return f"{text(first, 4)}ᵗ"
    if kind == "abs":
        return f"|{text(first)}|"
    if kind not in LEVEL:
        function = "sum" if kind == "total" else kind.replace("_", " ")
        return f"{function}({', '.join(text(child) for child in expr[1:])})"
    here = LEVEL[kind]
    sign = {"-": " − ", "+": " + ", "*": " ", "/": " / ", "**": "^"}[kind]
    words = text(first, here) + sign + text(expr[2], here + (kind != "+"))
    return f"({words})" if here < level else words


def _symbol(name: str) -> str:
    if name.endswith("@"):
        return f"{_symbol(name[:-1])}_old"
    return PSEUDONYMS.get(name) or SYMBOLS.get(name, name)


def line_text(target: str, expr: Expr) -> str:
    """An assignment as it is printed in a lesson."""
    return f"{_symbol(target)} ← {text(expr)}"


# ----------------------------------------------------------------------------------------------- rows and their matcher

Bound = dict[str, Expr]
"""The binding of each letter."""
PARAMETER, GRADIENT, CLOCK = "p", "g", "t"
WEIGHT_DECAYS = (0.1, 0.01, 0.001, 1e-4, 1e-5)


def _named(texts: Sequence[str]) -> list[Expr]:
    return [("name", name) for name in texts]


def _quantities(formula: Formula) -> list[Expr]:
    """The results of lines, except for θ and the clock, and the gradient."""
    return _named([*(name for name in formula.targets if name not in (PARAMETER, CLOCK)), GRADIENT])


# Letters bound to one of the formula's own names, or to a usual number.
RANGES: Mapping[str, Callable[[Formula, Bound], list[Expr]]] = {
    # a hyperparameter; another one; a later one
    "H": lambda f, _: _named(f.hyper),
    "K": lambda f, b: [h for h in _named(f.hyper) if h != b["H"]],
    "L": lambda f, b: _named(f.hyper[f.hyper.index(b["H"][1]) + 1 :]),
    # a hyperparameter between 0 and 1, such as ρ
    "D": lambda f, _: [h for h in _named(f.hyper) if h[1] in FRACTIONS],
    # a state, except for the clock
    "S": lambda f, _: _named(f.arrays),
    # the gradient or the result of a line, except for θ and the clock; another one
    "Q": lambda f, _: _quantities(f),
    "O": lambda f, b: [q for q in _quantities(f) if q != b["Q"]],
    # one of the typical values of H; a usual weight decay
    "X": lambda _, b: [("number", value) for value in HYPERPARAMETERS[b["H"][1]].typical],
    "Y": lambda *_: [("number", value) for value in WEIGHT_DECAYS],
}
# Letters bound to any part of a formula of this form.
ADMITS: Mapping[str, Callable[[Expr, Formula, Bound], bool]] = {
    **dict.fromkeys("ABCEW", lambda *_: True),
    "T": lambda e, *_: e != ONE,
    "R": lambda e, *_: e[0] != "sqrt",
    "N": lambda e, *_: e[0] == "name",
    # a state, or a product with one in it
    "V": lambda e, f, _: e[0] in ("name", "*") and not set(f.arrays).isdisjoint(names(e)),
    # in the line of S: a term that contains S; one that does not and has no weight 1 − …
    "P": lambda e, _, b: b["S"][1] in names(e),
    "U": lambda e, _, b: b["S"][1] not in names(e) and not (e[0] == "*" and e[1][0] == "-"),
}
CONDITIONS: Mapping[str, Callable[[Formula], bool]] = {
    "": lambda f: True,
    "no clock": lambda f: CLOCK not in f.targets,
    "no momentum": lambda f: "momentum" not in f.hyper,
    "g²": lambda f: any(("square", ("name", GRADIENT)) in nodes(expr) for _, expr in f.lines),
}


@dataclass(frozen=True)
class Rewrite:
    """One edit: replace the pattern, wherever it is found, as a typical slip does."""

    pattern: str
    replacement: str
    words: str
    """Continue "Your numbers are those of Adam with …"."""
    kind: str
    """The kind of the hint: a key of `HINTS`."""
    when: str = ""
    """The formulas it applies to: a key of `CONDITIONS`."""

    @cached_property
    def before(self) -> tuple[Expr, ...]:
        """The parts of the pattern: one, unless several are exchanged."""
        return _parsed(self.pattern)

    @cached_property
    def after(self) -> tuple[Expr, ...]:
        """The parts of the replacement."""
        return _parsed(self.replacement)

    @cached_property
    def fields(self) -> dict[str, Expr]:
        """The expressions in the words, by their text there."""
        return {field: _parsed(field)[0] for _, field, _, _ in Formatter().parse(self.words) if field}

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The letters bound to one of a formula's names or to a usual number, in their order."""
        letters = [n for expr in (*self.before, *self.after) for n in names(expr) if n in RANGES]
        return tuple(dict.fromkeys(letters))

    def matches_in(self, expr: Expr, formula: Formula) -> Iterator[Bound]:
        """Yield every binding with which the pattern equals this expression."""
        bound: Bound = {}
        if _matches(self.before[0], expr, formula, bound):
            yield from self.bindings(formula, bound)

    def bindings(self, formula: Formula, bound: Bound) -> Iterator[Bound]:
        """Yield every binding of the free letters, given those in `bound`."""
        free = [letter for letter in self.letters if letter not in bound]
        if not free:
            yield bound
            return
        for value in RANGES[free[0]](formula, bound):
            yield from self.bindings(formula, bound | {free[0]: value})

    def text(self, bound: Bound) -> str:
        """The words, filled with these bindings."""
        return self.words.format(**{field: Printed(filled(e, bound)) for field, e in self.fields.items()})


@dataclass(slots=True)
class Printed:
    """An expression in a template: {A + B} prints it as in a lesson, {A:2} with the brackets of a factor."""

    expr: Expr

    def __format__(self, level: str) -> str:
        return text(self.expr, int(level or 0))


def _matches(pattern: Expr, expr: Expr, formula: Formula, bound: Bound) -> bool:
    if pattern[0] == "name" and pattern[1] in _LETTERS:
        letter = pattern[1]
        if letter in bound:
            return bound[letter] == expr
        if letter in RANGES:
            admitted = expr in RANGES[letter](formula, bound)
        else:
            admitted = ADMITS[letter](expr, formula, bound)
        if admitted:
            bound[letter] = expr
        return admitted
    if pattern[0] != expr[0] or len(pattern) != len(expr):
        return False
    if pattern[0] in ("name", "number"):
        return pattern == expr
    return all(_matches(part, met, formula, bound) for part, met in zip(pattern[1:], expr[1:], strict=True))


def filled(template: Expr, bound: Bound) -> Expr:
    """The expression with its letters replaced by their bindings."""
    kind = template[0]
    if kind == "name":
        return bound.get(template[1], template)
    if kind == "number":
        return template
    parts = [filled(part, bound) for part in template[1:]]
    if kind == "before":
        return ("name", f"{parts[0][1]}@")
    return (kind, *parts)


def rewritten(expr: Expr, row: Rewrite, bound: Bound, formula: Formula) -> Expr:
    """The expression with the row applied wherever a part of its pattern is found."""
    for before, after in zip(row.before, row.after, strict=True):
        inner = dict(bound)
        if _matches(before, expr, formula, inner):
            return filled(after, inner)
    parts = (rewritten(c, row, bound, formula) if isinstance(c, tuple) else c for c in expr[1:])
    return (expr[0], *parts)


_LETTERS = frozenset((*RANGES, *ADMITS))


@cache
def _parsed(source: str) -> tuple[Expr, ...]:
    """Parse one expression, several between commas, or assignments: ("=", target, value)."""
    exprs: list[Expr] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            exprs.append(("=", expression(statement.targets[0]), expression(statement.value)))
        elif isinstance(statement.value, ast.Tuple):
            exprs += map(expression, statement.value.elts)
        else:
            exprs.append(expression(statement.value))
    return tuple(exprs)
