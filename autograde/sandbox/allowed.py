"""The files of this machine that a submission can read: those a notebook needs, named one by one, and the files
of the installed distributions it needs, by their own metadata.

All else is absent: a new folder of the machine is in no box. Tiers 3 and 2 bind these files, tier 1 opens them
with Landlock. `staging` and `inside.traces` check the result.
"""

import csv
import importlib.util
import os
import re
import site
import sys
import sysconfig
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, entry_points, packages_distributions
from itertools import accumulate
from pathlib import Path

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograde.sandbox.limits import SandboxError
from verdicts.courses import GROUP, courses

PROGRAMS = ("/bin", "/usr/bin")
LIBRARIES = "/lib /lib32 /lib64 /libx32 /usr/lib /usr/lib32 /usr/lib64 /usr/libx32"
# Of these folders: shared libraries, the folder of the machine's architecture, and the C library's files.
LIBRARY = re.compile(r".+\.so(\.\d+)*|.+-linux-(gnu|musl).*|locale|terminfo|gconv")
SHARE = "fonts fontconfig zoneinfo terminfo locale matplotlib"
# Parts of the standard library: others' packages, packages to install, tools of Python's developers.
NOT_STANDARD = "site-packages dist-packages ensurepip test idlelib"
SHARED_LIBRARY = re.compile(r".+\.so(\.\d+)*")
MOST_SINGLY = 200  # each costs a mount: some systems have all their libraries in one folder
MOST_LINKS = 40  # on the way to one file, as in the kernel


@dataclass(frozen=True)
class Allowed:
    """Real files and folders, the links to them, and the folders that packages are imported from.

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
        """The visible file or folder that contains the real `path`; None if it is hidden or outside."""
        for above in (path, *path.parents):
            hidden = self.readable.get(above)
            if hidden is not None:
                return None if above != path and path.relative_to(above).parts[0] in hidden else above
        return None


@lru_cache(maxsize=8)
def allowed(packages: tuple[str, ...] = ()) -> Allowed:
    """The files a submission can read, including the packages that its course names.

    Raises:
        SandboxError: something that must be there is not installed.
    """
    layout, sites = _system_layout(), {}
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
    """The files every program in a box needs, without packages."""
    return _system_layout().as_allowed(())


def _system_layout() -> "_Layout":
    layout = _Layout()
    for path in PROGRAMS:
        layout.add(Path(path))
    for folder in LIBRARIES.split():
        layout.add_some(Path(folder), LIBRARY)
    for name in SHARE.split():
        layout.add(Path("/usr/share", name))
    # The interpreter, libraries and data of the environment, and of Python's own folder.
    for prefix in dict.fromkeys((Path(sys.base_prefix), Path(sys.prefix))):
        layout.add(prefix / "pyvenv.cfg")
        for name in ("python", "python3", f"python3.{sys.version_info.minor}"):
            layout.add(prefix / "bin" / name)
        if prefix != Path("/usr"):
            layout.add_some(prefix / "lib", SHARED_LIBRARY)
            for name in SHARE.split():
                layout.add(prefix / "share" / name)
    layout.add(Path(sys.executable))
    standard = Path(os.__file__).parent
    layout.add(standard, NOT_STANDARD.split())
    layout.add(Path(sysconfig.get_config_var("DESTSHARED") or standard))
    return layout


class _Layout:
    """Collects paths; each real folder is shown once, with the links to it."""

    def __init__(self) -> None:
        self.readable: dict[Path, tuple[str, ...]] = {}
        self.links: dict[Path, str] = {}
        self._folders: dict[tuple[int, int], Path] = {}

    def add(self, path: Path, but: Iterable[str] = ()) -> None:
        """Show a file or folder if it exists, without the entries named `but`."""
        real = self.follow(path)
        if real is None or real in self.readable:
            return
        if real.is_dir():
            status = real.stat()
            first = self._folders.setdefault((status.st_dev, status.st_ino), real)
            if first != real:  # one folder mounted at two places
                self.links[real] = str(first)
                return
        # A link need not be hidden: it leads only to visible files.
        self.readable[real] = tuple(n for n in but if (real / n).exists() and not (real / n).is_symlink())

    def add_some(self, folder: Path, shown: re.Pattern[str]) -> None:
        """Bind the entries with a name like `shown`; if they are too many, bind the folder and hide the rest."""
        real = self.follow(folder)
        if real is None or not real.is_dir():
            return
        names = sorted(os.listdir(real))
        kept = list(filter(shown.fullmatch, names))
        if len(kept) > MOST_SINGLY:
            self.add(real, sorted({*names} - {*kept}))
        else:
            for name in kept:
                self.add(real / name)

    def follow(self, path: Path) -> Path | None:
        """The real path, keeping the links on the way; None if nothing is there."""
        at, left, links = "", deque(path.parts[1:]), 0
        while left:
            part = left.popleft()
            here = at.rpartition("/")[0] if part == ".." else f"{at}/{part}"  # "" is the root
            if not os.path.islink(here):
                at = here
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
        """The result, without duplicates."""
        result = Allowed(sites=sites)
        for path, hidden in sorted(self.readable.items()):  # a folder before what is in it
            if hidden or result.holds(path) is None:
                result.readable[path] = hidden
        result.links.update(
            (path, to) for path, to in sorted(self.links.items()) if result.holds(path) is None
        )
        return result


OWN = ("verdicts", "autograde")  # and the courses: their modules come from the staged files
ENGINE = "descentlab"  # the distribution that the engine comes with
NEEDED = ("ipykernel", "nbclient", "nbformat")  # these run the cells
ALONE = (".dist-info", ".egg-info", ".libs")  # folders of one distribution only
NOT_IMPORTED = (".pth", ".egg-link")


@cache
def own_distributions() -> dict[str, Distribution]:
    """The distributions of the engine and the courses, by their canonical names; only their requirements count."""
    points = [point.dist for point in entry_points(group=GROUP) if point.dist is not None]
    return {canonicalize_name(one.name): one for one in (_installed(ENGINE), *points)}


@cache
def needed(packages: tuple[str, ...]) -> tuple[Distribution, ...]:
    """The distributions a notebook needs: those that run it, the courses' requirements, the class's own.

    Args:
        packages: the course's own list of names of distributions or import packages.

    Raises:
        SandboxError: one that must be there is not installed.
    """
    lines = [line for one in own_distributions().values() for line in _requirements(one, frozenset())]
    lines += map(Requirement, NEEDED)
    todo = [(line.name, _installed(line.name), frozenset(line.extras)) for line in lines]
    todo += [(one.name, one, frozenset()) for name in packages for one in distributions_named(name)]
    done: dict[tuple[str, frozenset[str]], Distribution] = {}
    while todo:
        name, one, extras = todo.pop()
        key = (canonicalize_name(name), extras)
        if key in done or key[0] in own_distributions():
            continue
        done[key] = one
        for line in _requirements(one, extras):
            with suppress(PackageNotFoundError):  # optional; a missing one is reported when it is imported
                todo.append((line.name, distribution(line.name), frozenset(line.extras)))
    return tuple({name: one for (name, _), one in done.items()}.values())


def distributions_named(name: str) -> list[Distribution]:
    """The distributions that a course's name means: those with this name, or with an import package so named.

    Raises:
        SandboxError: nothing with this name is installed, or it is a course's.
    """
    try:
        meant = [distribution(name)]
    except (PackageNotFoundError, ValueError):
        meant = [distribution(other) for other in dict.fromkeys(packages_distributions().get(name, []))]
    if not meant:
        raise SandboxError(
            f"c.Sandbox.packages names {name!r}, which is not installed for {sys.executable}: "
            "install it there, or take it off the list."
        )
    if parts := {canonicalize_name(one.name) for one in meant} & own_distributions().keys():
        raise SandboxError(
            f"c.Sandbox.packages names {name!r}, a part of {min(parts)}: submissions are given its "
            "allowed modules without being asked. Take it off the list."
        )
    return meant


def imported(names: Iterable[str]) -> list[str]:
    """The distributions with these import packages; none for packages of Python, the engine and the courses."""
    left = set(names).difference(sys.stdlib_module_names, provided())
    if not left:
        return []
    known = packages_distributions()  # reads the metadata of every installed distribution
    distributions = {canonicalize_name(name) for top in left for name in known.get(top, [])}
    return sorted(distributions - own_distributions().keys())


@cache
def provided() -> set[str]:
    """The packages every notebook can import, without reading other distributions."""
    given = {re.split(r"[./]", name)[0] for dist in needed(()) for name in entries(dist)[1]}
    return given | {*OWN, *courses()}


@cache
def entries(dist: Distribution) -> tuple[Path, list[str]]:
    """A distribution's site folder and the names of its own folders and files there.

    Raises:
        SandboxError: it is in an archive, or its files are not recorded.
    """
    site = Path(str(dist.locate_file("")))
    if not site.is_dir():
        raise SandboxError(
            f"{dist.name} lies in {site}, which is not a folder, so that no submission could read "
            "it: install it again with pip."
        )
    names = _tops(_recorded_files(dist))
    if not any(map(_imported, names)):
        return _package_of_same_name(dist, site)
    return site, sorted(name for name in names if (site / name).exists())


# The distribution of a name; its metadata is read once.
distribution = cache(Distribution.from_name)


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise SandboxError(f"the package {name} is not installed for {sys.executable}") from None


def _requirements(dist: Distribution, extras: frozenset[str]) -> Iterable[Requirement]:
    """A distribution's requirements on this machine, with the extras that were requested."""
    for text in dist.requires or []:
        try:
            line = Requirement(" ".join(text.split()))  # a line may be folded
            if line.marker is None or any(line.marker.evaluate({"extra": one}) for one in ("", *extras)):
                yield line
        except (InvalidRequirement, UndefinedEnvironmentName):  # pip would not have installed it either
            continue


def _recorded_files(dist: Distribution) -> list[str]:
    """The files of a distribution as recorded by its installer, relative to the site folder."""
    record = dist.read_text("RECORD")
    if record:
        return [row[0] for row in csv.reader(record.splitlines()) if row]
    tops = (dist.read_text("top_level.txt") or "").split()
    return [f"{name}{end}" for name in tops for end in ("/__init__.py", ".py")]


def _tops(files: list[str]) -> set[str]:
    """The fewest folders and files that hold `files` and no others.

    A folder is taken whole where it is a package; others (namespaces) are shared with other distributions.
    """
    parts = (file.rpartition("/") for file in files)
    packages = {folder for folder, _, name in parts if name.startswith("__init__.")}
    left_out = ("/", "../", "__editable__")
    imported = [file for file in files if not file.startswith(left_out) and not file.endswith(NOT_IMPORTED)]
    return {_own_folder(file.rpartition("/")[0], packages) or file for file in imported}


def _own_folder(folder: str, packages: set[str]) -> str | None:
    """The topmost folder on the way to `folder` that belongs to one distribution only."""
    above = accumulate(folder.split("/"), "{}/{}".format)
    return next((name for name in above if name in packages or name.endswith(ALONE)), None)


def _imported(name: str) -> bool:
    return not name.endswith((".dist-info", ".egg-info"))


def _package_of_same_name(dist: Distribution, site: Path) -> tuple[Path, list[str]]:
    """The import package of the same name, if nothing is listed (a system's package, an editable one)."""
    package = canonicalize_name(dist.name).replace("-", "_")
    modules = [path.name for path in site.iterdir() if path.stem.lower() == package and _imported(path.name)]
    if modules:
        return site, sorted(modules)
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        raise SandboxError(
            f"which files {dist.name} has is not said in {site}: install it again with pip, so "
            "that submissions can be given it and nothing else."
        )
    place = Path(spec.origin)
    if place.stem == "__init__":
        place = place.parent
    return place.parent, [place.name]
