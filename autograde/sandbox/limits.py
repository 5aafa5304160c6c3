"""The inputs, limits and results of a sandbox: plain data, nothing of the student's process."""

from dataclasses import dataclass, field
from typing import Any

from autograde.errors import AutogradeError


class SandboxError(AutogradeError):
    """The machine's or the grader's fault, never the student's: it must not decide a grade."""


@dataclass(frozen=True)
class CellTask:
    """One code cell to run; `seed` and `check` (its name) only for a check's.

    `test` is set for a test cell of the teacher's own, which runs in a shell as it was at first. `handed` is what the
    cell of an inline check gets instead of a seed.
    """

    source: str
    seed: int | None = None
    check: str = ""
    test: bool = False
    handed: str = ""


@dataclass(frozen=True)
class CellResult:
    """One cell's outputs (nbformat output nodes) and its evidence, if any.

    `hooks` are the event hooks that a test cell ran with.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    evidence: bytes | None = None
    execution_count: int | None = None
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunResult:
    """One submission's run: a `CellResult` for each task, empty for cells that were not reached.

    `flags`, none for an undisturbed run, are those of `autograde.untrusted.flags.RUN_FLAGS`. `cpu_seconds` are those of its processes and
    of the one that watched them. `tier` says how they were confined (see `autograde.sandbox.tiers`).
    """

    cells: list[CellResult]
    flags: tuple[str, ...]
    seconds: float
    cpu_seconds: float
    tier: int


MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """The limits of one submission; sizes are bytes.

    Own time is explained in `autograde.sandbox.conversation.OwnTimeLimit`.

    A course may change each in its nbgrader_config.py, within `RANGES` of `grading/settings.py`.
    The limits of a submitted file are in `untrusted/submitted_notebook.py`.
    """

    cell_seconds: float = 30.0
    """A cell's own time: computing, or waiting for something other than a busy processor; by the clock up to eight
    times as long."""
    wall_seconds: float = 300.0
    """The notebook's own time, counted likewise."""
    cpu_seconds: float = 240.0
    """Processor time of the notebook."""
    memory_bytes: int = 2048 * MIB
    """Of all its processes."""
    processes: int = 64
    """Processes and threads."""
    busy_threads: int = 8
    """Threads that run or wait for a processor at once, for more than a moment."""
    disk_bytes: int = 64 * MIB
    """Of files."""
    output_bytes: int = 8 * MIB
    """Of outputs."""
    evidence_bytes: int = 4 * MIB
    """Of one check's evidence."""
