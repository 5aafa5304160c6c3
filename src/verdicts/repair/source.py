"""The student's own code: the definitions of an answer in the cells that ran, ready to be changed and made again."""

import ast
import builtins
import linecache
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from symtable import SymbolTable
from types import CodeType, FunctionType
from typing import Any

from verdicts.repair.changes import Changes, Place, Scope, filled, is_own

Definition = ast.FunctionDef | ast.ClassDef | ast.Module
LEFT_ALONE = "annotation returns decorator_list type_params targets target bases defaults kw_defaults"
MOST_LENT = 60
"""Expressions of other cells that are tried in one place."""
MOST_PARTS = 6
"""Definitions that an answer may consist of: itself, its base classes, the functions that it calls."""


@dataclass
class CellPart:
    """A function or class of the student's, or the cell that computes a value."""

    name: str
    definition: Definition
    source: str
    """Of its cell."""
    file: str

    def compiled(self) -> CodeType:
        """The definition as it is now."""
        whole = self.definition
        return compile(whole if isinstance(whole, ast.Module) else ast.Module([whole], []), self.file, "exec")

    def places(self) -> Iterator[Place]:
        """Every place where code can be changed, in the order of the text; blocks of statements come with theirs."""
        methods = [node for node in self.definition.body if isinstance(node, ast.FunctionDef)]
        alone = isinstance(self.definition, ast.ClassDef) and "super" not in self.source
        for function in methods if alone else [self.definition]:
            whole = Place(function, function, "", None, self.scope(function), function if alone else None)
            yield whole
            yield from _places(whole, function)

    def scope(self, within: ast.AST) -> Scope:
        """The names of the arguments and variables in a part of it, and all its attributes."""
        names: dict[str, None] = {}
        entries: dict[str, str] = {}
        for node in ast.walk(within):
            match node:
                case ast.arg(name) if name != "self":
                    names[name] = None
                case ast.Name(name, ast.Store()):
                    names[name] = None
                case ast.Subscript(value, ast.Name()):
                    entries[ast.unparse(value)] = ast.unparse(node)
        attributes = dict.fromkeys(node.attr for node in ast.walk(self.definition) if is_own(node))
        return Scope([*names], [*attributes], entries, " @ " in ast.unparse(within))


class AnswerCode:
    """An answer that can be made again with a change."""

    def __init__(self, answer: Any, name: str, names: dict[str, Any], first: CellPart) -> None:
        self.answer, self.name, self.names = answer, name, names
        self.failing: set[str] | None = None
        """The probes on which it failed when it was checked; None if unknown."""
        self.parts = [first]
        for part in self.parts:  # grows
            known = {one.name for one in self.parts}
            for called in _called(part.definition, self.names) if len(self.parts) < MOST_PARTS else ():
                with suppress(LookupError):
                    if called.__name__ not in known:
                        known.add(called.__name__)
                        self.parts.append(_part_of(called))
        self.bytecode = {id(part): part.compiled() for part in self.parts}

    @cached_property
    def _lent(self) -> list[ast.expr]:
        """Expressions of the last cells that ran."""
        lent: dict[str, ast.expr] = {}
        for cell in reversed(self.names.get("In", [])):
            lent |= {
                ast.unparse(node): node
                for node in ast.walk(_parsed(cell))
                if isinstance(node, ast.BinOp | ast.Call)
            }
            if len(lent) >= MOST_LENT:
                break
        return [*lent.values()][:MOST_LENT]

    def borrow(self, place: Place) -> Changes:
        """Yield those whose names are known in a place."""
        known = {*place.scope.names, *dir(builtins), "self", "np", "math"}
        for node in self._lent if place.is_number else ():
            if known.issuperset(one.id for one in ast.walk(node) if isinstance(one, ast.Name)):
                yield filled(node, {})

    def made(self, changed: CellPart | None = None, place: Place | None = None) -> Any:
        """The answer, made of its definitions as they were, but for what was changed in this place of one of them."""
        names = dict(self.names)
        for part in reversed(self.parts):  # what is called before what calls it
            method = place.method if part is changed and place else None
            exec(part.compiled() if part is changed and not method else self.bytecode[id(part)], names)
            if method:
                of_class = {}
                exec(compile(ast.Module([method], []), part.file, "exec"), names, of_class)
                setattr(names[part.name], method.name, of_class[method.name])
        return names[self.name]


def defined(answer: Any) -> AnswerCode:
    """A function or class.

    Raises:
        LookupError: its code is not that of a cell.
    """
    function, name = _first_function(answer), getattr(answer, "__name__", "")
    if not name.isidentifier():
        raise LookupError(name)
    return AnswerCode(answer, name, function.__globals__, _part_of(answer))


def computed(check: str, value: Any, names: dict[str, Any]) -> AnswerCode:
    """A value, with the cell that computed it: the last one that assigned the name that is checked.

    Raises:
        LookupError: there is no such cell, or it does more than assign and compute, or computes nothing.
    """
    name = checked_name(check, names)
    for source in reversed(names["In"][:-1] if name else []):
        cell = _parsed(source)
        nodes = list(ast.walk(cell))
        if any(
            isinstance(node, ast.Name) and (node.id, type(node.ctx)) == (name, ast.Store) for node in nodes
        ):
            simple = all(isinstance(one, ast.Assign | ast.AugAssign | ast.Expr) for one in cell.body)
            computes = any(isinstance(node, ast.BinOp | ast.Call) for node in nodes)
            if simple and computes and "get_ipython" not in source:
                return AnswerCode(value, name, names, CellPart(check, cell, source, "<cell>"))
            break
    raise LookupError(check)


def checked_name(check: str, names: dict[str, Any]) -> str:
    """The name that the running cell hands to a check; empty where it is another expression, or no cell is known."""
    cells = names.get("In")
    source = cells[-1] if isinstance(cells, list) and cells else ""
    call = re.search(rf"""\bcheck\(\s*["']{re.escape(check)}["']\s*,\s*([^\W\d]\w*)\s*[,)]""", source)
    return call[1] if call else ""


def _parsed(source: str) -> ast.Module:
    """The tree of a cell; an empty one where there is none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _first_function(answer: Any) -> FunctionType:
    """A function itself, or the first one of a class.

    Raises:
        LookupError: there is none, or its cell would not make it again: it has a closure.
    """
    several = vars(answer).values() if isinstance(answer, type) else [answer]
    for one in several:
        if isinstance(one, FunctionType) and not (one is answer and one.__closure__):
            return one
    raise LookupError(answer)


def _part_of(answer: Any) -> CellPart:
    """The definition of a function or class in the cell that made it.

    Raises:
        LookupError: there is none.
    """
    code = _first_function(answer).__code__
    file, line = code.co_filename, code.co_firstlineno
    source = "".join(linecache.getlines(file))
    kind = ast.ClassDef if isinstance(answer, type) else ast.FunctionDef
    for node in ast.walk(_parsed(source)):
        if not isinstance(node, kind) or node.name != answer.__name__ or node.decorator_list:
            continue
        if any(isinstance(one, ast.FunctionDef) and one.lineno == line for one in ast.walk(node)):
            return CellPart(node.name, node, source, file)
    raise LookupError(file)


def outer_names(table: SymbolTable, is_outermost: bool = True) -> set[str]:
    """The names that code reads and does not make itself."""
    names = {
        one.get_name()
        for one in table.get_symbols()
        if one.is_referenced() and (is_outermost or one.is_global())
    }
    return names.union(*(outer_names(inner, False) for inner in table.get_children()))


def _called(definition: Definition, names: dict[str, Any]) -> Iterator[Any]:
    """The student's functions and classes that a definition names."""
    for node in ast.walk(definition):
        found = names.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(found, FunctionType | type) and found.__module__ == names.get("__name__"):
            yield found


def _is_of_the_stub(node: ast.AST) -> bool:
    """Whether a line is as the course gives it: attributes that keep arguments of their names or begin empty."""
    if not isinstance(node, ast.Assign):
        return False
    several = [one.elts if isinstance(one, ast.Tuple) else [one] for one in (node.targets[0], node.value)]
    return len({*map(len, several)}) == 1 and all(
        is_own(target) and ast.unparse(value) in (target.attr, "0", "0.0", "{}", "[]", "None")
        for target, value in zip(*several, strict=True)
    )


def _places(above: Place, holder: ast.AST) -> Iterator[Place]:
    """The expressions and statements below a node that lies in a place, each with where it hangs."""
    for name, value in ast.iter_fields(holder):
        if name in LEFT_ALONE.split() or _is_of_the_stub(holder):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.expr | ast.stmt):
                if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                    yield replace(above, node=node, holder=holder, field=name, index=index)
                    yield from _places(above, node)
            elif isinstance(node, ast.AST):
                yield from _places(above, node)
