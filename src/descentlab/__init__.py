"""descentlab: what the lessons share.

`check` is the one line under every graded stub, `why` shows an answer's numbers call by call, `claim` puts a
measured number beside the theory's, `predict` keeps a guess until `reveal` says what it is, `progress` lists
which checks pass in this copy of the course.

`hint` helps before a check fails; `borrow` lends a rule to a student who is stuck.

The reference rules are in `descentlab.rules`, the checks in `descentlab.checks`; nothing here imports the
rules before one is lent, so that lessons also run without them. A name's room is loaded when it is asked for:
`descentlab.sentences` alone loads no other.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from descentlab.borrowing import borrow
    from descentlab.check_progress import progress
    from descentlab.checks.cell import check, why
    from descentlab.claims import claim
    from descentlab.hints import hint
    from descentlab.predictions import predict, reveal

__all__ = ["borrow", "check", "claim", "hint", "predict", "progress", "reveal", "why"]

_ROOMS = {
    "borrow": "borrowing",
    "check": "checks.cell",
    "claim": "claims",
    "hint": "hints",
    "predict": "predictions",
    "progress": "check_progress",
    "reveal": "predictions",
    "why": "checks.cell",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _watch_cells() -> None:
    """In a notebook's kernel: from its first import on, cells that stop at a stub end in one sentence."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        for room in ("unanswered", "failed_cells"):
            import_module(f"{__name__}.{room}").install()


_watch_cells()
