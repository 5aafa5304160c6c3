"""The files a box is given: this project's allowed modules, the worker, lists of fonts.

The reference rules, the diagnosis and the judge are not among them, but replaced by one-line modules that say so.

No submission may read the course, its exchange or submissions. If they contain a visible folder, or are in one,
they are refused by path before anything starts; each box also proves it: see `inside.traces`.
"""

import compileall
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import autograde
from autograde.sandbox.allowed import Allowed, allowed
from autograde.sandbox.protocol import SandboxError
from autograde.scratch import ScratchFolder
from descentlab.checks.recording.evidence_outbox import WITHHELD

PREFIX = "autograde-stage-"
NOTICE = "{} is not there while grading: use your own code here, or the check."
PASSWD = "student:x:65534:65534:student:/tmp/home:/bin/sh\n"
# Every file of descentlab that submissions get, as patterns by folder: other files are in no box.
ALLOWED = {
    ".": "__init__.py agreement.py objectives.py registry.py sentences.py",
    "notebook": "__init__.py borrowing.py cells.py check_cell.py course_copy.py predictions.py",
    "checks": "__init__.py courses.py spec.py",
    "checks/recording": "__init__.py evidence_bytes.py evidence_outbox.py probes.py "
    "run_student.py time_limit.py",
    # The checks of an exercise, but neither its expected results nor its known mistakes.
    "exercises": "__init__.py */__init__.py */checks.py",
    "explorers": "__init__.py bias.py controls.py gradient_check.py noise.py paths.py picture.py race.py "
    "rotation.py running.py stability.py widget.py widget.css "
    "widget.js",
    "figures": "__init__.py figure_layout.py geometry.py plots.py style.py",
    "variants": "__init__.py data.py variants.json",  # frameworks' data that a lesson shows, without their rules
    "models": "__init__.py data.py net.py training.py",
    "models/data": "digits.csv.gz pytorch_adam.npz valley.npz",
}


def allowed_files(package: Path) -> list[Path]:
    """The files of descentlab, installed in `package`, that submissions get: their paths in it."""
    patterns = [(folder, pattern) for folder, patterns in ALLOWED.items() for pattern in patterns.split()]
    return [
        file.relative_to(package) for folder, pattern in patterns for file in (package / folder).glob(pattern)
    ]


def package_folder(name: str) -> Path:
    """The folder of an import package.

    Raises:
        SandboxError: it is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SandboxError(f"the package {name} is not installed for {sys.executable}")
    return Path(next(iter(spec.submodule_search_locations)))


class Stage:
    """A scratch folder with the files for boxes, made once and removed by `close`.

    Args:
        package: descentlab, where it is not the installed one.
        packages: the distributions that the course allows in addition.
        withheld: folders that no submission may read, by their description ("the course").
    """

    def __init__(
        self,
        package: Path | None = None,
        packages: Sequence[str] = (),
        withheld: Mapping[str, Path] | None = None,
    ) -> None:
        self.package = package or package_folder("descentlab")
        self.allowed = allowed(tuple(packages))
        self.withheld = dict(withheld or {})
        try:
            self._scratch = ScratchFolder(Path(tempfile.gettempdir()), PREFIX)
            self.folder = self._scratch.files
            self._fill_or_remove()
        except OSError as error:
            where = tempfile.gettempdir()
            raise SandboxError(
                f"the sandbox's files could not be prepared in {where}: {error}. Make room there, or "
                "set TMPDIR."
            ) from error

    def _fill_or_remove(self) -> None:
        try:
            self._fill(self.package)
        except BaseException:  # a full disk, Ctrl-C: remove the incomplete folder
            self.close()
            raise

    def _fill(self, package: Path) -> None:
        site = self.folder / "site"
        copy = site / "descentlab"
        for file in allowed_files(package):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            _give(package / file, (copy / file).parent)
        for name in WITHHELD:  # replaced by a module of one line that says so
            module = site.joinpath(*name.split("."), "__init__.py")
            module.parent.mkdir()
            module.write_text(f"raise ModuleNotFoundError({NOTICE.format(name)!r}, name={name!r})\n")
            compileall.compile_file(module, quiet=2, optimize=0)
        (site / "inside").mkdir()
        for module in (Path(__file__).parent / "inside").glob("*.py"):
            _give(module, site / "inside")
        (self.folder / "passwd").write_text(PASSWD)
        (self.folder / "group").write_text("student:x:65534:\n")
        for cache in _font_caches():
            shutil.copyfile(cache, self.folder / cache.name)
        for folder, _, files in os.walk(self.folder):  # whatever this user's umask is
            os.chmod(folder, 0o755)
            for name in files:
                os.chmod(f"{folder}/{name}", 0o644)

    def require_apart(self) -> None:
        """Raise `ExposedError` if a withheld folder is among the files that submissions get."""
        require_apart(self.allowed, self.withheld)

    @cached_property
    def search_data(self) -> bytes:
        """The list that a box searches itself for, made once for all boxes."""
        return search_list(self.package, self.folder / "site", self.withheld)

    def open_search_list(self) -> int:
        """A descriptor of `search_data`; the caller closes it."""
        descriptor = os.memfd_create("proof")
        os.write(descriptor, self.search_data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    def scratch(self, user: int | None = None) -> str:
        """A new folder for a box without a file system of its own; `user`: its owner."""
        folder = tempfile.mkdtemp(prefix="box-", dir=self._scratch.root)
        if user is not None:
            os.chown(folder, user, user)
            self._scratch.root.chmod(0o711)  # another user must be able to reach the files
        return folder

    def close(self) -> None:
        """Remove the folder."""
        self._scratch.close()


def _give(file: Path, folder: Path) -> None:
    """Copy a file, and a module's compiled bytecode.

    Most of these modules are imported in boxes only, so that nothing else would compile them.
    """
    copy = Path(shutil.copy2(file, folder))
    if file.suffix != ".py":
        return
    if not sys.dont_write_bytecode:
        compileall.compile_file(file, quiet=2, optimize=0)  # if it is writable there
    target = Path(importlib.util.cache_from_source(copy, optimization=""))  # where a box looks for it
    target.parent.mkdir(exist_ok=True)
    with suppress(OSError):
        shutil.copyfile(importlib.util.cache_from_source(file, optimization=""), target)
    compileall.compile_file(copy, quiet=2, optimize=0)  # if missing or stale


def _font_caches() -> list[Path]:
    """Matplotlib's lists of fonts; making one takes seconds, so boxes get the grader's own."""
    usual = os.environ.get("MPLCONFIGDIR") or Path(
        os.environ.get("XDG_CACHE_HOME") or "~/.cache", "matplotlib"
    )
    try:
        if found := list(Path(usual).expanduser().glob("fontlist-*.json")):
            return found  # without half a second for importing Matplotlib
        import matplotlib.font_manager  # makes one

        return list(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    except (ImportError, OSError, RuntimeError):
        return []


LEAST_BYTES = 64  # shorter files, such as empty ones, equal many others
# Ids for findings of the proof inside a box; other findings have their own names.
SEEN = {"late": "not looked through in time"}
# Of `mark`, whose results may each have a folder.
OF_RESULTS = ("the results' folder", "the second results' folder")
# Folders that may hold an environment: students do not write there while submissions run.
MAY_HOLD = ("the course", "the notebook's folder", "the key's folder", "the secret's folder", *OF_RESULTS)


class ExposedError(SandboxError):
    """A submission could read withheld files: nothing is run."""


def require_apart(allowed: Allowed, folders: Mapping[str, Path]) -> None:
    """Refuse folders that a box would show.

    Args:
        folders: by their description, a template, e.g. "the course".

    Raises:
        ExposedError: one of them is visible; or a visible folder is one where students write.
    """
    for what, folder in folders.items():
        real = Path(os.path.realpath(folder))
        shown = allowed.holds(real)
        if shown is not None:
            raise ExposedError(
                f"{what}, {folder}, lies in {shown}, which every submission can read. Move one of the two."
            )
        within = next((path for path in allowed.readable if path.is_relative_to(real)), None)
        if within is not None and what not in MAY_HOLD:
            raise ExposedError(
                f"{what}, {folder}, holds {within}, which every submission is given. Move one of the two."
            )


def search_list(package: Path, staged: Path, folders: Mapping[str, Path]) -> bytes:
    """The search list for a box's proof, as JSON: digests of withheld files, device and inode of folders, paths.

    Never names: an environment may lie in a folder of any name, this project's own included.

    Args:
        package: descentlab as it is installed.
        staged: the part of it that submissions are given.
    """
    own = Path(autograde.__file__).parent
    in_box = {digest for folder in (staged, own / "sandbox/inside") for _, _, digest in _texts(folder)}
    digests: dict[int, dict[str, str]] = {}
    paths = {}
    for top in (package, own):
        for path, size, digest in _texts(top):
            if size >= LEAST_BYTES and digest not in in_box:
                digests.setdefault(size, {})[digest] = paths[path] = f"{top.name}/{path[len(str(top)) + 1 :]}"
    identities = []
    for what, folder in folders.items():
        paths[str(folder)] = what
        if folder.is_dir():
            status = folder.stat()
            identities.append([status.st_dev, status.st_ino, what])
    sought = {"digests": digests, "folders": identities, "paths": paths}
    return json.dumps(sought).encode()


def _texts(top: Path) -> Iterator[tuple[str, int, str]]:
    """The path, size and digest of each module and each Markdown file below a folder."""
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".py", ".md")):  # mistakes, hints and derivations are Markdown
                with open(f"{folder}/{name}", "rb", buffering=0) as file:
                    source = file.read()
                yield f"{folder}/{name}", len(source), hashlib.sha256(source).hexdigest()


def refusal(exposed: Iterable[tuple[str, str]]) -> ExposedError:
    """The error for a box's findings: (path, name) pairs."""
    (path, what), *others = exposed
    more = f", and {len(others)} more" if others else ""
    return ExposedError(
        f"a submission could read {path} ({SEEN.get(what, what)}){more}: nothing was run. Move what is named "
        "out of the environment that grades, or install descentlab alone in a new one."
    )
