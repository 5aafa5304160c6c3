"""Pools of a tier that a test chooses: weaker ones are what other machines give; and what runs in them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograde.sandbox import CellTask, Limits, Pool, RunResult, Tier, best_tier, tiers
from autograde.sandbox import pool as pool_module

LIMITS = Limits(cell_seconds=20)
BOXED = [pytest.param(tier, marks=pytest.mark.needs("bubblewrap")) for tier in (3, 2)]
EVERY = [*BOXED, 1]


def pool_of(tier: int, jobs: int = 1, limits: Limits = LIMITS) -> Pool:
    """A pool whose boxes are of this tier; where the machine has not got it, the test is not run."""
    if tier == 3 and best_tier().number < 3:
        pytest.skip(f"not run: no control group for tests in tier 3: {best_tier().reason}")
    if tier == 1 and not tiers.try_landlock().usable:
        pytest.skip("not run: this kernel has no Landlock: boot a kernel from 5.13 with lsm=landlock,…")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(pool_module, "best_tier", lambda: Tier(tier, "for a test"))
        return Pool(jobs=jobs, limits=limits)


def run_sources(
    pool: Pool,
    *sources: str | tuple[str, int],
    seed: int = 1,
    files: Mapping[str, bytes] | None = None,
    **limits: float,
) -> RunResult:
    """Run sources as one submission; a (source, seed) pair is a check's cell."""
    tasks = [CellTask(*s) if isinstance(s, tuple) else CellTask(s) for s in sources]
    return pool.submit_run(tasks, seed, replace(pool.limits, **limits), files).result(timeout=120)


def texts(result: RunResult) -> list[str]:
    """What each cell printed."""
    return ["".join(o.get("text", "") for o in cell.outputs) for cell in result.cells]


def children(pid: int) -> list[int]:
    """The processes that this one has started, seen from outside."""
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
