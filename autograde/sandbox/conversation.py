"""The conversation with one submission's process: one cell goes in at a time, and its reply comes out.

Only the shape of a box's output is trusted: lengths are limited before reading, and every wait has a limit.
"""

import math
import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from autograde.sandbox.inside import frames
from autograde.sandbox.limits import MIB, CellResult, CellTask, Limits, RunResult
from autograde.untrusted.flags import RUN_FLAGS
from autograde.untrusted.outputs import MOST_OUTPUTS_READ, OddOutputError, read_reply
from verdicts.sentences import say_named

if TYPE_CHECKING:
    from autograde.sandbox.box import Box

CLOCK_FACTOR = 8  # by the clock, a cell or a notebook may take this many times its limit
LOOK_SECONDS = 0.25
GRACE_SECONDS = 5.0  # from the interrupt of a cell to the end of the notebook
REPORT_SECONDS = 0.2
MOST_INTERRUPTS = 3  # of a notebook: a class of endless cells must not take the whole time of each notebook
REPLIES_SLACK = 1 * MIB  # allowed for a run's replies beyond their outputs
REPLY_SLACK = 2**14  # and each of them once more


class OwnTime(NamedTuple):
    """Processor seconds that the processes of a run have used, and seconds they waited for a processor."""

    cpu_seconds: float
    waited_seconds: float


class OwnTimeLimit:
    """A limit that a busy machine does not shorten: on the processor time of all processes together, and on the
    time in which none of them wanted a processor. Time spent waiting for one does not count, until the clock
    ends the run at `CLOCK_FACTOR` times the limit.

    Until the first look time counts by the clock: few cells take longer.

    Args:
        seconds: of time that counts.
        last: the latest end by the clock (time.monotonic()).
    """

    def __init__(self, seconds: float, last: float = math.inf) -> None:
        self.seconds = seconds
        self.began = time.monotonic()
        self.last = min(last, self.began + CLOCK_FACTOR * seconds)
        self._between = min(LOOK_SECONDS, seconds / 2)
        self.next_look = min(self.last, self.began + self._between)
        self._first: tuple[float, OwnTime] | None = None
        self.over = False

    def is_over(self, use: OwnTime) -> bool:
        """Whether a run with this use has reached the limit."""
        now = time.monotonic()
        if self._first is None:
            self._first = now, use
        then, first = self._first
        cpu = then - self.began + use.cpu_seconds - first.cpu_seconds
        waited = use.waited_seconds - first.waited_seconds
        self.next_look = min(self.last, now + self._between)
        self.over = max(cpu, now - self.began - waited) >= self.seconds or now >= self.last
        return self.over


class Conversation:
    """The conversation with one submission's process."""

    def __init__(self, box: "Box", connection: socket.socket, limits: Limits) -> None:
        self.box, self.connection, self.limits = box, connection, limits
        self.results: list[CellResult] = []
        self.flags: list[str] = []
        self.report: frames.Message | None = None
        self.poll = select.poll()
        self.poll.register(box.control, select.POLLIN)
        self.stops_before = box.kernel_stops()
        self.notebook_limit = OwnTimeLimit(limits.wall_seconds)
        self.used = OwnTime(0.0, 0.0)
        self.interrupted: set[int] = set()  # cells by number
        # A notebook has many cells: limits all replies together, to protect the grader's memory.
        self.text_left = 2 * limits.output_bytes + REPLIES_SLACK
        self.values_left, self.outputs_left = frames.MOST_VALUES, MOST_OUTPUTS_READ

    def go(self, cells: Sequence[CellTask], files: Mapping[str, bytes]) -> None:
        """Send the files, then one cell at a time, until all are done or the process no longer answers correctly."""
        stopped = None
        try:
            for name, data in files.items():
                self._send(
                    frames.pack({"file": name}, data), OwnTimeLimit(math.inf, self.notebook_limit.last)
                )
            for task in cells:
                self._run_cell(task)
        except TimeoutError:
            stopped = "timeout"
        except ConnectionError:
            stopped = "died"
        except (frames.OddFrameError, OddOutputError):
            stopped = "odd-reply"
        self._finish(stopped)

    def _run_cell(self, task: CellTask) -> None:
        limit = OwnTimeLimit(self.limits.cell_seconds, self.notebook_limit.last)
        drawn = task.handed.encode()
        if task.seed is not None and not drawn:
            from verdicts.recorders import arguments  # with NumPy, which only a check needs

            drawn = arguments(task.check, task.seed)
        # With the seed, code could draw the problems again, and the answers that some are made from.
        message = {"source": task.source, "seed": None if drawn else task.seed, "test": task.test}
        self._send(frames.pack(message, drawn), limit)
        self._take_reply(task, limit)

    def _send(self, frame: bytes, limit: OwnTimeLimit) -> None:
        left = memoryview(frame)
        while left:
            try:
                left = left[self.connection.send(left[:65536], socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, limit)

    def _take_reply(self, task: CellTask, limit: OwnTimeLimit) -> None:
        limit = self._await_reply(limit)
        header = self._read(frames.HEADER.size, limit)
        size, raw = frames.lengths(header, self.text_left + REPLY_SLACK, self.limits.evidence_bytes)
        text = self._read(size, limit)
        self.text_left -= max(0, size - REPLY_SLACK)
        message, count = frames.counted(text, self.values_left)
        self.values_left -= count
        reply = read_reply(message)
        evidence = self._read(raw, limit)
        self.outputs_left -= len(reply.outputs) + sum(map(len, reply.earlier.values()))
        if self.outputs_left < 0:
            raise frames.OddFrameError("far more outputs than are kept of a notebook")
        number = len(self.results)
        if any(other >= number for other in reply.earlier):
            raise frames.OddFrameError("a later cell's outputs")
        for other, outputs in reply.earlier.items():
            self.results[other] = replace(self.results[other], outputs=self._with_interrupt(other, outputs))
        # Evidence counts only if it was requested with a seed, and came in time.
        asked_for = reply.evidence and task.seed is not None and number not in self.interrupted
        outputs = self._with_interrupt(number, reply.outputs)
        evidence = evidence if asked_for else None
        self.results.append(CellResult(outputs, evidence, reply.execution_count, reply.hooks))
        if reply.cut:
            self._flag("output-limit")

    def _await_reply(self, limit: OwnTimeLimit) -> OwnTimeLimit:
        """Wait until a cell begins to answer, interrupting it at its limit; returns the limit for the rest."""
        try:
            self._wait(select.POLLIN, limit)
            return limit
        except TimeoutError:
            if self.report or self.notebook_limit.over or len(self.interrupted) >= MOST_INTERRUPTS:
                raise
        self._flag("timeout")
        self.interrupted.add(len(self.results))
        self._note(self.box.interrupt_cell())
        return OwnTimeLimit(GRACE_SECONDS, self.notebook_limit.last)

    def _with_interrupt(self, number: int, outputs: list[frames.Message]) -> list[frames.Message]:
        """A cell's outputs to save; those of an interrupted one always end in an error."""
        return [*outputs, _last_output(INTERRUPTED, self.limits)] if number in self.interrupted else outputs

    def _read(self, size: int, limit: OwnTimeLimit) -> bytes:
        """Read exactly `size` bytes."""
        return frames.exactly(lambda most: self._receive(most, limit), size)

    def _receive(self, most: int, limit: OwnTimeLimit) -> bytes:
        while True:
            if time.monotonic() >= limit.next_look:  # even if each read finds more
                self._look(limit)
            try:
                part = self.connection.recv(most, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._wait(select.POLLIN, limit)
                continue
            if not part:
                raise ConnectionResetError
            return part

    def _wait(self, event: int, limit: OwnTimeLimit) -> None:
        """Wait until the connection is ready; a report on the control socket means that the process has ended."""
        self.poll.register(self.connection, event)
        while True:
            remaining = max(0.0, limit.next_look - time.monotonic())
            ready = [number for number, _ in self.poll.poll(remaining * 1000)]
            if self.connection.fileno() in ready:
                return
            if ready:
                self._note(self.box.ended())  # data sent before can still be read, then the end of the stream
                return
            self._look(limit)

    def _look(self, limit: OwnTimeLimit) -> None:
        """Ask for the process's use so far.

        Raises:
            TimeoutError: it has used too much, and has not ended.
        """
        if self.report is None:
            use = self.box.look()
            if not isinstance(use, OwnTime):  # ended: what it sent can be read, then the end of the stream
                self._note(use)
                return
            self.used = use
        if self.notebook_limit.is_over(self.used) or limit.is_over(self.used):
            raise TimeoutError

    def _note(self, report: frames.Message | None) -> None:
        """Store the zygote's report, if any: it is the last."""
        if report is not None:
            self.report = report
            self.poll.unregister(self.box.control)

    def _finish(self, stopped: str | None) -> None:
        if self.report is None:
            if stopped == "died":  # the report comes a moment after the process loses its connection
                control = select.poll()
                control.register(self.box.control, select.POLLIN)
                control.poll(REPORT_SECONDS * 1000)
            self.box.stop_run()
            self.report = self.box.ended()
        # The kernel and the watching process may each be the only one to see a limit exceeded: a notebook can be over
        # before the processes it started are counted.
        stops = self.box.kernel_stops()
        reasons = [flag for flag, count in stops.items() if count > self.stops_before[flag]]
        if self.report["ended"] in RUN_FLAGS:
            reasons.append(self.report["ended"])
        if stopped == "died" and reasons:
            stopped = reasons[0]
        names = (output.get("ename", "") for one in self.results for output in one.outputs)
        if any(name.endswith("MemoryError") for name in names):
            reasons.append("memory")
        for flag in [stopped, *reasons] if stopped else reasons:
            self._flag(flag)
        if stopped:
            self.results.append(CellResult([_last_output(RUN_FLAGS[stopped].last_output, self.limits)]))

    def lost_to_memory(self) -> bool:
        """Whether the box was lost because the kernel killed processes for lack of memory, which ends the run."""
        if self.box.kernel_stops().get("memory", 0) <= self.stops_before.get("memory", 0):
            return False
        self.report = {"ended": "memory", "cpu_seconds": self.used.cpu_seconds}
        self._finish("memory")
        return True

    def _flag(self, flag: str) -> None:
        if flag not in self.flags:
            self.flags.append(flag)

    def result(self, asked: int) -> RunResult:
        """The result of the run so far."""
        cells = [*self.results, *[CellResult()] * asked][:asked]
        return RunResult(
            cells,
            tuple(self.flags),
            time.monotonic() - self.notebook_limit.began,
            float(self.report["cpu_seconds"]),
            self.box.tier,
        )


INTERRUPTED = "This cell was interrupted: it ran for {seconds:g} seconds."


def _last_output(template: str, limits: Limits) -> frames.Message:
    """The output that shows a reader where the run ended."""
    values = {
        "seconds": limits.cell_seconds,
        "wall": limits.wall_seconds,
        "memory": limits.memory_bytes // MIB,
        "processes": limits.processes,
        "busy": limits.busy_threads,
    }
    text = say_named(template, values)
    return {"output_type": "error", "ename": "Stopped", "evalue": text, "traceback": [f"Stopped: {text}"]}
