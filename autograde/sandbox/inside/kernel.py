"""ipykernel's own kernel in this process, and nbclient's own client that reads its messages."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import signal
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete

from .streams import Mailbox


class FrontEnd:
    """Where nbclient sends what a browser would: messages to a widget's comm."""

    def __init__(self, kernel: IPythonKernel) -> None:
        self.kernel = kernel

    def send(self, message: dict[str, Any]) -> None:
        """Handled once the cell is over, as in a real kernel."""
        handler = self.kernel.shell_handlers.get(message["header"]["msg_type"])
        asyncio.get_running_loop().call_soon(handler, None, [], {**message, "buffers": []})


class AnsweredOnce:
    """A question about a cell that ipykernel asks, and then IPython once more."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask
        self.kept: list[tuple[Any, Any]] | None = None

    def new_cell(self) -> None:
        """Keep the answer to the first question for the second, and for no other."""
        self.kept = []

    def __call__(self, *values: Any, **named: Any) -> Any:
        kept, self.kept = self.kept, None
        if kept and kept[0][0] == (values, named):
            return kept[0][1]
        answer = self.ask(*values, **named)
        if kept == []:
            self.kept = [((values, named), answer)]
        return answer


class Kernel:
    """ipykernel's kernel in this process, one cell at a time."""

    def __init__(self, kernel: IPythonKernel, session: Mailbox) -> None:
        self.kernel, self.session = kernel, session
        self.shell_channel = FrontEnd(kernel)
        shell = kernel.shell
        shell.transform_cell = AnsweredOnce(shell.transform_cell)
        shell.should_run_async = AnsweredOnce(shell.should_run_async)
        self.asked_twice = shell.transform_cell, shell.should_run_async
        # ipykernel looks at this function's parameters for each cell.
        shell_type = type(shell)
        shell_type.run_cell_async.__signature__ = inspect.signature(shell_type.run_cell_async)
        self.after_cell = lambda request: None

    async def execute(self, code: str) -> tuple[str, dict[str, Any]]:
        """Run a cell to its end: the id of its messages, all of which have been sent then, and its reply.

        ipykernel's `execute_request` does the same, and publishes the input and its state besides.
        """
        request = self.session.msg("execute_request", {"code": code})
        self.session.new_cell()
        for question in self.asked_twice:
            question.new_cell()
        self.kernel.set_parent([], request)
        reply = await self._interruptible(
            self.kernel.do_execute(code, silent=False, store_history=True, allow_stdin=False)
        )
        sys.stdout.flush()
        sys.stderr.flush()
        self.after_cell(request)
        return request["header"]["msg_id"], reply or {}

    async def _interruptible(self, execution: Any) -> Any:
        """Run a cell; an interrupt reaches only what the student wrote, never this process's own work."""
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
        except KeyboardInterrupt:  # one that had come before is raised here
            continue


class Client(NotebookClient):
    """nbclient's client for a kernel that has said everything when a cell has ended: nothing to wait for.

    It remembers which earlier cells a display update has changed.
    """

    def __init__(self, notebook: Any, kernel: Kernel) -> None:
        super().__init__(notebook, km=SimpleNamespace(), record_timing=False)
        self.kc = kernel
        self.changed: set[int] = set()

    async def run_cell(self, cell: Any, index: int) -> dict[str, Any]:
        """Run a cell of the notebook, put into it what it shows, and return the kernel's reply."""
        if not cell.source.strip():
            return {}
        cell.execution_count = self.kc.kernel.execution_count
        self.clear_before_next_output = False
        message_id, reply = await self.kc.execute(cell.source)
        messages = self.kc.session.iopub
        with contextlib.suppress(CellExecutionComplete):  # the cell itself said so, as nobody needs to
            while messages:
                message = messages.popleft()
                if message["parent_header"].get("msg_id") == message_id:
                    self.process_message(message, cell, index)
        await asyncio.sleep(0)  # widgets that a message was for take it now
        return reply

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        super()._update_display_id(display_id, msg)
        self.changed |= set(self._display_id_map.get(display_id, {}))
