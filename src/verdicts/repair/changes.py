"""Small changes of code, as learners' slips ask for them; they know no rule and no lesson.

`changes.txt` is the table: what a verdict tells the student to look at, and the changes. Kinds of slips: Alzahrani and Vahid,
Common Logic Errors for Programming Learners (ASEE 2021), a survey of 47 studies.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations_with_replacement, permutations
from pathlib import Path
from typing import Any

from verdicts.diagnosis.formula_tables import slips_of
from verdicts.sentences import headed

Changes = Iterator[Any]
OPERATORS = (
    "Add Mult | Sub | Mult Add Pow MatMult | Div Mult Sub | Pow Mult | FloorDiv Div | MatMult Mult | And Or | Or And "
    "| BitAnd BitOr Sub BitXor | BitOr BitAnd Sub BitXor | BitXor BitOr BitAnd Sub"
)
"""Each operator's name in `ast`, and those of the operators that are tried for it beside those of slips."""
TABLE = Path(__file__).with_name("changes.txt")
TEXTS = Path(__file__).with_name("texts.txt")
"""Forms of programs that are given more than numbers and arrays, below words for what to look at."""
NUMBERS = ast.BinOp | ast.Call | ast.Name | ast.Attribute | ast.Subscript
"""What may be a number or an array, but for constants."""
VALUES = NUMBERS | ast.List | ast.ListComp | ast.GeneratorExp
"""What may be a text or hold several values."""
COMPARISONS = "Lt LtE Gt GtE Eq NotEq In NotIn"
EMPTY = "None 0 [] () True False"
"""Results of what is not there; each is tried for each other."""
FAMILIES = (
    "sqrt square exp log abs sign log2 log10 cbrt", "sum mean median max min prod cumsum std var any all norm argmin argmax",
    "maximum minimum", "zeros ones", "zeros_like ones_like", "sin cos", "linspace logspace geomspace", "floor ceil round", "dot multiply outer",
)  # fmt: skip
MAKES_ARRAYS = "array asarray zeros_like full_like"
"""Functions that take over whole numbers."""
REDUCES = (*FAMILIES[1].split(), "stack", "concatenate", "sort", "argsort")
TINY = ("eps", "epsilon", "ε")
"""Names of numbers near 0: a factor of this size would pass for a 0."""
BLOCKS = ("body", "orelse")
"""Where a statement holds others."""
ONLY_OLD = "without "
COUNTING = ("range", "arange", "linspace")
MOST_NAMES = 8
"""Names that are tried in one place."""


@dataclass(frozen=True, eq=False)
class Scope:
    """The names that a definition knows: its arguments and variables, and the attributes of `self`."""

    names: list[str]
    attributes: list[str]
    entries: dict[str, str]
    """Of what is read entry by entry, as in `sizes[k]`, that entry."""
    has_matrices: bool
    """Whether there is an `@`."""

    def quantities(self, tiny: bool = False) -> list[ast.expr]:
        """Each as a number, the first few of both; those near 0 only where asked for."""
        return [_parsed(self.entries.get(name, name)) for name in self.whole(tiny)]

    def whole(self, tiny: bool = False) -> list[str]:
        """Each as it is."""
        names = (*self.names[:MOST_NAMES], *(f"self.{name}" for name in self.attributes[:MOST_NAMES]))
        return [name for name in names if tiny or name.removeprefix("self.") not in TINY]


@dataclass(frozen=True)
class Place:
    """A node, and where it hangs."""

    node: Any
    holder: ast.AST
    field: str
    index: int | None
    scope: Scope
    method: ast.FunctionDef | None = None
    """The method that it lies in, where that can be made alone."""

    @property
    def is_number(self) -> bool:
        """Whether it may be a number or an array; constants have changes of their own."""
        return (
            isinstance(self.node, NUMBERS)
            and not isinstance(getattr(self.node, "ctx", None), ast.Store | ast.Del)
            and self.field != "func"
            and not isinstance(self.holder, ast.Attribute)
        )

    def put(self, new: Any) -> None:
        """Hang something else there."""
        if self.index is None:
            setattr(self.holder, self.field, new)
        else:
            getattr(self.holder, self.field)[self.index] = new


@dataclass(frozen=True)
class Block:
    """The statements of a block in another order; `moved` is the one to look at."""

    field: str
    statements: list[ast.stmt]
    moved: ast.stmt


def is_self(node: ast.AST) -> bool:
    """Whether a node is the name `self`."""
    return isinstance(node, ast.Name) and node.id == "self"


def is_own(node: ast.AST) -> bool:
    """Whether a node is an attribute of `self`."""
    return isinstance(node, ast.Attribute) and is_self(node.value)


@cache
def _parsed(code: str) -> Any:
    return ast.parse(code, mode="eval").body


SWAPS = {
    old: others
    for old, *others in ([getattr(ast, name) for name in row.split()] for row in OPERATORS.split(" | "))
}
for slip in slips_of("sign", "turned"):
    SWAPS[type(_parsed(slip.wrong).op)].append(type(_parsed(slip.right).op))


def _with(node: Any, **fields: Any) -> Any:
    """The node with other fields. `deepcopy` would copy what IPython's tracebacks hang on nodes: whole cells."""
    return type(node)(**(dict(ast.iter_fields(node)) | fields))


def filled(pattern: Any, values: dict[str, Any]) -> Any:
    """A copy of a pattern with values for its names; nothing new in it has a place in a cell."""
    if isinstance(pattern, ast.Name):
        return values.get(pattern.id, _with(pattern))
    if isinstance(pattern, list):
        return [filled(one, values) for one in pattern]
    if isinstance(pattern, ast.AST):
        return _with(pattern, **{name: filled(one, values) for name, one in ast.iter_fields(pattern)})
    return pattern


def _matched(pattern: Any, node: Any, found: dict[str, Any]) -> bool:
    """Whether code fits a pattern: X and Y are anything, Q and R names, attributes or numbers."""
    if isinstance(pattern, ast.Name) and pattern.id in "XYQR":
        found[pattern.id] = node
        return pattern.id in "XY" or isinstance(node, ast.Name | ast.Attribute | ast.Constant)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, ast.AST):
        return all(
            _matched(value, getattr(node, name, None), found)
            for name, value in ast.iter_fields(pattern)
            if name != "kind"
        )
    if isinstance(pattern, list):
        return len(pattern) == len(node) and all(
            _matched(*pair, found) for pair in zip(pattern, node, strict=True)
        )
    return pattern == node


def _is_term(place: Place) -> bool:
    """Whether it is a number and no factor: what multiplies it multiplies its factors."""
    above = getattr(place.holder, "op", None)
    return place.is_number and not isinstance(above, ast.Mult | ast.Div | ast.MatMult)


def _is_sum(place: Place) -> bool:
    """Whether it is all that a line computes."""
    return place.is_number and place.field == "value" and isinstance(place.holder, ast.stmt)


def _is_result(place: Place) -> bool:
    """Whether what a line computes is made of it, without a call: a result, and no condition."""
    in_line = isinstance(place.holder, ast.stmt | ast.BinOp) and place.field in ("value", "left", "right")
    return in_line and _is_term(place)


def _is_counted(place: Place) -> bool:
    """Whether a number counts: a bound, a place in an array, or how often something that varies is multiplied."""
    match place.holder:
        case ast.BinOp(left, ast.Pow()):
            return place.field == "right" and not isinstance(left, ast.Constant)
        case ast.Call(ast.Name(name) | ast.Attribute(_, name)):
            return name in COUNTING
    return place.field in ("slice", "lower", "upper")


def _with_and_without(fits: Callable[[Place], bool], patterns: Sequence[str], place: Place) -> Changes:
    """Changes of X into each pattern where it fits, for every name Q and R, and of each pattern into X."""
    node = place.node
    for pattern in patterns:
        found: dict[str, Any] = {}
        if _matched(_parsed(pattern.removeprefix(ONLY_OLD)), node, found):
            yield found["X"]
    for pattern in patterns if fits(place) else ():
        if pattern.startswith(ONLY_OLD):
            continue
        quantities = place.scope.quantities(tiny=pattern == "X + Q")
        for chosen in combinations_with_replacement(quantities, ("Q" in pattern) + ("R" in pattern)):
            yield filled(_parsed(pattern), {"X": node, **dict(zip("QR", chosen, strict=False))})


def _alike(table: list[list[str]], place: Place) -> Changes:
    """Changes of each pattern in a row into each other, for every name Q."""
    is_value = isinstance(place.node, VALUES) and place.field != "func"
    for old, new in (pair for row in table for pair in permutations(row, 2)):
        found: dict[str, Any] = {}
        if (old != "X" or is_value) and _matched(_parsed(old), place.node, found):
            for name in place.scope.whole() if "Q" in new else ["Q"]:
                yield filled(_parsed(new), {"Q": _parsed(name), **found})


def _operators(place: Place) -> Changes:
    node = place.node
    for at, old in enumerate(getattr(node, "ops", ())):
        for name in COMPARISONS.split():
            if name != type(old).__name__:
                yield _with(node, ops=[*node.ops[:at], getattr(ast, name)(), *node.ops[at + 1 :]])
    yield from (_with(node, op=op()) for op in SWAPS.get(type(getattr(node, "op", None)), ()))


def _constants(place: Place) -> Changes:
    value = getattr(place.node, "value", None)
    if not isinstance(place.node, ast.Constant) or type(value) not in (int, float):
        return
    near = [value + 1, value - 1, 2 * value, value / 2, 0, 1, 2, 3, 0.5]
    near += [10 * value, value / 10, -value, 1 - value, value**2]
    near += [1 / value, abs(value) ** 0.5] if value else []
    for other in dict.fromkeys(near):
        if other != value:
            yield ast.Constant(int(other) if isinstance(value, int) and other == int(other) else other)
    yield from place.scope.quantities(tiny=0 < abs(value) < 1e-3)


def _names(place: Place) -> Changes:
    node = place.node
    is_name = isinstance(node, ast.Name) and (place.is_number or node.id in place.scope.names)
    if is_name or getattr(node, "attr", "") in place.scope.attributes:
        for quantity in map(_parsed, place.scope.whole()):
            if isinstance(node.ctx, ast.Load):
                yield quantity
            elif type(quantity) is type(node):
                yield _with(quantity, ctx=node.ctx)


def _brackets(place: Place) -> Changes:
    """a ∘ (b * c) for (a ∘ b) * c and the other way around; f(a * b) for f(a) * b and the other way around."""
    node = place.node
    match node:
        case ast.Call(_, [ast.BinOp(left, _, right) as inner]):
            yield _with(inner, left=_with(node, args=[left]))
            yield _with(inner, right=_with(node, args=[right]))
        case ast.UnaryOp(_, ast.BinOp(left) as inner):
            yield _with(inner, left=_with(node, operand=left))
        case ast.BinOp(left, _, right):
            if isinstance(right, ast.BinOp):
                yield _with(right, left=_with(node, right=right.left))
            if isinstance(left, ast.BinOp):
                yield _with(left, right=_with(node, left=left.right))
            for side, call in (("left", left), ("right", right)):
                if isinstance(call, ast.Call) and len(call.args) == 1:
                    yield _with(call, args=[_with(node, **{side: call.args[0]})])


def _exchanged(place: Place) -> Changes:
    node = place.node
    match node:
        case ast.BinOp(left, op, right) if not isinstance(op, ast.Add | ast.Mult):
            yield _with(node, left=right, right=left)
        case ast.IfExp(_, body, orelse):
            yield _with(node, body=orelse, orelse=body)
        case ast.DictComp(key, value):
            yield _with(node, key=value, value=key)
    for name in ("args", "elts"):
        several = getattr(node, name, [])
        for at in range(len(several) - 1 if isinstance(several, list) else 0):
            yield _with(node, **{name: [*several[:at], several[at + 1], several[at], *several[at + 2 :]]})


def _functions(place: Place) -> Changes:
    called = getattr(place.node, "func", None)
    for field in ("id", "attr"):
        name = getattr(called, field, "")
        for family in map(str.split, FAMILIES):
            for other in family if name in family else ():
                if other != name:
                    yield _with(place.node, func=_with(called, **{field: other}))


def _arguments(place: Place) -> Changes:
    node = place.node
    if not isinstance(node, ast.Call):
        return
    for one in node.keywords:
        yield _with(node, keywords=[other for other in node.keywords if other is not one])
    if len(node.args) > 1:
        yield _with(node, args=node.args[:-1])
    function = getattr(node.func, "attr", "")
    if function in MAKES_ARRAYS.split():
        yield _with(node, keywords=[ast.keyword("dtype", _parsed("float"))])
    if function in REDUCES:
        others = [word for word in node.keywords if word.arg != "axis"]
        for axis in (0, 1, -1):
            yield _with(node, keywords=[*others, ast.keyword("axis", ast.Constant(axis))])


def _assignments(place: Place) -> Changes:
    match place.node:
        case ast.AugAssign(target, op, value):
            yield ast.Assign([target], value)
            old = _with(target, ctx=ast.Load())  # x += y also changes what else is x
            yield ast.Assign([target], ast.BinOp(old, op, value))
            yield ast.Assign([target], ast.BinOp(value, ast.Add(), old))  # texts do not commute
        case ast.Assign([target, *_], value) if not isinstance(target, ast.Tuple | ast.List | ast.Starred):
            yield from (ast.AugAssign(target, op(), value) for op in (ast.Add, ast.Sub))


def _statements(place: Place) -> Changes:
    """A statement dropped, put before its neighbor, moved into or out of the loop next to it or around it."""
    for field in BLOCKS:
        block = getattr(place.node, field, None)
        for at, statement in enumerate(block) if isinstance(block, list) else ():
            before, after = block[:at], block[at + 1 :]
            if before or after:
                yield Block(field, before + after, statement)
            if after:
                yield Block(field, [*before, after[0], statement, *after[1:]], statement)
            for shorter, last in _without_last(statement):
                yield Block(field, [*before, shorter, last, *after], last)
            for longer in _with_last(statement, after[0]) if after else ():
                yield Block(field, [*before, longer, *after[1:]], after[0])
            if isinstance(statement, ast.For | ast.While | ast.If):
                first, *rest = statement.body
                if rest:
                    yield Block(field, [*before, first, _with(statement, body=rest), *after], first)
                if before:
                    longer = _with(statement, body=[before[-1], *statement.body])
                    yield Block(field, [*before[:-1], longer, *after], before[-1])


def _types(place: Place) -> Changes:
    """A new array of decimal numbers in place of what is not computed there."""
    if (
        place.is_number
        and not isinstance(place.node, ast.BinOp)
        and not isinstance(place.holder, ast.BinOp | ast.UnaryOp)
    ):
        yield filled(_parsed("np.array(X, dtype=float)"), {"X": place.node})


def _results(place: Place) -> Changes:
    """A return in place of an assignment, an expression, a print or a yield; values for a dict; a condition."""
    match place.node:
        case ast.Assign(_, value):
            yield ast.Return(value)
        case ast.Pass() | ast.Return(None):
            yield from map(ast.Return, map(_parsed, (*place.scope.names, *EMPTY.split())))
        case ast.Expr(ast.Yield(value)):
            yield ast.Return(value)
        case ast.Expr(value):
            match value:
                case ast.Call(ast.Name("print"), [*_, last] as printed):
                    yield from map(ast.Return, (last, ast.Tuple(printed, ast.Load())))
            yield ast.Return(value)
        case ast.Dict(_, values):
            yield ast.Tuple(values, ast.Load())
        case ast.IfExp(test):
            yield from (test, ast.UnaryOp(ast.Not(), test))


def _at_the_end(place: Place) -> Changes:
    if isinstance(node := place.node, ast.FunctionDef):
        last = max((one for one in ast.walk(node) if isinstance(one, ast.stmt)), key=lambda one: one.lineno)
        for name in place.scope.names:
            yield Block("body", [*node.body, ast.Return(_parsed(name))], last)


def _empty(place: Place) -> Changes:
    """Nothing in another form; a 0 may be a number, but where it is a result."""
    words = EMPTY.split()
    old = isinstance(place.node, ast.Constant | ast.List | ast.Tuple) and ast.unparse(place.node)
    if old in words and (old != "0" or isinstance(place.holder, ast.Return)):
        yield from (_parsed(word) for word in words if word != old)


def _calls(place: Place) -> Changes:
    """f() for f, f(x) for f[x]; and the list after `sort`, which returns None."""
    node = place.node
    match node:
        case ast.Attribute() if place.is_number:
            yield ast.Call(node, [], [])
        case ast.Subscript(value, index) if place.is_number:
            yield ast.Call(value, [index], [])
        case ast.Call(ast.Attribute(value)) if ast.unparse(value) in place.scope.whole():
            yield ast.BoolOp(ast.Or(), [node, value])


def _bounds(place: Place) -> Changes:
    if _is_counted(place) and place.field != "slice":
        for name in place.scope.whole():
            yield from map(_parsed, (name, f"len({name})"))


def _without_last(node: Any) -> Iterator[tuple[Any, ast.stmt]]:
    """A statement without the last of those in it, at any depth, and that one."""
    for field in BLOCKS if isinstance(node, ast.stmt) else ():
        *most, last = getattr(node, field, ()) or (None,)
        if last and (most or field == "orelse"):
            yield _with(node, **{field: most}), last
        for shorter, inner in _without_last(last):
            yield _with(node, **{field: [*most, shorter]}), inner


def _with_last(node: Any, more: ast.stmt) -> Iterator[Any]:
    """A statement with one more at the end of those in it, at any depth; an `if` may get an `else` for it."""
    for field in BLOCKS if isinstance(node, ast.stmt) else ():
        held = getattr(node, field, ())
        if held or (field == "orelse" and isinstance(node, ast.If)):
            yield _with(node, **{field: [*held, more]})
        for longer in _with_last(held[-1], more) if held else ():
            yield _with(node, **{field: [*held[:-1], longer]})


ChangeKind = tuple[str, Callable[[Place], Changes]]
"""A kind, and its changes in a place: another node, or a `Block`."""
FITS: dict[str, Callable[[Place], bool]] = {
    "number": lambda place: place.is_number,
    "term": _is_term,
    "sum": _is_sum,
    "result": _is_result,
    "counted": _is_counted,
    "matrices": lambda place: place.scope.has_matrices and place.is_number,
}
MADE_HERE = (
    _calls, _empty, _types, _operators, _constants, _names, _bounds, _functions, _brackets, _assignments, _exchanged,
    _arguments, _results, _at_the_end, _statements,
)  # fmt: skip


def _headed(file: Path) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Yield each kind in a table, what to look at, and its lines."""
    for heading, lines in headed(file):
        kind, _, words = heading.partition(": ")
        yield kind, words, lines


def _kinds() -> Iterator[ChangeKind]:
    """Yield what the lines of the table say."""
    made_here = {make.__name__: make for make in MADE_HERE}
    for kind, _, lines in _headed(TABLE):
        if kind == TEXTS.name:
            yield from OF_TEXTS.items()
        for first, *cells in lines:
            patterns = [
                pattern
                for cell in cells
                for pattern in [slip.longer("X") for slip in slips_of(cell)] or [cell]
            ]
            yield kind, partial(_with_and_without, FITS[first], patterns) if patterns else made_here[first]


WORDS = {kind: words for file in (TABLE, TEXTS) for kind, words, _ in _headed(file)}
"""By kind what a verdict tells the student to look at."""
OF_TEXTS = {kind: partial(_alike, table) for kind, _, table in _headed(TEXTS)}
CHANGE_KINDS = tuple(_kinds())
