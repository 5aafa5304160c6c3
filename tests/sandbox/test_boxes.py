"""A pool starts no more boxes than it has jobs, and leaves none behind."""

from __future__ import annotations

import time

import pytest

from autograde.sandbox import CellTask, Pool, RunResult, SandboxError
from autograde.sandbox import pool as pool_module
from sandbox.pools import run_sources


class FakeBox:
    """A box that notes what was done to it."""

    made: list[FakeBox]
    refused: list[SandboxError]
    killed, clean = False, True

    def __init__(self, *arguments: object) -> None:
        if self.refused:
            raise self.refused.pop()
        self.ended: list[str] = []
        self.made.append(self)

    def run(self, *arguments: object) -> RunResult:
        time.sleep(0.05)
        return RunResult([], (), 0.0, 0.0, 0)

    def kill(self) -> None:
        self.ended.append("killed")

    def close(self) -> None:
        self.ended.append("closed")


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[FakeBox]:
    monkeypatch.setattr(pool_module, "Box", FakeBox)
    monkeypatch.setattr(FakeBox, "made", [], raising=False)
    monkeypatch.setattr(FakeBox, "refused", [], raising=False)
    return FakeBox.made


def test_a_pool_has_no_more_boxes_than_jobs_and_closes_them(boxes):
    with Pool(jobs=2, isolation="none") as pool:
        pool.warm(40)
        for run in [pool.submit_run([CellTask("1")], 0) for _ in range(8)]:
            run.result()
    assert 1 <= len(boxes) <= 2
    assert [box.ended for box in boxes] == [["killed", "closed"]] * len(boxes)


def test_a_sandbox_that_fails_is_retried_once_and_the_next_run_tries_again(boxes):
    with Pool(jobs=1, isolation="none") as pool:
        FakeBox.refused.append(SandboxError("no room"))
        assert run_sources(pool, "1").flags == ()
        FakeBox.made[0].clean = False
        assert run_sources(pool, "1").flags == ()
        FakeBox.refused += [SandboxError("no room"), SandboxError("no room")]
        with pytest.raises(SandboxError, match="no room"):
            run_sources(pool, "1")
        assert run_sources(pool, "1").flags == ()


def test_a_box_that_started_while_the_pool_closed_is_killed(boxes):
    pool = Pool(jobs=1, isolation="none")
    starting = pool._new_box
    pool_module.Box = lambda *arguments: pool.__setattr__("_closing", True) or FakeBox()
    assert starting().ended == ["killed"]
    pool.close()
