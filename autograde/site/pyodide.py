"""Pyodide, the Python of the browser: at an address, or copied from a folder.

At an address (its CDN, a school's server) each visitor loads it; the site holds our own wheels alone. From a
folder it is copied into the site, which then works where no other address can be reached.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

from autograde.errors import UsageError
from autograde.site.wheels import PACKAGES, Wheel, normalised

KERNEL = "jupyterlite-pyodide-kernel"
LOCK = "pyodide-lock.json"
RUNTIME = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What JupyterLite's kernel loads before the first cell, and the lessons' own.
NEEDED = ("descentlab", "ipython", "jedi", "micropip", "packaging", "sqlite3", "ssl")
FETCH_SECONDS = 60

Row = dict[str, Any]


@dataclass(frozen=True)
class Pyodide:
    """A distribution of Pyodide."""

    address: str
    """Of its folder, with a slash at its end; empty: it is copied into the site, next to our wheels."""
    lock: dict[str, Any]
    """Its lock file: which packages it has."""
    files: tuple[Path, ...] = ()
    """What is copied into the site."""

    def lock_with(self, wheels: Iterable[Wheel]) -> dict[str, Any]:
        """The site's lock file: our wheels lie next to it, Pyodide's packages at its address."""
        packages = {
            name: row | {"file_name": urljoin(self.address, row["file_name"])}
            for name, row in self.lock["packages"].items()
        }
        return self.lock | {"packages": packages | {wheel.package.name: wheel.row for wheel in wheels}}


def at_address(address: str | None) -> Pyodide:
    """Pyodide at an address, where each visitor's browser gets it.

    Args:
        address: of its folder; None: the CDN that JupyterLite's kernel names.

    Raises:
        UsageError: no lock file is there.
    """
    folder = f"{address.rstrip('/')}/" if address else urljoin(_usual_address(), ".")
    try:
        with urlopen(folder + LOCK, timeout=FETCH_SECONDS) as answer:
            lock = json.load(answer)
    except (URLError, OSError, HTTPException, ValueError) as error:
        sentence = "{address} cannot be read ({reason}). Without the network: --pyodide FOLDER."
        raise UsageError(
            sentence.format(address=folder + LOCK, reason=getattr(error, "reason", error))
        ) from None
    return Pyodide(folder, _checked(lock, folder))


def in_folder(folder: Path) -> Pyodide:
    """Pyodide's unpacked distribution, of which the site takes what the lessons need.

    Args:
        folder: that holds `pyodide.js`, the lock file and the packages.

    Raises:
        UsageError: a file is missing, or is not the one that the lock file names.
    """
    try:
        lock = _checked(json.loads((folder / LOCK).read_bytes()), str(folder))
    except (OSError, ValueError):
        raise UsageError(f"{folder}: there is no {LOCK} to be read. {_unpack()}") from None
    rows = dict(_needed(lock["packages"]))
    names = [*RUNTIME, *(row["file_name"] for row in rows.values())]
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise UsageError(f"{folder}: there is no {', '.join(missing)}. {_unpack()}")
    for row in rows.values():
        if hashlib.sha256((folder / row["file_name"]).read_bytes()).hexdigest() != row["sha256"]:
            sentence = "{file} is not the file that {lock} names. {remedy}"
            file = folder / row["file_name"]
            raise UsageError(sentence.format(file=file, lock=LOCK, remedy=_unpack()))
    return Pyodide("", lock | {"packages": rows}, tuple(folder / name for name in names))


def is_address(text: str) -> bool:
    """Whether Pyodide is asked for at an address, and not in a folder."""
    return text.lower().startswith(("http://", "https://"))


def _checked(lock: Any, where: str) -> dict[str, Any]:
    """A lock file that has packages.

    Raises:
        UsageError: it is another kind of file.
    """
    if not isinstance(lock, dict) or not isinstance(lock.get("packages"), dict):
        raise UsageError(f"{where}: {LOCK} names no packages. {_unpack()}")
    return lock


def _needed(packages: dict[str, Row]) -> Iterator[tuple[str, Row]]:
    """What the lessons need of Pyodide's packages, and what that needs in turn."""
    ours = {package.name: package.depends for package in PACKAGES}
    waiting, seen = list(NEEDED), set()
    while waiting:
        name = normalised(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        if name in ours:
            waiting += ours[name]
        elif name in packages:
            waiting += packages[name]["depends"]
            yield name, packages[name]
        else:
            sentence = "{lock} has no package {name}. {remedy}"
            raise UsageError(sentence.format(lock=LOCK, name=name, remedy=_unpack()))


def _unpack() -> str:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    return f"Unpack pyodide-{PYODIDE_VERSION}.tar.bz2 and name its folder."


def _usual_address() -> str:
    """Where JupyterLite's kernel gets Pyodide from, by its own settings."""
    schema = next(f for f in distribution(KERNEL).files or () if f.name == "kernel.v0.schema.json")
    settings = json.loads(Path(str(schema.locate())).read_bytes())
    return settings["properties"]["pyodideUrl"]["default"]
