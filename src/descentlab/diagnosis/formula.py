"""A rule as a list of assignments, read from the reference's own source.

An expression is a nested tuple: ("name", "beta1"), ("number", 1), ("+", a, b) and -, *, /, **, and functions
of one expression, such as ("sqrt", a), ("square", a), ("mean", a), ("norm", a). It is read from Python's own
`ast` once. Nodes of that are no keys, and a search makes and looks up tens of thousands of expressions: a
tuple in 0.05 and 0.15 µs, a node in a hashable wrapper in 0.4 and 2 µs.
Names: the hyperparameters as the constructor calls them, the states, g the gradient, p the parameter, v@ the
state v as it was before the call.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from descentlab.checks.courses import course

Expr = tuple
ONE = ("number", 1)
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
FUNCTIONS = {"sqrt": "sqrt", "square": "square", "abs": "abs", "sign": "sign", "maximum": "max"}
"""NumPy's functions that an `update` may use, and what they are called here; others go by their own name."""
PSEUDONYMS = {"p": "θ", "call": "t", "keys": "len(params)"}
"""How lessons print what is called otherwise here."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A rule: assignments in their order, made for each array at each call."""

    rule: str
    lines: tuple[tuple[str, Expr], ...]

    @cached_property
    def states(self) -> tuple[str, ...]:
        """What lives on from call to call: read before it is written. Zero at first."""
        read: list[str] = []
        written: set[str] = set()
        for target, expr in self.lines:
            read += [n for n in names(expr) if n in self.targets and n not in written and n not in read]
            written.add(target)
        return tuple(n for n in read if n != "p")

    @cached_property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(target for target, _ in self.lines))

    @cached_property
    def hyper(self) -> tuple[str, ...]:
        """The hyperparameters, in the order in which they appear."""
        used = [n for _, expr in self.lines for n in names(expr)]
        return tuple(n for n in dict.fromkeys(used) if n in course().typical)


@cache
def formulas(rule: str) -> tuple[Formula, ...]:
    """The rule's own formula, as the reference's source has it, and the equal forms that lessons show."""
    return tuple(Formula(rule, _assignments(form)) for form in course().forms(rule))


def _assignments(rule: type) -> tuple[tuple[str, Expr], ...]:
    """The assignments in a rule's `update`: the check of its input and the zeros at first are none."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(rule.update))).body
    body = [s for s in function.body if not isinstance(s, ast.For)]
    body += [s for loop in function.body if isinstance(loop, ast.For) for s in loop.body]
    lines: list[tuple[str, Expr]] = []
    for statement in body:
        if isinstance(statement, ast.AugAssign):
            target, operator = _name(statement.target), OPERATORS[type(statement.op)]
            lines.append((target, (operator, ("name", target), expression(statement.value))))
        elif isinstance(statement, ast.Assign):
            lines.append((_name(statement.targets[0]), expression(statement.value)))
    return _without_copies(lines)


def _without_copies(lines: list[tuple[str, Expr]]) -> tuple[tuple[str, Expr], ...]:
    """Where a state is kept under another name, "old = v", that name is the state of the call before."""
    copies = {("name", target): ("name", f"{expr[1]}@") for target, expr in lines if expr[0] == "name"}
    return tuple((target, replaced(expr, copies)) for target, expr in lines if ("name", target) not in copies)


def _name(node: ast.expr) -> str:
    """params[k] → p, grads[k] → g, self.m[k] → m, self.lr → lr."""
    if isinstance(node, ast.Subscript):
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    return {"params": "p", "grads": "g"}.get(name, name)


def expression(node: ast.expr) -> Expr:
    """A Python expression as a nested tuple: unlike `ast`'s nodes it can be compared, and be a key."""
    if isinstance(node, ast.BinOp):
        left, right = expression(node.left), expression(node.right)
        squared = isinstance(node.op, ast.Pow) and right == ("number", 2)
        return ("square", left) if squared else (OPERATORS[type(node.op)], left, right)
    if isinstance(node, ast.Constant):
        return ("number", node.value)
    if isinstance(node, ast.Call):
        return (FUNCTIONS.get(_name(node.func), _name(node.func)), *map(expression, node.args))
    if isinstance(node, ast.IfExp):
        return (f"if_{_name(node.test)}", expression(node.body), expression(node.orelse))
    return ("name", _name(node))


def names(expr: Expr) -> list[str]:
    """The names in an expression, from left to right."""
    if expr[0] == "name":
        return [expr[1]]
    return [n for child in expr[1:] if isinstance(child, tuple) for n in names(child)]


def nodes(expr: Expr) -> Iterator[Expr]:
    """The expression and all its parts."""
    yield expr
    for child in expr[1:]:
        if isinstance(child, tuple):
            yield from nodes(child)


def replaced(expr: Expr, swap: Mapping[Expr, Expr]) -> Expr:
    """The expression with another one in every place of each of some parts."""
    if expr in swap:
        return swap[expr]
    if expr[0] in ("name", "number"):
        return expr
    return tuple(replaced(child, swap) if isinstance(child, tuple) else child for child in expr)


LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


@cache
def text(expr: Expr, level: int = 0) -> str:
    """The expression as it is printed in a lesson."""
    kind = expr[0]
    if kind == "name":
        return _symbol(expr[1])
    if kind == "number":
        return f"{expr[1]:g}"
    if kind == "square":
        return f"{text(expr[1], 4)}²"
    if kind == "sqrt":
        return f"√{text(expr[1], 4)}"
    if kind == "**" and expr[2] == ("name", "t"):
        return f"{text(expr[1], 4)}ᵗ"
    if kind == "abs":
        return f"|{text(expr[1])}|"
    if kind not in LEVEL:
        function = "sum" if kind == "total" else kind.replace("_", " ")
        return f"{function}({', '.join(text(child) for child in expr[1:])})"
    own = LEVEL[kind]
    sign = {"-": " − ", "+": " + ", "*": " ", "/": " / ", "**": "^"}[kind]
    words = text(expr[1], own) + sign + text(expr[2], own + (kind != "+"))
    return f"({words})" if own < level else words


def _symbol(name: str) -> str:
    if name.endswith("@"):
        return f"{_symbol(name[:-1])}_old"
    return PSEUDONYMS.get(name) or course().symbols.get(name, name)


def line_text(target: str, expr: Expr) -> str:
    """An assignment as it is printed in a lesson."""
    return f"{_symbol(target)} ← {text(expr)}"
