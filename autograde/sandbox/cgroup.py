"""A control group for one box: limits on processes and memory, kept by the kernel, and if possible an equal share
of the processors, however many processes a box has.

Works with version 2 (a delegated part of the tree) and with version 1 hierarchies that this user may write
to. Otherwise `ControlGroup.create` gives the reason, and the box relies on resource limits and its watchdog.
"""

import itertools
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograde.sandbox.inside.confinement import SPARE_PROCESSES
from autograde.sandbox.limits import SandboxError

ROOT = Path("/sys/fs/cgroup")
CONTROLLERS = ("pids", "memory")
SHARE = "cpu"  # one group is enough: all boxes' groups have the same weight
PREFIX = "autograde-"
SPARE_BYTES = 512 * 2**20  # the warm process itself
DELEGATE = "systemd-run --user --scope -p Delegate=yes autograde grade …"
JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"'
_numbers = itertools.count()


class NoGroupError(SandboxError):
    """This user cannot make a control group here; the message gives the reason."""


@dataclass
class ControlGroup:
    """One folder in each hierarchy. `folders`: controller → folder (the same one each time in version 2)."""

    folders: dict[str, Path]
    version: int

    @classmethod
    def create(cls) -> "ControlGroup":
        """Make a group below the one this process is in.

        Raises:
            NoGroupError: none can be made, with the reason.
        """
        version, parents = _parents()
        name = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        made = {}
        try:
            for parent in set(parents.values()):
                _remove_stale(parent)
            for controller, limit in (("pids", "pids.max"), ("memory", _memory_limit(version))):
                folder = made[controller] = parents[controller] / name
                folder.mkdir(exist_ok=True)
                if not (folder / limit).exists():
                    raise NoGroupError(f"{folder} has no {controller} controller")
        except (OSError, NoGroupError) as error:
            cls(made, version).remove(seconds=0)
            raise NoGroupError(str(error)) from None
        with suppress(KeyError, OSError):  # there is none, or not for this user
            folder = parents[SHARE] / name
            folder.mkdir(exist_ok=True)
            made[SHARE] = folder
        return cls(made, version)

    def joining(self, command: list[str]) -> list[str]:
        """The command, started as a member of the group."""
        files = [str(folder / "cgroup.procs") for folder in dict.fromkeys(self.folders.values())]
        return ["/bin/sh", "-c", JOIN, "sh", *files, "--", *command]

    def limit(self, processes: int, memory_bytes: int) -> None:
        """Set the group's limits.

        Raises:
            OSError: the kernel refuses.
        """
        (self.folders["pids"] / "pids.max").write_text(str(processes + SPARE_PROCESSES))
        folder, size = self.folders["memory"], str(memory_bytes + SPARE_BYTES)
        (folder / _memory_limit(self.version)).write_text(size)
        swap = folder / ("memory.swap.max" if self.version == 2 else "memory.memsw.limit_in_bytes")
        if swap.exists():
            with suppress(OSError):  # a kernel without swap accounting
                swap.write_text("0" if self.version == 2 else size)

    def stops(self) -> dict[str, int]:
        """The numbers of the group's processes killed for lack of memory, and of those refused to it, by flag."""
        file = "memory.events" if self.version == 2 else "memory.oom_control"
        return {
            "memory": self._count("memory", file, "oom_kill"),
            "processes": self._count("pids", "pids.events", "max"),
        }

    def _count(self, controller: str, file: str, event: str) -> int:
        counts = dict(map(str.split, (self.folders[controller] / file).read_text().splitlines()))
        return int(counts.get(event, 0))

    def remove(self, seconds: float = 5.0) -> None:
        """Remove the folders after the last process has left; a later grader removes the rest."""
        deadline = time.monotonic() + seconds
        for folder in set(self.folders.values()):
            while os.path.exists(folder):
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() >= deadline:
                        break
                    time.sleep(0.01)


def _memory_limit(version: int) -> str:
    return "memory.max" if version == 2 else "memory.limit_in_bytes"


def _parents() -> tuple[int, dict[str, Path]]:
    """The folders of this process's own groups, as parents of new ones; with the one for a share of the processors,
    if any.
    """
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError as error:
        raise NoGroupError(str(error)) from None
    groups = (line.split(":", 2) for line in lines)
    groups_of = {controller: path for _, controllers, path in groups for controller in controllers.split(",")}
    if groups_of.keys() >= set(CONTROLLERS):
        return 1, {
            controller: ROOT / controller / groups_of[controller].lstrip("/")
            for controller in (*CONTROLLERS, SHARE)
            if controller in groups_of
        }
    if "" not in groups_of or not (ROOT / "cgroup.controllers").exists():
        raise NoGroupError("no control groups with pids and memory are mounted at /sys/fs/cgroup")
    return 2, dict.fromkeys((*CONTROLLERS, SHARE), _delegated(ROOT / groups_of[""].lstrip("/")))


def _delegated(folder: Path) -> Path:
    """The version-2 group to make new ones in, with both controllers switched on for its members."""
    if folder.name == f"{PREFIX}grader":  # where an earlier pool of this process has moved it
        folder = folder.parent
    offered = (folder / "cgroup.controllers").read_text().split()
    missing = [controller for controller in CONTROLLERS if controller not in offered]
    if missing:
        raise NoGroupError(f"{folder} is not given the controllers {' '.join(missing)}; try: {DELEGATE}")
    for_members = folder / "cgroup.subtree_control"
    try:
        if not set(CONTROLLERS) <= set(for_members.read_text().split()):
            if folder != ROOT:  # a group with members of its own cannot have limits for subgroups
                leaf = folder / f"{PREFIX}grader"
                leaf.mkdir(exist_ok=True)
                for pid in (folder / "cgroup.procs").read_text().split():
                    with suppress(ProcessLookupError):  # it has ended meanwhile
                        (leaf / "cgroup.procs").write_text(pid)
            for_members.write_text(" ".join(f"+{controller}" for controller in CONTROLLERS))
    except OSError as error:
        raise NoGroupError(f"{folder} cannot be divided: {error.strerror}; try: {DELEGATE}") from None
    if SHARE in offered:
        with suppress(OSError):  # without it the boxes' own watchdog must do
            for_members.write_text(f"+{SHARE}")
    return folder


def _remove_stale(parent: Path) -> None:
    """Remove the groups of graders that were killed."""
    for folder in parent.glob(f"{PREFIX}[0-9]*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            with suppress(OSError):
                folder.rmdir()
