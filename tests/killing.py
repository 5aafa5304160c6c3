"""What `grading/test_killed_processes.py` runs in the disturbed process: it follows phases, and kills in one of them.

    measure(file)      how often and how long each phase is entered
    arm(…)             in one entry of one phase, after a moment, kill -9 one process of a role

A phase is a function of the grader; a role says whose process it is.
"""

import functools
import importlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from autograde.untrusted import submitted_notebook

PHASES = {
    "isolation": "autograde.sandbox.pool.best_tier",
    "reader": "autograde.pipeline.read_submission.NotebookReader.parse",
    "box start": "autograde.sandbox.box.Box.__init__",
    "cell": "autograde.sandbox.conversation.Conversation._run_cell",
}
AGAIN = 0.0005  # seconds between two looks for a victim


def measure(file: str) -> None:
    """Write a line `phase seconds` for each entry of each phase."""
    log = Path(file).open("a", buffering=1)  # noqa: SIM115 (to the end of the process)

    def around(phase: str, call: Callable[[], Any]) -> Any:
        began = time.monotonic()
        try:
            return call()
        finally:
            log.write(json.dumps([phase, time.monotonic() - began]) + "\n")

    for phase in PHASES:
        _wrap(phase, functools.partial(around, phase))


def arm(phase: str, role: str, entry: int, moment: float, file: str) -> None:
    """Kill a process of that role so many seconds after the phase's entry of that number, counted from 0."""
    left = [entry]

    def around(call: Callable[[], Any]) -> Any:
        left[0] -= 1
        if left[0] != -1:
            return call()
        over = threading.Event()
        striker = threading.Thread(target=_strike, args=(role, moment, over, Path(file)), daemon=True)
        striker.start()
        try:
            return call()
        finally:
            over.set()
            striker.join()

    _wrap(phase, around)


def _wrap(phase: str, around: Callable[[Callable[[], Any]], Any]) -> None:
    path, _, name = PHASES[phase].rpartition(".")
    try:
        owner = importlib.import_module(path)
    except ModuleNotFoundError:
        path, _, kind = path.rpartition(".")
        owner = getattr(importlib.import_module(path), kind)
    wrapped = getattr(owner, name)

    @functools.wraps(wrapped)
    def wrapper(*words: Any, **options: Any) -> Any:
        return around(lambda: wrapped(*words, **options))

    setattr(owner, name, wrapper)


def _strike(role: str, moment: float, over: threading.Event, file: Path) -> None:
    if over.wait(moment):
        return
    while not over.is_set():
        victim = _victim(role)
        if victim is not None:
            file.write_text(victim.name())
            victim.send_signal(signal.SIGKILL)
            return
        time.sleep(AGAIN)


def _victim(role: str) -> psutil.Process | None:
    for process in psutil.Process().children(recursive=True):
        try:
            if _role(process) == role:
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def _role(process: psutil.Process) -> str | None:
    words = " ".join(process.cmdline())
    if not words or process.status() == psutil.STATUS_ZOMBIE:
        return None
    if submitted_notebook.__file__ in words:
        return "reader"
    if "inside.zygote" not in words:
        return "probe"  # of the isolation, or the helper that makes an identity
    if not process.name().startswith("python"):
        return "box"
    parent = process.parent()
    forked = parent is not None and parent.name().startswith("python") and parent.pid != os.getpid()
    return "worker" if forked else "zygote"
