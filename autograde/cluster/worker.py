"""What runs on a cluster's workers: imports nothing that the extra `cluster` does not bring."""

from __future__ import annotations

import atexit
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from autograde.sandbox import CellTask, Limits, Pool, RunResult


def versions() -> dict[str, str]:
    """Versions that what a notebook computes may depend on."""
    return {name: version(name) for name in ("descentlab", "numpy")} | {"python": platform.python_version()}


def run_on_worker(
    cells: tuple[CellTask, ...],
    seed: int,
    limits: Limits,
    isolation: str,
    files: Mapping[str, bytes] | None = None,
) -> RunResult:
    """Run a notebook in this machine's sandbox."""
    return _worker_pool(isolation).submit_run(cells, seed, limits, files).result()


@cache
def _worker_pool(isolation: str) -> Pool:
    """One pool a worker, as wide as the worker."""
    from distributed import get_worker

    pool = Pool(jobs=get_worker().state.nthreads, isolation=isolation)
    atexit.register(pool.close)
    return pool
