"""What a process gives up and takes on before it runs a submission: identity, capabilities, limits, its place
where memory is short."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from pathlib import Path

PR_SET_PDEATHSIG = 1
SPARE_PROCESSES = 16  # so that the watchdog, which names the reason, sees a bomb before the kernel refuses
HEADROOM = 256 * 2**20  # address space that a new process maps without using it


def become(number: int, folders: list[str], libc: ctypes.CDLL) -> None:
    """Take the identity made for this box, for good; the folders for files are opened to it before."""
    for folder in folders:
        os.chmod(folder, 0o777)
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    drop_capabilities(libc)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of identity clears it


def drop_capabilities(libc: ctypes.CDLL) -> None:
    """For good, with no_new_privs: with them some of the kernel's limits do not bind."""
    if libc.capset(struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", 0, 0, 0, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")


def set_limits(limits: dict, mapped: int, alone: bool) -> None:
    """What the kernel itself holds a submission to; `mapped`: the address space of the warm process."""
    hard = {
        resource.RLIMIT_AS: mapped + limits["memory_bytes"] + HEADROOM,
        resource.RLIMIT_CPU: int(limits["cpu_seconds"]) + 1,
        resource.RLIMIT_FSIZE: limits["disk_bytes"],
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_CORE: 1,  # the value that also keeps the machine's crash handler away
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
    """Since Linux 5.14 RLIMIT_NPROC counts a user's processes in one namespace; before, on the whole machine.

    It binds nobody where the grader itself runs as root: then the watchdog and a control group have to.
    """
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)


def address_space() -> int:
    """Bytes that this process maps."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def go_first() -> None:
    """Where the machine's memory is short: before the process that watches, where this may be written."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
