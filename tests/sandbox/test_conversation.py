"""The grader's side of the conversation with a process that says what it likes, byte by byte."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from autograde.sandbox.conversation import Conversation
from autograde.sandbox.limits import Limits
from autograde.sandbox.patience import OwnTime, Patience


@pytest.fixture
def ends() -> Iterator[tuple[Conversation, socket.socket]]:
    """A run that has just begun, and the end of its connection that the submission holds."""
    control, zygote = socket.socketpair()
    ours, theirs = socket.socketpair()
    box = SimpleNamespace(control=control, kernel_stops=dict, look=lambda: OwnTime(0.0, 0.0))
    with control, zygote, ours, theirs:
        yield Conversation(box, ours, Limits(), time.monotonic()), theirs


def test_bytes_that_keep_coming_do_not_stretch_the_time(ends):
    run, theirs = ends
    theirs.sendall(b"[" * 100)
    with pytest.raises(TimeoutError):
        run._read(50, Patience(20, last=time.monotonic() - 1))


def test_a_cell_that_never_gets_a_processor_is_ended_by_the_clock(ends):
    run, _ = ends
    run.box.look = lambda: OwnTime(0.0, time.monotonic())  # all of the time it waits
    patience = Patience(0.2)
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        run._read(1, patience)
    assert time.monotonic() - begun >= 4 * 0.2
    assert patience.starved


def test_the_end_of_one_reply_may_come_with_the_start_of_the_next(ends):
    run, theirs = ends
    theirs.sendall(b"onetw")
    soon = Patience(20)
    assert run._read(3, soon) == b"one"
    theirs.sendall(b"o")
    assert run._read(3, soon) == b"two"
