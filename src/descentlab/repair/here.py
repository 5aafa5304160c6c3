"""The search in the student's own process, where none can be forked: on Windows and in a browser.

Nothing can be undone there, so fewer changes are tried: none of a loop's bound, of a size, of a condition of `while` or of the
order of statements, and only for an answer that is quick. One watch ends the whole search.
"""

import ast
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from IPython import get_ipython

from descentlab.checks.recording.run_student import captured
from descentlab.checks.recording.time_limit import TimeLimitError, time_limit
from descentlab.repair.changes import KINDS, Changes, Kind, Place, Scope
from descentlab.repair.search import Found, search
from descentlab.repair.source import Answer

SECONDS = 0.6
OWN_SECONDS = 0.005
"""The longest time of an answer on one probe."""
MAKES_SIZES = ["range", "arange", "linspace", "zeros", "ones", "empty", "full", "eye", "repeat", "tile"]
ORDERS = ("where counting begins and ends", "where the line stands, and whether it belongs there")


def places(name: str, own: Answer) -> list[Found]:
    """The places in an answer's code where a change or two make it right, as far as they were found in time."""
    found: list[Found] = []
    publisher: Any = getattr(get_ipython(), "display_pub", SimpleNamespace())
    publisher.publish = lambda *data, **more: None  # what the answer displays was displayed when it ran
    try:
        with captured(), time_limit(SECONDS):
            search(name, own, found.append, lambda run, number: run(), _harmless(own), OWN_SECONDS)
    except (TimeLimitError, KeyboardInterrupt):  # the verdict is shown all the same
        pass
    finally:
        del publisher.publish
    return found


def _harmless(own: Answer) -> tuple[Kind, ...]:
    """The kinds of changes, without those that could make a loop endless or an array or number very large."""
    fixed: set[int] = set()
    looped: set[int] = set()
    for node in (node for part in own.parts for node in ast.walk(part.definition)):
        if isinstance(node, ast.For | ast.While):
            looped.update(map(id, ast.walk(node)))
        if isinstance(node, ast.For | ast.comprehension):
            fixed.update(map(id, ast.walk(node.iter)))
        elif isinstance(node, ast.While):
            fixed.update(map(id, ast.walk(node.test)))
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKES_SIZES
        ):
            fixed.update(map(id, ast.walk(node)))

    def harmless(make: Callable[[Place, Scope], Changes]) -> Callable[[Place, Scope], Changes]:
        def changes(place: Place, scope: Scope) -> Changes:
            for new in () if id(place.node) in fixed else make(place, scope):
                if not (id(place.node) in looped and _grows(new)):
                    yield new

        return changes

    return tuple((what, harmless(make)) for what, make in KINDS if what not in ORDERS)


def _grows(new: Any) -> bool:
    """Whether it is a power, which whole numbers do not survive in a loop."""
    return isinstance(getattr(new, "op", None), ast.Pow)
