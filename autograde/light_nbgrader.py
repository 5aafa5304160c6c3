"""nbgrader without its server: what it imports for Jupyter's pages, no command uses or waits for.

`import nbgrader` imports the handlers of four server extensions, nbgrader.utils imports setuptools to unpack
archives, nbgrader.auth what asks JupyterHub, and nbconvert what turns text into pages: more than half of the
time in which a command starts.
While these are imported, placeholders stand for such modules. Then they are gone: whoever imports one of the
modules gets it, and a function or class that was taken from a placeholder calls the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

NOT_USED = (
    *(
        f"nbgrader.server_extensions.{name}"
        for name in ("assignment_list", "course_list", "validate_assignment", "formgrader")
    ),
    "setuptools.archive_util",
    "nbconvert.filters.markdown_mistune",
    "bs4",
    "requests",  # to ask JupyterHub who is in a course
)


class _Placeholder(ModuleType):
    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*words: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*words, **options)

        return call


def load() -> None:
    """Import nbgrader, where it is installed and was not imported yet."""
    if "nbgrader" in sys.modules:
        return
    placed = {name: _Placeholder(name) for name in NOT_USED if name not in sys.modules}
    sys.modules.update(placed)
    try:
        with suppress(ModuleNotFoundError):
            import_module("nbgrader.utils")
            import_module("nbgrader.auth")
            import_module("nbconvert")  # as nbgrader does, here without what makes pages
    finally:
        for name in placed:
            del sys.modules[name]
