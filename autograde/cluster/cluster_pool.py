"""A Dask cluster instead of the local pool of sandboxes."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Self

from autograde.cluster.tls import require_tls
from autograde.cluster.worker import MOST_WORDS, Task, longest_reply, pack_task, read_reply
from autograde.errors import CourseError, UsageError
from autograde.installed import is_installed, remedy
from autograde.sandbox import CellTask, Limits, RunResult, SandboxError, best_tier
from autograde.sandbox.inside import frames

CONNECT_SECONDS = 20.0
START_SECONDS = 300.0
CLOSE_SECONDS = 10.0
LEAST_TIER = 2  # of unattended machines: bubblewrap
TIME_FACTOR = 8  # times a notebook's time: a box may be lost and the run start again
SPARE_SECONDS = 120.0
LONGEST_TEXT = 2**16  # of a frame that carries a reply
CLIENT = ("-m", "autograde.cluster.client")


def _without(paths: list[str]) -> list[str]:
    """The bubblewrap command that hides these paths and other processes from the command after it."""
    if best_tier().number < LEAST_TIER:
        return []
    hidden = [word for path in paths if os.path.isdir(path) for word in ("--tmpfs", path)]
    hidden += [word for path in paths if os.path.isfile(path) for word in ("--ro-bind", os.devnull, path)]
    rights = ["--cap-drop", "ALL", "--cap-add", "CAP_DAC_OVERRIDE"] if os.geteuid() == 0 else []
    spaces = ["--unshare-pid", "--unshare-ipc", "--die-with-parent"]
    return ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", *hidden, *spaces, *rights, "--"]


class ClusterPool:
    """Runs notebooks on a cluster's workers, each in that machine's own sandbox; a context manager.

    The process that speaks with the scheduler sees neither the `withheld` folders nor the `files`.

    Raises:
        UsageError: an address without TLS, no scheduler there, no workers, or one that differs from the rest.
    """

    def __init__(
        self,
        scheduler: str,
        isolation: str,
        limits: Limits,
        packages: Sequence[str] = (),
        withheld: Mapping[str, Path] | None = None,
        files: Iterable[Path] = (),
        checks: Sequence[str] | None = None,
    ) -> None:
        require_tls(scheduler)
        if not is_installed("cluster"):
            raise UsageError(f"--scheduler needs Dask. {remedy('cluster')}")
        self._limits = limits
        self._asked: dict[int, tuple[Task, Future[RunResult]]] = {}
        self._numbers = itertools.count(1)
        self._lost: str | None = None
        self._closing = False
        self._lock = threading.Lock()
        folders = {what: str(folder) for what, folder in (withheld or {}).items()}
        boxes = {"isolation": isolation, "packages": packages, "withheld": folders, "checks": checks}
        settings = {
            "url": scheduler,
            "connect_seconds": CONNECT_SECONDS,
            "boxes": json.dumps(boxes),
            "least_tier": 0 if isolation == "none" else LEAST_TIER,
            "limits": asdict(limits),
        }
        self._start(settings, [*folders.values(), *map(str, files)])
        try:
            ready = self._await_ready(scheduler)
        except BaseException:
            self._end()
            raise
        self.slots, self.tier, self.address = ready["slots"], ready["tier"], ready["address"]
        self._reader = threading.Thread(target=self._read, name="autograde-cluster", daemon=True)
        self._reader.start()

    def _start(self, settings: dict[str, Any], hidden: list[str]) -> None:
        self._connection, clients = socket.socketpair()
        with clients:
            self.process = subprocess.Popen(
                [*_without(hidden), sys.executable, *CLIENT, json.dumps(settings), str(clients.fileno())],
                pass_fds=[clients.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,  # Ctrl-C is the grader's to handle
            )

    def _await_ready(self, scheduler: str) -> dict[str, Any]:
        self._connection.settimeout(START_SECONDS)
        try:
            message, _ = self._frame()
        except TimeoutError:
            raise UsageError(f"{scheduler}: not ready after {START_SECONDS:.0f} seconds.") from None
        except (OSError, EOFError, frames.OddFrameError):
            raise UsageError(f"{scheduler}: the Dask client ended.") from None
        if "ready" not in message:
            raise UsageError(f"{scheduler}: {message.get('refused')}")
        self._connection.settimeout(None)
        return message["ready"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._closing = True
        self._end()
        self._reader.join()

    def _end(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(CLOSE_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its session: bubblewrap, too
        self.process.wait()
        self._connection.close()

    def prove(self) -> None:
        """Do nothing: every worker's box has proved it when the worker was checked."""

    def submit_run(
        self, cells: Sequence[CellTask], seed: int, files: Mapping[str, bytes] | None = None
    ) -> Future[RunResult]:
        """Run a submission on some worker, as `autograde.sandbox.Pool.submit_run` does.

        Raises:
            CourseError: the cluster is gone.
        """
        task = Task(tuple(cells), seed, self._limits, files or {})
        data = pack_task(task)
        future, number = Future[RunResult](), next(self._numbers)
        order = {
            "run": number,
            "most": longest_reply(task),
            "seconds": TIME_FACTOR * task.limits.wall_seconds + SPARE_SECONDS,
        }
        with self._lock:
            if self._lost:
                raise CourseError(self._lost)
            self._asked[number] = task, future
        try:
            self._connection.sendall(frames.pack(order, data))
        except OSError as error:
            self._lose(str(error))
            raise CourseError(self._lost) from error
        return future

    def _read(self) -> None:
        """Turn replies into results until there are no more."""
        try:
            while True:
                self._take(*self._frame())
        except (OSError, EOFError):
            self._lose("closed" if self._closing else "its client ended")
        except frames.OddFrameError as odd:
            self._lose(f"its client sent {odd}")

    def _frame(self) -> tuple[frames.Message, bytes]:
        """A message of the client's and its reply, no longer than an honest one to its task."""
        receive = partial(frames.exactly, self._connection.recv)
        text, raw = frames.lengths(receive(frames.HEADER.size), LONGEST_TEXT, 2**31)
        message = frames.parse(receive(text))
        number = message.get("reply")
        asked = self._asked.get(number) if isinstance(number, int) else None
        if raw > (longest_reply(asked[0]) if asked else 0):
            raise frames.OddFrameError(f"a reply of {raw} bytes")
        return message, receive(raw)

    def _take(self, message: frames.Message, raw: bytes) -> None:
        if isinstance(why := message.get("lost"), str):
            return self._lose(why)
        number = message.get("reply", message.get("failed"))
        with self._lock:
            asked = self._asked.pop(number, None) if isinstance(number, int) else None
        if asked is None:
            raise frames.OddFrameError("a reply that nobody asked for")
        task, future = asked
        if "failed" in message:
            why = str(message.get("why"))[:MOST_WORDS]
        else:
            try:
                return future.set_result(read_reply(raw, task, self.tier))
            except frames.OddFrameError as odd:
                why = f"the worker {message.get('worker')!r:.100} gave no result: {odd}"
        future.set_exception(SandboxError(why))

    def _lose(self, why: str) -> None:
        """The cluster is gone: that ends the class."""
        with self._lock:
            self._lost = self._lost or f"the cluster was lost: {why}. Run again when it is there"
            asked, self._asked = list(self._asked.values()), {}
        for _, future in asked:
            future.set_exception(CourseError(self._lost))
