"""Cells that failed, and whose names a notebook still holds from an earlier run: a check says so."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

# What a cell with a slip of syntax would have defined.
DEFINES = re.compile(r"^(?:class|def)\s+(\w+)", re.MULTILINE)


class _FailedCells:
    """Which names are older than the last cell that was to make them."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.before: dict[str, Any] = {}
        self.older: set[str] = set()

    def begins(self, info: ExecutionInfo) -> None:
        """A cell is about to run: keep what its names hold now."""
        source = info.raw_cell if isinstance(info.raw_cell, str) else ""
        names = names_made_by(source) or set(DEFINES.findall(source))
        self.before = {name: self.shell.user_ns.get(name) for name in names}

    def ends(self, result: ExecutionResult) -> None:
        """A cell has run: its names are new, or it failed before it made them."""
        names = self.shell.user_ns
        for name, old in self.before.items():
            if not result.success and old is not None and names.get(name) is old:
                self.older.add(name)
            else:
                self.older.discard(name)
        self.before = {}


_of_this_kernel: _FailedCells | None = None


def install() -> None:
    """Watch the cells of the running IPython shell, if there is one."""
    global _of_this_kernel
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and _of_this_kernel is None:
        _of_this_kernel = _FailedCells(shell)
        shell.events.register("pre_run_cell", _of_this_kernel.begins)
        shell.events.register("post_run_cell", _of_this_kernel.ends)


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
