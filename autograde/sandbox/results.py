"""What a sandbox is given and what it gives back: plain data, nothing of the student's process."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

MIB = 2**20


class SandboxError(Exception):
    """The machine's or the grader's fault, never the student's: no grade may follow from it."""


@dataclass(frozen=True)
class CellTask:
    """One code cell to run; `seed` only for the cell of a check."""

    source: str
    seed: int | None = None


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are wall time unless named `cpu`; sizes are bytes."""

    cell_seconds: float = 30.0
    wall_seconds: float = 300.0
    cpu_seconds: float = 240.0
    memory_bytes: int = 2048 * MIB
    processes: int = 64
    disk_bytes: int = 64 * MIB
    output_bytes: int = 8 * MIB
    evidence_bytes: int = 1 * MIB

    def within(self, **changes: float) -> Limits:
        """A copy with some limits changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class CellResult:
    """What one cell showed (nbformat output nodes) and the evidence it recorded, if any."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    evidence: bytes | None = None
    execution_count: int | None = None


@dataclass(frozen=True)
class RunResult:
    """One submission's run: a `CellResult` for each task, empty for cells that were not reached.

    `flags`, none for an undisturbed run: "timeout", "memory", "processes", "disk", "output-limit", "died",
    "odd-reply". `cpu_seconds` are those of its processes and of the one that watched them. `tier` says how
    they were confined (see `autograde.sandbox.tiers`).
    """

    cells: list[CellResult]
    flags: tuple[str, ...]
    seconds: float
    cpu_seconds: float
    tier: int
