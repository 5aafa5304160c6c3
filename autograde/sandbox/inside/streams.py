"""What a cell sends and prints, kept in this process.

Messages stand in a queue in place of sockets, the text of programs and C libraries in files without a name.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session

from .outputs import DECIDING, shortened

MESSAGE_COST = 1024  # what a message weighs in memory beside its content


class Mailbox(Session):
    """A session whose messages stay in this process."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(key=b"", **traits)
        self.iopub: deque[dict[str, Any]] = deque()
        self.owner = os.getpid()
        self.room = 0
        self.cut = False

    def adopt(self, room: int) -> None:
        """Become the mailbox of this (forked) process, with `room` bytes for one cell's messages."""
        self.owner, self.room_per_cell, self.cut = os.getpid(), room, False

    def new_cell(self) -> None:
        """Forget old messages; the next cell has the whole room again."""
        self.iopub.clear()
        self.room = self.room_per_cell

    def send(  # the signature of jupyter_client's Session.send
        self,
        stream: Any,
        msg_or_type: dict[str, Any] | str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any] | None:
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        )
        if os.getpid() != self.owner:
            self._from_another_process(message)
            return message
        packed = self._packed(message["content"])
        kind = message["msg_type"]
        cost = len(packed) + MESSAGE_COST
        if cost > self.room:
            self.room, self.cut = 0, True
            if kind not in DECIDING:
                return message
            packed = self._packed(shortened(message["content"]))
        else:
            self.room -= cost
        self.iopub.append({**message, "content": self.unpack(packed), "buffers": list(buffers or [])})
        return message

    def _packed(self, content: dict[str, Any]) -> bytes:
        """A message's content; one with a lone surrogate, which no UTF-8 has, goes as ASCII."""
        try:
            return self.pack(content)
        except UnicodeEncodeError:
            return json.dumps(content, default=json_default).encode("ascii")

    def _from_another_process(self, message: dict[str, Any]) -> None:
        """Text that a process started by the cell prints: to the descriptor, which the cell collects."""
        if message["msg_type"] == "stream":
            number = 2 if message["content"]["name"] == "stderr" else 1
            os.write(number, message["content"]["text"].encode("utf-8", "replace"))


class Publisher(IOPubThread):
    """ipykernel's publishing thread, without the thread: what it is asked to do happens at once.

    Forking a process with threads is not safe, and a notebook that waits for its own output needs none.
    """

    def __init__(self) -> None:
        self.due: list[tuple[float, Any]] = []
        self.io_loop = SimpleNamespace(call_later=self._call_later)

    thread = None

    def schedule(self, f: Any) -> None:
        f()

    def _call_later(self, delay: float, f: Any) -> None:
        self.due.append((time.monotonic() + delay, f))

    def run_due(self) -> None:
        """Do what a timer would have done by now."""
        now = time.monotonic()
        ready = [f for when, f in self.due if when <= now]
        self.due = [(when, f) for when, f in self.due if when > now]
        for f in ready:
            f()

    def __del__(self) -> None:
        pass


class Stream(OutStream):
    """Standard output or error of a notebook."""

    def __init__(self, session: Mailbox, publisher: Publisher, name: str, number: int) -> None:
        super().__init__(session, publisher, name, watchfd=False)
        self._original_stdstream_copy = number

    def _schedule_flush(self) -> None:
        self.pub_thread.run_due()
        super()._schedule_flush()


class Descriptors:
    """What programs and C libraries write to descriptors 1 and 2, collected a cell at a time."""

    def __init__(self, folder: str) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        self.files = {}
        for number, name in ((1, "stdout"), (2, "stderr")):
            held = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_APPEND, 0o600)
            os.dup2(held, number)
            self.files[name] = held

    def collect(self, name: str, limit: int) -> str:
        """The text written since the last call, `limit` bytes of it at most."""
        held = self.files[name]
        size = os.fstat(held).st_size
        if not size:
            return ""
        text = os.pread(held, min(size, limit), 0).decode("utf-8", "replace")
        os.ftruncate(held, 0)
        return text
