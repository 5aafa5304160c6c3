"""The command and the user of a box's first process: with bubblewrap (namespaces, read-only binds, small writable
folders) in tiers 3 and 2, directly in tiers 1 and 0. `allowed` lists the binds. /proc is read-only too: no namespace
isolates /proc/sys.

If the grader is root, a namespace that it makes maps the box's user to root itself. Even without capabilities such
a user owns root's files: it could change the mode of device nodes, and limits on the number of processes do not
bind it. So root makes the namespace beforehand, with a second identity that belongs to nobody on the machine, one
for each box, and the box's first process takes it before anything else.
"""

import itertools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from autograde.installed import ONE_THREAD
from autograde.sandbox.allowed import Allowed
from autograde.sandbox.limits import Limits, SandboxError
from autograde.sandbox.staging import Stage

TRIES = 3
FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class UndecidedError(SandboxError):
    """A trial was never completed: neither "works" nor "is refused"."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}. Nothing is known of this machine's isolation then; run the command again "
            "when it has room."
        )


NOBODY = 65534
SMALL_IDS = (61184, 4336)  # systemd's for services that come and go: below 65536, where a container ends
FIRST_ID, ID_COUNT = 0x70000000, 0x0F000000  # numbers that no system gives to people or services
ALL_IDS = 2**32 - 1
UNSHARE = "unshare"  # of util-linux, which every Linux has
SAY_AND_WAIT = "echo made; read -r end"
_numbers = itertools.count()


def ended_from_outside(status: int) -> bool:
    """Whether an exit status says that the program, or one it waited for, was killed."""
    return bool({-status, status - 128} & FROM_OUTSIDE)


def needs_identity() -> bool:
    """Whether the grader is the machine's root, not a container's with mapped numbers."""
    if os.geteuid() != 0:
        return False
    first, outside, count = map(int, Path("/proc/self/uid_map").read_text().split()[:3])
    return first == outside == 0 and count == ALL_IDS


def another_user() -> int | None:
    """A user and group that owns nothing, for a box without namespaces; None if this user may not switch.

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
    choices = (FIRST_ID + turn % ID_COUNT, SMALL_IDS[0] + turn % SMALL_IDS[1])
    return next((n for n in choices if all(any(n in part for part in parts) for parts in known)), None)


def hidden_from_others(paths: Iterable[Path]) -> Path | None:
    """The first folder or file on the way to `paths`, inclusive, that others cannot read."""
    on_the_way = (part for path in paths for part in (*reversed(path.parents), path))
    for part in dict.fromkeys(on_the_way):
        mode = part.stat().st_mode
        if not mode & (stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH):
            return part
    return None


def make_identity() -> int:
    """A descriptor of a user namespace that knows root and one more identity, `NOBODY`.

    Raises:
        SandboxError: the machine denies it.
        UndecidedError: the process that makes it was killed, each time.
    """
    number = FIRST_ID + (os.getpid() * 64 + next(_numbers)) % ID_COUNT
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
    """Map two identities into the helper's new namespace and return its descriptor."""
    if helper.stdout.readline().strip() != b"made":
        raise SandboxError("this machine denies user namespaces")
    try:
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{helper.pid}/{kind}").write_text(f"0 0 1\n{NOBODY} {number} 1\n")
        return os.open(f"/proc/{helper.pid}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise SandboxError(f"no identity could be made for the sandbox: {error}") from error


INSIDE = "/box"  # where the staged files lie
BASE_OPTIONS = (
    "--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try --hostname box --as-pid-1"
    " --die-with-parent --new-session --clearenv --cap-drop ALL"
)
USER_OPTIONS = "--unshare-user --uid 65534 --gid 65534"
# Given up with the first step inside.
SWITCH_USER_OPTIONS = "--cap-add CAP_SETUID --cap-add CAP_SETGID"
SHARED_MEMORY = 16 * 2**20
ETC = "ld.so.cache ld.so.conf ld.so.conf.d alternatives fonts mime.types"
OUTSIDE = "/outside"
PRIVATE_FOLDERS = (Path("/proc"), Path("/dev"), Path("/tmp"))  # the box's, not the machine's


def binds(allowed: Allowed, stage: Path) -> list[str]:
    """The bubblewrap arguments for the read-only part: each real folder once, and links to it."""
    words, covers, made = [], [], set()
    for path, hidden in allowed.readable.items():  # sorted: a folder comes before its contents
        words += _folders_above(path, allowed, made)
        words += ["--ro-bind", str(path), inside(path)]
        for name in hidden:
            if (path / name).is_dir():
                words += ["--tmpfs", inside(path / name)]
                covers += ["--remount-ro", inside(path / name)]
            else:
                words += ["--ro-bind", "/dev/null", inside(path / name)]
    for path, target in allowed.links.items():
        words += [*_folders_above(path, allowed, made), "--symlink", _target(path, target), inside(path)]
    for folder in allowed.sites:  # Python's import folders exist even if nothing in them is bound
        words += _folders_above(folder / "-", allowed, made)
    for name in ETC.split():
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    words += ["--ro-bind", str(stage), INSIDE]
    for name in ("passwd", "group"):
        words += ["--ro-bind-try", str(stage / name), f"/etc/{name}"]  # a trial has none
    return words + covers


def _folders_above(path: Path, allowed: Allowed, made: set[Path]) -> list[str]:
    """Make the folders above `path`, readable for the box's identity whatever the umask is."""
    to_make = []
    for above in path.parents[:-1]:
        if above in made:  # and all above it
            break
        link = any(one in allowed.links for one in (above, *above.parents))
        if not link and above not in PRIVATE_FOLDERS and allowed.holds(above) is None:
            to_make.append(above)
    made.update(to_make)
    return [word for above in reversed(to_make) for word in ("--dir", inside(above))]


def _target(link: Path, target: str) -> str:
    """The target of a link inside the box."""
    whole = os.path.normpath(link.parent / target)
    return target if inside(whole) == whole and inside(link) == str(link) else inside(whole)


def inside(path: Path | str) -> str:
    """The path inside the box of a file: its own, except for an environment in a clone below /tmp or /dev/shm.

    The box's own ones are emptied after each submission, and nothing may be mounted in them.
    """
    return f"{OUTSIDE}{path}" if any(map(Path(path).is_relative_to, PRIVATE_FOLDERS)) else str(path)


def outside(path: str) -> str:
    """The path on the machine of a file in the box."""
    return path.removeprefix(OUTSIDE)


def bubblewrapped(
    allowed: Allowed,
    stage: Path,
    disk_bytes: int,
    environment: dict[str, str],
    program: list[str],
    namespace: int | None,
) -> list[str]:
    """The complete command; `namespace` is a descriptor from `make_identity`.

    Raises:
        SandboxError: bubblewrap is not installed, or could not show this Python.
    """
    if inside(sys.base_prefix) != sys.base_prefix != sys.prefix:  # pyvenv.cfg contains this path
        raise SandboxError(
            f"the Python of this environment lies in {sys.base_prefix}, where a sandbox has its own files: make the "
            "environment with a Python elsewhere."
        )
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError("bubblewrap is not installed")
    user = USER_OPTIONS if namespace is None else f"--userns {namespace} {SWITCH_USER_OPTIONS}"
    words = [bwrap, *BASE_OPTIONS.split(), *user.split()]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    # /dev/zero, mapped shared, is memory of no process: a box has none.
    words += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/zero"]
    words += ["--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    words += ["--size", str(disk_bytes), "--tmpfs", "/tmp"]
    words += binds(allowed, stage)
    for path in ("/dev", "/proc", "/"):
        words += ["--remount-ro", path]
    return [*words, "--chdir", "/", "--", inside(program[0]), *program[1:]]


# The machine's owner chooses how NumPy and its BLAS compute, in a box too: if the grader emulates another
# processor, a box that does not would round otherwise.
NUMERIC_VARIABLES = "OPENBLAS_CORETYPE OPENBLAS_L2_SIZE MKL_CBWR NPY_DISABLE_CPU_FEATURES"
STARTER = "import sys; sys.path.insert(0, {!r}); from inside.zygote import main; main()"
# Interval of checks on a submission's use. A control group stops it by itself; then a check only gives the reason.
WATCH_SECONDS, WATCH_SECONDS_IN_GROUP = 0.1, 0.25


class Program(NamedTuple):
    """The first process of a box.

    `identity` and `proof` are descriptors that are handed over, `scratch` is the folder of a box that has no
    file system of its own, `user` whom such a box becomes.
    """

    stage: Stage
    tier: int
    figures: bool
    identity: int | None
    proof: int | None
    scratch: str | None
    user: int | None

    def environment(self) -> dict[str, str]:
        """Its environment variables; no others are set."""
        temporary = self.scratch or "/tmp"
        home = f"{temporary}/home"
        place = inside if self.tier >= 2 else str
        beyond = ":".join(map(place, self.stage.allowed.beyond))
        return {
            "PATH": ":".join(dict.fromkeys([place(os.path.dirname(sys.executable)), "/usr/bin", "/bin"])),
            **({"PYTHONPATH": beyond} if beyond else {}),
            "HOME": home,
            "TMPDIR": temporary,
            "IPYTHONDIR": f"{home}/.ipython",
            "MPLCONFIGDIR": f"{home}/.config/matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "USER": "student",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **ONE_THREAD,
            **{name: os.environ[name] for name in NUMERIC_VARIABLES.split() if name in os.environ},
        }

    def command(self, control: int, limits: Limits) -> list[str]:
        """The command that starts it; `control` is the descriptor of its control socket."""
        stage = str(self.stage.folder) if self.tier < 2 else INSIDE
        folders = [self.scratch] if self.scratch else ["/tmp", "/dev/shm"]
        place = inside if self.tier >= 2 else str
        settings = {
            "control": control,
            "stage": stage,
            "folders": folders,
            "cwd": f"{folders[0]}/work",
            "own_namespace": self.tier >= 2,
            "namespace": self.identity,
            "user": self.user if self.identity is None else NOBODY,
            "seccomp": self.tier >= 1,
            "landlock": self._landlock() if self.tier == 1 else None,
            "proof": self.proof,
            "readable": [] if self.proof is None else list(map(place, self.stage.allowed.readable)),
            "figures": self.figures,
            "watch_seconds": WATCH_SECONDS_IN_GROUP if self.tier == 3 else WATCH_SECONDS,
        }
        # `-I` would ignore PYTHONHASHSEED too; the environment is ours, so that is enough.
        program = [sys.executable, "-s", "-P", "-c", STARTER.format(f"{stage}/site"), json.dumps(settings)]
        if self.tier < 2:
            return program
        return bubblewrapped(
            self.stage.allowed,
            self.stage.folder,
            limits.disk_bytes,
            self.environment(),
            program,
            self.identity,
        )

    def _landlock(self) -> dict[str, Any]:
        """The Landlock rules for a box without namespaces."""
        shown = self.stage.allowed.readable
        listed = [*self.stage.allowed.sites, *(path for path, hidden in shown.items() if hidden)]
        etc = [f"/etc/{name}" for name in ETC.split()]
        return {
            "read": {str(path): hidden for path, hidden in shown.items()}
            | dict.fromkeys([*etc, str(self.stage.folder)], ()),
            "list_only": list(map(str, listed)),
            "write": [self.scratch],
            "devices": ["/dev/null", "/dev/full", "/dev/random", "/dev/urandom"],
        }
