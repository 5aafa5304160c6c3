"""What a sandbox is given and what it gives back: plain data, nothing of the student's process."""

from dataclasses import dataclass, field
from typing import Any

from autograde.errors import AutogradeError


class SandboxError(AutogradeError):
    """The machine's or the grader's fault, never the student's: it must not decide a grade."""


@dataclass(frozen=True)
class CellTask:
    """One code cell to run; `seed` and `check` (its name) only for a check's.

    `test` is set for a test cell of the teacher's own, which runs in a shell as it was at first.
    """

    source: str
    seed: int | None = None
    check: str = ""
    test: bool = False


@dataclass(frozen=True)
class CellResult:
    """What one cell showed (nbformat output nodes) and the evidence it recorded, if any.

    `hooks` are the event hooks that a test cell ran with.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    evidence: bytes | None = None
    execution_count: int | None = None
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """How far a run has come: for how many seconds it has run, None before it begins, and its limit."""

    seconds: float | None
    most: float


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
