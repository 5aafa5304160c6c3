"""The grader's side of the conversation with a process that says what it likes, byte by byte."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograde.sandbox import CellTask
from autograde.sandbox.conversation import CLOCK_FACTOR, Conversation, OwnTime, OwnTimeLimit
from autograde.sandbox.inside import frames
from autograde.sandbox.limits import Limits


@pytest.fixture
def ends() -> Iterator[tuple[Conversation, socket.socket]]:
    """A run that has just begun, and the end of its connection that the submission holds."""
    control, zygote = socket.socketpair()
    ours, theirs = socket.socketpair()
    box = SimpleNamespace(
        control=control, kernel_stops=dict, look=lambda: OwnTime(0.0, 0.0), stop_run=lambda: None,
        ended=lambda: {"ended": "exit"},
    )  # fmt: skip
    with control, zygote, ours, theirs:
        yield Conversation(box, ours, Limits()), theirs


def test_bytes_that_keep_coming_do_not_stretch_the_time(ends):
    run, theirs = ends
    theirs.sendall(b"[" * 100)
    with pytest.raises(TimeoutError):
        run._read(50, OwnTimeLimit(20, last=time.monotonic() - 1))


def test_a_cell_that_never_gets_a_processor_is_ended_by_the_clock(ends):
    run, _ = ends
    run.box.look = lambda: OwnTime(0.0, time.monotonic())  # all of the time it waits
    limit = OwnTimeLimit(0.2)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        run._read(1, limit)
    assert time.monotonic() - begun >= CLOCK_FACTOR * 0.2


def test_a_process_that_ends_at_its_cells_limit_is_not_interrupted(ends):
    run, theirs = ends

    def look() -> dict[str, object]:
        time.sleep(0.1)
        theirs.close()
        return {"ended": "timeout", "cpu_seconds": 3.0}

    run.box.look, run.box.interrupt_cell = look, lambda: pytest.fail("no one answers any more")
    run.limits = replace(run.limits, cell_seconds=0.1)
    run.go([CellTask("while True: pass")], {})
    assert run.flags == ["timeout"]


def test_the_end_of_one_reply_may_come_with_the_start_of_the_next(ends):
    run, theirs = ends
    theirs.sendall(b"onetw")
    soon = OwnTimeLimit(20)
    assert run._read(3, soon) == b"one"
    theirs.sendall(b"o")
    assert run._read(3, soon) == b"two"


def replies(theirs: socket.socket, **fields: object) -> None:
    """What a process might answer to a cell."""
    evidence = fields.pop("raw", b"")
    message = {"outputs": [], "earlier": {}, "execution_count": 1, "evidence": bool(evidence)} | fields
    theirs.sendall(frames.pack(message, evidence))


@pytest.mark.parametrize("number", [1, 2])
def test_a_reply_may_change_earlier_cells_only_and_not_its_own(ends, number):
    run, theirs = ends
    for earlier in ({}, {"0": []}, {str(number + 1): []}):
        replies(theirs, earlier=earlier)
    run.go([CellTask("1")] * 3, {})
    assert (run.flags, len(run.results)) == (["odd-reply"], 3)


def test_replies_that_are_too_long_together_end_the_run(ends):
    run, theirs = ends
    run.text_left = 50_000
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000}]
    for _ in range(2):
        replies(theirs, outputs=outputs)
    run.go([CellTask("1")] * 2, {})
    assert (run.flags, run.results[0].outputs) == (["odd-reply"], outputs)


@pytest.mark.parametrize(("seed", "evidence"), [(None, None), (3, b"numbers")])
def test_evidence_counts_only_where_a_check_asked_for_it(ends, seed, evidence):
    run, theirs = ends
    replies(theirs, raw=b"numbers")
    run._run_cell(CellTask("1", seed))
    assert run.results[0].evidence == evidence


def test_a_check_that_is_drawn_outside_is_sent_no_seed(ends):
    run, theirs = ends
    replies(theirs)
    run._run_cell(CellTask("check()", 8_765_432_109, "momentum/read-off"))
    text, raw = frames.lengths(theirs.recv(frames.HEADER.size), 10**6, 10**6)
    assert json.loads(theirs.recv(text))["seed"] is None
    assert b"8765432109" not in theirs.recv(raw)


@pytest.mark.parametrize("text", [b'{"a": NaN}', b'{"a": -Infinity}', b"[1]", b"{", '{"a": "é"}'.encode()])
def test_a_reply_that_is_no_json_object_in_ascii_is_refused(text):
    with pytest.raises(frames.OddFrameError):
        frames.parse(text)
