"""A seccomp filter for x86-64 and aarch64, written as classic BPF and installed with prctl.

It refuses calls that notebooks never need and attackers start with: other namespaces and mounts, tracing and
reading other processes, kernel objects without a namespace or without a limit (keys, memfd, System V and
POSIX queues, io_uring, Landlock's rules), memory that belongs to no process (shared mappings without a file,
huge pages, larger buffers of sockets and pipes, pages given to a pipe, lists of access rights, a futex table of
any size), sockets beyond AF_UNIX, changing
another process's limits or priority, pushing characters into a terminal, choosing whom a file signals, other
system-call tables, and every call newer than this list. Writing to the disk is answered at once: nothing in a
box outlives its run.
Children inherit the filter; it cannot be taken off.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _read_calls() -> dict[str, dict[str, tuple[int | None, ...]]]:
    """Each call's numbers on x86-64 and on aarch64 by section and name, None where there is no such call."""
    sections = {}
    for line in Path(__file__).with_name("calls.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            name, *numbers = line.split()
            section[name] = tuple(None if number == "-" else int(number) for number in numbers)
    return sections


CALLS = _read_calls()  # now: within a submission's process it could not be opened
# Before version 3 Landlock treats a file truncated on opening, but not for writing, as one that is only
# read. Refused where there is no other wall; calls that a filter cannot inspect get "no such call".
O_WRONLY, O_RDWR, O_TRUNC = 0o1, 0o2, 0o1000
A_PROCESS = {"setpriority": 0, "ioprio_set": 1}  # argument 0 that means "a process", not "all of a user's"
NEWEST = 462  # mseal; calls above it are unknown to this filter
NEW_NAMESPACES = 0x7E020080  # CLONE_NEW*: user pid net ipc uts cgroup mount time
TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD = 0x5412, 0x541C, 0x541D, 0x5423
# Who gets a signal when a file is ready, and which signal: SIGKILL to any process of the same user.
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ = 1024, 1026, 1031
F_OFD_SETLK, F_OFD_SETLKW = 37, 38  # locks that /proc/locks attributes to no process
AF_UNIX, SOL_SOCKET = 1, 1
BUFFERS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and the two that go beyond the machine's maximum
MAP_SHARED, MAP_ANONYMOUS, MAP_HUGETLB = 0x01, 0x20, 0x40000
PR_FUTEX_HASH = 78
DONTNEED = 4  # POSIX_FADV_DONTNEED: drops cached data that others would have to read again

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
KILL, ALLOW, FAIL = 0x80000000, 0x7FFF0000, 0x00050000
ARGUMENT = [16, 24, 32, 40, 48, 56]  # offsets of the low halves in struct seccomp_data, little endian

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Code:
    """Instructions of a filter, whose jumps go to labels, any objects; None is the next instruction."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, int, object, object]] = []
        self._positions: dict[object, int] = {}

    def put(self, operation: int, value: int, yes: object = None, no: object = None) -> None:
        """One instruction; `yes` and `no` are where a comparison leads."""
        self._lines.append((operation, value, yes, no))

    def label(self, label: object) -> None:
        """Give the next instruction this label."""
        self._positions[label] = len(self._lines)

    def refuse(self, call: int | None, number: int) -> None:
        """Answer a call with an error, or with "done" (0); None: the machine has no such call."""
        if call is not None:
            after = object()
            self.put(JUMP_EQUAL, call, no=after)
            self.put(RETURN, FAIL | number)
            self.label(after)

    @contextmanager
    def of(self, call: int, argument: int, number: int = errno.EPERM) -> Iterator[tuple[object, object]]:
        """Emit instructions for one call only, once an argument is loaded, with labels that allow and refuse it;
        falling through allows.
        """
        allowed, refused, after = object(), object(), object()
        self.put(JUMP_EQUAL, call, no=after)
        self.put(LOAD, ARGUMENT[argument])
        yield allowed, refused
        self.label(allowed)
        self.put(RETURN, ALLOW)
        self.label(refused)
        self.put(RETURN, FAIL | number)
        self.label(after)

    def refuse_others(self, call: int, itself: int) -> None:
        """Allow a call, which names a process first, on the caller only: `itself`, or 0."""
        with self.of(call, 0) as (allowed, refused):
            self.put(JUMP_EQUAL, 0, yes=allowed)
            self.put(JUMP_EQUAL, itself, yes=allowed, no=refused)

    def refuse_values(self, call: int, argument: int, values: tuple[int, ...], number: int) -> None:
        """Refuse a call where an argument is one of some values."""
        with self.of(call, argument, number) as (_, refused):
            for value in values:
                self.put(JUMP_EQUAL, value, yes=refused)

    def assembled(self) -> bytes:
        """The program as the kernel reads it; raises OverflowError if a label is too far away."""
        code = []
        for number, (operation, value, *targets) in enumerate(self._lines):
            steps = [self._positions[label] - number - 1 if label else 0 for label in targets]
            if any(not 0 <= step <= 255 for step in steps):
                raise OverflowError(f"instruction {number} jumps too far: {steps}")
            code.append(struct.pack("<HBBI", operation, *steps, value))
        return b"".join(code)


def program(machine: str, alone_with: int | None = None, confining: bool = False) -> bytes:
    """The filter's instructions for a machine.

    Args:
        alone_with: the process a filter without namespaces is made for: no other may get its signals.
        confining: whether the process has still to confine itself with Landlock.
    """
    token, column = ARCHITECTURES[machine]
    numbers = {of: {name: both[column] for name, both in calls.items()} for of, calls in CALLS.items()}
    special = numbers["by argument"]
    code = Code()
    _head(code, token)
    for number, section in (
        (errno.EPERM, "refused"),
        (errno.ENOSYS, "no such call"),
        (0, "done"),
        *([] if confining else [(errno.ENOSYS, "no such call once confined")]),
        *([] if alone_with is None else [(errno.EPERM, "refused without namespaces")]),
    ):
        for call in numbers[section].values():
            code.refuse(call, number)
    for call in numbers["only itself"].values():
        code.refuse_others(call, 0)
    for name, process in A_PROCESS.items():
        with code.of(special[name], 0) as (allowed, refused):
            code.put(JUMP_EQUAL, process, no=refused)
            code.put(LOAD, ARGUMENT[1])
            code.put(JUMP_EQUAL, 0, yes=allowed, no=refused)
    if alone_with is not None:
        for call in numbers["signals"].values():
            code.refuse_others(call, alone_with)
        _opening(code, special)
    _arguments(code, special)
    code.put(RETURN, ALLOW)
    return code.assembled()


def _head(code: Code, token: int) -> None:
    """Emit the checks of the architecture's table and for unknown calls."""
    known, ours = object(), object()
    code.put(LOAD, 4)
    code.put(JUMP_EQUAL, token, yes=ours)
    code.put(RETURN, KILL)
    code.label(ours)
    code.put(LOAD, 0)
    code.put(JUMP_ABOVE, NEWEST, no=known)  # includes the x32 table, which begins at 0x40000000
    code.put(RETURN, FAIL | errno.ENOSYS)
    code.label(known)


def _arguments(code: Code, calls: dict[str, int | None]) -> None:
    """Emit the rules for calls refused with some arguments."""
    with code.of(calls["clone"], 0) as (_, refused):
        code.put(JUMP_SET, NEW_NAMESPACES, yes=refused)
    for name in ("socketpair", "socket"):
        with code.of(calls[name], 0, errno.EAFNOSUPPORT) as (allowed, refused):
            code.put(JUMP_EQUAL, AF_UNIX, yes=allowed, no=refused)
    with code.of(calls["setsockopt"], 1) as (allowed, refused):
        code.put(JUMP_EQUAL, SOL_SOCKET, no=allowed)
        code.put(LOAD, ARGUMENT[2])
        for option in BUFFERS:
            code.put(JUMP_EQUAL, option, yes=refused)
    with code.of(calls["mmap"], 3) as (allowed, refused):
        code.put(JUMP_SET, MAP_HUGETLB, yes=refused)
        code.put(JUMP_SET, MAP_ANONYMOUS, no=allowed)
        code.put(JUMP_SET, MAP_SHARED, yes=refused)
    requests = (TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD, FIOSETOWN, SIOCSPGRP)
    code.refuse_values(calls["ioctl"], 1, requests, errno.EPERM)
    owners, locks = (F_SETOWN, F_SETSIG, F_SETOWN_EX), (F_SETLEASE, F_OFD_SETLK, F_OFD_SETLKW)
    code.refuse_values(calls["fcntl"], 1, (*owners, *locks, F_NOTIFY, F_SETPIPE_SZ), errno.EPERM)
    code.refuse_values(calls["fadvise64"], 3, (DONTNEED,), 0)
    code.refuse_values(calls["prctl"], 0, (PR_FUTEX_HASH,), errno.EINVAL)


def _opening(code: Code, calls: dict[str, int | None]) -> None:
    """Refuse to truncate a file without opening it for writing."""
    code.refuse(calls["openat2"], errno.ENOSYS)
    for name, flags in (("open", 1), ("openat", 2)):
        if calls[name] is None:
            continue
        with code.of(calls[name], flags) as (allowed, refused):
            both = object()
            code.put(JUMP_SET, O_TRUNC, no=allowed)
            code.put(JUMP_SET, O_WRONLY, yes=both)
            code.put(JUMP_SET, O_RDWR, yes=allowed, no=refused)
            code.label(both)  # 3: neither to read nor to write
            code.put(JUMP_SET, O_RDWR, yes=refused)


def install(alone_with: int | None = None, confining: bool = False) -> None:
    """Install the filter, as made by `program`, on this process and its children.

    Raises:
        OSError: the kernel refuses it.
        KeyError: this filter does not know the machine's system calls.
    """
    code = program(os.uname().machine, alone_with, confining)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    rule = Filter(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(rule), 0, 0):
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")
