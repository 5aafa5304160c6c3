"""verdicts: checks in notebooks that say what is wrong with an answer, for any course.

`check` is the one line under every graded stub, `claim` puts a measured number next to the theory's, `predict`
keeps a guess until `reveal` says what it is, `progress` lists which checks pass in this copy of the course.

`hint` helps before a check fails; `borrow` lends a class to a student who is stuck, `earlier` those of earlier lessons.
What is asked, and what is right, is a course's: see `courses`. A name's module is loaded when the name is first used.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verdicts.notebook.borrowing import borrow, earlier
    from verdicts.notebook.check_cell import check, hint, problems
    from verdicts.notebook.course_copy import progress
    from verdicts.notebook.predictions import claim, predict, reveal

__all__ = ["borrow", "check", "claim", "earlier", "hint", "predict", "problems", "progress", "reveal"]

_MODULES = {
    "borrow": "notebook.borrowing",
    "check": "notebook.check_cell",
    "claim": "notebook.predictions",
    "earlier": "notebook.borrowing",
    "hint": "notebook.check_cell",
    "predict": "notebook.predictions",
    "problems": "notebook.check_cell",
    "progress": "notebook.course_copy",
    "reveal": "notebook.predictions",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _watch_cells() -> None:
    """Shorten the errors of a notebook's cells that stop at a stub, from the first import on."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        import_module(f"{__name__}.notebook.cells").install()


_watch_cells()
