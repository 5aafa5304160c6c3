"""What a sandbox is given and what it gives back: plain data, nothing of the student's process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograde.errors import SaidError


class SandboxError(SaidError):
    """The machine's or the grader's fault, never the student's: no grade may follow from it."""


@dataclass(frozen=True)
class CellTask:
    """One code cell to run; `seed` and `check` (its name, for a machine that judges) only for a check's."""

    source: str
    seed: int | None = None
    check: str = ""


@dataclass(frozen=True)
class CellResult:
    """What one cell showed (nbformat output nodes) and the evidence it recorded, if any.

    `verdict` is `Verdict.as_data` of that evidence where a cluster's worker judged it.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    evidence: bytes | None = None
    execution_count: int | None = None
    verdict: dict[str, Any] | None = None


@dataclass(frozen=True)
class Turn:
    """Where a run stands: for how many seconds of the clock it goes on, None before it has begun, and after
    how many it is ended at the latest; `again`: it is repeated, with nothing else running."""

    seconds: float | None
    most: float
    again: bool = False


@dataclass(frozen=True)
class RunResult:
    """One submission's run: a `CellResult` for each task, empty for cells that were not reached.

    `flags`, none for an undisturbed run: "timeout", "memory", "processes", "disk", "output-limit", "died",
    "odd-reply". `cpu_seconds` are those of its processes and of the one that watched them. `tier` says how
    they were confined (see `autograde.sandbox.tiers`). `starved`: it met a limit in seconds though it had not
    computed for so long and was kept waiting for a processor. `worker` is which of a cluster's ran it.
    """

    cells: list[CellResult]
    flags: tuple[str, ...]
    seconds: float
    cpu_seconds: float
    tier: int
    starved: bool = False
    worker: str = ""
