"""One box: a confined process that runs submissions one after another.

A box that breaks the protocol, or does not answer in time, is discarded.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from io import FileIO
from pathlib import Path

from autograde.sandbox import cgroup, conversation, program, staging
from autograde.sandbox.inside import frames, processes
from autograde.sandbox.limits import CellTask, Limits, RunResult, SandboxError
from autograde.scratch import remove_tree
from autograde.untrusted.names import shell_word

START_SECONDS = 120.0
SWEEP_SECONDS = 20.0
CONTROL_LIMIT = 2**16
MOST_FILES = 10_000  # files that a submission may make
KILL_REPORT = f"signal {signal.SIGKILL.value}"
# oom_score_adj of a submission and of its box: the kernel kills them first when memory is short
OOM_SCORE_RUN, OOM_SCORE_BOX = 1000, 800
SET_OOM_SCORE = f'echo {OOM_SCORE_BOX} > /proc/self/oom_score_adj; exec "$@"'


def _not_started(error: Exception) -> SandboxError:
    if getattr(error, "errno", None) == errno.E2BIG:
        return SandboxError(
            f"the path of this Python environment is too long for a sandbox: {len(sys.prefix)} characters. "
            f"Make the environment in a folder with a shorter path than {sys.prefix}"
        )
    return SandboxError(f"the sandbox could not be started: {error}")


def _open_oom_score(bubblewrap: int) -> FileIO | None:
    """Open the oom_score_adj file of a box's first process; None if this user may not write it."""
    try:
        [first] = Path(f"/proc/{bubblewrap}/task/{bubblewrap}/children").read_text().split()
        return open(f"/proc/{first}/oom_score_adj", "wb", buffering=0)  # closing it writes nothing
    except (OSError, ValueError):
        return None


class BoxLostError(SandboxError):
    """The box ended or broke the protocol."""


def _require_expected_access(ready: frames.Message) -> None:
    """Refuse a box that can read withheld files, or cannot read needed ones."""
    exposed, closed = ready.get("exposed"), ready.get("closed")
    if exposed:
        raise staging.refusal([(program.outside(path), what) for path, what in exposed])
    if exposed != [] or not isinstance(closed, list):
        raise SandboxError("the sandbox did not look through what submissions can read")
    if closed:
        path = shell_word(program.outside(closed[0]))
        raise SandboxError(
            f"a submission cannot read {path}, which it needs: chmod -R o+rX {path}, and Python's own "
            "folder likewise"
        )


class Box:
    """A started box. Not for use from two threads at once.

    Args:
        stage: the files it is given.
        tier: 3 and 2 confine it with bubblewrap, with and without a control group; 1 with Landlock; 0 not at
            all.
        limits: `disk_bytes` becomes the size of its writable folder.
        figures: whether it loads Matplotlib before the first submission.
        user: the user it becomes where it has no namespace, a number that owns nothing; None: this one.
    """

    def __init__(
        self, stage: staging.Stage, tier: int, limits: Limits, figures: bool, user: int | None
    ) -> None:
        self._oom_score: FileIO | None = None
        self.tier = tier
        self.clean, self.killed = True, False
        self.identity: int | None = None
        self._proof: int | None = None
        self._scratch: str | None = None
        self.group: cgroup.ControlGroup | None = None
        self.control, far_end = socket.socketpair()
        try:
            self.group = cgroup.ControlGroup.create() if tier == 3 else None
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the box)
            self.identity = program.make_identity() if tier >= 2 and program.needs_identity() else None
            self._proof = stage.open_search_list() if tier else None
            self._scratch = stage.scratch(user) if tier < 2 else None
            first = program.Program(stage, tier, figures, self.identity, self._proof, self._scratch, user)
            self.process = self._started(first, far_end.fileno(), limits)
        except (OSError, SandboxError) as error:
            self.control.close()
            if self.group:
                self.group.remove()
            raise _not_started(error) from error
        finally:
            far_end.close()
            for descriptor in self._handed_over():
                os.close(descriptor)
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    def _started(self, first: program.Program, control: int, limits: Limits) -> subprocess.Popen[bytes]:
        words = ["/bin/sh", "-c", SET_OOM_SCORE, "sh", *first.command(control, limits)]
        if self.group:
            self._limit_group(limits)
            words = self.group.joining(words)
        return subprocess.Popen(
            words,
            pass_fds=[control, *self._handed_over()],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env={} if self.tier >= 2 else first.environment(),
            cwd="/",
            start_new_session=True,
        )

    def _handed_over(self) -> list[int]:
        return [descriptor for descriptor in (self.identity, self._proof) if descriptor is not None]

    def _await_ready(self) -> None:
        try:
            ready = self._control_message(START_SECONDS)
        except (BoxLostError, TimeoutError) as error:
            raise SandboxError(f"the sandbox did not start: {self._said() or error}") from None
        if ready.get("ready") is not True:
            raise SandboxError(f"the sandbox did not start: {str(ready.get('error'))[-2000:]}")
        layers = ready.get("layers")
        expected = {0: [], 1: ["seccomp", "landlock"]}.get(self.tier, ["seccomp"])
        if layers != expected:
            raise SandboxError(f"the sandbox started with the layers {layers}, not {expected}")
        self._oom_score = _open_oom_score(self.process.pid) if self.tier >= 2 else None
        if self.tier:
            _require_expected_access(ready)
        if ready.get("missing"):
            raise SandboxError(f"the sandbox lacks a part of descentlab: {ready['missing']}")

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read(4000).decode("utf-8", "replace").strip()

    def run(
        self, cells: Sequence[CellTask], seed: int, limits: Limits, files: Mapping[str, bytes]
    ) -> RunResult:
        """Run one submission.

        Raises:
            BoxLostError: the box, not the submission, came to an end.
        """
        if self.group:
            self._limit_group(limits)
        self._set_oom_score(OOM_SCORE_RUN)
        ours, far_end = socket.socketpair()
        with ours:
            with far_end:
                self._order_run(far_end, seed, limits)
            run = conversation.Conversation(self, ours, limits)
            try:
                run.go(cells, files)
            except BoxLostError:
                self.clean = False
                if not run.lost_to_memory():
                    raise
        return run.result(len(cells))

    def _limit_group(self, limits: Limits) -> None:
        memory = limits.memory_bytes + limits.disk_bytes + program.SHARED_MEMORY
        try:
            self.group.limit(limits.processes, memory)
        except OSError as error:
            raise BoxLostError(f"the sandbox's control group took no limits: {error}") from None

    def _set_oom_score(self, place: int) -> None:
        """Write the oom_score_adj of the first process, which its forks inherit."""
        if self._oom_score:
            with suppress(OSError):
                self._oom_score.seek(0)
                self._oom_score.write(b"%d" % place)

    def kernel_stops(self) -> dict[str, int]:
        """The number of times the kernel enforced each limit of the control group so far, by flag."""
        return self.group.stops() if self.group else {}

    def _order_run(self, connection: socket.socket, seed: int, limits: Limits) -> None:
        packed = frames.pack({"run": {**asdict(limits), "seed": seed, "files": MOST_FILES}})
        try:
            self.control.settimeout(SWEEP_SECONDS)
            sent = socket.send_fds(self.control, [packed], [connection.fileno()])
            self.control.sendall(packed[sent:])
        except OSError as error:
            raise BoxLostError(f"the sandbox is gone: {self._said() or error}") from None

    def _control_message(self, seconds: float) -> frames.Message:
        """The zygote's next message.

        Raises:
            BoxLostError: the zygote is gone.
            TimeoutError: none came in time.
        """
        deadline = time.monotonic() + seconds

        def receive(most: int) -> bytes:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self.control.settimeout(remaining)
            return self.control.recv(most)

        try:
            header = frames.exactly(receive, frames.HEADER.size)
            size, _ = frames.lengths(header, CONTROL_LIMIT, 0)
            return frames.parse(frames.exactly(receive, size))
        except (ConnectionError, EOFError, frames.OddFrameError) as error:
            raise BoxLostError(f"the sandbox is gone: {self._said() or error}") from None

    def _ask(self, what: str) -> None:
        with suppress(OSError):
            self.control.sendall(frames.pack({what: True}))

    def stop_run(self) -> None:
        """Ask the zygote to end the submission that runs now."""
        self._ask("stop")

    def interrupt_cell(self) -> frames.Message | None:
        """Interrupt the submission's process as Ctrl-C would; its report, if it had already ended."""
        self._ask("interrupt")
        reply = self._report()
        return None if reply.get("interrupted") is True else self._checked(reply)

    def look(self) -> conversation.OwnTime | frames.Message:
        """The submission's use so far, or the report if its run has ended."""
        self._ask("look")
        reply = self._report()
        if "used" not in reply:
            return self._checked(reply)
        self._set_oom_score(OOM_SCORE_BOX)  # the submission has been forked
        try:
            return conversation.OwnTime(*map(float, reply["used"]))
        except (TypeError, ValueError):
            raise BoxLostError("the sandbox sent an odd report") from None

    def ended(self) -> frames.Message:
        """The zygote's report on the finished run."""
        return self._checked(self._report())

    def _report(self) -> frames.Message:
        try:
            return self._control_message(SWEEP_SECONDS)
        except TimeoutError:
            raise BoxLostError("the sandbox could not end a submission") from None

    def _checked(self, report: frames.Message) -> frames.Message:
        is_number = isinstance(report.get("cpu_seconds"), int | float)
        if not isinstance(report.get("ended"), str) or not is_number:
            raise BoxLostError("the sandbox sent an odd report")
        self.clean, self.killed = report.get("clean") is True, report["ended"] == KILL_REPORT
        return report

    def kill(self) -> None:
        """End the box at once, from any thread: callers that wait for its answers get a `BoxLostError`."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)  # the zygote ends with its connection
        if (
            self.tier < 2 and self.process.returncode is None
        ):  # without a namespace, what it leaves behind would go on
            processes.Processes(False, self.process.pid).end_all()
        self.process.kill()

    def close(self) -> None:
        """End the box and everything in it, and remove its files."""
        self.kill()
        self.control.close()
        self.process.wait()
        self._log.close()
        if self._oom_score:
            self._oom_score.close()
        if self.group:
            self.group.remove()
        if self._scratch:
            remove_tree(self._scratch)
