"""Stand-ins for what a box lacks: every name of a course can be imported there, and says so when it is used."""

from collections.abc import Callable
from typing import Any

NOTICE = "{} is not there while grading: use your own code here, or the check."
NO_PICTURE = "{}: not drawn while grading"


class NotThereError(RuntimeError):
    """A stand-in was used; the message is one sentence for the student."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def stand_in(name: str, is_picture: bool = False) -> type:
    """A class instead of the class or function of this dotted name.

    Using it raises `NotThereError`; a picture prints a line, as no answer is judged by one.
    """
    short = name.rpartition(".")[2]

    def refuse(*_: Any, **__: Any) -> None:
        if not is_picture:
            raise NotThereError(NOTICE.format(name))
        print(NO_PICTURE.format(short))

    return type(short, (), {"__new__": refuse, "update": refuse})


def stand_ins(module: str, is_picture: bool = False) -> Callable[[str], type]:
    """The `__getattr__` of a module that the box lacks: a stand-in for each name but Python's own."""

    def get(name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return stand_in(f"{module}.{name}", is_picture)

    return get
