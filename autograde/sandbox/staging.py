"""The files a box is given: this project's allowed modules, the worker, fonts already found.

The reference rules, the diagnosis and the judge are not among them. In their place are modules of one line
that say so.

No submission may read the course, its exchange or submissions. Those that lie in what is shown, or that something
shown lies in, are refused by path before anything starts; each box also proves it: see `inside.traces`.
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

PREFIX = "autograde-stage-"
NOTICE = "{} is not there while grading: use your own code here, or the check."
PASSWD = "student:x:65534:65534:student:/tmp/home:/bin/sh\n"
# Every file of descentlab that submissions are given, by folder: a file that is not listed is in no box.
ALLOWED = {
    ".": "__init__.py agreement.py objectives.py registry.py sentences.py",
    "notebook": "__init__.py borrowing.py cells.py check_cell.py course_copy.py predictions.py",
    "checks": "__init__.py courses.py spec.py",
    "checks/recording": "__init__.py evidence_bytes.py evidence_outbox.py probes.py "
    "run_student.py time_limit.py",
    # Of an exercise what is asked, and neither what is expected nor what is known to be wrong.
    "exercises": "__init__.py",
    "exercises/adagrad": "__init__.py checks.py",
    "exercises/adam": "__init__.py checks.py",
    "exercises/comparison": "__init__.py checks.py",
    "exercises/gradients": "__init__.py checks.py",
    "exercises/momentum": "__init__.py checks.py",
    "exercises/nesterov": "__init__.py checks.py",
    "exercises/practice": "__init__.py checks.py",
    "exercises/rmsprop": "__init__.py checks.py",
    "exercises/sgd": "__init__.py checks.py",
    "explorers": "__init__.py bias.py controls.py gradient_check.py noise.py paths.py picture.py race.py "
    "rotation.py running.py stability.py widget.py widget.css "
    "widget.js",
    "figures": "__init__.py figure_layout.py geometry.py plots.py style.py",
    "variants": "__init__.py data.py variants.json",  # what a lesson shows of frameworks, and no rule
    "models": "__init__.py data.py net.py training.py",
    "models/data": "digits.csv.gz pytorch_adam.npz",
}
# Where a module of one line says that it is withheld.
WITHHELD = ("rules", "diagnosis", "checks/comparing", "checks/judging")


def package_folder(name: str) -> Path:
    """Where an import package lies.

    Raises:
        SandboxError: it is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SandboxError(f"the package {name} is not installed for {sys.executable}")
    return Path(next(iter(spec.submodule_search_locations)))


class Stage:
    """A scratch folder with what boxes are given, made once and removed by `close`.

    Args:
        package: descentlab, where it is not the installed one.
        packages: what the course lets submissions import beside it.
        withheld: folders that no submission may read, by what they are ("the course").
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
        except BaseException:  # a full disk, Ctrl-C: half of it is nobody's
            self.close()
            raise

    def _fill(self, package: Path) -> None:
        site = self.folder / "site"
        copy = site / "descentlab"
        for folder, names in ALLOWED.items():
            (copy / folder).mkdir(parents=True)
            for name in names.split():
                _give(package / folder / name, copy / folder)
        for room in WITHHELD:
            (copy / room).mkdir()
            dotted = "descentlab." + room.replace("/", ".")
            text = f"raise ModuleNotFoundError({NOTICE.format(dotted)!r}, name={dotted!r})\n"
            (copy / room / "__init__.py").write_text(text)
            compileall.compile_file(copy / room / "__init__.py", quiet=2, optimize=0)
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
        """Raise `ExposedError` where a withheld folder lies in what submissions are given."""
        require_apart(self.allowed, self.withheld)

    @cached_property
    def sought(self) -> bytes:
        """What a box must not find in itself; put together once, for all boxes."""
        return to_look_for(self.package, self.folder / "site", self.withheld)

    def to_look_for(self) -> int:
        """A descriptor of `sought`; the caller closes it."""
        descriptor = os.memfd_create("proof")
        os.write(descriptor, self.sought)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    def scratch(self, user: int | None = None) -> str:
        """A new folder for a box that has no file system of its own; `user`: whose it is."""
        folder = tempfile.mkdtemp(prefix="box-", dir=self._scratch.root)
        if user is not None:
            os.chown(folder, user, user)
            self._scratch.root.chmod(0o711)  # who becomes another must reach what he is given
        return folder

    def close(self) -> None:
        """Remove the folder."""
        self._scratch.close()


def _give(file: Path, folder: Path) -> None:
    """Copy a file, and beside a module what Python has compiled of it.

    Most of these modules are imported in boxes only, so that nothing else would compile them.
    """
    copy = Path(shutil.copy2(file, folder))
    if file.suffix != ".py":
        return
    if not sys.dont_write_bytecode:
        compileall.compile_file(file, quiet=2, optimize=0)  # if it can be written there
    target = Path(importlib.util.cache_from_source(copy, optimization=""))  # where a box looks for it
    target.parent.mkdir(exist_ok=True)
    with suppress(OSError):
        shutil.copyfile(importlib.util.cache_from_source(file, optimization=""), target)
    compileall.compile_file(copy, quiet=2, optimize=0)  # if that was missing or stale


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

    lists = _font_lists(matplotlib.get_cachedir())
    if not lists:
        import matplotlib.font_manager  # makes the list

        lists = _font_lists(matplotlib.get_cachedir())
    return lists


LEAST_BYTES = 64  # shorter files, empty ones among them, look like many others
# What the proof inside a box names by an id; other things it names as they are.
SEEN = {"late": "not looked through in time"}
# Of `mark`, each of whose kinds of results may have a folder of its own.
OF_RESULTS = ("the results' folder", "the second results' folder", "the third results' folder")
# Folders in which an environment may lie: students do not write there while submissions run.
MAY_HOLD = ("the course", "the notebook's folder", "the key's folder", "the secret's folder", *OF_RESULTS)


class ExposedError(SandboxError):
    """A submission could read what it must not: nothing is run."""


def require_apart(allowed: Allowed, folders: Mapping[str, Path]) -> None:
    """Refuse folders that a box would show.

    Args:
        folders: by what they are, a template, e.g. "the course".

    Raises:
        ExposedError: one of them lies in what is shown; or a part of what is shown lies where students write.
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


def to_look_for(package: Path, staged: Path, folders: Mapping[str, Path]) -> bytes:
    """What a box's proof looks for, as JSON: digests of withheld files, device and inode of folders, paths.

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
    """The path, the size and the digest of each module and each Markdown file below a folder."""
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".py", ".md")):  # mistakes, hints and derivations are Markdown
                with open(f"{folder}/{name}", "rb", buffering=0) as file:
                    source = file.read()
                yield f"{folder}/{name}", len(source), hashlib.sha256(source).hexdigest()


def refusal(exposed: Iterable[tuple[str, str]]) -> ExposedError:
    """The line for what a box's proof has found: (path, what it is) pairs."""
    (path, what), *others = exposed
    more = f", and {len(others)} more" if others else ""
    return ExposedError(
        f"a submission could read {path} ({SEEN.get(what, what)}){more}: nothing was run. Move what is named "
        "out of the environment that grades, or install descentlab alone in a new one."
    )
