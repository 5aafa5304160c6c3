"""Functions of the course and of the grader can be read at a glance."""

import ast

from support import ROOT

MOST_LINES = 40
"""From `def` to the last line, docstring included; decorators not."""


def long_functions(source: str) -> list[tuple[str, int]]:
    """The functions of a file that are longer, with their lines."""
    functions = [
        n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lines = [(function.name, function.end_lineno - function.lineno + 1) for function in functions]
    return [(name, count) for name, count in lines if count > MOST_LINES]


def test_no_function_is_longer_than_a_screen():
    files = [file for top in ("src", "autograde") for file in (ROOT / top).rglob("*.py")]
    assert len(files) > 300
    found = {file.relative_to(ROOT).as_posix(): long_functions(file.read_text("utf-8")) for file in files}
    assert {name: long for name, long in found.items() if long} == {}


def test_a_function_one_line_too_long_is_seen():
    fits, long = (f"def f():\n{'    x = 1' + chr(10)}" + "    x = 1\n" * (lines - 2) for lines in (40, 41))
    assert (long_functions(fits), long_functions(long)) == ([], [("f", 41)])
