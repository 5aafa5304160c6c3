"""A look at the clock from the code's own events, where no thread can look: in a browser."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from types import CodeType

# Two numbers that Python leaves to anybody: 0, 1, 2 and 5 are a debugger's, coverage's, a profiler's, an
# optimizer's.
TOOLS = (4, 3)
# Between these and the code that is watched, the interrupt would miss whoever waits for it.
NOT_INTERRUPTED = {contextlib.__file__, __file__}


def look_at_events(over: Callable[[], bool], every: float) -> Callable[[], None]:
    """Ask `over` at jumps and calls of Python code, and interrupt the code once it answers yes.

    Needs `sys.monitoring` (Python 3.12 or newer, as Pyodide's is); before that nothing is looked at.

    Args:
        over: whether the time is over.
        every: seconds between two questions; an event before that costs one look at the clock.

    Returns:
        The function that ends the looking; it may be called twice.
    """
    monitoring = getattr(sys, "monitoring", None)
    tool = next((tool for tool in TOOLS if monitoring and monitoring.get_tool(tool) is None), None)
    if tool is None:
        return lambda: None

    next_look = time.monotonic()

    def end() -> None:
        if monitoring.get_tool(tool) == __name__:
            monitoring.set_events(tool, monitoring.events.NO_EVENTS)
            monitoring.free_tool_id(tool)

    def look(code: CodeType, *_where: int) -> None:
        nonlocal next_look
        if (now := time.monotonic()) < next_look:
            return
        next_look = now + every
        if code.co_filename not in NOT_INTERRUPTED and over():
            # Off before the exception: what handles it jumps and calls too, and would be interrupted again.
            end()
            raise KeyboardInterrupt

    monitoring.use_tool_id(tool, __name__)
    for event in (monitoring.events.JUMP, monitoring.events.PY_START):
        monitoring.register_callback(tool, event, look)
    monitoring.set_events(tool, monitoring.events.JUMP | monitoring.events.PY_START)
    return end
