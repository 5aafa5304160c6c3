"""Cells that cannot run, and the student's message for them.

A cell that calls an unanswered stub, or a class that cannot be borrowed yet, ends in one sentence. So does a later
cell that needs a name which such a cell should have defined, or another cell that did not run. For nbclient and nbgrader the cell still fails: only
the display is short. In JupyterLab and Notebook 7 the sentence links to the stub, and "Run All" goes on below it.
"""

import linecache
import re
from html import escape
from symtable import symtable
from traceback import walk_tb
from types import TracebackType
from typing import TYPE_CHECKING, Any

from IPython import display, get_ipython

from verdicts.notebook import course_copy, start_page
from verdicts.notebook.borrowing import BorrowError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult


MADE = re.compile(r"^(?:class|def) +(\w+)|^(\w+) *=", re.MULTILINE)
_stopped: dict[str, str] = {}
"""Name → the error that stopped the last cell that was to make it, before it did."""


class _Cells:
    """This kernel's record of the cells that failed."""

    def __init__(self) -> None:
        self.makes: dict[str, Any] = {}
        """The names that the running cell is to make, and what they were before."""
        self.owed: dict[str, str] = {}
        """Undefined name → the stub at which its cell stopped."""
        self.explained: Exception | None = None

    def begins(self, info: "ExecutionInfo") -> None:
        """Note the names that the cell about to run will make."""
        names = names_made_by(info.raw_cell) if isinstance(info.raw_cell, str) else set()
        self.makes = {name: known_names().get(name) for name in names}

    def ends(self, result: "ExecutionResult") -> None:
        """A cell has run. Where a person reads why it stopped, those below run: a failed cell stops the front end."""
        if self.explained is not None and result.error_in_exec is self.explained and in_front_end():
            result.error_in_exec = None
        self.explained = None
        error: Any = result.error_before_exec or result.error_in_exec
        for name, before in self.makes.items():
            if error and known_names().get(name) is before:
                line = getattr(error, "lineno", "")
                _stopped[name] = f"{type(error).__name__}{line and f', line {line}'}"
            else:
                _stopped.pop(name, None)
        start_page.follow()

    def explain(self, shell, kind, error: Exception, tb: TracebackType, tb_offset=None) -> None:
        """Show one sentence for a cell that needs an unwritten answer, or another cell's name, else the traceback."""
        stub = self._missing(error, tb)
        explanation = "" if stub else not_there_yet(getattr(error, "name", ""))
        if stub:
            self.owed |= dict.fromkeys(self.makes, stub)
            explanation = str(error) if isinstance(error, BorrowError) else not_answered_yet(stub)
        if not explanation:
            shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
            return
        if in_front_end():
            tell(explanation, course_copy.answer_link(stub.partition(".")[0]) if stub else "")
        else:
            shell._showtraceback(kind, error, [explanation])
        self.explained = error

    def _missing(self, error: Any, tb: TracebackType | None) -> str | None:
        """The message for a missing answer; None if that is not why the cell stopped."""
        if isinstance(error, BorrowError):
            return error.borrowed
        return stub_of(tb) if isinstance(error, NotImplementedError) else self.owed.get(error.name)


def install() -> None:
    """Watch the cells of the running IPython shell."""
    shell, cells = get_ipython(), _Cells()
    shell.events.register("pre_run_cell", cells.begins)
    shell.events.register("post_run_cell", cells.ends)
    shell.set_custom_exc((NotImplementedError, NameError, BorrowError), cells.explain)


def names_made_by(source: str) -> set[str]:
    """The names that a cell's source makes; of what Python cannot read, those at the beginning of a line."""
    try:
        symbols = symtable(source, "", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return {name for pair in MADE.findall(source) for name in pair if name}
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}


def known_names() -> dict[str, Any]:
    """The names of this kernel's notebook; `In` has the cells that ran, in order."""
    shell = get_ipython()
    return shell.user_ns if shell else {}


def why_older(check: str) -> str:
    """One sentence if the last cell that was to make what is checked stopped before it did; empty if none did."""
    if not _stopped:
        return ""
    from verdicts.repair.source import checked_name  # not there while grading

    name = checked_name(check, known_names())
    if name not in _stopped:
        return ""
    return f"The cell that makes {name} did not run ({_stopped[name]}): what is checked here is the version before."


def not_there_yet(name: str) -> str:
    """The reader's next step where another cell of the saved notebook makes a name that is not there; else empty."""
    here = _cell_id()
    others = (
        source
        for kind, cell, source, _ in course_copy.own_cells()
        if here and kind == "code" and cell != here
    )
    if name in known_names() or not any(name in names_made_by(source) for source in others):
        return ""
    return f"{name} is not there yet: run the cells above (Run > Run All Above Selected Cell), then this one again."


def in_front_end() -> bool:
    """Whether a front end with cell ids sent the cell, such as JupyterLab; nbclient sends none."""
    return bool(_cell_id())


def _cell_id() -> str:
    kernel: Any = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if hasattr(kernel, "get_parent") else None
    return str(parent.get("metadata", {}).get("cellId", "")) if isinstance(parent, dict) else ""


def tell(line: str, link: str = "") -> None:
    """Print a line for the student; a front end gets it as a paragraph, which wraps between words, and links there."""
    if in_front_end():
        text = f'<a href="{escape(link)}">{escape(line)}</a>' if link else escape(line)
        display.display({"text/plain": line, "text/html": f"<p>{text}</p>"}, raw=True)
    else:
        print(line)


def stub_of(tb: TracebackType | None) -> str | None:
    """The function whose stub raised, e.g. "Heap.pop"; None if it was something else.

    A stub is a function of the notebook that raises NotImplementedError itself, whatever else is on that line.
    """
    frames = [*walk_tb(tb)]
    if not frames:
        return None
    frame, number = frames[-1]
    code = frame.f_code
    line = linecache.getline(code.co_filename, number).strip()
    is_stub = line.startswith("raise NotImplementedError") and code.co_name != "<module>"
    return code.co_qualname if is_stub else None


def not_answered_yet(stub: str) -> str:
    """The reader's next step, as a sentence."""
    return f"{stub} is not answered yet: write it in its cell above, run that cell, then run this one again."
