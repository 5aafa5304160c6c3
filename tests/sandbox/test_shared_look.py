"""Boxes that start at the same time look once; no box is used of which nobody has looked to the end."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograde.sandbox import SandboxError
from autograde.sandbox.shared_look import SharedLook
from autograde.sandbox.staging import Stage
from autograde.sandbox.withheld import ExposedError
from sandbox.pools import pool_of

SECONDS = 60


class StartedBox:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Starts:
    """Starts boxes; the first one, which looks, is ready once it is told how that ended."""

    def __init__(self) -> None:
        self.looked: list[bool] = []
        self.boxes: list[StartedBox] = []
        self.begun, self.ended = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def __call__(self, looks: bool) -> StartedBox:
        self.looked.append(looks)
        if len(self.looked) == 1:
            self.begun.set()
            assert self.ended.wait(SECONDS)
            if self.error:
                raise self.error
        self.boxes.append(StartedBox())
        return self.boxes[-1]

    def end(self, error: Exception | None = None) -> None:
        self.error = error
        self.ended.set()


@pytest.fixture
def starts():
    """Two starts: the first one looks, the second has begun beside it."""
    starts = Starts()
    shared = SharedLook(starts)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shared.box)
        assert starts.begun.wait(SECONDS)
        second = threads.submit(shared.box)
        while not starts.boxes:  # the second is ready, and nobody has looked yet
            assert not second.done()
        starts.first, starts.second, starts.shared = first, second, shared
        yield starts
        starts.ended.set()


def test_a_box_that_starts_beside_one_that_looks_waits_for_what_that_sees(starts):
    assert not starts.second.done()
    starts.end()
    assert starts.first.result(SECONDS) is not starts.second.result(SECONDS)
    assert starts.looked == [True, False]
    assert not any(box.closed for box in starts.boxes)


@pytest.mark.parametrize("error", [ExposedError("seen"), SandboxError("it did not start")])
def test_where_the_look_ends_in_an_error_no_box_is_handed_out_and_the_next_looks_again(starts, error):
    [waiting] = starts.boxes
    starts.end(error)
    for one in (starts.first, starts.second):
        with pytest.raises(type(error), match=str(error)):
            one.result(SECONDS)
    assert waiting.closed
    assert not starts.shared.box().closed
    assert starts.looked == [True, False, True]


def test_a_box_that_starts_later_looks_for_itself(starts):
    starts.end()
    starts.first.result(SECONDS)
    starts.shared.box()
    assert starts.looked == [True, False, True]


@pytest.mark.needs("bubblewrap")
def test_a_pool_looks_once_for_the_boxes_that_it_starts_at_once(monkeypatch):
    looks = []
    look = Stage.to_look_for

    def counted(stage: Stage) -> int:
        looks.append(stage)
        return look(stage)

    monkeypatch.setattr(Stage, "to_look_for", counted)
    with pool_of(2, jobs=2) as pool:
        pool.warm(40)
        pool.prove()
        while len(pool._boxes.started) < 2:
            pool.prove()
        assert len(looks) == 1
