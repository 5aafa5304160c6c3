"""The command line that starts a box with bubblewrap: namespaces, read-only binds, small writable folders.

What is bound stands in `allowed`. /proc is read-only too: no namespace keeps /proc/sys apart. See `identity`
for who the box runs as.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from autograde.sandbox.allowed import Allowed
from autograde.sandbox.protocol import SandboxError

INSIDE = "/box"  # where the staged files lie
ALWAYS = [
    *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
    *(
        "--hostname",
        "box",
        "--as-pid-1",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--cap-drop",
        "ALL",
    ),
]
OWN_USER = ["--unshare-user", "--uid", "65534", "--gid", "65534"]
TO_BECOME = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]  # given up with the first step inside
SHARED_MEMORY = 16 * 2**20
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "mime.types")
OUTSIDE = "/outside"
OWN_PLACES = (Path("/proc"), Path("/dev"), Path("/tmp"))  # the box's, not the machine's


def binds(allowed: Allowed, stage: Path, copied: Mapping[Path, str]) -> list[str]:
    """The read-only part of the file system: what is allowed, each real folder once, and links to it.

    `copied` are folders of these that have a copy in the stage, and its place there: links lead to them.
    """
    words, covers, made = [], [], set()
    for path, hidden in allowed.readable.items():  # sorted: a folder stands before what is in it
        words += _folders_above(path, allowed, made)
        if path in copied:
            words += ["--symlink", f"{INSIDE}/{copied[path]}", inside(path)]
            continue
        words += ["--ro-bind", str(path), inside(path)]
        for name in hidden:
            if (path / name).is_dir():
                words += ["--tmpfs", inside(path / name)]
                covers += ["--remount-ro", inside(path / name)]
            else:
                words += ["--ro-bind", "/dev/null", inside(path / name)]
    for path, target in allowed.links.items():
        words += [*_folders_above(path, allowed, made), "--symlink", _target(path, target), inside(path)]
    for folder in allowed.sites:  # that Python looks into: they are there, whatever of them is bound
        words += _folders_above(folder / "-", allowed, made)
    for name in ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    words += ["--ro-bind", str(stage), INSIDE]
    for name in ("passwd", "group"):
        words += ["--ro-bind", str(stage / name), f"/etc/{name}"]
    return words + covers


def _folders_above(path: Path, allowed: Allowed, made: set[Path]) -> list[str]:
    """Make the folders above `path`, readable for the identity that the box takes, whatever the umask is."""
    to_make = []
    for above in path.parents[:-1]:
        if above in made:  # and all that are above it
            break
        link = any(one in allowed.links for one in (above, *above.parents))
        if not link and above not in OWN_PLACES and allowed.holds(above) is None:
            to_make.append(above)
    made.update(to_make)
    return [word for above in reversed(to_make) for word in ("--dir", inside(above))]


def _target(link: Path, target: str) -> str:
    """Where a link leads inside."""
    whole = os.path.normpath(link.parent / target)
    return target if inside(whole) == whole and inside(link) == str(link) else inside(whole)


def inside(path: Path | str) -> str:
    """Where a file of the machine is seen: at its own place, but for an environment in a clone below /tmp.

    The box's own /tmp is emptied after each submission, and nothing may be mounted in it.
    """
    return f"{OUTSIDE}{path}" if Path(path).is_relative_to("/tmp") else str(path)


def outside(path: str) -> str:
    """Where a file seen inside lies on the machine."""
    return path.removeprefix(OUTSIDE)


def command(
    allowed: Allowed,
    stage: Path,
    disk_bytes: int,
    environment: dict[str, str],
    program: list[str],
    identity: int | None,
    copied: Mapping[Path, str] = MappingProxyType({}),
) -> list[str]:
    """The whole line; `identity` is a descriptor from `identity.make`, `copied` as in `binds`.

    Raises:
        SandboxError: bubblewrap is not installed, or could not show this Python.
    """
    if inside(sys.base_prefix) != sys.base_prefix != sys.prefix:  # pyvenv.cfg names the place
        raise SandboxError.say(
            "the Python of this environment lies in {base_prefix}, and a sandbox has a /tmp of its "
            "own: make the environment with a Python elsewhere.",
            base_prefix=sys.base_prefix,
        )
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError.say("bubblewrap is not installed")
    user = OWN_USER if identity is None else ["--userns", str(identity), *TO_BECOME]
    words = [bwrap, *ALWAYS, *user]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    # /dev/zero, mapped shared, is memory of no process: a box has none.
    words += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/zero"]
    words += ["--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    words += ["--size", str(disk_bytes), "--tmpfs", "/tmp"]
    words += binds(allowed, stage, copied)
    for path in ("/dev", "/proc", "/"):
        words += ["--remount-ro", path]
    return [*words, "--chdir", "/", "--", inside(program[0]), *program[1:]]
