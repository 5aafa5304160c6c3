"""Confinement of a process before it runs a submission: identity, capabilities, limits, its rank when memory is
short, and with Landlock, if namespaces are denied, the files it may open.

Landlock allows access below given folders and refuses the rest. It covers neither a file's mode, owner and
times, nor signals before its version 6: the filter made with `alone_with` refuses those calls.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.machinery import FileFinder, ModuleSpec
from pathlib import Path
from types import ModuleType

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
SPARE_PROCESSES = 16  # so that the watchdog, which gives the reason, sees a bomb before the kernel refuses
HEADROOM = 256 * 2**20  # address space that a new process maps without using it


def become(number: int, folders: list[str]) -> None:
    """Take this box's identity for good, after giving it the folders for files."""
    for folder in folders:
        os.chmod(folder, 0o777)
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    drop_capabilities()
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of identity clears it


def drop_capabilities() -> None:
    """Drop all capabilities for good, with no_new_privs: with them some of the kernel's limits do not bind."""
    if LIBC.capset(struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", 0, 0, 0, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")


def set_limits(limits: dict, mapped: int, alone: bool) -> None:
    """Set a submission's resource limits; `mapped`: the address space of the warm process."""
    hard = {
        resource.RLIMIT_AS: mapped + limits["memory_bytes"] + HEADROOM,
        resource.RLIMIT_CPU: int(limits["cpu_seconds"]) + 1,
        resource.RLIMIT_FSIZE: limits["disk_bytes"],
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_CORE: 1,  # this value also disables the machine's crash handler
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 2**16,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_SIGPENDING: 256,
    }
    if alone and _counts_processes_by_namespace():
        hard[resource.RLIMIT_NPROC] = limits["processes"] + SPARE_PROCESSES
    for limit, value in hard.items():
        ceiling = resource.getrlimit(limit)[1]
        if ceiling != resource.RLIM_INFINITY:
            value = min(value, ceiling)
        resource.setrlimit(limit, (value, value))


def _counts_processes_by_namespace() -> bool:
    """Since Linux 5.14 RLIMIT_NPROC counts a user's processes by namespace; before, on the whole machine.

    It does not bind a grader that runs as root, which needs the watchdog and a control group.
    """
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)


def address_space() -> int:
    """The bytes that this process maps."""
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def be_killed_first() -> None:
    """Be killed before the watching process when memory is short, if this can be set."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


CREATE, ADD, RESTRICT = 444, 445, 446  # the same numbers on x86-64 and aarch64
VERSION_FLAG, BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
BASIC = (1 << 13) - 1  # every right of version 1
READ = EXECUTE | READ_FILE | READ_DIR
# Rights for folders but not for files.
FOLDER_ONLY = BASIC & ~(EXECUTE | WRITE_FILE | READ_FILE)
NETWORK = 0b11  # bind and connect, since version 4
SCOPES = 0b11  # abstract sockets and signals, since version 6


class NoLandlockError(OSError):
    """The kernel has no Landlock, or it is switched off."""


def _call(number: int, *arguments: object) -> int:
    result = LIBC.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise NoLandlockError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _handled(abi: int) -> int:
    return BASIC | (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0) | (IOCTL if abi >= 5 else 0)


def _entries(folder: str, but: set[str]) -> list[str]:
    """`folder`, or its entries if some are left out.

    Links are left out then: a rule for a link is one for what it leads to.
    """
    if not but:
        return [folder]
    return [entry.path for entry in os.scandir(folder) if entry.name not in but and not entry.is_symlink()]


class Ruleset:
    """A set of rules, made once and applied to any number of forks.

    Args:
        read: files and folders that may be read and executed, with everything below but the entries named.
        list_only: folders whose names may be listed, with those below them, but not read.
        write: folders in which everything is allowed.
        devices: files that may be read and written.
    """

    def __init__(
        self,
        read: Mapping[str, Iterable[str]],
        list_only: Iterable[str],
        write: Iterable[str],
        devices: Iterable[str],
    ) -> None:
        self.abi = _call(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))  # its version here
        self.handled = _handled(self.abi)
        words = [self.handled]
        if self.abi >= 4:
            words.append(NETWORK)
        if self.abi >= 6:
            words.append(SCOPES)
        attributes = struct.pack(f"={len(words)}Q", *words)
        self.descriptor = _call(CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
        self.opened = [path for folder, but in read.items() for path in _entries(folder, set(but))]
        for paths, rights in (
            (self.opened, READ),
            (list_only, READ_DIR),
            (write, self.handled & ~EXECUTE),
            (devices, READ_FILE | WRITE_FILE | IOCTL),
        ):
            for path in paths:
                self._allow(path, rights)

    def _allow(self, path: str, rights: int) -> None:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # a folder missing on this machine needs no rule
            return
        try:
            if not os.path.isdir(path):
                rights &= ~(FOLDER_ONLY | REFER)
            rule = struct.pack("=Qi", rights & self.handled, handle)
            _call(ADD, ctypes.c_int(self.descriptor), ctypes.c_int(BENEATH), rule, ctypes.c_uint32(0))
        finally:
            os.close(handle)

    def restrict_self(self) -> None:
        """Apply the rules to this thread and its children; no_new_privs must be set."""
        _call(RESTRICT, ctypes.c_int(self.descriptor), ctypes.c_uint32(0))
        os.close(self.descriptor)


def import_only_from(paths: Iterable[str]) -> None:
    """Let imports find only what is in these files and folders: Landlock refuses files, but hides no names."""
    shown = tuple(f"{os.path.realpath(path)}/" for path in paths)
    find = FileFinder.find_spec

    def find_shown(finder: FileFinder, name: str, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = find(finder, name, target)
        if spec is None:
            return None
        # A namespace has no file: it is there if something in it is shown.
        place = os.path.realpath(spec.origin or spec.submodule_search_locations[0]) + "/"
        return spec if place.startswith(shown) or any(path.startswith(place) for path in shown) else None

    FileFinder.find_spec = find_shown  # type: ignore[method-assign, assignment]
