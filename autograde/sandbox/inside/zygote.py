"""The box's first process: loads the notebooks' modules once, then forks for each submission.

It talks to the grader over a control socket that no submission ever holds. For each run it gets one end of a
fresh connection, which only the fork keeps, out of reach of processes left by earlier submissions. This process
watches the fork's use; afterwards it ends every process, empties every folder, checks that nothing remains, and
reports it. If it cannot, the grader discards the box.
"""

import ctypes
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import stat
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from . import frames, seccomp
from .confinement import (
    LIBC,
    PR_SET_PDEATHSIG,
    Ruleset,
    address_space,
    be_killed_first,
    become,
    drop_capabilities,
    import_only_from,
    set_limits,
)
from .processes import MOST_LOCKS, MOST_MAPPED, MOST_TERMINALS, MOST_WATCHES, KernelObjects, Processes
from .traces import (
    Places,
    empty,
    open_files,
    own_descriptors,
    process_state,
    search_result,
    start_search,
    system_v_objects,
)

if TYPE_CHECKING:
    from .notebook import Notebook


# Optional imports of other packages that are not used here: a debugger, asyncio's encryption, and
# jsonschema's checks of addresses, colors, dates and pointers.
UNUSED_MODULES = (
    "debugpy fqdn idna isoduration jsonpointer rfc3339_validator rfc3986_validator rfc3987_syntax ssl uri_template"
    " webcolors"
)
CANVAS = "verdicts.canvas"  # it loads Matplotlib


def warmed(figures: bool) -> "tuple[Notebook, list[str]]":
    """A notebook with everything imported that lessons use, and the modules that failed to load."""
    gc.disable()  # hardly anything of an import is garbage: collecting it takes a third of the time
    notebook = _notebook()
    import numpy as np

    np.linalg.solve(np.eye(2), np.ones(2))
    np.random.seed(0)  # NumPy loads its generators at the first use
    missing = []
    if figures:
        _draw()
    from verdicts.courses import courses

    drawing = {CANVAS, *(name for course in courses().values() for name in course.drawn)}
    for name in ("verdicts", *courses()):
        _load(name, set() if figures else drawing, missing)
    if not missing:
        _record()
    gc.freeze()
    gc.enable()
    # Run a cell and show an error, so that a submission does not pay for the first time.
    notebook.warm("1 + 1", "def f(x):\n    return x / 0\nf(1)")
    for name in ("last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # this process runs no cells
    return notebook, missing


def _notebook() -> "Notebook":
    left_out = [name for name in UNUSED_MODULES.split() if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # None: it cannot be imported
    from .notebook import Notebook

    notebook = Notebook()
    for name in left_out:
        del sys.modules[name]
    return notebook


def _load(name: str, left_out: set[str], missing: list[str]) -> None:
    """Import a package and its modules but those `left_out`; adds failures to `missing`."""
    if name in left_out:
        return
    try:
        room = importlib.import_module(name)
    except Exception as error:
        missing.append(f"{name}: {type(error).__name__}: {error}")
        return
    for inner in pkgutil.iter_modules(getattr(room, "__path__", ()), f"{name}."):
        _load(inner.name, left_out, missing)


def _draw() -> None:
    """Draw a figure, as Matplotlib loads much of itself while it draws the first."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="$x^2$")
    axes.set_title("warm")
    axes.legend()
    from IPython.core.pylabtools import print_figure

    print_figure(figure)
    plt.close(figure)


def _record() -> None:
    """Record every check for a missing answer, to load and make what a first use needs."""
    from verdicts.courses import courses
    from verdicts.recorders import record

    for name, course in courses().items():
        for check in course.checks().values():
            if not getattr(check, "drawn_outside", False):
                record(f"{name}:{check.name}", None, seed=0)


PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36
MESSAGE_LIMIT = 2**16
NICER = 5  # niceness of a submission relative to the process that watches it


class Zygote:
    """Forks, watches and cleans up submissions."""

    def __init__(self, control: socket.socket, settings: dict) -> None:
        self.control = control
        self.settings = settings
        self.alone = settings["own_namespace"]
        self.processes = Processes(self.alone)
        self.cwd = settings["cwd"]

    def prepare(self) -> dict:
        """Confine this process, load and warm everything; returns the message for the grader."""
        settings, rules = self.settings, self.settings["landlock"]
        if settings["namespace"] is not None:
            os.close(settings["namespace"])  # submissions would inherit it
        if settings["user"] is not None:
            become(settings["user"], settings["folders"] if self.alone else [])
        if LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")
        if not self.alone:
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        layers = []
        if settings["seccomp"]:
            seccomp.install(confining=bool(rules))
            layers.append("seccomp")
        self.landlock = None
        if rules:
            self.landlock = Ruleset(**rules)
            import_only_from([*self.landlock.opened, *rules["write"]])
            layers.append("landlock")
        search = None
        if settings["proof"] is not None:
            roots = ["/", *(self.landlock.opened if self.landlock else ())]  # all that a submission will read
            search = start_search(settings["proof"], roots, settings["readable"], self._confine)
        self._make_folders()
        self.notebook, missing = warmed(settings["figures"])
        look = search_result(*search) if search else {}
        self._after_warming()
        return {"ready": True, "layers": layers, "missing": missing, **look}

    def _confine(self) -> None:
        """Deny a fork the files and processes outside its submission."""
        self.control.close()
        if self.landlock:
            self.landlock.restrict_self()
            drop_capabilities()
            seccomp.install(alone_with=os.getpid())

    def _make_folders(self) -> None:
        for folder in (os.environ["HOME"], self.cwd):
            os.makedirs(folder, exist_ok=True)
        if "matplotlib" not in sys.modules:  # it reads its list of fonts on import, or makes one
            cache = Path(os.environ["MPLCONFIGDIR"])
            cache.mkdir(parents=True, exist_ok=True)
            for fonts in Path(self.settings["stage"]).glob("fontlist-*.json"):
                shutil.copy(fonts, cache)
        os.chdir(self.cwd)

    def _after_warming(self) -> None:
        folders = self.settings["folders"]
        for folder in folders:
            empty(folder)
        os.chdir("/")
        self.places = Places(folders, self.alone)
        self.address_space = address_space()
        self.start = process_state()
        self.kernel_objects = KernelObjects(self.alone, folders[0])
        self._refuse_shared_files()
        gc.collect()
        gc.freeze()

    def _refuse_shared_files(self) -> None:
        """Raise if a file is open for writing, as all submissions would share it."""
        for descriptor, status in open_files():
            mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
            ours = descriptor <= 2 or descriptor == self.control.fileno()
            shared = stat.S_ISREG(status.st_mode) and mode != os.O_RDONLY
            if not ours and (shared or stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)):
                path = os.readlink(f"/proc/self/fd/{descriptor}")
                raise RuntimeError(f"{path} is open for writing before any submission")

    def serve(self) -> None:
        """Run submissions until the grader closes the control socket."""
        while True:
            order, descriptors = _receive(self.control)
            if order is None:
                self.processes.end_all()
                return
            if {"stop", "interrupt", "look"} & set(order):  # meant for a run that had just ended
                continue
            if len(descriptors) != 1 or "run" not in order:
                raise RuntimeError("an order without its connection")
            self.control.sendall(frames.pack(self._run(order["run"], descriptors[0])))

    def _run(self, limits: dict, descriptor: int) -> dict:
        self._make_folders()
        self.processes.begin(limits["busy_threads"])
        self.used = 0.0
        began = time.process_time()
        child = os.fork()
        if child == 0:
            self._become_submission(descriptor, limits)
        os.close(descriptor)
        os.chdir("/")
        reason = self._watch(child, limits)
        clean = (
            self.processes.end_all()
            and self.places.empty()
            and system_v_objects() == 0
            and process_state() == self.start
            and self._all_reaped()
        )
        used = self.processes.reaped_cpu + time.process_time() - began
        return {"ended": reason, "clean": clean, "cpu_seconds": used}

    def _all_reaped(self) -> bool:
        self.processes.reap()
        return not self.processes.living()

    def _watch(self, child: int, limits: dict) -> str:
        """Wait for the end of the fork; returns why it ended."""
        poll = select.poll()
        handle = os.pidfd_open(child)
        poll.register(handle, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        try:
            while True:
                ready = {number for number, _ in poll.poll(1000 * self.settings["watch_seconds"])}
                if handle in ready:
                    return _ending(self.processes.reap().get(child, 0))
                order: dict | None = {}
                if self.control.fileno() in ready:
                    order, _ = _receive(self.control)
                    if order is None or "stop" in order:
                        return self._broken_limit(limits) or "stopped"
                    if "interrupt" in order:
                        with suppress(ProcessLookupError):
                            os.killpg(child, signal.SIGINT)  # the programs that it waits for, too
                        self.control.sendall(frames.pack({"interrupted": True}))
                broken = self._broken_limit(limits)
                if broken:
                    return broken
                dead = self.processes.reap()
                if child in dead:
                    return _ending(dead[child])
                if "look" in order:
                    used = [self.used, self.processes.waiting_time.seconds]
                    self.control.sendall(frames.pack({"used": used}))
        finally:
            os.close(handle)

    def _broken_limit(self, limits: dict) -> str | None:
        others = self.processes.others()  # counted before any is read, or a bomb outruns this process
        if self.alone and len(others) > limits["processes"]:
            return "processes"
        use = self.processes.use(others)
        self.used = use.cpu_seconds
        if self.processes.is_too_busy(use):  # while they are, what follows would take long
            return "processes"
        kernel_use = self.kernel_objects.use(use.processes)
        size, entries = self.places.use()
        memory_left = limits["memory_bytes"] - kernel_use.socket_bytes
        if use.threads > limits["processes"] or kernel_use.terminals > MOST_TERMINALS:
            return "processes"
        if memory_left < 0 or kernel_use.locks > MOST_LOCKS or kernel_use.watches > MOST_WATCHES:
            return "memory"
        if use.cpu_seconds > limits["cpu_seconds"]:
            return "timeout"
        if use.resident_bytes > memory_left and self.processes.holds_more_than(
            memory_left, limits["processes"]
        ):
            return "memory"
        if (
            size + kernel_use.nameless_bytes > limits["disk_bytes"]
            or entries > limits["files"]
            or kernel_use.nameless_mapped > MOST_MAPPED
        ):
            return "disk"
        return None

    def _become_submission(self, descriptor: int, limits: dict) -> None:
        """Drop the grader's resources in the fork, take on limits, run the cells. Never returns."""
        try:
            self.control.close()
            if self.alone or self.landlock:  # makes its use exact; no other process can look
                LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
            os.setsid()
            os.nice(NICER)
            own_descriptors({descriptor, self.landlock.descriptor if self.landlock else -1})
            set_limits(limits, self.address_space, self.alone)
            be_killed_first()
            self._confine()
            import random

            import numpy as np

            random.seed(limits["seed"])
            np.random.seed(limits["seed"] % 2**32)
            sys.path.insert(0, "")
            self.notebook.serve(socket.socket(fileno=descriptor), limits, self.settings["folders"][0])
        except BaseException:
            with suppress(BaseException):
                traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(1)


def _ending(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"


def _receive(control: socket.socket) -> tuple[dict | None, list[int]]:
    """Receive one message of the grader and its descriptors; None at the end."""
    data, descriptors, _, _ = socket.recv_fds(control, frames.HEADER.size, 1)
    if not data:
        return None, []
    data += frames.exactly(control.recv, frames.HEADER.size - len(data))
    size, _ = frames.lengths(data, MESSAGE_LIMIT, 0)
    return frames.parse(frames.exactly(control.recv, size)), descriptors


def main() -> None:
    """`zygote SETTINGS`, the control socket being the descriptor that SETTINGS names."""
    settings = json.loads(sys.argv[1])
    control = socket.socket(fileno=settings["control"])
    os.set_inheritable(control.fileno(), False)
    try:
        zygote = Zygote(control, settings)
        ready = zygote.prepare()
    except BaseException:
        control.sendall(frames.pack({"ready": False, "error": traceback.format_exc()[-8000:]}))
        os._exit(1)
    control.sendall(frames.pack(ready))
    zygote.serve()
    os._exit(0)
