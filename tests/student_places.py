"""The place in a student's code, waited for."""

import json
from typing import Any

from verdicts.repair import Where, can_fork, code_of, look, misspelt


def where(check: str, answer: Any, names: dict[str, Any], failing: set[str] | None = None) -> Where | None:
    """A misspelt name, else what `look` says last; None if nothing."""
    code = code_of(check, answer, names, failing)
    if code is None or (name := misspelt(code)):
        return name if code else None
    said: list[Where | None] = [None]
    if not can_fork():
        look(check, code, said.append)
        return said[-1]
    from verdicts.repair.child import Child

    child = Child(lambda tell: look(check, code, lambda place: tell(json.dumps(place))), code.names)
    said += [Where(*place) if place else None for place in map(json.loads, child.lines())]
    child.end()
    return said[-1]
