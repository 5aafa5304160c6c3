"""One warm pool for all tests of a worker: a box takes seconds to start."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from autograde.sandbox import CellTask, Limits, Pool, RunResult

SHORT = Limits(cell_seconds=20, wall_seconds=60)


@pytest.fixture(scope="session", params=[pytest.param("auto", marks=pytest.mark.needs("bubblewrap"))])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with Pool(jobs=1, isolation=request.param, limits=SHORT) as made:
        yield made


@pytest.fixture
def run(pool: Pool):
    """Run sources as one submission; a (source, seed) pair is a check's cell."""

    def go(*sources: str | tuple[str, int], seed: int = 1, **limits: float) -> RunResult:
        tasks = [CellTask(*s) if isinstance(s, tuple) else CellTask(s) for s in sources]
        return pool.submit_run(tasks, seed, replace(pool.limits, **limits)).result(timeout=120)

    return go
