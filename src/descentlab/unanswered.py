"""A cell that meets a stub nobody has filled in, or a class that is not lent, ends in one sentence.

So does a later cell that needs a name which such a cell was to make. To nbclient and nbgrader the cell still
fails: only what is shown is short. In JupyterLab and Notebook 7 "Run All" goes on below it.
"""

from __future__ import annotations

import linecache
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from descentlab.borrowing import NotLentError
from descentlab.failed_cells import names_made_by
from descentlab.sentences import say

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult


def install() -> None:
    """Makes the running IPython shell, if there is one, show the sentence."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None:
        handler = _Handler()
        shell.set_custom_exc((NotImplementedError, NameError, NotLentError), handler)
        shell.events.register("post_run_cell", handler.go_on)


class _Handler:
    """Remembers which names the stopped cells would have made."""

    def __init__(self) -> None:
        self.owed: dict[str, str] = {}
        self.explained: Exception | None = None
        """What the sentence was said of last."""

    def go_on(self, result: ExecutionResult) -> None:
        """Where a person reads the sentence, the cells below it run: the front end stops at a failed cell."""
        if self.explained is not None and result.error_in_exec is self.explained and _in_front_end():
            result.error_in_exec = None
        self.explained = None

    def __call__(self, shell, kind, error: Exception, tb: TracebackType, tb_offset=None) -> None:
        stub = self._missing(error, tb)
        if stub is None:
            shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
            return
        # The list behind `In`, a name that a student may use for something else.
        cells = getattr(shell.history_manager, "input_hist_parsed", [""])
        self.owed |= dict.fromkeys(names_made_by(cells[-1]), stub)
        explanation = str(error) if isinstance(error, NotLentError) else sentence(stub)
        shell._showtraceback(kind, error, [explanation])
        self.explained = error

    def _missing(self, error: Exception, tb: TracebackType | None) -> str | None:
        """What the student has yet to write; None where that is not why the cell stopped."""
        if isinstance(error, NotLentError):
            return error.rule
        return stub_of(tb) if isinstance(error, NotImplementedError) else self.owed.get(error.name)


def _in_front_end() -> bool:
    """Whether a notebook sent the cell that names its cells, as JupyterLab does and nbclient does not."""
    from IPython import get_ipython

    parent = getattr(get_ipython(), "parent_header", None) or {}
    return bool(isinstance(parent, dict) and parent.get("metadata", {}).get("cellId"))


def stub_of(tb: TracebackType | None) -> str | None:
    """The function whose stub raised, e.g. "Adam.update"; None where something else did.

    A stub is a function of the notebook that raises NotImplementedError itself, whatever stands beside it.
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
