"""A rule as a list of assignments, read from the reference's own source.

An expression is a nested tuple: ("name", "beta1"), ("number", 1), ("+", a, b) and -, *, /, **, and functions
of one expression: ("sqrt", a), ("square", a), ("abs", a), ("sign", a), ("mean", a), ("total", a), ("norm",
a).
Names: the hyper-parameters as the constructor calls them, the states, g the gradient, p the parameter.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import dataclass
from functools import cache, cached_property

import descentlab.rules

Expr = tuple
ONE = ("number", 1)
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
FUNCTIONS = {"sqrt": "sqrt", "abs": "abs", "square": "square", "sign": "sign"}
HYPER = ("lr", "momentum", "decay", "beta1", "beta2", "eps")
SYMBOLS = {
    "lr": "η",
    "momentum": "μ",
    "decay": "ρ",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "p": "θ",
    "m_hat": "m̂",
    "v_hat": "v̂",
    "call": "t",
    "keys": "the number of arrays",
}

# Other ways in which the same rule is written: their slips are not slips of the reference's own lines.
# A test holds each equal to the reference.
OTHER_FORMS = {
    "Momentum": ("v = momentum * v + lr * g\np = p - v", "v = momentum * v + g\np = p - lr * v"),
    "Nesterov": (
        "u = v\nv = momentum * v - lr * g\np = p - momentum * u + (1 + momentum) * v",
        "p = p + momentum**2 * v - (1 + momentum) * lr * g\nv = momentum * v - lr * g",
        "v = momentum * v - lr * g\np = p + momentum * v - lr * g",
        "v = momentum * v + g\np = p - lr * (g + momentum * v)",
    ),
    "Adam": (
        "t = t + 1\nm = beta1 * m + (1 - beta1) * g\nv = beta2 * v + (1 - beta2) * g * g\n"
        "m_hat = m / (1 - beta1**t)\nv_hat = v / (1 - beta2**t)\np = p - lr * m_hat / (sqrt(v_hat) + eps)",
    ),
}


@dataclass(frozen=True, eq=False)
class Formula:
    """A rule: assignments in their order, made for each array at each call."""

    rule: str
    lines: tuple[tuple[str, Expr], ...]

    @cached_property
    def states(self) -> tuple[str, ...]:
        """What lives on from call to call: read before it is written. Zero at first."""
        found: list[str] = []
        written: set[str] = set()
        for target, expr in self.lines:
            found += [n for n in names(expr) if n in self.targets and n not in written and n not in found]
            written.add(target)
        return tuple(n for n in found if n != "p")

    @cached_property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(target for target, _ in self.lines))

    @cached_property
    def hyper(self) -> tuple[str, ...]:
        """The hyper-parameters, in the order in which they appear."""
        found = [n for _, expr in self.lines for n in names(expr)]
        return tuple(n for n in dict.fromkeys(found) if n in HYPER)


@cache
def formulas(rule: str) -> tuple[Formula, ...]:
    """The rule's formula as its source has it, and the other ways of writing it."""
    source = textwrap.dedent(inspect.getsource(getattr(descentlab.rules, rule).update))
    (function,) = ast.parse(source).body
    texts = OTHER_FORMS.get(rule, ())
    others = tuple(Formula(rule, _assignments(ast.parse(text).body)) for text in texts)
    return (Formula(rule, _assignments(function.body)), *others)


def lessons_own(rule: str) -> Formula:
    """The form in which the lesson writes the rule: the reference's, or the long one where there is one."""
    forms = formulas(rule)
    return forms[0] if len(forms[-1].lines) < 4 else forms[-1]


def formulas_for_pairs(rule: str) -> tuple[Formula, ...]:
    """The forms in which pairs of edits are looked for: of long ones only the one that is written most."""
    forms = formulas(rule)
    return forms if lessons_own(rule) is forms[0] else forms[-1:]


def _assignments(body: list[ast.stmt]) -> tuple[tuple[str, Expr], ...]:
    """The assignments of a reference's `update`: checks of input and the making of zeros are left out."""
    found: list[tuple[str, Expr]] = []
    for statement in body:
        if isinstance(statement, ast.For):
            found += _assignments(statement.body)
        elif isinstance(statement, ast.AugAssign):
            target, operator = _name(statement.target), OPERATORS[type(statement.op)]
            found.append((target, _tidy((operator, ("name", target), _expression(statement.value)))))
            _join(found)
        elif isinstance(statement, ast.Assign):
            found.append((_name(statement.targets[0]), _expression(statement.value)))
    return tuple(found)


def _join(lines: list[tuple[str, Expr]]) -> None:
    """Make one line of the last two where they are one formula in place: v *= μ, v -= η g: v = μ v - η g."""
    match lines[-2:]:
        case [(first, ("*", ("name", scaled), factor)), (target, (sign, ("name", added_to), term))] if (
            first == scaled == target == added_to and sign in "+-"
        ):
            lines[-2:] = [(target, (sign, ("*", factor, ("name", target)), term))]


def _name(node: ast.expr) -> str:
    """params[k] → p, grads[k] → g, self.m[k] → m, self.lr → lr."""
    if isinstance(node, ast.Subscript):
        node = node.value
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    return {"params": "p", "grads": "g"}.get(name, name)


def _expression(node: ast.expr) -> Expr:
    if isinstance(node, ast.BinOp):
        return _tidy((OPERATORS[type(node.op)], _expression(node.left), _expression(node.right)))
    if isinstance(node, ast.Constant):
        return ("number", node.value)
    if isinstance(node, ast.Call):
        return (FUNCTIONS[_name(node.func)], _expression(node.args[0]))
    return ("name", _name(node))


def _tidy(expr: Expr) -> Expr:
    """Products of a thing with itself as a square, (c · g) · g is c · g²; a · (b / c) as a · b / c."""
    operator, left, right = expr
    if operator == "*" and right[0] == "/":
        return ("/", ("*", left, right[1]), right[2])
    if operator == "**" and right == ("number", 2):
        return ("square", left)
    if operator == "*" and left == right:
        return ("square", left)
    if operator == "*" and left[0] == "*" and left[2] == right:
        return ("*", left[1], ("square", right))
    return expr


def names(expr: Expr) -> list[str]:
    """The names in an expression, from left to right."""
    if expr[0] == "name":
        return [expr[1]]
    return [n for child in expr[1:] if isinstance(child, tuple) for n in names(child)]


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with `new` in every place of `old`."""
    if expr == old:
        return new
    return tuple(replaced(child, old, new) if isinstance(child, tuple) else child for child in expr)


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
        return f"{_function(kind)}({', '.join(text(child) for child in expr[1:])})"
    mine = LEVEL[kind]
    sign = {"-": " − ", "+": " + ", "*": " ", "/": " / ", "**": "^"}[kind]
    words = text(expr[1], mine) + sign + text(expr[2], mine + (kind != "+"))
    return f"({words})" if mine < level else words


def _symbol(name: str) -> str:
    return f"{_symbol(name[:-1])} of the call before" if name.endswith("@") else SYMBOLS.get(name, name)


def _function(kind: str) -> str:
    return {"max": "the larger of", "total": "sum"}.get(kind, kind)


def line_text(target: str, expr: Expr) -> str:
    """An assignment as it is printed in a lesson."""
    return f"{_symbol(target)} ← {text(expr)}"
