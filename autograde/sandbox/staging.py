"""The files a box is given: this project's allowed rooms, the worker, fonts already found.

The reference rules, the diagnosis and the judge are not among them. In their place stand modules of one line
that say so.
"""

from __future__ import annotations

import compileall
import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograde.sandbox.results import SandboxError

PREFIX = "autograde-stage-"
WITHHELD = ("rules", "diagnosis", "checks/comparing", "checks/judging")
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
    """A folder with what boxes are given, made once and removed by `close`.

    While it is used its `lock` is held: what a killed grader left behind is removed by the next one.
    """

    def __init__(self, package: Path | None = None) -> None:
        try:
            _remove_left_behind()
            self._root = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = (self._root / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self.folder = self._root / "files"
            self._fill(package or package_folder("descentlab"))
        except OSError as error:
            reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error  # one of hundreds
            where = tempfile.gettempdir()
            raise SandboxError(
                f"the sandbox's files could not be prepared in {where}: {reason}. "
                "Make room there, or set TMPDIR."
            ) from error

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
        for cache in _font_caches():
            shutil.copy(cache, self.folder)
        compileall.compile_dir(site, quiet=2)
        for path in [self.folder, *self.folder.rglob("*")]:  # whatever this user's umask is
            path.chmod(0o755 if path.is_dir() else 0o644)

    def scratch(self) -> str:
        """A new folder for a box that has no file system of its own."""
        return tempfile.mkdtemp(prefix="box-", dir=self._root)

    def close(self) -> None:
        """Remove the folder."""
        remove_tree(self._root)
        self._lock.close()


def _font_caches() -> list[Path]:
    """Matplotlib's lists of fonts; making one takes seconds, so that boxes are given the grader's own."""
    usual = os.environ.get("MPLCONFIGDIR") or Path(
        os.environ.get("XDG_CACHE_HOME") or "~/.cache", "matplotlib"
    )
    try:
        return _font_lists(Path(usual).expanduser()) or _made_font_lists()
    except (ImportError, OSError, RuntimeError):
        return []


def _font_lists(folder: Path | str) -> list[Path]:
    return list(Path(folder).glob("fontlist-*.json"))


def _made_font_lists() -> list[Path]:
    """Where Matplotlib itself looks; to ask it costs a fifth of a second."""
    import matplotlib

    found = _font_lists(matplotlib.get_cachedir())
    if not found:
        import matplotlib.font_manager  # makes the list

        found = _font_lists(matplotlib.get_cachedir())
    return found


def remove_tree(root: Path | str) -> None:
    """Remove a folder that submissions wrote into.

    Not shutil.rmtree: 1,500 folders in each other exceed its recursion.
    """
    with contextlib.suppress(FileNotFoundError):  # no such program: the folder waits for the next grader
        subprocess.run(["rm", "-rf", "--", str(root)], stderr=subprocess.DEVNULL, check=False)


def _remove_left_behind() -> None:
    """Remove folders of this user's graders that were killed: nobody holds their locks."""
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if root.is_symlink() or root.stat().st_uid != os.getuid():
                continue
            with (root / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(root)
        except OSError:  # in use, or not a grader's folder
            continue
