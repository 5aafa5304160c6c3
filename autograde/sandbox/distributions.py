"""Which files of which installed distributions a notebook needs, by what they say of themselves."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import metadata
from importlib.metadata import Distribution, PackageNotFoundError, packages_distributions
from pathlib import Path

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograde.sandbox.protocol import SandboxError

NAMES = ("descentlab", "autograde", "descentlab_server")
OWN = "descentlab"  # its modules come from the staged files, of its distribution only the requirements count
NEEDED = ("ipykernel", "nbclient", "nbformat")  # what runs the cells
ALONE = (".dist-info", ".egg-info", ".libs")  # folders of one distribution only
NOT_IMPORTED = (".pth", ".egg-link")
REQUIRED = re.compile(r"^Requires-Dist:[ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
FOLDED = re.compile(r"\n[ \t]+")  # a line that goes on in the next
OR = re.compile(r"\bor\b")
EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")


@cache
def needed(packages: tuple[str, ...]) -> tuple[Distribution, ...]:
    """The distributions a notebook needs: those that run it, what descentlab requires, the course's own.

    Args:
        packages: the course's own list, each the name of a distribution or of what it lets one import.

    Raises:
        SandboxError: one that must be there is not installed.
    """
    todo = [(name, _installed(name), frozenset()) for name in NEEDED]
    own = _requirements(_installed(OWN), frozenset())
    todo += [(line.name, _installed(line.name), frozenset(line.extras)) for line in own]
    todo += [(one.name, one, frozenset()) for name in packages for one in named(name)]
    done: dict[tuple[str, frozenset[str]], Distribution] = {}
    while todo:
        name, one, extras = todo.pop()
        key = (canonicalize_name(name), extras)
        if key in done or key[0] == OWN:
            continue
        done[key] = one
        for line in _requirements(one, extras):
            with suppress(PackageNotFoundError):  # it did without; who cannot is named when it is imported
                todo.append((line.name, distribution(line.name), frozenset(line.extras)))
    return tuple({name: one for (name, _), one in done.items()}.values())


def named(name: str) -> list[Distribution]:
    """The distributions that a course means by a name: their own, or that of a package to import.

    Raises:
        SandboxError: nothing of that name is installed, or descentlab itself.
    """
    try:
        meant = [distribution(name)]
    except (PackageNotFoundError, ValueError):
        meant = [distribution(other) for other in dict.fromkeys(packages_distributions().get(name, []))]
    if not meant:
        raise SandboxError.say(
            "c.Sandbox.packages names {name!r}, which is not installed for {executable}: install it "
            "there, or take it off the list.",
            name=name,
            executable=sys.executable,
        )
    if any(canonicalize_name(one.name) == OWN for one in meant):
        raise SandboxError.say(
            "c.Sandbox.packages names {name!r}, a part of descentlab: submissions are given its "
            "allowed modules without being asked. Take it off the list.",
            name=name,
        )
    return meant


def imported(names: Iterable[str]) -> list[str]:
    """The distributions that let one import what has these names; none for what Python or descentlab has."""
    left = sorted(set(names) - set(sys.stdlib_module_names) - provided())
    if not left:
        return []
    known = packages_distributions()  # reads what every installed distribution says of itself
    distributions = {canonicalize_name(name) for top in left for name in known.get(top, [])}
    return sorted(distributions - {OWN})


@cache
def provided() -> set[str]:
    """What every notebook can import, without looking into other distributions."""
    names = [name for dist in needed(()) for name in entries(dist)[1]]
    return {re.split(r"[./]", name)[0] for name in names} | set(NAMES)


@cache
def entries(dist: Distribution) -> tuple[Path, list[str]]:
    """The site folder of a distribution and the names in it, folders or files, that are its own.

    Raises:
        SandboxError: it lies in an archive, or nothing says which files it has.
    """
    site = Path(str(dist.locate_file("")))
    if not site.is_dir():
        raise SandboxError.say(
            "{name} lies in {site}, which is no folder, so that no submission could read it: install "
            "it again with pip.",
            name=dist.name,
            site=site,
        )
    names = _tops(_recorded_files(dist))
    if not any(map(_imported, names)):
        return _by_its_name(dist, site)
    return site, sorted(name for name in names if (site / name).exists())


@cache
def distribution(name: str) -> Distribution:
    """The same one each time, so that what it says of itself is read once.

    Raises:
        PackageNotFoundError: it is not installed.
        ValueError: the name is empty.
    """
    return metadata.distribution(name)


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise SandboxError.say(
            "the package {name} is not installed for {executable}", name=name, executable=sys.executable
        ) from None


def _requirements(dist: Distribution, extras: frozenset[str]) -> Iterable[Requirement]:
    """What a distribution requires on this machine, with the extras it was asked for."""
    chosen_extras = {canonicalize_name(one) for one in extras}
    for text in _required(dist):
        if _for_another_extra(text, chosen_extras):
            continue
        try:
            line = Requirement(text)
            if line.marker is None or any(line.marker.evaluate({"extra": one}) for one in ("", *extras)):
                yield line
        except (InvalidRequirement, UndefinedEnvironmentName):  # pip would not have installed it either
            continue


def _required(dist: Distribution) -> list[str]:
    """What `dist.requires` gives; of a wheel's metadata only the lines that say it are read."""
    metadata = dist.read_text("METADATA")
    if metadata is None:
        return dist.requires or []
    header = FOLDED.sub(" ", metadata.partition("\n\n")[0])
    return REQUIRED.findall(header)


def _for_another_extra(requirement: str, chosen_extras: set[str]) -> bool:
    """Whether a requirement counts only with an extra that was not asked for: most do; parsing is slow."""
    marker = requirement.partition(";")[2]
    extra = EXTRA.search(marker)
    return bool(extra and not OR.search(marker) and canonicalize_name(extra[1]) not in chosen_extras)


def _recorded_files(dist: Distribution) -> list[str]:
    """The files of a distribution as its installer wrote them down, relative to the site folder."""
    record = dist.read_text("RECORD")
    if record:
        return [row[0] for row in csv.reader(record.splitlines()) if row]
    installed = dist.read_text("installed-files.txt")  # setuptools, relative to a folder of the site folder
    if installed:
        return [line.removeprefix("../") for line in installed.splitlines()]
    tops = (dist.read_text("top_level.txt") or "").split()
    return [f"{name}/__init__.py" for name in tops] + [f"{name}.py" for name in tops]


def _tops(files: list[str]) -> set[str]:
    """The fewest folders and files that hold `files` and nobody else's.

    A folder is taken whole where it is a package; others (namespaces) are shared with other distributions.
    """
    packages = {file.rpartition("/")[0] for file in files if "__init__." in file and _is_package(file)}
    whole: dict[str, str | None] = {}
    tops = set()
    for file in files:
        folder = file.rpartition("/")[0]
        if whole.get(folder):  # as most are: what stands in it is not looked at one by one
            continue
        if file.startswith(("/", "../", "__editable__")) or file.endswith(NOT_IMPORTED):
            continue
        if folder not in whole:
            whole[folder] = _own_folder(folder, packages)
        tops.add(whole[folder] or file)
    return tops


def _is_package(file: str) -> bool:
    return file.rpartition("/")[2].startswith("__init__.")


def _own_folder(folder: str, packages: set[str]) -> str | None:
    """The topmost folder on the way to `folder` that is one distribution's alone."""
    parts = folder.split("/") if folder else []
    above = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
    return next((name for name in above if name in packages or name.endswith(ALONE)), None)


def _imported(name: str) -> bool:
    return not name.endswith((".dist-info", ".egg-info"))


def _by_its_name(dist: Distribution, site: Path) -> tuple[Path, list[str]]:
    """Where nothing is listed (a system's package, an editable one): the import package of the same name."""
    package = canonicalize_name(dist.name).replace("-", "_")
    modules = [path.name for path in site.iterdir() if path.stem.lower() == package and _imported(path.name)]
    if modules:
        return site, sorted(modules)
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        raise SandboxError.say(
            "which files {name} has is not said in {site}: install it again with pip, so that "
            "submissions can be given it and nothing else.",
            name=dist.name,
            site=site,
        )
    origin = Path(spec.origin)
    return (origin.parent.parent, [origin.parent.name]) if origin.stem == "__init__" else (
        origin.parent,
        [origin.name],
    )  # fmt: skip
