"""The command line that starts a box with bubblewrap: namespaces, read-only binds, small writable folders.

/proc is read-only too: no namespace keeps /proc/sys apart. See `identity` for who the box runs as.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from autograde.sandbox.results import SandboxError

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
# Of a prefix only these are bound, so that a course kept beside the interpreter stays unseen.
PARTS = (
    "bin",
    "lib",
    "lib32",
    "lib64",
    "libexec",
    "share",
    "local/lib",
    "local/bin",
    "local/share",
    "pyvenv.cfg",
)
ROOT_LINKS = ("bin", "lib", "lib32", "lib64", "sbin")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "mime.types")
NEEDED = (
    "numpy",
    "matplotlib",
    "matplotlib_inline",
    "IPython",
    "ipykernel",
    "nbclient",
    "nbformat",
    "ipywidgets",
    "anywidget",
)
TOPMOST = {"/proc", "/dev", "/tmp", "/dev/shm", *(f"/{name}" for name in ROOT_LINKS)}
OWN = ("descentlab", "autograde")


def site_folders() -> list[Path]:
    """The folders that hold the packages a notebook needs, in the order of `sys.path`."""
    found = []
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.origin:
            raise SandboxError(f"the package {name} is not installed for {sys.executable}")
        folder = Path(spec.origin).parent.parent
        if folder not in found:
            found.append(folder)
    return found


def prefixes() -> list[Path]:
    """The interpreter's own installation and the environment's, the system's first."""
    found = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix)]
    return [path for number, path in enumerate(found) if path not in found[:number]]


def bound_folders() -> list[Path]:
    """Everything of the machine that a box can read, beside single files of /etc."""
    found = [prefix / part for prefix in prefixes() for part in PARTS if (prefix / part).exists()]
    covered = [site for site in site_folders() if not any(site.is_relative_to(path) for path in found)]
    executable = Path(os.path.realpath(sys.executable))
    if not any(executable.is_relative_to(path) for path in found):
        covered.append(executable.parent)
    return found + covered


def masks() -> list[Path]:
    """This project's own files in the folders that are bound: installed packages, records, paths to a
    checkout."""
    found = []
    for site in site_folders():
        for name in OWN:
            if (site / name).exists():
                found.append(site / name)
            for pattern in (
                f"{name}-*.dist-info",
                f"*{name}*.pth",
                f"__editable__*{name}*",
                f"{name}.egg-link",
            ):
                found.extend(site.glob(pattern))
    scripts = Path(sysconfig.get_path("scripts"))
    return found + [path for path in [scripts / "autograde"] if path.exists()]


def readable_entries() -> list[Path]:
    """The same files as `binds` shows, as paths that Landlock can allow: masked ones are left out by name."""
    hidden = set(masks())
    opened = [Path("/", name) for name in ROOT_LINKS] + [Path("/etc", name) for name in ETC]
    entries = []
    for path in [*opened, *bound_folders()]:
        entries += _without(path, hidden)
    return entries


def _without(path: Path, hidden: set[Path]) -> list[Path]:
    """`path`, or what lies in it where something in it is hidden."""
    if not any(mask.is_relative_to(path) for mask in hidden):
        return [path]
    if path in hidden or not path.is_dir():
        return []
    return [found for entry in path.iterdir() for found in _without(entry, hidden)]


def binds(stage: Path) -> list[str]:
    """The read-only part of the file system."""
    words = []
    for name in ROOT_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            words += ["--ro-bind", str(path), str(path)]
    for path in bound_folders():
        if not any(path.is_relative_to(Path("/", name)) for name in ROOT_LINKS):
            words += ["--ro-bind", str(path), inside(path)]
    for path in masks():
        if path.is_dir():
            words += ["--tmpfs", inside(path), "--remount-ro", inside(path)]
        else:
            words += ["--ro-bind", "/dev/null", inside(path)]
    for name in ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    words += ["--ro-bind", str(stage), INSIDE]
    for name in ("passwd", "group"):
        words += ["--ro-bind", str(stage / name), f"/etc/{name}"]
    return words


def inside(path: Path | str) -> str:
    """Where a file of the machine is seen: at its own place, but for an environment in a clone below /tmp.

    The box's own /tmp is emptied after each submission, and nothing may be mounted in it.
    """
    return f"/outside{path}" if Path(path).is_relative_to("/tmp") else str(path)


def parents(words: list[str]) -> list[str]:
    """Folders above the bound ones, made readable for the identity that the box takes."""
    made = {str(above) for word in words if word.startswith("/") for above in Path(word).parents}
    return [word for path in sorted(made - {"/"} - TOPMOST) for word in ("--dir", path)]


def command(
    stage: Path, disk_bytes: int, environment: dict[str, str], program: list[str], identity: int | None
) -> list[str]:
    """The whole line; `identity` is the descriptor of a namespace from `identity.make`.

    Raises:
        SandboxError: bubblewrap is not installed.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError("bubblewrap is not installed")
    user = OWN_USER if identity is None else ["--userns", str(identity), *TO_BECOME]
    words = [bwrap, *ALWAYS, *user]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    # /dev/zero, mapped shared, is memory of no process: a box has none.
    words += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/zero"]
    words += [
        "--size",
        str(SHARED_MEMORY),
        "--tmpfs",
        "/dev/shm",
        "--size",
        str(disk_bytes),
        "--tmpfs",
        "/tmp",
    ]
    bound = binds(stage)
    words += parents(
        [target for number, target in enumerate(bound) if bound[number - 2].startswith("--ro-bind")]
    )
    words += bound
    for path in ("/dev", "/proc", "/"):
        words += ["--remount-ro", path]
    return [*words, "--chdir", "/", "--", inside(program[0]), *program[1:]]
