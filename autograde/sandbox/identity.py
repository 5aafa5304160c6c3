"""Who a box runs as, where the grader is root.

A namespace made by root maps the box's user to root itself. Without any capability such a user still owns
what root owns: it could change the mode of the machine's device nodes, and limits on the number of processes
do not bind it. So root makes the namespace beforehand, with a second identity that belongs to nobody on the
machine, one for each box, and the box's first process takes it before anything else.
"""

import itertools
import os
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

from autograde.sandbox.feature_detection import TRIES, UndecidedError, ended_from_outside
from autograde.sandbox.protocol import SandboxError

INSIDE = 65534
LAST_FEW = (61184, 4336)  # systemd's for services that come and go: below 65536, where a container ends
FIRST, MANY = 0x70000000, 0x0F000000  # numbers that no system gives to people or services
WHOLE = 2**32 - 1
UNSHARE = "unshare"  # of util-linux, which every Linux has
SAY_AND_WAIT = "echo made; read -r end"
_numbers = itertools.count()


def needed() -> bool:
    """Whether the grader is the machine's root: not one of a container whose numbers are mapped elsewhere."""
    if os.geteuid() != 0:
        return False
    first, outside, count = map(int, Path("/proc/self/uid_map").read_text().split()[:3])
    return first == outside == 0 and count == WHOLE


def another() -> int | None:
    """A user and group that owns nothing here, for a box without namespaces; None where this user may not.

    Only root can become another, and in a container only one that the container's own map knows.
    """
    if os.geteuid() != 0:
        return None
    maps = (Path(f"/proc/self/{kind}_map").read_text().splitlines() for kind in ("uid", "gid"))
    known = [
        [range(int(first), int(first) + int(count)) for first, _, count in map(str.split, lines)]
        for lines in maps
    ]
    turn = os.getpid() * 64 + next(_numbers)
    choices = (FIRST + turn % MANY, LAST_FEW[0] + turn % LAST_FEW[1])
    return next((n for n in choices if all(any(n in part for part in parts) for parts in known)), None)


def hidden_from_others(paths: Iterable[Path]) -> Path | None:
    """The first folder or file on the way to `paths`, these included, that others may not look into."""
    on_the_way = (part for path in paths for part in (*reversed(path.parents), path))
    for part in dict.fromkeys(on_the_way):
        mode = part.stat().st_mode
        if not mode & (stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH):
            return part
    return None


def make() -> int:
    """A descriptor of a user namespace that knows root and one more identity, `INSIDE`.

    Raises:
        SandboxError: the machine denies it.
        UndecidedError: the process that makes it was killed, each time.
    """
    number = FIRST + (os.getpid() * 64 + next(_numbers)) % MANY
    for _ in range(TRIES):
        try:
            helper = subprocess.Popen(
                [UNSHARE, "-U", "/bin/sh", "-c", SAY_AND_WAIT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
            )
        except OSError as error:
            raise SandboxError(f"{UNSHARE} could not be started: {error.strerror}") from error
        with helper:
            try:
                return _mapped(helper, number)
            except SandboxError as error:
                refusal = error
        if not ended_from_outside(helper.returncode):
            raise refusal
    raise UndecidedError(f"the process that makes the sandbox's identity was killed, {TRIES} times")


def _mapped(helper: subprocess.Popen[bytes], number: int) -> int:
    """The helper's new namespace, which knows two identities from now on."""
    if helper.stdout.readline().strip() != b"made":
        raise SandboxError("this machine denies user namespaces")
    try:
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{helper.pid}/{kind}").write_text(f"0 0 1\n{INSIDE} {number} 1\n")
        return os.open(f"/proc/{helper.pid}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise SandboxError(f"no identity could be made for the sandbox: {error}") from error
