"""Limits of a run, from the course's configuration.

c.Execute.timeout = 30                          seconds a cell may take: nbgrader's own option
c.Limits.memory_bytes = 4 * 2**30               for every assignment
c.Limits.of = {"07-comparison": {"wall_seconds": 900}}   for one
"""

from __future__ import annotations

from dataclasses import fields, replace

from traitlets.config import Config

from autograde.errors import UsageError
from autograde.sandbox import Limits


def limits_of(config: Config, assignment: str) -> Limits:
    """The limits for an assignment's submissions.

    Raises:
        UsageError: a limit that does not exist or is no positive number.
    """
    asked: dict[str, object] = {}
    timeout = config.get("Execute", {}).get("timeout", config.get("ExecutePreprocessor", {}).get("timeout"))
    if isinstance(timeout, int | float) and timeout > 0:
        asked["cell_seconds"] = float(timeout)
    section = dict(config.get("Limits", {}))
    of_assignments = section.pop("of", {})
    asked |= section | dict(of_assignments.get(assignment, {}))
    known = {field.name for field in fields(Limits)}
    for name, value in asked.items():
        if name not in known:
            raise UsageError(f"c.Limits.{name}: no such limit. There are: {', '.join(sorted(known))}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise UsageError(f"c.Limits.{name} = {value!r}: not a positive number.")
    return replace(Limits(), **asked)
