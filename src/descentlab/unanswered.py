"""A cell that meets a stub nobody has filled in, or a class that is not lent, ends in one sentence.

So does a later cell that needs a name which such a cell was to make. The cell still fails, in JupyterLab
as in nbclient and nbgrader: only what is shown is short.
"""

from __future__ import annotations

import ast
import linecache
import sys
from types import TracebackType

from descentlab.borrowing import NotLentError
from descentlab.sentences import say

STUB = "raise NotImplementedError  # your code here"


def install() -> None:
    """Makes the running IPython shell, if there is one, show the sentence."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((NotImplementedError, NameError, NotLentError), _Handler())


class _Handler:
    """Remembers which names the stopped cells would have made."""

    def __init__(self) -> None:
        self.owed: dict[str, str] = {}

    def __call__(self, shell, kind, error: Exception, tb: TracebackType, tb_offset=None) -> None:
        stub = self._missing(error, tb)
        if stub is None:
            shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
            return
        self.owed |= dict.fromkeys(names_made_by(shell.user_ns.get("In", [""])[-1]), stub)
        said = str(error) if isinstance(error, NotLentError) else sentence(stub)
        shell._showtraceback(kind, error, [said])

    def _missing(self, error: Exception, tb: TracebackType | None) -> str | None:
        """What the student has yet to write; None where that is not why the cell stopped."""
        if isinstance(error, NotLentError):
            return error.rule
        return stub_of(tb) if isinstance(error, NotImplementedError) else self.owed.get(error.name)


def stub_of(tb: TracebackType | None) -> str | None:
    """The function whose stub raised, e.g. "Adam.update"; None where something else did."""
    last = None
    while tb is not None:
        last, tb = tb, tb.tb_next
    if last is None:
        return None
    code = last.tb_frame.f_code
    line = linecache.getline(code.co_filename, last.tb_lineno)
    return code.co_qualname if STUB in line else None


def names_made_by(source: str) -> set[str]:
    """The names that a cell's source assigns or defines."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return assigned | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def sentence(stub: str) -> str:
    """What the reader does next."""
    return say(
        "{stub} is not answered yet: write it in its cell above, run that cell, then run this one again.",
        stub=stub,
    )
