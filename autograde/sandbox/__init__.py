"""Running strangers' notebooks: cells go in, outputs and evidence come out, nothing else does.

`Pool` is what the grader uses. `inside/` is what runs in the box; `docs/sandbox.md` says what defends against
what.
"""

from autograde.sandbox.allowed import imported
from autograde.sandbox.pool import Pool
from autograde.sandbox.protocol import CellResult, CellTask, Limits, RunResult, SandboxError
from autograde.sandbox.tiers import Tier, best_tier

__all__ = [
    "CellResult",
    "CellTask",
    "Limits",
    "Pool",
    "RunResult",
    "SandboxError",
    "Tier",
    "best_tier",
    "imported",
]
