"""A notebook without a kernel process: ipykernel's own kernel, driven in this process by nbclient's own
client.

The two speak through queues instead of sockets, so that what a cell shows is what nbclient would have saved:
display updates, clear_output, Output widgets and errors are handled by the same code. A `Notebook` is made
once, warmed, and then inherited by every fork; `serve` runs a submission's cells in such a fork.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from types import SimpleNamespace
from typing import Any

import nbformat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat.v4 import nbbase

from descentlab.checks.recording import channel

from . import frames

QUEUE_FACTOR = 8  # messages of one cell may add up to this many times the limit of saved output
MOST_OUTPUTS = 5_000  # of a notebook
DECIDING = ("error", "execute_result")  # what a score of an ordinary test cell is read from
LONGEST_TEXT, LONGEST_TRACEBACK = 2_000, 20
LEFT_OUT = "\n[the rest was left out: too much output]\n"
MESSAGE_COST = 1024  # what a message weighs in memory beside its content
TASK_LIMIT = 16 * 2**20  # longest cell, and largest file, that the parent sends
WARM_ROOM = 2**20


class Mailbox(Session):
    """A session whose messages stay in this process."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(key=b"", **traits)
        self.iopub: deque[dict[str, Any]] = deque()
        self.replies: deque[dict[str, Any]] = deque()
        self.owner = os.getpid()
        self.room = 0
        self.cut = False

    def adopt(self, room: int) -> None:
        """Become the mailbox of this (forked) process, with `room` bytes for one cell's messages."""
        self.owner, self.room_per_cell, self.cut = os.getpid(), room, False

    def new_cell(self) -> None:
        """Forget old messages; the next cell has the whole room again."""
        self.iopub.clear()
        self.replies.clear()
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
        packed = self.pack(message["content"])
        kind = message["msg_type"]
        cost = len(packed) + MESSAGE_COST
        if kind not in ("status", "execute_reply"):
            if cost > self.room:
                self.room, self.cut = 0, True
                if kind not in DECIDING:
                    return message
                packed = self.pack(shortened(message["content"]))
            else:
                self.room -= cost
        saved = {**message, "content": self.unpack(packed), "buffers": list(buffers or [])}
        (self.replies if kind == "execute_reply" else self.iopub).append(saved)
        return message

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


class Channel:
    """One direction of the client's conversation with the kernel, as nbclient reads it."""

    def __init__(self, queue: deque[dict[str, Any]], kernel: IPythonKernel) -> None:
        self.queue, self.kernel = queue, kernel

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        if not self.queue:
            raise Empty
        return self.queue.popleft()

    def send(self, message: dict[str, Any]) -> None:
        """A front end's message to a widget's comm; handled once the cell is over, as in a real kernel."""
        handler = self.kernel.shell_handlers.get(message["header"]["msg_type"])
        asyncio.get_running_loop().call_soon(handler, None, [], {**message, "buffers": []})


class TransformedOnce:
    """A cell's magics turned into Python: ipykernel asks for that, and then IPython asks again."""

    def __init__(self, transform: Callable[[str], str]) -> None:
        self.transform = transform
        self.kept: list[tuple[str, str]] | None = None

    def new_cell(self) -> None:
        """Keep the answer to the first question for the second, and for no other."""
        self.kept = []

    def __call__(self, raw_cell: str) -> str:
        kept, self.kept = self.kept, None
        if kept and kept[0][0] == raw_cell:
            return kept[0][1]
        transformed = self.transform(raw_cell)
        if kept == []:
            self.kept = [(raw_cell, transformed)]
        return transformed


class KernelClient:
    """What nbclient asks of a kernel client, answered by a kernel in this process."""

    allow_stdin = False

    def __init__(self, kernel: IPythonKernel, session: Mailbox) -> None:
        self.kernel, self.session = kernel, session
        self.shell_channel = Channel(session.replies, kernel)
        self.iopub_channel = Channel(session.iopub, kernel)
        self.transformed = kernel.shell.transform_cell = TransformedOnce(kernel.shell.transform_cell)
        self.after_cell = lambda request: None

    async def is_alive(self) -> bool:
        return True

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Run a cell to its end and return the id of its messages, all of which are then in the queues."""
        request = self.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        self.session.new_cell()
        self.transformed.new_cell()
        self.kernel.set_parent([], request)
        self.session.send(None, "status", {"execution_state": "busy"}, parent=request)
        await self._interruptible(self.kernel.execute_request(None, [], request))
        sys.stdout.flush()
        sys.stderr.flush()
        self.after_cell(request)
        self.session.send(None, "status", {"execution_state": "idle"}, parent=request)
        return request["header"]["msg_id"]

    async def _interruptible(self, execution: Any) -> None:
        """Run a cell; an interrupt reaches only what the student wrote, never this process's own work."""
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                await execution
            finally:
                _ignore_interrupts()
        except KeyboardInterrupt:  # it came as the cell ended
            _ignore_interrupts()


def _ignore_interrupts() -> None:
    while True:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return
        except KeyboardInterrupt:  # one that had come before is raised here
            continue


class Client(NotebookClient):
    """nbclient's client; remembers which earlier cells a display update has changed."""

    def __init__(self, notebook: Any, kernel_client: KernelClient) -> None:
        super().__init__(notebook, km=SimpleNamespace(), allow_errors=True)
        self.kc = kernel_client
        self.changed: set[int] = set()

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        super()._update_display_id(display_id, msg)
        self.changed |= set(self._display_id_map.get(display_id, {}))


def _merged(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring texts of one stream become one output, however many pieces they were sent in."""
    merged: list[dict[str, Any]] = []
    for output in outputs:
        before = merged[-1] if merged else None
        if (
            before
            and output["output_type"] == before["output_type"] == "stream"
            and output["name"] == before["name"]
        ):
            before["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


def shortened(output: dict[str, Any]) -> dict[str, Any]:
    """An error or a result at a length that always finds room: a score may depend on it."""
    if "traceback" in output:
        lines = [str(line)[:LONGEST_TEXT] for line in output["traceback"][-LONGEST_TRACEBACK:]]
        return {**output, "evalue": str(output["evalue"])[:LONGEST_TEXT], "traceback": lines}
    text = str(output["data"].get("text/plain", ""))[:LONGEST_TEXT]
    return {**output, "data": {"text/plain": text}, "metadata": {}}


def _within(outputs: list[dict[str, Any]], room: int, most: int) -> tuple[list[dict[str, Any]], int, bool]:
    """The first `most` outputs that fit into `room` bytes, their size, and whether any was left out.

    Errors and results are never left out: nbgrader gives full points to a cell that shows neither.
    """
    kept, used, cut = [], 0, False
    for output in outputs:
        size = len(json.dumps(output))
        if not cut and used + size <= room and len(kept) < most:
            kept.append(output)
            used += size
        elif output["output_type"] in DECIDING:
            kept.append(shortened(output))
            cut = True
        elif not cut:
            cut = True
            if output["output_type"] == "stream":
                text = output["text"][: max(0, (room - used) // 8)]
                kept.append({**output, "text": text + LEFT_OUT})
                used += len(json.dumps(text))
    return kept, min(used, room), cut


class Notebook:
    """A warm kernel waiting for a submission's cells."""

    def __init__(self) -> None:
        self.session = Mailbox()
        self.publisher = Publisher()
        null = os.open(os.devnull, os.O_WRONLY)
        self._console = sys.stdout, sys.stderr
        sys.stdout = Stream(self.session, self.publisher, "stdout", null)
        sys.stderr = Stream(self.session, self.publisher, "stderr", null)
        app = IPKernelApp.instance()  # never started; some libraries look for it
        app.config.HistoryManager.enabled = False  # its database would be one file for all submissions
        self.kernel = app.kernel = IPythonKernel.instance(
            parent=app,
            session=self.session,
            iopub_socket=self.publisher,
            log=logging.getLogger("ipykernel"),
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        )
        self.kernel._execute_sleep = 0
        self.shell = app.shell = self.kernel.shell
        self.client = Client(nbformat.v4.new_notebook(), KernelClient(self.kernel, self.session))
        # A quarter of what a small cell costs: a line in a log that nobody reads for each message, and the
        # schema for each output, whose form the grader looks at anyway before it believes one.
        self.client.log = logging.getLogger("nbclient")
        nbbase.validate = lambda node, ref=None: None

    def warm(self, *sources: str) -> None:
        """Run cells as a submission's are run, and forget them."""

        async def run() -> None:
            for source in sources:
                await self._run({"source": source, "seed": None})

        self._give_room(WARM_ROOM)
        asyncio.run(run())
        self.client.nb.cells.clear()
        self.shell.reset(new_session=True)
        self.shell._last_traceback = None
        self.session.new_cell()

    def use_console(self) -> None:
        """Let this process, which runs no cells, print to its own descriptors again."""
        sys.stdout, sys.stderr = self._console

    def serve(self, sock: Any, limits: dict[str, Any], folder: str) -> None:
        """In a fork: answer the parent's cells until it closes the connection."""
        self._give_room(limits["output_bytes"])
        self.publisher.due.clear()
        for stream in ("stdout", "stderr"):
            made = Stream(self.session, self.publisher, stream, os.open(os.devnull, os.O_WRONLY))
            setattr(sys, stream, made)
        sys.__stdout__ = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
        sys.__stderr__ = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
        self.descriptors = Descriptors(folder)
        self.client.kc.after_cell = self._collect_descriptors
        channel.enter_grading()
        asyncio.run(self._serve(sock))

    def _give_room(self, size: int) -> None:
        self.room = self.limit = size
        self.outputs_left = MOST_OUTPUTS
        self.session.adopt(QUEUE_FACTOR * size)

    def _collect_descriptors(self, request: dict[str, Any]) -> None:
        for name in ("stdout", "stderr"):
            text = self.descriptors.collect(name, self.limit)
            if text:
                self.session.send(None, "stream", {"name": name, "text": text}, parent=request)

    async def _serve(self, sock: Any) -> None:
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        # Through this an interrupt ends a cell that awaits something.
        self.kernel.io_loop = SimpleNamespace(add_callback=loop.call_soon_threadsafe)
        while True:
            header = await _read(loop, sock, frames.HEADER.size)
            text, raw = frames.lengths(header, TASK_LIMIT, TASK_LIMIT)
            task = frames.parse(await _read(loop, sock, text))
            data = await _read(loop, sock, raw)
            if "file" in task:  # one of the assignment's, before the first cell
                path = Path(task["file"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                continue
            message, evidence = await self._run(task)
            await loop.sock_sendall(sock, frames.pack(message, evidence))

    async def _run(self, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        cells = self.client.nb.cells
        cells.append(nbformat.v4.new_code_cell(task["source"]))
        index = len(cells) - 1
        self.client.changed = set()
        self.client.task_poll_for_reply = None  # an empty cell has no reply of its own
        if task["seed"] is not None:
            channel.arm(task["seed"])
        try:
            cell = await self.client.async_execute_cell(cells[index], index, store_history=True)
            self._add_reply_error(cell)
        finally:
            evidence = channel.take()
        if not isinstance(evidence, bytes):
            evidence = None
        outputs, cut = self._kept(cell)
        earlier = {}
        for number in sorted(self.client.changed - {index}):
            earlier[str(number)], more = self._kept(cells[number])
            cut = cut or more
        message = {
            "outputs": outputs,
            "earlier": earlier,
            "execution_count": cell.execution_count,
            "evidence": evidence is not None,
            "cut": cut or self.session.cut,
        }
        return message, evidence or b""

    def _kept(self, cell: Any) -> tuple[list[dict[str, Any]], bool]:
        """A cell's outputs as far as the notebook still has room, and whether any was left out."""
        outputs, used, cut = _within(_merged(cell.outputs), self.room, self.outputs_left)
        self.room -= used
        self.outputs_left = max(0, self.outputs_left - len(outputs))
        return outputs, cut

    def _add_reply_error(self, cell: Any) -> None:
        """As nbgrader does: an error that the cell's reply reports but its outputs do not show is added."""
        reply = getattr(self.client.task_poll_for_reply, "result", lambda: None)()
        content = reply["content"] if reply else {}
        if content.get("status") != "error":
            return
        shown = [output.get("ename") for output in cell.outputs if output["output_type"] == "error"]
        if content["ename"] not in shown:
            traceback = content["traceback"] or ["ERROR: An error occurred while showtraceback was disabled"]
            cell.outputs.append(
                nbformat.v4.new_output(
                    "error", ename=content["ename"], evalue=content["evalue"], traceback=list(traceback)
                )
            )


async def _read(loop: asyncio.AbstractEventLoop, sock: Any, size: int) -> bytes:
    """Exactly `size` bytes; ends this process where the parent has closed the connection."""
    parts = []
    while size:
        part = await loop.sock_recv(sock, min(size, 2**20))
        if not part:
            os._exit(0)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
