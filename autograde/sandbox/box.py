"""One box: a confined process that runs submissions one after another, and the conversation with it.

Nothing that comes out of a box is believed beyond its shape: lengths are limited before reading, every wait
has a deadline, and a box that does not keep to the protocol is thrown away.
"""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograde.sandbox import bubblewrap, identity
from autograde.sandbox.cgroup import Group, NoGroupError
from autograde.sandbox.inside import frames
from autograde.sandbox.limits import MIB, Limits
from autograde.sandbox.results import CellResult, CellTask, RunResult, SandboxError
from autograde.sandbox.staging import WITHHELD, Stage, remove_tree
from autograde.sandbox.withheld import refusal
from autograde.untrusted.outputs import MOST_OUTPUTS, OddOutputError, read_reply

START_SECONDS = 120.0
SWEEP_SECONDS = 20.0
GRACE_SECONDS = 5.0  # from the interrupt of a cell to the end of the notebook
LAST_MOMENT = 0.2
# Between two looks at what a submission uses. A control group stops it by itself; then a look only names why.
WATCH_SECONDS, WATCH_SECONDS_IN_GROUP = 0.1, 0.25
MOST_INTERRUPTS = 3  # of a notebook: a class of endless cells must not take the whole time of each notebook
CONTROL_LIMIT = 2**16
SLACK = 1 * MIB  # what a run's replies may need beside their outputs
CELL_SLACK = 2**14  # and each of them once more
AHEAD = 2**16  # read with a frame's first bytes: most frames are shorter
REASONS = {"memory": "memory", "processes": "processes", "cpu": "timeout", "disk": "disk"}
KILLED = f"signal {signal.SIGKILL.value}"
FIRST_TO_GO = 'echo 800 > /proc/self/oom_score_adj; exec "$@"'  # where the machine's memory is short
STARTER = "import sys; sys.path.insert(0, {!r}); from inside.zygote import main; main()"


def _group() -> Group:
    try:
        return Group.create()
    except NoGroupError as error:
        raise SandboxError(f"no control group for the sandbox: {error}") from None


class BoxLostError(SandboxError):
    """The box ended or no longer keeps to the protocol."""


class Box:
    """A started box. Not for use from two threads at once.

    Args:
        stage: the files it is given.
        tier: 3 and 2 confine it with bubblewrap, with and without a control group; 1 with Landlock; 0 not at
            all.
        limits: `disk_bytes` becomes the size of its writable folder.
        figures: whether it loads, before the first submission, what draws.
    """

    def __init__(self, stage: Stage, tier: int, limits: Limits, figures: bool = True) -> None:
        self.stage, self.tier, self.figures = stage, tier, figures
        self.clean, self.killed = True, False
        self.identity: int | None = None
        self._proof: int | None = None
        self._scratch: str | None = None
        self.group = _group() if tier == 3 else None
        ours, theirs = socket.socketpair()
        self.control = ours
        try:
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the box)
            self.identity = identity.make() if tier >= 2 and identity.needed() else None
            self._proof = stage.to_look_for() if tier else None
            words = ["/bin/sh", "-c", FIRST_TO_GO, "sh", *self._command(theirs.fileno(), limits)]
            if self.group:
                self._limit_group(limits)
                words = self.group.joining(words)
            self.process = subprocess.Popen(
                words,
                pass_fds=[theirs.fileno(), *self._handed_over()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env={} if tier >= 2 else self._environment(self._scratch),
                cwd="/",
                start_new_session=True,
            )
        except (OSError, SandboxError) as error:
            ours.close()
            if self.group:
                self.group.remove()
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        finally:
            theirs.close()
            for descriptor in self._handed_over():
                os.close(descriptor)
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    def _handed_over(self) -> list[int]:
        return [descriptor for descriptor in (self.identity, self._proof) if descriptor is not None]

    def _environment(self, scratch: str | None) -> dict[str, str]:
        home = f"{scratch}/home" if scratch else "/tmp/home"
        python = os.path.dirname(sys.executable)
        place = bubblewrap.inside if self.tier >= 2 else str
        beyond = ":".join(place(folder) for folder in self.stage.allowed.beyond)
        return {
            "PATH": ":".join(dict.fromkeys([place(python), "/usr/bin", "/bin"])),
            **({"PYTHONPATH": beyond} if beyond else {}),
            "HOME": home,
            "TMPDIR": scratch or "/tmp",
            "IPYTHONDIR": f"{home}/.ipython",
            "MPLCONFIGDIR": f"{home}/.config/matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "USER": "student",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **{
                f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
            },
        }

    def _command(self, control: int, limits: Limits) -> list[str]:
        stage = str(self.stage.folder) if self.tier < 2 else bubblewrap.INSIDE
        if self.tier < 2:
            self._scratch = self.stage.scratch()
        folders = [self._scratch] if self._scratch else ["/tmp", "/dev/shm"]
        settings = {
            "control": control,
            "stage": stage,
            "folders": folders,
            "work": f"{folders[0]}/work",
            "own_namespace": self.tier >= 2,
            "become": None if self.identity is None else [self.identity, identity.INSIDE],
            "seccomp": self.tier >= 1,
            "landlock": self._landlock() if self.tier == 1 else None,
            "proof": self._proof,
            "figures": self.figures,
            "watch_seconds": WATCH_SECONDS_IN_GROUP if self.group else WATCH_SECONDS,
            "withheld": ["descentlab." + room.replace("/", ".") for room in WITHHELD],
        }
        # `-I` would ignore PYTHONHASHSEED too; the environment is ours, so what remains of it is enough.
        program = [sys.executable, "-s", "-P", "-c", STARTER.format(f"{stage}/site"), json.dumps(settings)]
        if self.tier < 2:
            return program
        environment = self._environment(None)
        allowed, stage = self.stage.allowed, self.stage.folder
        return bubblewrap.command(allowed, stage, limits.disk_bytes, environment, program, self.identity)

    def _landlock(self) -> dict[str, Any]:
        """What a submission may open where there are no namespaces."""
        shown = self.stage.allowed.shown
        listed = [*self.stage.allowed.sites, *(path for path, hidden in shown.items() if hidden)]
        etc = [f"/etc/{name}" for name in bubblewrap.ETC]
        return {
            "read": {str(path): hidden for path, hidden in shown.items()}
            | dict.fromkeys([*etc, str(self.stage.folder)], ()),
            "list_only": list(map(str, listed)),
            "write": [self._scratch],
            "devices": ["/dev/null", "/dev/full", "/dev/random", "/dev/urandom"],
        }

    def _await_ready(self) -> None:
        try:
            ready = self._control_message(time.monotonic() + START_SECONDS)
        except (BoxLostError, TimeoutError) as error:
            raise SandboxError(f"the sandbox did not start: {self._said() or error}") from None
        if ready.get("ready") is not True:
            raise SandboxError(f"the sandbox did not start: {str(ready.get('error'))[-2000:]}")
        self.layers = ready.get("layers")
        wanted = {0: [], 1: ["seccomp", "landlock"]}.get(self.tier, ["seccomp"])
        if self.layers != wanted:
            raise SandboxError(f"the sandbox started with the layers {self.layers}, not {wanted}")
        if ready.get("exposed"):
            raise refusal([(bubblewrap.outside(path), what) for path, what in ready["exposed"]])
        if ready.get("missing"):
            raise SandboxError(f"the sandbox lacks a part of descentlab: {ready['missing']}")

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read(4000).decode("utf-8", "replace").strip()

    def run(
        self, cells: Sequence[CellTask], seed: int, limits: Limits, files: Mapping[str, bytes]
    ) -> RunResult:
        """Run one submission. Raises `BoxLostError` where the box, not the submission, came to an end."""
        started = time.monotonic()
        if self.group:
            self._limit_group(limits)
        ours, theirs = socket.socketpair()
        with contextlib.closing(ours):
            try:
                self._order_run(theirs, seed, limits)
            finally:
                theirs.close()
            run = _Run(self, ours, limits, started)
            run.go(cells, files)
        return run.result(len(cells))

    def _limit_group(self, limits: Limits) -> None:
        memory = limits.memory_bytes + limits.disk_bytes + bubblewrap.SHARED_MEMORY
        try:
            self.group.limit(limits.processes, memory)
        except OSError as error:
            raise BoxLostError(f"the sandbox's control group took no limits: {error}") from None

    def kernel_stops(self) -> dict[str, int]:
        """How often the kernel has held the control group's limits, by flag, since the box began."""
        if not self.group:
            return {}
        return {"memory": self.group.memory_kills(), "processes": self.group.refused_processes()}

    def _order_run(self, connection: socket.socket, seed: int, limits: Limits) -> None:
        order = {
            "run": {
                "seed": seed,
                "cpu_seconds": limits.cpu_seconds,
                "memory_bytes": limits.memory_bytes,
                "processes": limits.processes,
                "disk_bytes": limits.disk_bytes,
                "output_bytes": limits.output_bytes,
                "files": 10_000,
            }
        }
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [connection.fileno()]))]
        packed = frames.pack(order)
        try:
            self.control.settimeout(SWEEP_SECONDS)
            sent = self.control.sendmsg([packed], rights)
            self.control.sendall(packed[sent:])
        except OSError as error:
            raise BoxLostError(f"the sandbox is gone: {self._said() or error}") from None

    def _control_message(self, deadline: float) -> dict[str, Any]:
        """The zygote's next message. Raises `BoxLostError`, or TimeoutError at the deadline."""
        try:
            header = _exactly(self.control, frames.HEADER.size, deadline)
            size, _ = frames.lengths(header, CONTROL_LIMIT, 0)
            return frames.parse(_exactly(self.control, size, deadline))
        except (ConnectionError, frames.OddFrameError) as error:
            raise BoxLostError(f"the sandbox is gone: {self._said() or error}") from None

    def stop_run(self) -> None:
        """Ask the zygote to end the submission that runs now."""
        with contextlib.suppress(OSError):
            self.control.sendall(frames.pack({"stop": True}))

    def interrupt_cell(self) -> dict[str, Any] | None:
        """Interrupt the submission's process as Ctrl-C would; its report, where it had ended already."""
        with contextlib.suppress(OSError):
            self.control.sendall(frames.pack({"interrupt": True}))
        answer = self._report()
        return None if answer.get("interrupted") is True else self._checked(answer)

    def ended(self) -> dict[str, Any]:
        """The zygote's report on the run that is over."""
        return self._checked(self._report())

    def _report(self) -> dict[str, Any]:
        try:
            return self._control_message(time.monotonic() + SWEEP_SECONDS)
        except TimeoutError:
            raise BoxLostError("the sandbox could not end a submission") from None

    def _checked(self, report: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(report.get("ended"), str) or not isinstance(
            report.get("cpu_seconds"), (int, float)
        ):
            raise BoxLostError("the sandbox sent an odd report")
        self.clean, self.killed = report.get("clean") is True, report["ended"] == KILLED
        return report

    def kill(self) -> None:
        """End the box at once, from any thread: who waits for its answers gets a `BoxLostError`."""
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)  # the zygote ends with its connection
        self.process.kill()

    def close(self) -> None:
        """End the box and everything in it, and remove what it used."""
        self.kill()
        self.control.close()
        self.process.wait()
        self._log.close()
        if self.group:
            self.group.remove()
        if self._scratch:
            remove_tree(self._scratch)


class _Run:
    """The conversation with one submission's process."""

    def __init__(self, box: Box, connection: socket.socket, limits: Limits, started: float) -> None:
        self.box, self.connection, self.limits, self.started = box, connection, limits, started
        self.results: list[CellResult] = []
        self.flags: list[str] = []
        self.report: dict[str, Any] | None = None
        self.poll = select.poll()
        self.poll.register(box.control, select.POLLIN)
        self.ahead = bytearray()  # what has come and was not taken yet
        self.stops_before = box.kernel_stops()
        self.last = started + limits.wall_seconds
        self.interrupted: set[int] = set()  # cells by number
        # A notebook has many cells: what all replies together may hold, the grader's memory being one.
        self.text_left = 2 * limits.output_bytes + SLACK
        self.values_left, self.outputs_left = frames.MOST_VALUES, MOST_OUTPUTS

    def go(self, cells: Sequence[CellTask], files: Mapping[str, bytes]) -> None:
        """Hand over the files, then the cells one at a time, until they are done or the process no longer
        answers as it should."""
        stopped = self._stopped_in(self._hand_over, files)
        for task in cells:
            stopped = stopped or self._stopped_in(self._run_cell, task)
        self._finish(stopped)

    def _stopped_in(self, step: Callable[[Any], None], argument: Any) -> str | None:
        try:
            step(argument)
        except TimeoutError:
            return "timeout"
        except ConnectionError:
            return "died"
        except (frames.OddFrameError, OddOutputError):
            return "odd-reply"
        return None

    def _hand_over(self, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            self._send(frames.pack({"file": name}, data), self.last)

    def _run_cell(self, task: CellTask) -> None:
        deadline = min(self.last, time.monotonic() + self.limits.cell_seconds)
        self._send(frames.pack({"source": task.source, "seed": task.seed}), deadline)
        self._take_reply(task, deadline)

    def _send(self, frame: bytes, deadline: float) -> None:
        left = memoryview(frame)
        while left:
            try:
                left = left[self.connection.send(left[:65536], socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)

    def _take_reply(self, task: CellTask, deadline: float) -> None:
        deadline = self._await_reply(deadline)
        header = self._read(frames.HEADER.size, deadline)
        size, raw = frames.lengths(header, self.text_left + CELL_SLACK, self.limits.evidence_bytes)
        text = self._read(size, deadline)
        self.text_left -= max(0, size - CELL_SLACK)
        message, count = frames.counted(text, self.values_left)
        self.values_left -= count
        reply = read_reply(message)
        evidence = self._read(raw, deadline)
        self.outputs_left -= len(reply.outputs) + sum(map(len, reply.earlier.values()))
        if self.outputs_left < 0:
            raise frames.OddFrameError("far more outputs than are kept of a notebook")
        number = len(self.results)
        if any(other >= number for other in reply.earlier):
            raise frames.OddFrameError("a later cell's outputs")
        for other, outputs in reply.earlier.items():
            self.results[other] = replace(self.results[other], outputs=self._with_notice(other, outputs))
        # Evidence is asked for with a seed, and in time, or it is none.
        wanted = reply.evidence and task.seed is not None and number not in self.interrupted
        outputs = self._with_notice(number, reply.outputs)
        self.results.append(CellResult(outputs, evidence if wanted else None, reply.execution_count))
        if reply.cut:
            self._flag("output-limit")

    def _await_reply(self, deadline: float) -> float:
        """Until a cell begins to answer, interrupted if it must be; returns when all of it has to be here."""
        try:
            if not self.ahead:
                self._wait(select.POLLIN, deadline)
            return deadline
        except TimeoutError:
            if deadline >= self.last or len(self.interrupted) >= MOST_INTERRUPTS:
                raise
        self._flag("timeout")
        self.interrupted.add(len(self.results))
        self._note(self.box.interrupt_cell())
        return min(self.last, time.monotonic() + GRACE_SECONDS)

    def _with_notice(self, number: int, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A cell's outputs as they are kept: those of an interrupted one end in an error in any case."""
        return [*outputs, _notice("interrupted", self.limits)] if number in self.interrupted else outputs

    def _read(self, size: int, deadline: float) -> bytes:
        """Exactly so many bytes. A small reply comes whole, with one look at the socket."""
        while len(self.ahead) < size:
            missing = min(size - len(self.ahead), 2**20)
            self.ahead += self._receive(max(AHEAD, missing), deadline)
        with memoryview(self.ahead)[:size] as wanted:
            data = bytes(wanted)
        del self.ahead[:size]
        return data

    def _receive(self, most: int, deadline: float) -> bytes:
        while time.monotonic() < deadline:  # also while more is there at each look
            try:
                part = self.connection.recv(most, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            if not part:
                raise ConnectionResetError
            return part
        raise TimeoutError

    def _wait(self, event: int, deadline: float) -> None:
        """Until the connection is ready; a report on the control socket means that the process has ended."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self.poll.register(self.connection, event)
        ready = [number for number, _ in self.poll.poll(remaining * 1000)]
        if self.connection.fileno() in ready:
            return
        if not ready:
            raise TimeoutError
        self._note(self.box.ended())  # what was sent before can still be read; after it comes the end

    def _note(self, report: dict[str, Any] | None) -> None:
        """The zygote's report, where there is one: no other follows."""
        if report is not None:
            self.report = report
            self.poll.unregister(self.box.control)

    def _finish(self, stopped: str | None) -> None:
        if self.report is None:
            if stopped == "died":
                self._await_report()
            self.box.stop_run()
            self.report = self.box.ended()
        reasons = self._reasons()
        if stopped == "died" and reasons:
            stopped = reasons[0]
        if any(_ran_out_of_memory(result) for result in self.results):
            reasons.append("memory")
        for flag in [stopped, *reasons] if stopped else reasons:
            self._flag(flag)
        if stopped:
            self.results.append(CellResult([_notice(stopped, self.limits)]))

    def _reasons(self) -> list[str]:
        """The limits that were met, as the kernel and the watching process say.

        Either may be the only one: a notebook can be over before the processes it started are counted.
        """
        stops = self.box.kernel_stops()
        found = [flag for flag, count in stops.items() if count > self.stops_before[flag]]
        seen = REASONS.get(self.report["ended"])
        return [*found, seen] if seen else found

    def _await_report(self) -> None:
        """A process that ends loses its connection first, and a moment later the zygote knows why."""
        control = select.poll()
        control.register(self.box.control, select.POLLIN)
        control.poll(LAST_MOMENT * 1000)

    def _flag(self, flag: str) -> None:
        if flag not in self.flags:
            self.flags.append(flag)

    def result(self, wanted: int) -> RunResult:
        """The run as far as it came."""
        cells = self.results[:wanted]
        cells += [CellResult()] * (wanted - len(cells))
        return RunResult(
            cells,
            tuple(self.flags),
            time.monotonic() - self.started,
            float(self.report["cpu_seconds"]),
            self.box.tier,
        )


NOTICES = {
    "interrupted": "This cell was interrupted: it ran for {seconds:g} seconds.",
    "timeout": "This cell was stopped: it ran for {seconds:g} seconds, or the notebook for {wall:g}.",
    "memory": "This cell was stopped: it used more than {memory} MiB of memory.",
    "processes": "This cell was stopped: it started more than {processes} processes or threads.",
    "disk": "This cell was stopped: it wrote more files than a notebook may.",
    "died": "The notebook's process ended while this cell ran.",
    "odd-reply": "This cell was stopped: the notebook's process answered with data that no notebook sends.",
}


def _notice(flag: str, limits: Limits) -> dict[str, Any]:
    """The output that tells a reader where the run ended."""
    text = NOTICES[flag].format(
        seconds=limits.cell_seconds,
        wall=limits.wall_seconds,
        memory=limits.memory_bytes // MIB,
        processes=limits.processes,
    )
    return {"output_type": "error", "ename": "Stopped", "evalue": text, "traceback": [f"Stopped: {text}"]}


def _ran_out_of_memory(result: CellResult) -> bool:
    return any(o["output_type"] == "error" and o["ename"].endswith("MemoryError") for o in result.outputs)


def _exactly(sock: socket.socket, size: int, deadline: float) -> bytes:
    parts = []
    while size:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        sock.settimeout(remaining)
        part = sock.recv(min(size, 2**16))
        if not part:
            raise ConnectionResetError("the connection ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
