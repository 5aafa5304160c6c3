"""What of the machine a submission can read: what a notebook needs, named one by one.

Nothing else is there: a folder that is new on the machine is in no box. Tiers 3 and 2 bind these files, tier
1 opens them with Landlock. `withheld` and `inside.proof` look at what came of it.
"""

from __future__ import annotations

import os
import re
import site
import sys
import sysconfig
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from autograde.sandbox.distributions import entries, needed

PROGRAMS = ("/bin", "/usr/bin")
LIBRARIES = ("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32")
# Of these folders: shared libraries, the folder of the machine's kind, and what the C library reads.
LIBRARY_FOLDERS = re.compile(r".+-linux-(gnu|musl).*|locale|terminfo|gconv")
SHARE = ("fonts", "fontconfig", "zoneinfo", "terminfo", "locale", "matplotlib")
# Of the standard library: others' packages, packages to install, what only Python's authors need.
NOT_STANDARD = ("site-packages", "dist-packages", "ensurepip", "test", "idlelib")
SHARED_LIBRARY = re.compile(r".+\.so(\.\d+)*")
MOST_SINGLY = 200  # each costs a mount: some systems have all their libraries in one folder
MOST_LINKS = 40  # on the way to one file, as for the kernel


@dataclass(frozen=True)
class Allowed:
    """Real files and folders, the links that lead to them, and where packages are imported from.

    `shown` has for each path the names directly in it that stay hidden. `sites` is in the order of
    `sys.path`; `beyond` are those of them that Python does not look into by itself.
    """

    readable: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    links: dict[Path, str] = field(default_factory=dict)
    sites: tuple[Path, ...] = ()

    @property
    def beyond(self) -> tuple[Path, ...]:
        known = {os.path.realpath(folder) for folder in site.getsitepackages()}
        return tuple(folder for folder in self.sites if os.path.realpath(folder) not in known)

    def holds(self, path: Path) -> Path | None:
        """The shown file or folder that `path`, a real one, lies in; None where it is hidden or in none."""
        for above in (path, *path.parents):
            hidden = self.readable.get(above)
            if hidden is not None:
                return None if above != path and path.relative_to(above).parts[0] in hidden else above
        return None


@lru_cache(maxsize=8)
def allowed(packages: tuple[str, ...] = ()) -> Allowed:
    """What a submission can read, with the packages that its course names.

    Raises:
        SandboxError: something that must be there is not installed.
    """
    layout = _Layout()
    _add_system(layout)
    sites = {}
    for distribution in needed(packages):
        folder, names = entries(distribution)
        sites[folder] = None
        for name in names:
            layout.add(folder / name)
    for folder in sites:
        layout.follow(folder)
    order = {os.path.realpath(folder): place for place, folder in reversed([*enumerate(sys.path)])}
    in_order = sorted(sites, key=lambda folder: order.get(os.path.realpath(folder), len(order)))
    return layout.as_allowed(tuple(in_order))


def system() -> Allowed:
    """What of the machine every program in a box needs: no package."""
    layout = _Layout()
    _add_system(layout)
    return layout.as_allowed(())


def _add_system(layout: _Layout) -> None:
    for path in PROGRAMS:
        layout.add(Path(path))
    for folder in LIBRARIES:
        layout.add_some(Path(folder), _is_library)
    for name in SHARE:
        layout.add(Path("/usr/share", name))
    for prefix in dict.fromkeys((Path(sys.base_prefix), Path(sys.prefix))):
        _add_prefix(layout, prefix)
    layout.add(Path(sys.executable))
    standard = Path(os.__file__).parent
    layout.add(standard, NOT_STANDARD)
    layout.add(Path(sysconfig.get_config_var("DESTSHARED") or standard))


def _is_library(entry: Path) -> bool:
    return bool(SHARED_LIBRARY.fullmatch(entry.name) or LIBRARY_FOLDERS.fullmatch(entry.name))


def _add_prefix(layout: _Layout, prefix: Path) -> None:
    """Of an environment, or of Python's own folder: the interpreter, and the libraries and data beside it."""
    layout.add(prefix / "pyvenv.cfg")
    for name in ("python", "python3", f"python3.{sys.version_info.minor}"):
        layout.add(prefix / "bin" / name)
    if prefix != Path("/usr"):
        layout.add_some(prefix / "lib", lambda entry: bool(SHARED_LIBRARY.fullmatch(entry.name)))
        for name in SHARE:
            layout.add(prefix / "share" / name)


class _Layout:
    """Collects paths; each real folder is shown once, links on the way to it are made again."""

    def __init__(self) -> None:
        self.readable: dict[Path, tuple[str, ...]] = {}
        self.links: dict[Path, str] = {}
        self._folders: dict[tuple[int, int], Path] = {}
        self._no_links: set[str] = set()  # folders on the way that were looked at

    def add(self, path: Path, but: Iterable[str] = ()) -> None:
        """Show a file or folder where there is one, without the entries named `but`."""
        real = self.follow(path)
        if real is None or real in self.readable:
            return
        if real.is_dir():
            status = real.stat()
            first = self._folders.setdefault((status.st_dev, status.st_ino), real)
            if first != real:  # one folder mounted at two places
                self.links[real] = str(first)
                return
        self.readable[real] = tuple(name for name in but if _stands_in(real, name))

    def add_some(self, folder: Path, shows: Callable[[Path], bool]) -> None:
        """Show the entries that `shows` names, singly, or where there are too many all but the others."""
        real = self.follow(folder)
        if real is None or not real.is_dir():
            return
        kept, others = [], []
        for entry in sorted(real.iterdir()):
            (kept if shows(entry) else others).append(entry)
        hidden = [entry.name for entry in others if _stands_in(real, entry.name)]
        if len(kept) > MOST_SINGLY:
            self.add(real, hidden)
        else:
            for entry in kept:
                self.add(entry)

    def follow(self, path: Path) -> Path | None:
        """The real path; links on the way are kept. None where there is nothing."""
        at, left, links = "", deque(path.parts[1:]), 0
        while left:
            part = left.popleft()
            here = at.rpartition("/")[0] if part == ".." else f"{at}/{part}"  # "" is the root
            if here in self._no_links or not os.path.islink(here):
                at = here
                self._no_links.add(here)
                continue
            target = os.readlink(here)
            self.links[Path(here)] = target
            links += 1
            if links > MOST_LINKS:
                return None
            if target.startswith("/"):
                at = ""
            left.extendleft(reversed([name for name in Path(target).parts if name != "/"]))
        real = Path(at or "/")
        return real if real.exists() else None

    def as_allowed(self, sites: tuple[Path, ...]) -> Allowed:
        """Without what is shown twice."""
        result = Allowed(dict(sorted(self.readable.items())), {}, sites)
        for path, hidden in list(result.readable.items()):
            del result.readable[path]
            if hidden or result.holds(path) is None:
                result.readable[path] = hidden
        shown = dict(sorted(result.readable.items()))
        result = Allowed(shown, {}, sites)
        links = {path: to for path, to in sorted(self.links.items()) if result.holds(path) is None}
        return Allowed(shown, links, sites)


def _stands_in(folder: Path, name: str) -> bool:
    """Whether an entry must be hidden: a link must not, it leads to what is shown only."""
    return (folder / name).exists() and not (folder / name).is_symlink()
