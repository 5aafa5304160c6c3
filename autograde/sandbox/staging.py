"""The files a box is given: this project's allowed rooms, the worker, fonts already found.

The reference rules, the diagnosis and the judge are not among them. In their place stand modules of one line
that say so.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograde.sandbox.results import SandboxError

WITHHELD = ("rules", "diagnosis", "checks/judging")
NOTICE = "{} is not there while grading: use your own code here, or the check."
PASSWD = "student:x:65534:65534:student:/tmp/home:/bin/sh\n"
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def package_folder(name: str) -> Path:
    """Where an import package lies; raises `SandboxError` where it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise SandboxError(f"the package {name} is not installed for {sys.executable}")
    return Path(next(iter(found.submodule_search_locations)))


class Stage:
    """A folder with what boxes are given, made once and removed by `close`."""

    def __init__(self, package: Path | None = None) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="autograde-"))
            self._fill(package or package_folder("descentlab"))
        except OSError as error:
            raise SandboxError(f"the sandbox's files could not be prepared: {error}") from error

    def _fill(self, package: Path) -> None:
        site = self.folder / "site"
        copy = site / "descentlab"
        shutil.copytree(package, copy, ignore=IGNORED)
        for room in WITHHELD:
            shutil.rmtree(copy / room, ignore_errors=True)
            (copy / room).mkdir(parents=True)
            dotted = "descentlab." + room.replace("/", ".")
            text = f"raise ModuleNotFoundError({NOTICE.format(dotted)!r}, name={dotted!r})\n"
            (copy / room / "__init__.py").write_text(text)
        inside = Path(__file__).parent / "inside"
        shutil.copytree(inside, site / "inside", ignore=IGNORED)
        (self.folder / "passwd").write_text(PASSWD)
        (self.folder / "group").write_text("student:x:65534:\n")
        for cache in self._font_caches():
            shutil.copy(cache, self.folder)
        subprocess.run([sys.executable, "-I", "-m", "compileall", "-q", site], check=False)
        self.folder.chmod(0o755)

    @staticmethod
    def _font_caches() -> list[Path]:
        """Matplotlib's lists of fonts; making one takes seconds, so that boxes are given the grader's own."""
        try:
            import matplotlib
            import matplotlib.font_manager  # makes the list where there is none

            return list(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
        except (ImportError, OSError):
            return []

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
