"""What runs on a cluster's workers: imports nothing that the extra `cluster` does not bring."""

from __future__ import annotations

import atexit
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograde.sandbox import CellTask, Limits, Pool, RunResult


def versions() -> dict[str, str]:
    """Versions that what a notebook computes may depend on."""
    return {name: version(name) for name in ("descentlab", "numpy")} | {"python": platform.python_version()}


Of = tuple[str, tuple[str, ...], tuple[tuple[str, Path], ...]]
"""What a pool is made of: the isolation, the course's packages, withheld folders by what they are."""


def prove_on_worker(of: Of) -> None:
    """Start a box in this machine's sandbox that proves that nothing withheld can be read."""
    _worker_pool(of).prove()


def run_on_worker(
    cells: tuple[CellTask, ...],
    seed: int,
    limits: Limits,
    of: Of,
    files: Mapping[str, bytes] | None = None,
) -> RunResult:
    """Run a notebook in this machine's sandbox."""
    return _worker_pool(of).submit_run(cells, seed, limits, files).result()


@cache
def _worker_pool(of: Of) -> Pool:
    """One pool a worker, as wide as the worker."""
    from distributed import get_worker

    isolation, packages, withheld = of
    jobs = get_worker().state.nthreads
    pool = Pool(jobs=jobs, isolation=isolation, packages=packages, withheld=dict(withheld))
    atexit.register(pool.close)
    return pool
