"""One warm pool for all tests of a worker: a box takes seconds to start."""

from collections.abc import Iterator
from functools import partial

import pytest

from autograde.sandbox import Limits, Pool
from sandbox.pools import run_sources

SHORT = Limits(cell_seconds=20, wall_seconds=60)


@pytest.fixture(scope="session", params=[pytest.param("auto", marks=pytest.mark.needs("bubblewrap"))])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with Pool(jobs=1, isolation=request.param, limits=SHORT) as made:
        yield made


@pytest.fixture
def run(pool: Pool):
    """Run sources as one submission: see `run_sources`."""
    return partial(run_sources, pool)
