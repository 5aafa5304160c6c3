"""A seccomp filter for x86-64 and aarch64, written as classic BPF and installed with prctl.

It refuses what a notebook never needs and an attacker starts with: other namespaces and mounts, tracing and
reading other processes, kernel objects without a namespace or without a limit (keys, memfd, System V and
POSIX queues, io_uring), sockets beyond AF_UNIX, changing another process's limits or priority, pushing
characters into a terminal, other system-call tables, and every call newer than this list. Children inherit
it; it cannot be taken off.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

# name: (x86-64, aarch64); None where the architecture has no such call.
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
    "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191), "msgget": (68, 186), "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "flock": (73, 32),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "mbind": (237, 235),
}  # fmt: skip
# Refused where the process shares its user's files and processes with the machine (no namespaces): what
# Landlock does not watch over. `kill` and its like are allowed on the caller itself only.
REFUSED_SHARED = {
    "socket": (41, 198), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "truncate": (76, 45),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
SIGNALS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
# Answered "no such call", so that the C library takes its older way.
UNKNOWN = {"clone3": (435, 435)}
# Allowed on the caller itself (argument 0), refused on others.
ONLY_ITSELF = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274),
}  # fmt: skip
# The same with the process in argument 1; argument 0 must say "a process", not "all of a user's".
ONLY_ITSELF_SECOND = {"setpriority": ((141, 140), 0), "ioprio_set": ((251, 30), 1)}
CLONE, SOCKET, SOCKETPAIR, IOCTL, FCNTL = (56, 220), (41, 198), (53, 199), (16, 29), (72, 25)
NEWEST = 462  # mseal; calls above it are unknown to this filter
NEW_NAMESPACES = 0x7E020080  # CLONE_NEW*: user pid net ipc uts cgroup mount time
TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD = 0x5412, 0x541C, 0x541D, 0x5423
F_SETLEASE, F_NOTIFY = 1024, 1026
AF_UNIX = 1

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
LOAD, JUMP_EQUAL, JUMP_ABOVE, JUMP_SET, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
KILL, ALLOW, FAIL = 0x80000000, 0x7FFF0000, 0x00050000
ARGUMENT = [16, 24, 32, 40, 48, 56]  # offsets of the low halves in struct seccomp_data, little endian

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


def supported() -> bool:
    """Whether this filter knows the machine's system calls."""
    return os.uname().machine in ARCHITECTURES


def program(machine: str, alone_with: int | None = None) -> bytes:
    """The filter's instructions for a machine.

    `alone_with` is the process a filter without namespaces is made for: no other may get its signals.
    """
    token, column = ARCHITECTURES[machine]
    code: list[bytes] = []

    def emit(op: int, value: int, yes: int = 0, no: int = 0) -> None:
        code.append(struct.pack("<HBBI", op, yes, no, value))

    def fail(number: int) -> None:
        emit(RETURN, FAIL | number)

    def refuse(call: tuple[int | None, int | None], number: int = errno.EPERM) -> None:
        if call[column] is not None:
            emit(JUMP_EQUAL, call[column], 0, 1)
            fail(number)

    def refuse_others(call: tuple[int, int], argument: int, itself: int = 0) -> None:
        emit(JUMP_EQUAL, call[column], 0, 5)
        emit(LOAD, ARGUMENT[argument])
        emit(JUMP_EQUAL, 0, 2, 0)
        emit(JUMP_EQUAL, itself, 1, 0)
        fail(errno.EPERM)
        emit(RETURN, ALLOW)

    def refuse_values(call: tuple[int, int], argument: int, values: list[int]) -> None:
        emit(JUMP_EQUAL, call[column], 0, 2 * len(values) + 2)
        emit(LOAD, ARGUMENT[argument])
        for value in values:
            emit(JUMP_EQUAL, value, 0, 1)
            fail(errno.EPERM)
        emit(RETURN, ALLOW)

    emit(LOAD, 4)
    emit(JUMP_EQUAL, token, 1, 0)
    emit(RETURN, KILL)
    emit(LOAD, 0)
    emit(JUMP_ABOVE, NEWEST, 0, 1)  # includes the x32 table, which begins at 0x40000000
    fail(errno.ENOSYS)
    for call in REFUSED.values():
        refuse(call)
    for call in UNKNOWN.values():
        refuse(call, errno.ENOSYS)
    for call in ONLY_ITSELF.values():
        refuse_others(call, 0)
    for call, process in ONLY_ITSELF_SECOND.values():
        emit(JUMP_EQUAL, call[column], 0, 6)
        emit(LOAD, ARGUMENT[0])
        emit(JUMP_EQUAL, process, 0, 2)
        emit(LOAD, ARGUMENT[1])
        emit(JUMP_EQUAL, 0, 1, 0)
        fail(errno.EPERM)
        emit(RETURN, ALLOW)
    emit(JUMP_EQUAL, CLONE[column], 0, 4)
    emit(LOAD, ARGUMENT[0])
    emit(JUMP_SET, NEW_NAMESPACES, 0, 1)
    fail(errno.EPERM)
    emit(RETURN, ALLOW)
    if alone_with is not None:
        for call in REFUSED_SHARED.values():
            refuse(call)
        for call in SIGNALS.values():
            refuse_others(call, 0, alone_with)
    for call in (SOCKETPAIR, SOCKET):
        emit(JUMP_EQUAL, call[column], 0, 4)
        emit(LOAD, ARGUMENT[0])
        emit(JUMP_EQUAL, AF_UNIX, 1, 0)
        fail(errno.EAFNOSUPPORT)
        emit(RETURN, ALLOW)
    refuse_values(IOCTL, 1, [TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD])
    refuse_values(FCNTL, 1, [F_SETLEASE, F_NOTIFY])
    emit(RETURN, ALLOW)
    return b"".join(code)


def install(alone_with: int | None = None) -> None:
    """Put the filter on this process and all it will start; raises OSError where the kernel refuses."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no seccomp filter for {machine}")
    code = program(machine, alone_with)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    rule = Filter(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(rule), 0, 0):
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")
