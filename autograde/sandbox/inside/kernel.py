"""ipykernel's own kernel in this process, nbclient's own client that reads its messages, and the streams between.

The one file of this folder that depends on private parts of ipykernel, IPython and nbclient; `tests/test_seams.py` says
when one of them changes.

Messages go through a queue instead of sockets, the text of programs and C libraries through unnamed files. A cell's
outputs are kept with neighbors merged, and cut where a notebook has no room left.
"""

import asyncio
import builtins
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from ipykernel import iostream, ipkernel, kernelapp
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient import NotebookClient, exceptions
from nbformat.v4 import nbbase

from .frames import Message

DECIDING = ("error", "execute_result")  # the score of an ordinary test cell is read from these
LONGEST_TEXT, LONGEST_TRACEBACK = 2_000, 20


def merged(outputs: list[Message]) -> list[Message]:
    """Merge neighboring texts of one stream into one output."""
    merged = []
    for output in outputs:
        before = merged[-1] if merged else {}
        is_next_part = output["output_type"] == before.get("output_type") == "stream"
        if is_next_part and output["name"] == before["name"]:
            before["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


def shortened(output: Message) -> Message:
    """Shorten an error or a result to a length that always fits: a score may depend on it."""
    if "traceback" in output:
        lines = [str(line)[:LONGEST_TEXT] for line in output["traceback"][-LONGEST_TRACEBACK:]]
        return {**output, "evalue": str(output["evalue"])[:LONGEST_TEXT], "traceback": lines}
    text = str(output["data"].get("text/plain", ""))[:LONGEST_TEXT]
    return {**output, "data": {"text/plain": text}, "metadata": {}}


def cut_to_size(outputs: list[Message], room: int, most: int) -> tuple[list[Message], int, bool]:
    """The first `most` outputs that fit into `room` bytes, their size, and whether any was left out.

    Errors and results are never left out: nbgrader gives full points to a cell that shows neither. A text
    that is cut is marked `left_out`.
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
                kept.append({**output, "text": text, "left_out": True})
                used += len(json.dumps(text))
    return kept, min(used, room), cut


def make_kernel(session: Session, publisher: iostream.IOPubThread) -> ipkernel.IPythonKernel:
    """ipykernel's kernel in this process, for a session whose messages stay here."""
    app = kernelapp.IPKernelApp.instance()  # never started; some libraries look for it
    app.config.HistoryManager.enabled = False  # its database would be shared by all submissions
    app.kernel = ipkernel.IPythonKernel.instance(
        parent=app,
        session=session,
        iopub_socket=publisher,
        log=logging.getLogger("ipykernel"),
        shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
    )
    app.shell = app.kernel.shell
    # The schema for each output, whose form the grader checks anyway, would cost a quarter of a small cell's time.
    # Compiling it for the notebook's own form would take a tenth of a box's start.
    nbbase.validate = lambda node, ref=None: None
    return app.kernel


def attach(kernel: ipkernel.IPythonKernel, loop: asyncio.AbstractEventLoop) -> None:
    """Give the kernel the loop in which the cells run.

    Through the first an interrupt ends a cell that awaits something. Through the others `exit()` would end the
    kernel: here the cells below it are run.
    """
    kernel.io_loop = SimpleNamespace(
        add_callback=loop.call_soon_threadsafe, call_later=lambda *_: None, stop=None
    )


def forget_cells(shell: Any) -> None:
    """Reset a shell to what it was before any cell."""
    shell.reset(new_session=True)
    shell._last_traceback = None


SAVED = (
    "ast_transformers input_transformers_post input_transformer_manager cleanup_transforms line_transforms"
    " token_transformers"
)


class FreshShell:
    """A snapshot of a shell, to be restored before a test cell."""

    def __init__(self, shell: Any) -> None:
        self._shell, self._events, self._names = shell, shell.events, set(vars(shell))
        self._saved = [
            (owner, name, _copy(getattr(owner, name)))
            for owner in (shell, shell.input_transformer_manager)
            for name in SAVED.split()
            if hasattr(owner, name)
        ]
        self._builtins, self._hooks = dict(vars(builtins)), self._named_hooks()

    def restore(self) -> None:
        """Undo changes of builtins, of the shell's methods, and of how it transforms a cell's source."""
        vars(builtins).update(self._builtins)
        self._shell.user_ns["__builtins__"] = builtins
        sys.settrace(None)
        for name in vars(self._shell).keys() - self._names:
            if hasattr(type(self._shell), name):  # a replaced method
                delattr(self._shell, name)
        for owner, name, value in self._saved:
            setattr(owner, name, _copy(value))

    def hooks(self) -> list[str]:
        """The names of functions that the shell calls before and after a cell, but did not call at first."""
        return sorted(self._named_hooks() - self._hooks) if self._shell.events is self._events else ["events"]

    def _named_hooks(self) -> set[str]:
        hooks = [(event, hook) for event, hooks in self._events.callbacks.items() for hook in hooks]
        return {f"{event}: {hook.__module__}.{getattr(hook, '__qualname__', '?')}" for event, hook in hooks}


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


MESSAGE_COST = 1024  # a message's size in memory beyond its content


class Mailbox(Session):
    """A session whose messages stay in this process."""

    def __init__(self) -> None:
        super().__init__(key=b"")
        self.iopub: deque[Message] = deque()
        self.adopt(0)
        self.new_cell()

    def adopt(self, room: int) -> None:
        """Become the mailbox of this (forked) process, with `room` bytes for one cell's messages."""
        self.owner, self.room_per_cell, self.cut = os.getpid(), room, False

    def new_cell(self) -> None:
        """Forget old messages, which gives the next cell the whole room again."""
        self.iopub.clear()
        self.room = self.room_per_cell

    def send(  # the signature of jupyter_client's Session.send
        self,
        stream: Any,
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Message | None = None,
        metadata: Message | None = None,
    ) -> Message | None:
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        )
        kind, content = message["msg_type"], message["content"]
        if os.getpid() != self.owner:
            if kind == "stream":  # the cell collects it from the descriptor
                number = 2 if content["name"] == "stderr" else 1
                os.write(number, content["text"].encode("utf-8", "replace"))
            return message
        packed = self._packed(content)
        cost = len(packed) + MESSAGE_COST
        if cost > self.room:
            self.room, self.cut = 0, True
            if kind not in DECIDING:
                return message
            packed = self._packed(shortened(content))
        else:
            self.room -= cost
        self.iopub.append({**message, "content": self.unpack(packed), "buffers": list(buffers or [])})
        return message

    def _packed(self, content: Message) -> bytes:
        """A message's content as bytes; ASCII if it has a lone surrogate, which UTF-8 cannot encode."""
        try:
            return self.pack(content)
        except UnicodeEncodeError:
            return json.dumps(content, default=json_default).encode("ascii")


class Publisher(iostream.IOPubThread):
    """ipykernel's publishing thread, without the thread: its tasks run at once.

    Forking a process with threads is not safe, and a notebook that waits for its own output needs none.
    """

    def __init__(self) -> None:
        self.due: list[tuple[float, Any]] = []
        self.io_loop = SimpleNamespace(
            call_later=lambda delay, f: self.due.append((time.monotonic() + delay, f))
        )

    thread = None

    def schedule(self, f: Any) -> None:
        f()

    def run_due(self) -> None:
        """Run overdue timers."""
        now = time.monotonic()
        ready = [f for when, f in self.due if when <= now]
        self.due = [(when, f) for when, f in self.due if when > now]
        for f in ready:
            f()

    def __del__(self) -> None:
        pass


class Stream(iostream.OutStream):
    """Standard output or error of a notebook."""

    def __init__(self, session: Mailbox, publisher: Publisher, name: str, number: int) -> None:
        super().__init__(session, publisher, name, watchfd=False)
        self._original_stdstream_copy = number

    def _schedule_flush(self) -> None:
        self.pub_thread.run_due()
        super()._schedule_flush()


class Descriptors:
    """The text that programs and C libraries write to descriptors 1 and 2, collected by cell."""

    def __init__(self, folder: str) -> None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
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


class Kernel:
    """ipykernel's kernel in this process, one cell at a time."""

    def __init__(self, kernel: ipkernel.IPythonKernel, session: Mailbox) -> None:
        self.kernel, self.session = kernel, session
        self.shell_channel = self  # nbclient's, for its messages to a widget's comm
        self.after_cell = lambda request: None

    def send(self, message: Message) -> None:
        """Queue a message of nbclient's until the cell is over, as in a real kernel."""
        handler = self.kernel.shell_handlers.get(message["header"]["msg_type"])
        asyncio.get_running_loop().call_soon(handler, None, [], {**message, "buffers": []})

    async def execute(self, code: str) -> tuple[str, Message]:
        """Run a cell to its end; returns the id of its messages, all of them sent, and its reply.

        ipykernel's `execute_request` does the same, and publishes the input and its state besides.
        """
        request = self.session.msg("execute_request", {"code": code})
        self.session.new_cell()
        self.kernel.set_parent([], request)
        reply = await self._interruptible(
            self.kernel.do_execute(code, silent=False, store_history=True, allow_stdin=False)
        )
        sys.stdout.flush()
        sys.stderr.flush()
        self.after_cell(request)
        return request["header"]["msg_id"], reply or {}

    async def _interruptible(self, execution: Any) -> Any:
        """Run a cell so that an interrupt reaches only the student's code, never this process's own work."""
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                return await execution
            finally:
                _ignore_interrupts()
        except KeyboardInterrupt:  # it came as the cell ended
            _ignore_interrupts()


def _ignore_interrupts() -> None:
    while True:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return
        except KeyboardInterrupt:  # an earlier one is raised here
            continue


class Client(NotebookClient):
    """nbclient's client for a kernel that has sent everything when a cell ends: it never waits.

    It remembers which earlier cells a display update has changed.
    """

    def __init__(self, notebook: Any, kernel: Kernel) -> None:
        super().__init__(notebook, km=SimpleNamespace(), record_timing=False)
        self.log = logging.getLogger("nbclient")  # a line for each message would never be read
        self.kc = kernel

    async def run_cell(self, cell: Any, index: int) -> Message:
        """Run a cell of the notebook, store its outputs in it, and return the kernel's reply."""
        self.changed = set()
        if not cell.source.strip():
            return {}
        cell.execution_count = self.kc.kernel.execution_count
        self.clear_before_next_output = False
        message_id, reply = await self.kc.execute(cell.source)
        messages = self.kc.session.iopub
        with suppress(exceptions.CellExecutionComplete):  # no honest cell sends this
            while messages:
                message = messages.popleft()
                if message["parent_header"].get("msg_id") == message_id:
                    self.process_message(message, cell, index)
        await asyncio.sleep(0)  # deliver messages to widgets now
        return reply

    def _update_display_id(self, display_id: str, msg: Message) -> None:
        super()._update_display_id(display_id, msg)
        self.changed |= set(self._display_id_map.get(display_id, {}))
