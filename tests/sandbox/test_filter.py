"""The filter of system calls, run in an interpreter of its instructions, against lists written here.

The numbers are the kernel's own (asm/unistd_64.h for x86-64, asm-generic/unistd.h for aarch64), and none is
taken from the filter: a call that it forgets is missed here.
"""

import errno
import os
import struct
from ast import literal_eval

import pytest

from autograde.sandbox.inside import seccomp

TOKENS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES = list(TOKENS)
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
# name: (x86-64, aarch64); None where the machine has no such call; one number where it is the same for both.
REFUSED = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "mount_setattr": 442, "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": 443,
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": 440, "process_mrelease": 448, "kcmp": (312, 272),
    "pidfd_getfd": 438, "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "syslog": (103, 116),
    "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "personality": (135, 92),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "memfd_create": (319, 279), "memfd_secret": 447, "io_uring_setup": 425,
    "io_uring_enter": 426, "io_uring_register": 427, "io_setup": (206, 0),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191),
    "semop": (65, 193), "semtimedop": (220, 192), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgget": (68, 186), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "flock": (73, 32), "move_pages": (279, 239), "migrate_pages": (256, 238), "mbind": (237, 235),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
}  # fmt: skip
NO_SUCH_CALL = {
    "clone3": 435, "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75),
}  # fmt: skip
CONFINING = {
    "landlock_create_ruleset": 444, "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}  # fmt: skip
DONE = {
    "sync": (162, 81), "syncfs": (306, 267), "sync_file_range": (277, 84), "fsync": (74, 82),
    "fdatasync": (75, 83), "msync": (26, 227),
}  # fmt: skip
REFUSED_WITHOUT_NAMESPACES = {
    "socket": (41, 198), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": 452, "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "truncate": (76, 45),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "pidfd_open": 434, "pidfd_send_signal": 424, "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
BY_ARGUMENT = {
    "clone": (56, 220), "socket": (41, 198), "socketpair": (53, 199), "ioctl": (16, 29), "fcntl": (72, 25),
    "setsockopt": (54, 208), "mmap": (9, 222), "fadvise64": (221, 223), "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "setpriority": (141, 140), "ioprio_set": (251, 30),
}  # fmt: skip
SIGNALS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
OPENAT2 = 437  # whose flags a filter cannot see
LAST_KNOWN = 462  # mseal; 463 is setxattrat

OF_A_PROCESS = ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
UNIX, INET, NETLINK, VSOCK, PACKET = 1, 2, 16, 40, 17
STREAM = 1
SOCKET_LEVEL, SEND_BUFFER, RECEIVE_BUFFER, SEND_FORCE, RECEIVE_FORCE, PASS_CREDENTIALS = 1, 7, 8, 32, 33, 16
SHARED, PRIVATE, VALIDATED, ANONYMOUS, HUGE = 0x01, 0x02, 0x03, 0x20, 0x40000
# By what a call is answered (None: it is allowed): the call and its arguments.
ARGUMENTS = {
    errno.EPERM: [
        *(("clone", flag | 17) for flag in (
            0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
        )),
        *(("setsockopt", 3, SOCKET_LEVEL, option)
            for option in (SEND_BUFFER, RECEIVE_BUFFER, SEND_FORCE, RECEIVE_FORCE)),
        ("mmap", 0, 4096, 3, SHARED | ANONYMOUS),
        ("mmap", 0, 4096, 3, VALIDATED | ANONYMOUS),
        ("mmap", 0, 4096, 3, PRIVATE | ANONYMOUS | HUGE),
        ("mmap", 0, 4096, 3, SHARED | HUGE),
        ("ioctl", 0, 0x5412),  # TIOCSTI
        ("ioctl", 0, 0x541C),  # TIOCLINUX
        ("ioctl", 0, 0x541D),  # TIOCCONS
        ("ioctl", 0, 0x5423),  # TIOCSETD
        ("ioctl", 3, 0x8901),  # FIOSETOWN
        ("ioctl", 3, 0x8902),  # SIOCSPGRP
        # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_OFD_SETLK, F_OFD_SETLKW, F_SETPIPE_SZ
        *(("fcntl", 3, command) for command in (8, 10, 15, 1024, 1026, 37, 38, 1031)),
        *((call, 1) for call in OF_A_PROCESS),
        ("setpriority", 0, 1),
        ("setpriority", 2, 0),  # all of a user's
        ("ioprio_set", 1, 1),
        ("ioprio_set", 3, 0),
    ],
    errno.EAFNOSUPPORT: [
        (call, family, STREAM) for call in ("socket", "socketpair")
        for family in (0, INET, 10, NETLINK, PACKET, 38, VSOCK)
    ],
    0: [("fadvise64", 3, 0, 0, 4)],  # POSIX_FADV_DONTNEED
    None: [
        ("clone", 0x01200011),  # a fork of the C library's
        ("clone", 0x003D0F00),  # a thread
        ("socket", UNIX, STREAM),
        ("socketpair", UNIX, STREAM),
        ("setsockopt", 3, SOCKET_LEVEL, PASS_CREDENTIALS),
        ("setsockopt", 3, 6, SEND_BUFFER),
        ("mmap", 0, 4096, 3, PRIVATE | ANONYMOUS),
        ("mmap", 0, 4096, 3, SHARED),
        ("ioctl", 0, 0x5401),  # TCGETS
        ("fcntl", 3, 4, 0x2000),  # F_SETFL, O_ASYNC
        ("fcntl", 3, 6),  # F_SETLK
        ("fadvise64", 3, 0, 0, 3),
        *((call, 0) for call in OF_A_PROCESS),
        ("setpriority", 0, 0),
        ("ioprio_set", 1, 0),
    ],
}  # fmt: skip


def answered(
    code: bytes, machine: str, number: int, arguments: tuple[int, ...] = (), token: int | None = None
) -> int | None:
    """What the kernel would answer this call: None (it is carried out), an error's number, or KILL.

    `token` names the table of another machine.
    """
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack(
        "<IIQ6Q", number, token if token is not None else TOKENS[machine], 0x7F0000000000, *values
    )
    accumulator, line = 0, 0
    while True:
        operation, yes, no, value = struct.unpack_from("<HBBI", code, 8 * line)
        line += 1
        if operation == 0x06:  # return
            if value in (ALLOW, KILL):
                return KILL if value == KILL else None
            assert value & 0xFFFF0000 == ERROR, f"{value:x}"
            return value & 0xFFFF
        if operation == 0x20:  # load a word
            [accumulator] = struct.unpack_from("<I", data, value)
            continue
        holds = {
            0x15: accumulator == value,
            0x25: accumulator > value,
            0x45: bool(accumulator & value),
        }[operation]
        line += yes if holds else no


def numbers(calls: dict[str, int | tuple[int | None, int | None]], machine: str) -> dict[str, int]:
    column = MACHINES.index(machine)
    found = {name: at[column] if isinstance(at, tuple) else at for name, at in calls.items()}
    return {name: number for name, number in found.items() if number is not None}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("calls", "answer"), [("REFUSED", errno.EPERM), ("NO_SUCH_CALL", errno.ENOSYS), ("DONE", 0)]
)
@pytest.mark.parametrize("alone_with", [None, 4321])
def test_each_call_of_the_list_is_answered_without_the_kernel(machine, calls, answer, alone_with):
    code = seccomp.program(machine, alone_with)
    given = {
        name: answered(code, machine, number) for name, number in numbers(globals()[calls], machine).items()
    }
    assert given == dict.fromkeys(given, answer)


@pytest.mark.parametrize("machine", MACHINES)
def test_only_a_box_that_confines_itself_with_landlock_may_ask_for_it(machine):
    for confining, answer in ((False, errno.ENOSYS), (True, None)):
        code = seccomp.program(machine, confining=confining)
        for number in numbers(CONFINING, machine).values():
            assert answered(code, machine, number) == answer


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_modes_owners_and_sockets_are_refused_too(machine):
    shared, own = seccomp.program(machine, 4321), seccomp.program(machine)
    for name, number in numbers(REFUSED_WITHOUT_NAMESPACES, machine).items():
        assert answered(shared, machine, number, (UNIX,)) == errno.EPERM, name
        assert answered(own, machine, number, (UNIX,)) is None, name


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_signals_reach_the_caller_alone(machine):
    code = seccomp.program(machine, 4321)
    for number in numbers(SIGNALS, machine).values():
        given = [answered(code, machine, number, (pid, 9)) for pid in (0, 4321, 1, 2**32 - 1, 4322)]
        assert given == [None, None, *[errno.EPERM] * 3]


@pytest.mark.parametrize("machine", MACHINES)
def test_without_namespaces_a_file_is_emptied_only_by_who_opens_it_to_write(machine):
    """Landlock's first two versions let who may read a file empty it."""
    shared, own = seccomp.program(machine, 4321), seccomp.program(machine)
    emptying, creating = 0o1000, 0o100
    for name, number in numbers({"open": (2, None), "openat": (257, 56)}, machine).items():
        for mode in range(4):
            for more in (0, creating, 0o2000000):
                arguments = (*[0] * (1 if name == "open" else 2), emptying | mode | more)
                wanted = None if mode in (1, 2) else errno.EPERM
                assert answered(shared, machine, number, arguments) == wanted, (name, mode, more)
                assert answered(own, machine, number, arguments) is None
                without = (*arguments[:-1], mode | more)
                assert answered(shared, machine, number, without) is None
    assert answered(shared, machine, OPENAT2) == errno.ENOSYS
    assert answered(own, machine, OPENAT2) is None


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("answer", ARGUMENTS)
def test_a_call_is_refused_by_its_arguments(machine, answer):
    code, known = seccomp.program(machine), numbers(BY_ARGUMENT, machine)
    for call, *arguments in ARGUMENTS[answer]:
        assert answered(code, machine, known[call], arguments) == answer, (call, arguments)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_in_no_list_is_allowed(machine):
    lists = REFUSED | NO_SUCH_CALL | CONFINING | DONE | REFUSED_WITHOUT_NAMESPACES | BY_ARGUMENT
    listed = {OPENAT2, *numbers(lists, machine).values()}
    code = seccomp.program(machine, 4321)
    refused = {number for number in range(LAST_KNOWN + 1) if answered(code, machine, number) is not None}
    assert refused - listed == set()


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_is_allowed_that_is_newer_than_the_list(machine):
    code = seccomp.program(machine)
    assert answered(code, machine, LAST_KNOWN) is None
    newer = [LAST_KNOWN + 1, LAST_KNOWN + 2, 499, 500, 900, 2**31 - 1]
    assert [answered(code, machine, number) for number in newer] == [errno.ENOSYS] * len(newer)


def test_no_call_of_the_x32_table_is_allowed():
    code = seccomp.program("x86_64")
    for number in (0, 39, 101, 520, LAST_KNOWN + 1):
        assert answered(code, "x86_64", 0x40000000 | number) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_from_another_machines_table_ends_the_process(machine):
    code = seccomp.program(machine)
    for token in (0x40000003, 0x40000028, 0, *(TOKENS[other] for other in MACHINES if other != machine)):
        assert answered(code, machine, 39, token=token) == KILL


def test_a_jump_that_no_instruction_can_hold_is_said():
    code = seccomp.Code()
    code.put(seccomp.JUMP_EQUAL, 1, yes="far")
    for _ in range(256):
        code.put(seccomp.RETURN, seccomp.ALLOW)
    code.label("far")
    with pytest.raises(OverflowError, match="instruction 0"):
        code.assembled()


MAKE_CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
answers = {}
for name, number in CALLS.items():
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
    answers[name] = ctypes.get_errno() if got == -1 else got
print(answers)
"""


def test_a_box_gives_these_answers(run):
    """The interpreter above and the kernel say the same."""
    machine = os.uname().machine
    wanted = dict.fromkeys(numbers(REFUSED, machine), errno.EPERM)
    wanted |= dict.fromkeys(numbers(NO_SUCH_CALL | CONFINING, machine), errno.ENOSYS)
    wanted |= dict.fromkeys(numbers(DONE, machine), 0) | {"the next": errno.ENOSYS}
    calls = numbers(REFUSED | NO_SUCH_CALL | CONFINING | DONE, machine) | {"the next": LAST_KNOWN + 1}
    result = run(MAKE_CALLS.replace("CALLS", repr(calls)))
    assert literal_eval(result.cells[0].outputs[0]["text"]) == wanted
