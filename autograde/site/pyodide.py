"""Pyodide, the Python of the browser, and wheels of what is installed here for it.

At an address (its CDN, a school's server) each visitor loads Pyodide; the site holds our own wheels alone. From a
folder it is copied into the site, which then works where no other address can be reached.

The wheels are of pure Python packages. Nothing is downloaded, and an editable install does as well as a wheel. A
package that was compiled for speed (psygnal) brings its Python sources along: the compiled files are left out.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urljoin
from urllib.request import urlopen

from autograde.errors import UsageError
from autograde.files import zip_bytes

KERNEL = "jupyterlite-pyodide-kernel"
LOCK = "pyodide-lock.json"
RUNTIME = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What JupyterLite's kernel loads before the first cell, and the lessons' own.
NEEDED = ("descentlab", "ipython", "jedi", "micropip", "packaging", "sqlite3", "ssl")
FETCH_SECONDS = 60

Row = dict[str, Any]
LEFT_OUT = {".pyc", ".so", ".pyd", ".ipynb"}


class Package(NamedTuple):
    """A distribution of the site, and what of it goes into the browser."""

    name: str
    modules: list[str]
    """Its top-level packages."""
    depends: list[str]
    """Distributions that must be there first, by their names in Pyodide's lock file."""


PACKAGES = tuple(Package(**row) for row in json.loads(Path(__file__).with_name("packages.json").read_bytes()))


class Wheel(NamedTuple):
    """A wheel's file, and its row in a lock file."""

    package: Package
    version: str
    data: bytes

    @property
    def file_name(self) -> str:
        return f"{self.package.name}-{self.version}-py3-none-any.whl"

    @property
    def row(self) -> dict[str, object]:
        """The package as Pyodide's lock file has it."""
        return {
            "name": self.package.name,
            "version": self.version,
            "file_name": self.file_name,
            "install_dir": "site",
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "package_type": "package",
            "imports": self.package.modules,
            "depends": self.package.depends,
            "unvendored_tests": False,
        }


def wheel_of(package: Package) -> Wheel:
    """The wheel of an installed package.

    Raises:
        UsageError: it is not installed.
    """
    try:
        installed = distribution(package.name)
    except PackageNotFoundError:
        raise UsageError(f"{package.name} is not installed here.") from None
    folder = f"{package.name}-{installed.version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {installed.version}\n"
    files = {name: path.read_bytes() for module in package.modules for name, path in _sources(module)}
    files[f"{folder}/METADATA"] = metadata.encode()
    files[f"{folder}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if points := installed.read_text("entry_points.txt"):  # by which a course is found
        files[f"{folder}/entry_points.txt"] = points.encode()
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD").encode()
    return Wheel(package, installed.version, zip_bytes(files))


def _sources(module: str) -> Iterator[tuple[str, Path]]:
    """The files of an importable package, by their names in a wheel."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise UsageError(f"{module} is not installed here.")
    root = Path(spec.submodule_search_locations[0])
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and path.suffix not in LEFT_OUT and "__pycache__" not in inside.parts:
            yield str(PurePosixPath(module, inside.as_posix())), path


def _record(files: dict[str, bytes], own_name: str) -> str:
    lines = ""
    for name, data in files.items():
        digest = urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines += f"{name},sha256={digest},{len(data)}\n"
    return f"{lines}{own_name},,\n"


def normalized(name: str) -> str:
    """A distribution's name as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Pyodide(NamedTuple):
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


def find_pyodide(source: str | None) -> Pyodide:
    """Pyodide at an address, where each visitor's browser gets it, or in a folder.

    Args:
        source: None is the CDN that JupyterLite's kernel names.

    Raises:
        UsageError: it is not there.
    """
    if source is not None and not source.lower().startswith(("http://", "https://")):
        return in_folder(Path(source))
    folder = f"{source.rstrip('/')}/" if source else urljoin(_usual_address(), ".")
    try:
        with urlopen(folder + LOCK, timeout=FETCH_SECONDS) as answer:
            lock = json.load(answer)
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise UsageError(
            f"{folder}{LOCK} cannot be read ({reason}). Without the network: --pyodide FOLDER."
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
            raise UsageError(f"{folder / row['file_name']} is not the file that {LOCK} names. {_unpack()}")
    return Pyodide("", lock | {"packages": rows}, tuple(folder / name for name in names))


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
        name = normalized(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        if name in ours:
            waiting += ours[name]
        elif name in packages:
            waiting += packages[name]["depends"]
            yield name, packages[name]
        else:
            raise UsageError(f"{LOCK} has no package {name}. {_unpack()}")


def _unpack() -> str:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    return f"Unpack pyodide-{PYODIDE_VERSION}.tar.bz2 and name its folder."


def _usual_address() -> str:
    """Where JupyterLite's kernel gets Pyodide from, by its own settings."""
    schema = next(f for f in distribution(KERNEL).files or () if f.name == "kernel.v0.schema.json")
    return json.loads(schema.read_binary())["properties"]["pyodideUrl"]["default"]
