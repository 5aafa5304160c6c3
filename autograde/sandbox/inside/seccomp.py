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

# name: (x86-64, aarch64); None if the architecture has no such call.
REFUSED = {
    # other namespaces, mounts, roots
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    # the kernel
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "syslog": (103, 116), "acct": (163, 89),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "personality": (135, 92),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    # objects that no namespace or limit covers, or that outlive their process
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_setup": (206, 0), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191), "semop": (65, 193),
    "semtimedop": (220, 192), "msgget": (68, 186), "msgctl": (71, 187), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "mq_open": (240, 180), "mq_unlink": (241, 181), "flock": (73, 32),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "mbind": (237, 235),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),  # lists of access rights
}  # fmt: skip
# Refused if the process shares its user's files and processes with the machine (no namespaces): what
# Landlock does not watch over. `kill` and its like are allowed on the caller itself only.
REFUSED_SHARED = {
    "socket": (41, 198), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "truncate": (76, 45),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
SIGNALS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
# Before version 3 Landlock treats a file truncated on opening, but not for writing, as one that is only
# read. Refused where there is no other wall; calls that a filter cannot inspect get "no such call".
OPEN, OPENAT, OPENAT2 = (2, None), (257, 56), (437, 437)
O_WRONLY, O_RDWR, O_TRUNC = 0o1, 0o2, 0o1000
# Answered "no such call", so that the C library and programs use their older way.
UNKNOWN = {
    "clone3": (435, 435), "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75),
}  # fmt: skip
# A process may put any number of rules on itself, which the kernel keeps. Only the box of tier 1 may.
CONFINEMENT = {
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}  # fmt: skip
# Answered "done": nothing written in a box outlives its run, so there is nothing to sync.
DONE = {
    "sync": (162, 81), "syncfs": (306, 267), "sync_file_range": (277, 84), "fsync": (74, 82),
    "fdatasync": (75, 83), "msync": (26, 227),
}  # fmt: skip
# Allowed on the caller itself (argument 0), refused on others.
ONLY_ITSELF = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274),
}  # fmt: skip
# The same with the process in argument 1; argument 0 must mean "a process", not "all of a user's".
ONLY_ITSELF_SECOND = {"setpriority": ((141, 140), 0), "ioprio_set": ((251, 30), 1)}
CLONE, SOCKET, SOCKETPAIR, IOCTL, FCNTL = (56, 220), (41, 198), (53, 199), (16, 29), (72, 25)
SETSOCKOPT, MMAP, FADVISE = (54, 208), (9, 222), (221, 223)
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
PRCTL, PR_FUTEX_HASH = (157, 167), 78
DONTNEED = 4  # POSIX_FADV_DONTNEED: drops cached data that others would have to read again

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
KILL, ALLOW, FAIL = 0x80000000, 0x7FFF0000, 0x00050000
ARGUMENT = [16, 24, 32, 40, 48, 56]  # offsets of the low halves in struct seccomp_data, little endian

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


def supported() -> bool:
    """Whether this filter knows the machine's system calls."""
    return os.uname().machine in ARCHITECTURES


class Code:
    """Instructions of a filter, whose jumps go to labels; "" is the next instruction."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, int, str, str]] = []
        self._places: dict[str, int] = {}
        self._names = 0

    def put(self, operation: int, value: int, yes: str = "", no: str = "") -> None:
        """One instruction; `yes` and `no` are where a comparison leads."""
        self._lines.append((operation, value, yes, no))

    def new_label(self) -> str:
        """A name that no other label has."""
        self._names += 1
        return f"label {self._names}"

    def label(self, name: str) -> None:
        """Give the next instruction this name."""
        self._places[name] = len(self._lines)

    def answer(self, call: int | None, number: int) -> None:
        """Answer a call with an error, or with "done" (0); None: the machine has no such call."""
        if call is not None:
            after = self.new_label()
            self.put(JUMP_EQUAL, call, no=after)
            self.put(RETURN, FAIL | number)
            self.label(after)

    @contextmanager
    def of(self, call: int, number: int = errno.EPERM) -> Iterator[tuple[str, str]]:
        """Emit instructions for one call only, with labels that allow and refuse it; falling through allows."""
        allowed, refused, after = self.new_label(), self.new_label(), self.new_label()
        self.put(JUMP_EQUAL, call, no=after)
        yield allowed, refused
        self.label(allowed)
        self.put(RETURN, ALLOW)
        self.label(refused)
        self.put(RETURN, FAIL | number)
        self.label(after)

    def refuse_others(self, call: int, argument: int, itself: int) -> None:
        """Allow a call on the caller only: `itself`, or 0."""
        with self.of(call) as (allowed, refused):
            self.put(LOAD, ARGUMENT[argument])
            self.put(JUMP_EQUAL, 0, yes=allowed)
            self.put(JUMP_EQUAL, itself, yes=allowed, no=refused)

    def refuse_values(self, call: int, argument: int, values: tuple[int, ...], number: int) -> None:
        """Refuse a call where an argument is one of some values."""
        with self.of(call, number) as (_, refused):
            self.put(LOAD, ARGUMENT[argument])
            for value in values:
                self.put(JUMP_EQUAL, value, yes=refused)

    def assembled(self) -> bytes:
        """The program as the kernel reads it; raises OverflowError if a label is too far away."""
        code = []
        for number, (operation, value, *targets) in enumerate(self._lines):
            steps = [self._places[name] - number - 1 if name else 0 for name in targets]
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
    code = Code()
    _head(code, token)
    for number, calls in (
        (errno.EPERM, REFUSED),
        (errno.ENOSYS, UNKNOWN),
        (0, DONE),
        (errno.ENOSYS, {} if confining else CONFINEMENT),
        (errno.EPERM, {} if alone_with is None else REFUSED_SHARED),
    ):
        for call in calls.values():
            code.answer(call[column], number)
    for call in ONLY_ITSELF.values():
        code.refuse_others(call[column], 0, 0)
    for call, process in ONLY_ITSELF_SECOND.values():
        with code.of(call[column]) as (allowed, refused):
            code.put(LOAD, ARGUMENT[0])
            code.put(JUMP_EQUAL, process, no=refused)
            code.put(LOAD, ARGUMENT[1])
            code.put(JUMP_EQUAL, 0, yes=allowed, no=refused)
    if alone_with is not None:
        for call in SIGNALS.values():
            code.refuse_others(call[column], 0, alone_with)
        _opening(code, column)
    _arguments(code, column)
    code.put(RETURN, ALLOW)
    return code.assembled()


def _head(code: Code, token: int) -> None:
    """Emit the checks of the architecture's table and for unknown calls."""
    known, ours = code.new_label(), code.new_label()
    code.put(LOAD, 4)
    code.put(JUMP_EQUAL, token, yes=ours)
    code.put(RETURN, KILL)
    code.label(ours)
    code.put(LOAD, 0)
    code.put(JUMP_ABOVE, NEWEST, no=known)  # includes the x32 table, which begins at 0x40000000
    code.put(RETURN, FAIL | errno.ENOSYS)
    code.label(known)


def _arguments(code: Code, column: int) -> None:
    """Emit the rules for calls refused with some arguments."""
    with code.of(CLONE[column]) as (_, refused):
        code.put(LOAD, ARGUMENT[0])
        code.put(JUMP_SET, NEW_NAMESPACES, yes=refused)
    for call in (SOCKETPAIR, SOCKET):
        with code.of(call[column], errno.EAFNOSUPPORT) as (allowed, refused):
            code.put(LOAD, ARGUMENT[0])
            code.put(JUMP_EQUAL, AF_UNIX, yes=allowed, no=refused)
    with code.of(SETSOCKOPT[column]) as (allowed, refused):
        code.put(LOAD, ARGUMENT[1])
        code.put(JUMP_EQUAL, SOL_SOCKET, no=allowed)
        code.put(LOAD, ARGUMENT[2])
        for option in BUFFERS:
            code.put(JUMP_EQUAL, option, yes=refused)
    with code.of(MMAP[column]) as (allowed, refused):
        code.put(LOAD, ARGUMENT[3])
        code.put(JUMP_SET, MAP_HUGETLB, yes=refused)
        code.put(JUMP_SET, MAP_ANONYMOUS, no=allowed)
        code.put(JUMP_SET, MAP_SHARED, yes=refused)
    requests = (TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD, FIOSETOWN, SIOCSPGRP)
    code.refuse_values(IOCTL[column], 1, requests, errno.EPERM)
    owners, locks = (F_SETOWN, F_SETSIG, F_SETOWN_EX), (F_SETLEASE, F_OFD_SETLK, F_OFD_SETLKW)
    code.refuse_values(FCNTL[column], 1, (*owners, *locks, F_NOTIFY, F_SETPIPE_SZ), errno.EPERM)
    code.refuse_values(FADVISE[column], 3, (DONTNEED,), 0)
    code.refuse_values(PRCTL[column], 0, (PR_FUTEX_HASH,), errno.EINVAL)


def _opening(code: Code, column: int) -> None:
    """Refuse to truncate a file without opening it for writing."""
    code.answer(OPENAT2[column], errno.ENOSYS)
    for call, flags in ((OPEN, 1), (OPENAT, 2)):
        if call[column] is None:
            continue
        with code.of(call[column]) as (allowed, refused):
            both = code.new_label()
            code.put(LOAD, ARGUMENT[flags])
            code.put(JUMP_SET, O_TRUNC, no=allowed)
            code.put(JUMP_SET, O_WRONLY, yes=both)
            code.put(JUMP_SET, O_RDWR, yes=allowed, no=refused)
            code.label(both)  # 3: neither to read nor to write
            code.put(JUMP_SET, O_RDWR, yes=refused)


def install(alone_with: int | None = None, confining: bool = False) -> None:
    """Install the filter, as made by `program`, on this process and its children.

    Raises:
        OSError: the kernel refuses it.
    """
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no seccomp filter for {machine}")
    code = program(machine, alone_with, confining)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    rule = Filter(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(rule), 0, 0):
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")
