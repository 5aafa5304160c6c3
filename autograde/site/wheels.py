"""Wheels of the pure Python packages that are installed here, for a Python in a browser.

Nothing is downloaded, and an editable install does as well as a wheel. A package that was compiled
for speed (psygnal) brings its Python sources along: the compiled files are left out.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autograde.errors import UsageError

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same wheel each time it is made
LEFT_OUT = {".pyc", ".so", ".pyd"}


@dataclass(frozen=True)
class Package:
    """A distribution of the site, and what of it goes into the browser."""

    name: str
    modules: tuple[str, ...]
    """Its top-level packages."""
    depends: tuple[str, ...]
    """Distributions that must be there first, by their names in Pyodide's lock file."""


PACKAGES = (
    Package("comm", ("comm",), ("traitlets",)),
    Package("psygnal", ("psygnal",), ()),
    Package("ipywidgets", ("ipywidgets",), ("comm", "ipython", "traitlets")),
    Package("anywidget", ("anywidget",), ("ipywidgets", "psygnal", "typing-extensions")),
    Package("descentlab", ("descentlab",), ("anywidget", "matplotlib", "numpy", "pillow")),
)


@dataclass(frozen=True)
class Wheel:
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
            "imports": list(self.package.modules),
            "depends": list(self.package.depends),
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
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD").encode()
    return Wheel(package, installed.version, _zipped(files))


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
    def line(name: str, data: bytes) -> str:
        digest = urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        return f"{name},sha256={digest},{len(data)}\n"

    return "".join(line(name, data) for name, data in files.items()) + f"{own_name},,\n"


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name, EARLIEST), data, ZIP_DEFLATED)
    return buffer.getvalue()


def normalised(name: str) -> str:
    """A distribution's name as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()
