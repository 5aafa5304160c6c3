"""A notebook without a kernel process: ipykernel's own kernel in this process, and nbclient's own client
that reads its messages.

A queue takes the place of sockets, so that a cell's outputs are those that nbclient would have saved: display
updates, clear_output, Output widgets and errors are handled by the same code. A `Notebook` is made once,
warmed, and then inherited by every fork; `serve` runs a submission's cells in such a fork.

A teacher's own test cells run in a shell as it was before the submission, and its event hooks are named. This stops
the cheap tricks. The tests still run in the student's process, which can claim anything. All that depends on private
parts of ipykernel, IPython and nbclient is in `inside.kernel`.
"""

import asyncio
import io
import os
import socket
import sys
from pathlib import Path
from typing import Any

import nbformat

from verdicts.recording import evidence_outbox

from . import frames
from .kernel import (
    Client,
    Descriptors,
    FreshShell,
    Kernel,
    Mailbox,
    Publisher,
    Stream,
    attach,
    cut_to_size,
    forget_cells,
    make_kernel,
    merged,
)

QUEUE_FACTOR = 8  # messages of one cell may add up to this many times the limit of saved output
MOST_OUTPUTS = 5_000  # of a notebook: the grader reads each of them
TASK_LIMIT = 16 * 2**20  # longest cell, and largest file, that the parent sends
WARM_ROOM = 2**20


class Notebook:
    """A warm kernel waiting for a submission's cells."""

    def __init__(self) -> None:
        self.session = Mailbox()
        self.publisher = Publisher()
        self._use_streams()
        self.kernel = make_kernel(self.session, self.publisher)
        self.client = Client(nbformat.v4.new_notebook(), Kernel(self.kernel, self.session))

    def _use_streams(self) -> None:
        for name in ("stdout", "stderr"):
            null = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, Stream(self.session, self.publisher, name, null))

    def warm(self, *sources: str) -> None:
        """Run cells as a submission's are run, and forget them."""
        self._give_room(WARM_ROOM)
        for source in sources:
            asyncio.run(self._run({"source": source, "seed": None}))
        self.client.nb.cells.clear()
        forget_cells(self.kernel.shell)
        self.session.new_cell()

    def serve(self, sock: socket.socket, limits: frames.Message, folder: str) -> None:
        """Answer the parent's cells, in a fork, until it closes the connection."""
        self._give_room(limits["output_bytes"])
        self.publisher.due.clear()
        self._use_streams()
        sys.__stdout__ = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
        sys.__stderr__ = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
        self.descriptors = Descriptors(folder)
        self.client.kc.after_cell = self._collect_descriptors
        evidence_outbox.enter_grading()
        self.fresh = FreshShell(self.kernel.shell)
        asyncio.run(self._serve(sock))

    def _give_room(self, size: int) -> None:
        self.room = self.limit = size
        self.outputs_left = MOST_OUTPUTS
        self.session.adopt(QUEUE_FACTOR * size)

    def _collect_descriptors(self, request: frames.Message) -> None:
        for name in ("stdout", "stderr"):
            text = self.descriptors.collect(name, self.limit)
            if text:
                self.session.send(None, "stream", {"name": name, "text": text}, parent=request)

    async def _serve(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        attach(self.kernel, loop)
        while True:
            if len(asyncio.all_tasks()) > 1:  # background tasks of a cell continue meanwhile
                await _readable(loop, sock)
            try:
                header = frames.exactly(sock.recv, frames.HEADER.size)
                text, raw = frames.lengths(header, TASK_LIMIT, TASK_LIMIT)
                task = frames.parse(frames.exactly(sock.recv, text))
                data = frames.exactly(sock.recv, raw)
            except EOFError:  # the parent has closed the connection
                os._exit(0)
            if "file" in task:  # one of the assignment's, before the first cell
                path = Path(task["file"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                continue
            message, evidence = await self._run(task, data)
            sock.sendall(frames.pack(message, evidence))

    async def _run(self, task: frames.Message, drawn: bytes = b"") -> tuple[frames.Message, bytes]:
        cells = self.client.nb.cells
        index = len(cells)
        cell = nbformat.NotebookNode(cell_type="code", source=task["source"], metadata={}, outputs=[])
        cells.append(cell)
        if task["seed"] is not None or drawn:
            evidence_outbox.arm(task["seed"], drawn)
        hooks = []
        if task.get("test"):
            hooks = self.fresh.hooks()
            self.fresh.restore()
        try:
            reply = await self.client.run_cell(cell, index)
            _add_reply_error(cell, reply)
        finally:
            evidence = evidence_outbox.take()
        is_evidence = isinstance(evidence, bytes)
        outputs, cut = self._kept(cell)
        earlier = {}
        for number in sorted(self.client.changed - {index}):
            earlier[str(number)], more = self._kept(cells[number])
            cut = cut or more
        message = {
            "outputs": outputs,
            "earlier": earlier,
            "execution_count": cell.get("execution_count"),
            "evidence": is_evidence,
            "cut": cut or self.session.cut,
            "hooks": hooks,
        }
        return message, evidence if is_evidence else b""

    def _kept(self, cell: Any) -> tuple[list[frames.Message], bool]:
        """The outputs of a cell that still fit into the notebook, and whether any was left out."""
        outputs, used, cut = cut_to_size(merged(cell.outputs), self.room, self.outputs_left)
        self.room -= used
        self.outputs_left = max(0, self.outputs_left - len(outputs))
        return outputs, cut


def _add_reply_error(cell: Any, reply: frames.Message) -> None:
    """Add an error that the kernel's reply reports but the outputs do not show, as nbgrader does."""
    if reply.get("status") != "error":
        return
    shown = [output.get("ename") for output in cell.outputs if output["output_type"] == "error"]
    if reply["ename"] not in shown:
        lines = reply["traceback"] or ["ERROR: An error occurred while showtraceback was disabled"]
        error = {"ename": reply["ename"], "evalue": reply["evalue"], "traceback": list(map(str, lines))}
        cell.outputs.append(nbformat.v4.new_output("error", **error))


async def _readable(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    """Run the loop until the socket is readable."""
    ready = asyncio.Event()
    loop.add_reader(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sock)
