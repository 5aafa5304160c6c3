"""descentlab: a course on gradient descent, with the helpers of `verdicts` that its lessons call.

The reference rules are in `descentlab.rules`; nothing here imports them before one is lent, so that lessons also run
without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import verdicts
from verdicts import courses

if TYPE_CHECKING:
    from verdicts import borrow, check, claim, earlier, hint, predict, progress, reveal

__all__ = ["borrow", "check", "claim", "earlier", "hint", "predict", "progress", "reveal"]


courses.register(__name__, lambda: import_module(f"{__name__}.exercises").Lessons())


__getattr__ = verdicts.__getattr__


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
