"""Cells that cannot run, and what a student reads there.

A cell that calls an unanswered stub, or a class that is not lent, ends in one sentence. So does a later
cell that needs a name which such a cell was to make. To nbclient and nbgrader the cell still fails: only what is
shown is short. In JupyterLab and Notebook 7 the sentence links to the stub, and "Run All" goes on below it.

Of a cell that failed, the names from its earlier run are remembered, so that a check can refuse them.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
from html import escape
from types import TracebackType
from typing import TYPE_CHECKING, Any

from descentlab.notebook.borrowing import NotLentError
from descentlab.notebook.course_copy import answer_link
from descentlab.sentences import say

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

# What a cell with a slip of syntax would have defined.
DEFINES = re.compile(r"^(?:class|def)\s+(\w+)", re.MULTILINE)


class _Cells:
    """What this kernel remembers of the cells that failed."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.before: dict[str, Any] = {}
        """What the names that the running cell makes held before it."""
        self.older: set[str] = set()
        """Names that are older than the last cell that was to make them."""
        self.owed: dict[str, str] = {}
        """By name the stub for whose sake the cell that was to make it stopped."""
        self.explained: Exception | None = None

    def begins(self, info: ExecutionInfo) -> None:
        """A cell is about to run: keep what its names hold now."""
        source = info.raw_cell if isinstance(info.raw_cell, str) else ""
        names = names_made_by(source) or set(DEFINES.findall(source))
        self.before = {name: self.shell.user_ns.get(name) for name in names}

    def ends(self, result: ExecutionResult) -> None:
        """A cell has run: its names are new, or it failed before it made them.

        Where a person reads why, the cells below it run: the front end stops at a failed cell.
        """
        names = self.shell.user_ns
        for name, old in self.before.items():
            if not result.success and old is not None and names.get(name) is old:
                self.older.add(name)
            else:
                self.older.discard(name)
        if self.explained is not None and result.error_in_exec is self.explained and _in_front_end():
            result.error_in_exec = None
        self.before, self.explained = {}, None

    def explain(self, shell, kind, error: Exception, tb: TracebackType, tb_offset=None) -> None:
        """Show one sentence for a cell that needs what the student has yet to write, else the traceback."""
        stub = self._missing(error, tb)
        if stub is None:
            shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
            return
        self.owed |= dict.fromkeys(self.before, stub)
        explanation = str(error) if isinstance(error, NotLentError) else sentence(stub)
        if _in_front_end():
            link, text = answer_link(stub.partition(".")[0]), escape(explanation)
            html = f'<p><a href="{escape(link)}">{text}</a></p>' if link else f"<p>{text}</p>"
            shell.display_pub.publish({"text/plain": explanation, "text/html": html})
        else:
            shell._showtraceback(kind, error, [explanation])
        self.explained = error

    def _missing(self, error: Any, tb: TracebackType | None) -> str | None:
        """What the student has yet to write; None where that is not why the cell stopped."""
        if isinstance(error, NotLentError):
            return error.rule
        return stub_of(tb) if isinstance(error, NotImplementedError) else self.owed.get(error.name)


_of_this_kernel: _Cells | None = None


def install() -> None:
    """Watch the cells of the running IPython shell, if there is one."""
    global _of_this_kernel
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and _of_this_kernel is None:
        _of_this_kernel = _Cells(shell)
        shell.events.register("pre_run_cell", _of_this_kernel.begins)
        shell.events.register("post_run_cell", _of_this_kernel.ends)
        shell.set_custom_exc((NotImplementedError, NameError, NotLentError), _of_this_kernel.explain)


def is_of_an_earlier_run(answer: Any) -> bool:
    """Whether the last cell that was to make this class or function failed, so that an older one is there."""
    try:
        name = answer.__name__
    except Exception:  # an object of the student's that answers for every name, or for none
        return False
    cells = _of_this_kernel
    if cells is None or not isinstance(name, str):
        return False
    return name in cells.older and cells.shell.user_ns.get(name) is answer


def names_made_by(source: str) -> set[str]:
    """The names that a cell's source assigns or defines."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    assigned = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return assigned | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _in_front_end() -> bool:
    """Whether a notebook sent the cell that names its cells, as JupyterLab does and nbclient does not."""
    from IPython import get_ipython

    parent = getattr(get_ipython(), "parent_header", None) or {}
    return bool(isinstance(parent, dict) and parent.get("metadata", {}).get("cellId"))


def stub_of(tb: TracebackType | None) -> str | None:
    """The function whose stub raised, e.g. "Adam.update"; None where something else did.

    A stub is a function of the notebook that raises NotImplementedError itself, whatever else is on that line.
    """
    last = None
    while tb is not None:
        last, tb = tb, tb.tb_next
    if last is None:
        return None
    code = last.tb_frame.f_code
    line = linecache.getline(code.co_filename, last.tb_lineno).strip()
    is_stub = line.startswith("raise NotImplementedError") and code.co_name != "<module>"
    return code.co_qualname if is_stub else None


def sentence(stub: str) -> str:
    """What the reader does next."""
    return say(
        "{stub} is not answered yet: write it in its cell above, run that cell, then run this one again.",
        stub=stub,
    )
