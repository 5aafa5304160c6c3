"""Running strangers' notebooks: cells go in, outputs and evidence come out, nothing else does.

The grader uses `Pool`; `inside/` runs in the box; `docs/sandbox.md` lists attacks and defenses.
"""

from autograde.sandbox.allowed import imported
from autograde.sandbox.limits import CellResult, CellTask, Limits, RunResult, SandboxError
from autograde.sandbox.pool import Pool
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
