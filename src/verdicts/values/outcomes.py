"""What a call gives instead of a value: nothing, or an exception."""

from collections.abc import Mapping
from typing import Any

from verdicts.values.kind import NONE, Carried, Inner, Kind, Mismatch, Pair
from verdicts.values.strings import Pieces


class _Note(str):
    """Words for what could not be carried, as they are shown."""

    def __repr__(self) -> str:
        return f"a{'n' * self.lower().startswith(tuple('aeio'))} {self}"


class _Nothing(Kind):
    def make(self, held: Any, inner: Inner) -> Any:
        return _Note(held["odd"]) if isinstance(held, Mapping) and held != NONE else None

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        return None if actual == expected == NONE else pair.differ("")


def raised(name: str) -> Carried:
    """That an exception of this type is raised."""
    return {"odd": RAISED.tag, "held": [name]}


_Nothing("NoneType")
RAISED = Pieces("raised", write=str, read=_Note)
