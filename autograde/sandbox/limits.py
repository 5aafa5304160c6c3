"""What one submission may use."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use; sizes are bytes.

    `cell_seconds` and `wall_seconds`, the notebook's, are own time: see `autograde.sandbox.conversation.Patience`.
    `busy_threads` may run or wait for a processor at once, for more than a moment.

    A course may change each in its nbgrader_config.py, within `RANGES` of `grading/configured_limits.py`.
    How large a submitted file may be stands in `untrusted/notebook.py`.
    """

    cell_seconds: float = 30.0
    wall_seconds: float = 300.0
    cpu_seconds: float = 240.0
    memory_bytes: int = 2048 * MIB
    processes: int = 64
    busy_threads: int = 8
    disk_bytes: int = 64 * MIB
    output_bytes: int = 8 * MIB
    evidence_bytes: int = 1 * MIB
