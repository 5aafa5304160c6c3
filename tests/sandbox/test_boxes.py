"""When a pool starts another box: only where its share of the work takes longer than its start."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from types import SimpleNamespace

import pytest

from autograde.sandbox import SandboxError
from autograde.sandbox import boxes as module
from autograde.sandbox.boxes import Boxes


class FakeBox:
    """A box that notes what was done to it."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def kill(self) -> None:
        self.ended.append("killed")

    def close(self) -> None:
        self.ended.append("closed")


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as made:
        yield made


def a_second_to_start(clock) -> FakeBox:
    clock.now += 1
    return FakeBox()


def one_run_of(boxes: Boxes, clock, seconds: float) -> FakeBox:
    box = boxes.take()
    boxes.begin()
    clock.now += seconds
    boxes.give_back(box)
    return box


def waits(future: Future) -> bool:
    try:
        future.result(timeout=0.3)
    except NotYetError:
        return True
    return False


@pytest.mark.parametrize(("runs", "started"), [(30, 1), (200, 2)])
def test_another_box_is_started_where_its_share_takes_longer_than_its_start(clock, threads, runs, started):
    boxes = Boxes(lambda: a_second_to_start(clock), most=2)
    boxes.expect(runs)
    boxes.queue()
    first = one_run_of(boxes, clock, 0.05)
    assert boxes.take() is first
    other = threads.submit(boxes.take)
    if started == 1:
        assert waits(other)
        boxes.give_back(first)
        assert other.result(timeout=10) is first
    else:
        assert other.result(timeout=10) is not first
    assert len(boxes.started) == started


@pytest.mark.parametrize(("runs", "most", "at_once"), [(39, 2, 1), (40, 2, 2), (4000, 16, 2), (40, 1, 1)])
def test_two_boxes_are_started_at_once_for_a_class_of_forty_where_there_may_be_two(
    runs, most, at_once, clock
):
    boxes = Boxes(lambda: a_second_to_start(clock), most)
    boxes.expect(runs)
    assert boxes.at_once == at_once
    boxes.take()
    assert boxes._start_pays() is (at_once == 2)


def test_another_box_is_started_for_who_waits_as_long_as_a_start_takes(clock, threads):
    boxes = Boxes(lambda: a_second_to_start(clock), most=2)
    first = boxes.take()
    other = threads.submit(boxes.take)
    assert waits(other)
    clock.now += 1.1
    assert other.result(timeout=10) is not first


def test_no_more_boxes_are_started_than_asked_for(clock, threads):
    boxes = Boxes(lambda: a_second_to_start(clock), most=1)
    boxes.expect(1000)
    first = boxes.take()
    other = threads.submit(boxes.take)
    clock.now += 100
    assert waits(other)
    boxes.drop(first)
    assert other.result(timeout=10) is not first
    assert (first.ended, len(boxes.started)) == (["closed"], 1)


def test_a_start_that_fails_is_told_to_who_asked_and_the_next_tries_again(clock):
    answers = [SandboxError.say("no room"), FakeBox()]

    def start() -> FakeBox:
        answer = answers.pop(0)
        if isinstance(answer, SandboxError):
            raise answer
        return answer

    boxes = Boxes(start, most=2)
    with pytest.raises(SandboxError, match="no room"):
        boxes.take()
    assert isinstance(boxes.take(), FakeBox)


def test_who_waits_as_the_pool_ends_gets_no_box(clock, threads):
    boxes = Boxes(lambda: a_second_to_start(clock), most=1)
    first = boxes.take()
    other = threads.submit(boxes.take)
    boxes.end()
    with pytest.raises(SandboxError, match="closed"):
        other.result(timeout=10)
    boxes.close()
    assert (first.ended, boxes.started) == (["killed", "closed"], set())


def test_a_box_that_started_while_the_pool_ended_is_killed(clock):
    def start() -> FakeBox:
        boxes.end()
        return FakeBox()

    boxes = Boxes(start, most=1)
    assert boxes.take().ended == ["killed"]
