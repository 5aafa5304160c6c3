"""The strongest confinement of this machine, found by trying.

3  bubblewrap + seccomp + cgroup     2  bubblewrap + seccomp + resource limits
1  Landlock + seccomp + resource limits     0  nothing but time limits

A layer is missing only if the machine refuses it. A trial that was killed, or got no time, is repeated; if it
never ends by itself nothing is concluded.
"""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from autograde.sandbox import allowed, cgroup, limits, program
from autograde.sandbox.inside import confinement, seccomp

SECONDS = 30
NO_ROOM = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


def try_program(what: str, words: Sequence[str], pass_fds: Sequence[int] = ()) -> subprocess.CompletedProcess:
    """Run a program to its end, repeating it if it was killed, took too long or could not start.

    Raises:
        UndecidedError: it never came to its own end.
        OSError: it cannot be started here at all.
    """
    for _ in range(program.TRIES):
        try:
            done = subprocess.run(
                words, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, pass_fds=pass_fds
            )
            if not program.ended_from_outside(done.returncode):
                return done
            why = "was killed"
        except subprocess.TimeoutExpired:
            why = f"gave no answer in {SECONDS} seconds"
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            why = f"could not be started ({error.strerror})"
    raise program.UndecidedError(f"the trial of {what} {why}, {program.TRIES} times")


NAMES = {
    3: "bubblewrap, seccomp, cgroup",
    2: "bubblewrap, seccomp, resource limits",
    1: "Landlock, seccomp, resource limits",
    0: "none",
}


class Tier(NamedTuple):
    """A level of isolation and why it is not a higher one."""

    number: int
    reason: str

    @property
    def name(self) -> str:
        """The layers it consists of."""
        return NAMES[self.number]


class Layer(NamedTuple):
    """One layer, tried on this machine: whether it works, what was seen, what to do if it does not."""

    name: str
    usable: bool
    seen: str
    remedy: str = ""

    def why(self) -> str:
        """The reason why it does not work, and the remedy if known."""
        return "; ".join(filter(None, (f"{self.name} does not work here: {self.seen}", self.remedy)))


def try_bubblewrap() -> Layer:
    """Start a box like the real ones, without packages, with a program that checks its files.

    A hundred packages cost a tenth of a second; each box's own check tests whether they can be read.
    """
    namespace, shown = None, allowed.system()
    folders = [program.inside(path) for path in shown.readable if path.is_dir()]
    try:
        namespace = program.make_identity() if program.needs_identity() else None
        become = BECOME_NOBODY if namespace else ""
        trial = f"import os\n{become}[os.listdir(folder) for folder in {folders}]\nprint('inside')"
        python = [sys.executable, "-I", "-S", "-c", trial]
        words = program.bubblewrapped(shown, Path(__file__).parent, 2**20, {}, python, namespace)
    except program.UndecidedError:
        raise
    except limits.SandboxError as error:
        return Layer("bubblewrap", False, str(error), "" if shutil.which("bwrap") else INSTALL)
    try:
        done = try_program("bubblewrap", words, [namespace] if namespace else [])
    except OSError as error:
        return Layer("bubblewrap", False, str(error), INSTALL)
    finally:
        if namespace:
            os.close(namespace)
    if done.returncode == 0 and done.stdout.strip() == b"inside":
        return Layer("bubblewrap", True, "started a box and ran Python in it")
    seen = _last_line(done) or "it ended without a word"
    return Layer("bubblewrap", False, seen, _remedy(seen))


def _last_line(done: subprocess.CompletedProcess) -> str:
    """The last line of a trial's stderr; "" if there is none."""
    return (done.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]


BECOME_NOBODY = "os.setgroups([]); os.setresgid(*[65534] * 3); os.setresuid(*[65534] * 3)\n"
INSTALL = "install bubblewrap: autograde doctor --install-sandbox"
USER_NAMESPACES = (
    "this machine denies user namespaces. Ubuntu 23.10 and newer: install an AppArmor profile that allows "
    "them for /usr/bin/bwrap (docs/installing.md has it). Debian: sysctl kernel.unprivileged_userns_clone=1. In "
    "a container: start it with user namespaces allowed (--security-opt seccomp=unconfined --security-opt "
    "systempaths=unconfined, or as a privileged container)"
)


def _remedy(said: str) -> str:
    if "PermissionError" in said:
        return "make the environment readable: chmod -R o+rX on the folder named, and on Python's own"
    denied = ("uid map", "namespace", "Operation not permitted", "Permission denied", "No space left")
    return USER_NAMESPACES if any(word in said for word in denied) else INSTALL


def try_seccomp() -> Layer:
    """Install the filter in a process of its own and test that it refuses and allows the right calls."""
    if os.uname().machine not in seccomp.ARCHITECTURES:
        return Layer("seccomp", False, "the filter knows x86-64 and aarch64 only", "grade on such a machine")
    trial = (
        f"import socket, sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from inside.seccomp import install\ninstall()\n"
        "try:\n    socket.socket(socket.AF_INET)\nexcept OSError:\n    print('refused')\n"
    )
    done = try_program("seccomp", [sys.executable, "-I", "-S", "-c", trial])
    if done.stdout.strip() == b"refused":
        return Layer("seccomp", True, "the filter refused a network socket")
    seen = _last_line(done) or "the filter did not bind"
    return Layer("seccomp", False, seen, "the kernel needs CONFIG_SECCOMP_FILTER")


def try_landlock() -> Layer:
    """Put rules on a separate process and test that it can read only the allowed files."""
    source = Path(confinement.__file__).read_text()
    trial = (
        f"{source}\nimport sys\nLIBC.prctl(38, 1, 0, 0, 0)\n"
        "rules = Ruleset({sys.argv[1]: ()}, [], [], [])\nrules.restrict_self()\n"
        "open(sys.argv[1]).close()\n"
        "try:\n    open(sys.argv[2])\nexcept PermissionError:\n    print('refused', rules.abi)\n"
    )
    words = [sys.executable, "-I", "-S", "-c", trial, confinement.__file__, seccomp.__file__]
    done = try_program("Landlock", words)
    if done.stdout.startswith(b"refused"):
        return Layer("Landlock", True, f"version {done.stdout.split()[1].decode()} refused a file")
    return Layer("Landlock", False, _last_line(done) or "the rules did not bind", LANDLOCK)


LANDLOCK = "a kernel from 5.13 with landlock in its lsm= list"


def try_cgroup() -> Layer:
    """Make a control group with a limit of one process and test that a second one is refused."""
    group = None
    try:
        group = cgroup.ControlGroup.create()
        group.limit(-cgroup.SPARE_PROCESSES + 1, 64 * 2**20)
        done = try_program("the control group", group.joining(["/bin/sh", "-c", "(:) && echo forked"]))
    except (cgroup.NoGroupError, OSError) as error:
        return Layer("cgroup", False, str(error), f"in a systemd session: {cgroup.DELEGATE}")
    finally:
        if group:
            group.remove()
    if b"forked" in done.stdout or b"ork" not in done.stderr:
        output = _last_line(done) or "it did not bind"
        return Layer("cgroup", False, f"a limit of one process: {output}")
    return Layer("cgroup", True, f"version {group.version}: a second process was refused")


@lru_cache(maxsize=1)
def best_tier() -> Tier:
    """The strongest tier that works here.

    Raises:
        UndecidedError: a layer could not be tried to the end.
    """
    if sys.platform != "linux":
        return Tier(0, f"the grader needs Linux, not {sys.platform}; on Windows use WSL 2")
    boxed, filtered = try_bubblewrap(), try_seccomp()
    if boxed.usable and filtered.usable:
        grouped = try_cgroup()
        if grouped.usable:
            return Tier(3, "everything that autograde can use works here")
        return Tier(2, grouped.why())
    failed = filtered if boxed.usable else boxed
    number = 1 if filtered.usable and try_landlock().usable else 0
    return Tier(number, failed.why())
