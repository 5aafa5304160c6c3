"""The grader's side of the conversation with a process that says what it likes, byte by byte."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from autograde.sandbox.box import _Run
from autograde.sandbox.limits import Limits


@pytest.fixture
def ends() -> Iterator[tuple[_Run, socket.socket]]:
    """A run that has just begun, and the end of its connection that the submission holds."""
    control, zygote = socket.socketpair()
    ours, theirs = socket.socketpair()
    box = SimpleNamespace(control=control, kernel_stops=dict)
    with control, zygote, ours, theirs:
        yield _Run(box, ours, Limits(), time.monotonic()), theirs


def test_bytes_that_keep_coming_do_not_stretch_the_time(ends):
    run, theirs = ends
    theirs.sendall(b"[" * 100)
    with pytest.raises(TimeoutError):
        run._read(50, time.monotonic() - 1)


def test_the_end_of_one_reply_may_come_with_the_start_of_the_next(ends):
    run, theirs = ends
    theirs.sendall(b"onetw")
    soon = time.monotonic() + 20
    assert run._read(3, soon) == b"one"
    theirs.sendall(b"o")
    assert run._read(3, soon) == b"two"
