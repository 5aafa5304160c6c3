"""The search in the student's own process, where none can be forked: on Windows and in a browser.

Nothing can be undone there, so only code is run that reaches numbers, its arguments and what it makes of them: its names and
attributes are in lists. Fewer changes are tried: none of a loop's bound, of a size, of a condition of `while` or of the order of
statements, and only for an answer that is quick. One watch ends the whole search.
"""

import ast
import builtins
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator
from datetime import date, datetime, timedelta
from symtable import symtable
from types import SimpleNamespace
from typing import Any

import numpy as np
from IPython import get_ipython

from verdicts.recording.run_student import captured
from verdicts.recording.time_limit import TimeLimitError, time_limit
from verdicts.repair.changes import CHANGE_KINDS, ChangeKind, Changes, Place, is_own
from verdicts.repair.search import Found, search
from verdicts.repair.source import AnswerCode, outer_names

SECONDS = 0.6
OWN_SECONDS = 0.005
"""The longest time of an answer on one probe."""
PLAIN = (int, float, complex, str, type(None), np.number)
BUILTINS = (
    "abs all any bool chr complex dict divmod enumerate filter float frozenset int isinstance iter len list map max min next object "
    "ord pow print range repr reversed round set sorted str sum super tuple zip"
)
NUMPY = (
    "abs add all allclose any arange argmax argmin argsort array array_equal asarray average bool_ broadcast_to cbrt ceil clip "
    "column_stack concatenate cos cosh cross cumprod cumsum diag diagonal diff divide dot e empty empty_like exp expand_dims expm1 "
    "eye finfo float32 float64 floor full full_like hstack hypot identity imag inf inner int64 isclose isfinite isinf isnan isscalar "
    "linalg linalg.det linalg.eigh linalg.eigvals linalg.eigvalsh linalg.inv linalg.norm linalg.solve linspace log log10 log1p log2 "
    "matmul max maximum mean median min minimum mod multiply nan nan_to_num ndarray ndim newaxis nonzero norm ones ones_like outer pi "
    "power prod ravel real repeat reshape round shape sign sin sinh size sort sqrt square squeeze stack std subtract sum swapaxes take "
    "tan tanh tile trace transpose vander var vstack where zeros zeros_like"
)
ATTRIBUTES = (
    "T __init__ add all any append argmax argmin astype capitalize casefold clear clip copy count cumsum day days difference "
    "difference_update discard dot dtype endswith eps extend find flat flatten fromkeys get hour imag index insert intersection "
    "intersection_update isalnum isalpha isdecimal isdigit isdisjoint islower isnumeric isoformat isoweekday isprintable "
    "isspace issubset issuperset istitle isupper items join keys lower lstrip maketrans max mean min minute month most_common "
    "ndim partition pop popitem prod ravel real remove removeprefix removesuffix replace reshape reverse rfind rindex round "
    "rpartition rsplit rstrip second seconds setdefault shape size sort split splitlines startswith std strip sum swapcase "
    "symmetric_difference title tolist total_seconds translate transpose union update upper values var weekday year"
)
"""None that makes a text as long as it is told, as `ljust` and `format` do."""
MODULES: tuple[tuple[Any, Container[str]], ...] = (
    (np, NUMPY.split()),
    *((one, vars(one)) for one in (math, date, datetime, timedelta, Counter, defaultdict)),
)
DOES_MORE = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.With, ast.AsyncWith)
MAKES_SIZES = "range arange linspace zeros ones empty full eye repeat tile"
ORDERS = ("counting", "statement")


def seek(name: str, code: AnswerCode, tell: Callable[[Found], None]) -> None:
    """Search where a change or two make an answer right, as long as there is time."""
    if not _is_pure(code):
        return
    publisher: Any = getattr(get_ipython(), "display_pub", SimpleNamespace())
    publisher.publish = lambda *data, **more: None  # what the answer displays was displayed when it ran
    try:
        with captured(), time_limit(SECONDS):
            search(name, code, tell, lambda run, number: run(), _harmless(code), OWN_SECONDS)
    except (TimeLimitError, KeyboardInterrupt):  # the verdict is shown all the same
        pass
    finally:
        del publisher.publish


def _is_pure(code: AnswerCode) -> bool:
    """Whether an answer can reach nothing but plain values, its arguments, what it makes of them, and functions of the lists."""
    for part in code.parts:
        known, whole = {one.name for one in code.parts}, part.definition
        for piece in whole.body if isinstance(whole, ast.Module) else [whole]:
            table = symtable(ast.unparse(piece), part.file, "exec")
            names = outer_names(table) | {getattr(getattr(piece, "target", None), "id", part.name)}
            if not all(_is_plain(name, code.names) for name in names - known):
                return False
            known |= {one.get_name() for one in table.get_symbols() if one.is_assigned()}
        if not all(_is_listed(node, code.names) for node in ast.walk(whole)):
            return False
    return code.names.get("np", np) is np


def _is_plain(name: str, names: dict[str, Any]) -> bool:
    """Whether nothing can be changed through a name of the notebook."""
    value = names.get(name, vars(builtins).get(name))
    return (
        isinstance(value, PLAIN)
        or any(value is module for module, _ in MODULES)
        or getattr(value, "__module__", "") == "math"
        or (name in BUILTINS.split() and value is vars(builtins)[name])
        or (isinstance(value, type) and issubclass(value, Exception))
    )


def _is_listed(node: ast.AST, names: dict[str, Any]) -> bool:
    """Whether a node is none that does more: no attribute but of `self` and in a list, no array for a result."""
    if not isinstance(node, ast.Attribute):
        return not isinstance(node, DOES_MORE) and getattr(node, "arg", "") != "out"
    root, _, attribute = ast.unparse(node).partition(".")
    for module, listed in MODULES:
        if names.get(root) is module and attribute.replace(".", "").isidentifier():
            return attribute in listed
    return node.attr in ATTRIBUTES.split() or (is_own(node) and not node.attr.startswith("__"))


def _harmless(code: AnswerCode) -> tuple[ChangeKind, ...]:
    """The kinds of changes, without those that could make a loop endless or an array or number very large."""
    fixed, looped = set(), set()

    def inside(node: ast.AST) -> Iterator[int]:
        return map(id, ast.walk(node))

    for node in (node for part in code.parts for node in ast.walk(part.definition)):
        if isinstance(node, ast.For | ast.While):
            looped.update(inside(node))
        match node:
            case ast.For(_, bound) | ast.comprehension(_, bound) | ast.While(bound):
                fixed.update(inside(bound))
            case ast.Call(ast.Name(name) | ast.Attribute(_, name)) if name in MAKES_SIZES.split():
                fixed.update(inside(node))

    def harmless(make: Callable[[Place], Changes]) -> Callable[[Place], Changes]:
        def changes(place: Place) -> Changes:
            for new in () if id(place.node) in fixed else make(place):
                is_power = isinstance(getattr(new, "op", None), ast.Pow)
                if not (id(place.node) in looped and is_power):  # whole numbers do not survive it there
                    yield new

        return changes

    return tuple((kind, harmless(make)) for kind, make in CHANGE_KINDS if kind not in ORDERS)
