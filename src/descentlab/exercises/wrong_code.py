"""Wrong answers as code: classes of one changed line, and the text of every entry's code."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any


def derived(base: type, **methods: Callable) -> type:
    """The base class with a method or two of its own, each given as a `lambda`."""
    return type(base.__name__, (base,), {"__module__": base.__module__, **methods})


def code_of(name: str, answer: Any) -> str:
    """The code of a wrong answer as a student would write it; `name` is that of a row's function or class."""
    if not callable(answer):
        return f"{answer:.6g}" if isinstance(answer, float) else repr(answer)
    if _is_lambda(answer):
        return _function(name, answer)
    methods = {key: value for key, value in vars(answer).items() if _is_lambda(value)}
    if methods:
        head = f"class {name.title().replace('_', '')}({answer.__base__.__name__}):\n"
        body = "\n\n".join(_function(key, value) for key, value in methods.items())
        return head + textwrap.indent(body, "    ")
    source = textwrap.dedent(inspect.getsource(answer))
    return re.sub(r"\A@[\w.]+(?:\(.*?^\))?\n", "", source, flags=re.DOTALL | re.MULTILINE).rstrip()


def _is_lambda(answer: Any) -> bool:
    return getattr(answer, "__name__", "") == "<lambda>"


def _function(name: str, formula: Callable) -> str:
    """The `def` of a `lambda`, in the words of its source."""
    source = f"_({inspect.getsource(formula).strip().rstrip(',')})"
    parsed = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Lambda))
    arguments, body = ast.unparse(parsed.args), ast.get_source_segment(source, parsed.body)
    shown = body[1:-1] if isinstance(parsed.body, ast.Tuple) else body
    return f"def {name}({arguments}):\n    return {shown}"
