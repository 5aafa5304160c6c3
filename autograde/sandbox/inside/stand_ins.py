"""Stand-ins for what a box lacks: every name of descentlab can be imported there, and says so when it is used."""

from collections.abc import Callable
from typing import Any

NOTICE = "{} is not there while grading: use your own code here, or the check."
PICTURES = "descentlab.explorers"
NO_PICTURE = "{}: not drawn while grading"


class NotThereError(RuntimeError):
    """A stand-in was used; the message is one sentence for the student."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def stand_in(name: str) -> type:
    """A class instead of the class or function of this dotted name.

    Using it raises `NotThereError`; an explorer prints a line, as no answer is judged by a picture.
    """
    short = name.rpartition(".")[2]

    def refuse(*_: Any, **__: Any) -> None:
        if not name.startswith(PICTURES):
            raise NotThereError(NOTICE.format(name))
        print(NO_PICTURE.format(short))

    return type(short, (), {"__new__": refuse, "update": refuse})


def stand_ins(module: str) -> Callable[[str], type]:
    """The `__getattr__` of a module that the box lacks: a stand-in for each name but Python's own."""

    def get(name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return stand_in(f"{module}.{name}")

    return get
