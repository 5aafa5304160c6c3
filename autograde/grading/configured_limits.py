"""Limits of a run, from the course's configuration.

c.Execute.timeout = 30                          seconds a cell may take: nbgrader's own option
c.Limits.memory_bytes = 4 * 2**30               for every assignment
c.Limits.of = {"07-comparison": {"wall_seconds": 900}}   for one
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from traitlets.config import Config

from autograde.errors import UsageError
from autograde.sandbox import Limits

# The least with which an empty notebook runs, and the most that the system takes: beyond either, students
# would pay for a slip in the configuration.
SECONDS, SIZES = (0, 10**6), (1, 2**60)
RANGES = {
    "memory_bytes": (64 * 2**20, 2**60),
    "disk_bytes": (2**16, 2**60),
    "processes": (1, 2**20),
    "busy_threads": (1, 2**20),
    "evidence_bytes": (2**10, Limits.evidence_bytes),  # longer evidence is not even packed
}
EXAMPLE = '{"07-comparison": {"wall_seconds": 900}}'


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
    of_this = of_assignments.get(assignment, {}) if isinstance(of_assignments, Mapping) else of_assignments
    if not isinstance(of_this, Mapping):
        raise UsageError.say(
            "c.Limits.of: {value!r} is no table, as in {example}.", value=of_this, example=EXAMPLE
        )
    asked |= section | dict(of_this)
    known = {field.name for field in fields(Limits)}
    for name, value in asked.items():
        if name not in known:
            raise UsageError.say(
                "c.Limits.{name}: no such limit. There are: {names}.",
                name=name,
                names=", ".join(sorted(known)),
            )
        asked[name] = _number(name, value)
    return replace(Limits(), **asked)


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:  # nor NaN
        raise UsageError.say("c.Limits.{name} = {value!r}: not a positive number.", name=name, value=value)
    least, most = RANGES.get(name, SECONDS if name.endswith("seconds") else SIZES)
    if not least <= value <= most:
        raise UsageError.say(
            "c.Limits.{name} = {value!r}: must be {least} to {most}.",
            name=name,
            value=value,
            least=least,
            most=most,
        )
    if name.endswith("seconds"):
        return value
    if value != int(value):
        raise UsageError.say("c.Limits.{name} = {value!r}: not a whole number.", name=name, value=value)
    return int(value)
