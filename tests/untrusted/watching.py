"""What is opened while strangers' text is read."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALLED = (sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", "/usr/lib", str(Path(__file__).parents[2]))
_opened: dict[int, list[str]] = {}


def _note(event: str, arguments: tuple) -> None:
    if event == "open" and _opened and (mine := _opened.get(threading.get_ident())) is not None:
        mine.append(str(arguments[0]))


sys.addaudithook(_note)  # for good: a hook cannot be taken away


@contextmanager
def watched() -> Iterator[list[str]]:
    """The paths that this thread opens meanwhile, apart from installed programs and time zones."""
    mine: list[str] = []
    _opened[threading.get_ident()] = mine
    try:
        yield mine
    finally:
        del _opened[threading.get_ident()]
        mine[:] = [path for path in mine if not path.startswith(INSTALLED)]
