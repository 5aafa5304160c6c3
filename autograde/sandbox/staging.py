"""The files a box is given: this project's allowed modules, the worker, lists of fonts.

Of the engine it holds what records answers, and of each course what that course names for the checks of one assignment,
without comments and docstrings: a comment may state a result. All else, such as references, expected results, the
diagnosis and the judge, is replaced by stand-ins (`inside.stand_ins`).

No submission may read the course, its exchange or submissions. If they contain a visible folder, or are in one,
they are refused by path before anything starts; each box also proves it: see `inside.traces`.
"""

import ast
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import autograde
from autograde.sandbox.allowed import Allowed, allowed, own_distributions
from autograde.sandbox.limits import SandboxError
from autograde.scratch import ScratchFolder
from verdicts.courses import GROUP, BoxFiles, courses

PREFIX = "autograde-stage-"
PASSWD = "student:x:65534:65534:student:/tmp/home:/bin/sh\n"
SUFFIXES = (".py", ".txt", ".toml", ".gz", ".npz")
STAND_INS = "from inside.stand_ins import stand_ins\n__getattr__ = stand_ins({name!r}, {is_picture})\n"
NO_CHECKS = "CHECKS = ()\n"
ONLY_ASKED = "\nCHECKS = tuple(check for check in CHECKS if check.name in {names!r})\n"
STAND_IN = "\nfrom inside.stand_ins import stand_in\n{short} = stand_in({name!r})\n"


def box_files(names: Collection[str] | None, for_solution: bool = False) -> dict[str, BoxFiles]:
    """What answers to these checks are given, by import package; None: to all checks.

    Of a check that is named with its course no other course gives anything.
    """
    asked = [check.rpartition(":") for check in names or ()]
    held = {}
    for name, course in courses().items():
        checks = None if names is None else [check for of, _, check in asked if of in ("", name)]
        held[name] = course.box_files(checks, for_solution)
    return held


def allowed_files(package: Path, held: BoxFiles) -> set[Path]:
    """The files of an installed package that a submission gets: their paths in it."""
    files = (file for pattern in held.files for file in package.glob(pattern))
    return {file.relative_to(package) for file in files if file.suffix in SUFFIXES}


@lru_cache(maxsize=1000)  # each assignment has its own stage
def bare(source: str, without: tuple[str, ...]) -> str:
    """A module's source without comments, docstrings and the functions named."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if getattr(node, "name", "") not in without]
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [part for part in node.body if not _is_text(part)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Constant(str())):
            return True
    return False


def package_folder(name: str) -> Path:
    """The folder of an import package.

    Raises:
        SandboxError: it is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SandboxError(f"the package {name} is not installed for {sys.executable}")
    return Path(spec.submodule_search_locations[0])


class Stage:
    """A scratch folder with the files for boxes, made once and removed by `close`.

    Args:
        packages: the distributions that the course allows in addition.
        withheld: folders that no submission may read, by their description ("the course").
        checks, for_solution: see `box_files`.
    """

    def __init__(
        self,
        packages: Sequence[str] = (),
        withheld: Mapping[str, Path] | None = None,
        checks: Sequence[str] | None = None,
        for_solution: bool = False,
    ) -> None:
        self.box_files = box_files(checks, for_solution)
        self.sources = {name: package_folder(name) for name in self.box_files}
        self.allowed = allowed(tuple(packages))
        self.withheld = dict(withheld or {})
        try:
            self._scratch = ScratchFolder(Path(tempfile.gettempdir()), PREFIX)
            self.folder = self._scratch.files
            try:
                self._fill()
            except BaseException:  # a full disk, Ctrl-C: remove the incomplete folder
                self.close()
                raise
        except OSError as error:
            raise SandboxError(
                f"the sandbox's files could not be prepared in {tempfile.gettempdir()}: {error}. Make room "
                "there, or set TMPDIR."
            ) from error

    def _fill(self) -> None:
        site = self.folder / "site"
        for name, package in self.sources.items():
            self._copy(name, package, site / name)
        for one in own_distributions().values():
            metadata = site / f"{one.name}-{one.version}.dist-info"
            metadata.mkdir()
            points = "".join(
                f"{point.name} = {point.value}\n" for point in one.entry_points.select(group=GROUP)
            )
            (metadata / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")
            (metadata / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {one.name}\nVersion: {one.version}\n"
            )
        (site / "inside").mkdir()
        for file in filter(Path.is_file, (Path(__file__).parent / "inside").iterdir()):
            shutil.copy(file, site / "inside")
        (self.folder / "passwd").write_text(PASSWD)
        (self.folder / "group").write_text("student:x:65534:\n")
        for cache in _font_caches():
            shutil.copyfile(cache, self.folder / cache.name)
        for folder, _, files in os.walk(self.folder):  # whatever this user's umask is
            os.chmod(folder, 0o755)
            for name in files:
                os.chmod(f"{folder}/{name}", 0o644)

    def _copy(self, name: str, package: Path, copy: Path) -> None:
        """Lay out an import package: what is given of it, and stand-ins for its other modules."""
        held = self.box_files[name]
        allowed = allowed_files(package, held)
        for file in sorted({*allowed, *(path.relative_to(package) for path in package.rglob("*.py"))}):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            if file.suffix != ".py":
                shutil.copy2(package / file, copy / file)
                continue
            module = ".".join((name, *file.with_suffix("").parts)).removesuffix(".__init__")
            if file in allowed:
                text = _text(package / file, module, held)
            else:
                text = (NO_CHECKS if file.name == "checks.py" else "") + STAND_INS.format(
                    name=module, is_picture=bool(held.pictures) and module.startswith(held.pictures)
                )
            (copy / file).write_text(text, "utf-8")

    @cached_property
    def search_data(self) -> bytes:
        """The list that a box searches itself for, made once for all boxes."""
        return search_list(self.sources.values(), self.folder / "site", self.withheld)

    def open_search_list(self) -> int:
        """A descriptor of `search_data`; the caller closes it."""
        descriptor = os.memfd_create("proof")
        os.pwrite(descriptor, self.search_data, 0)  # it is read from its beginning
        return descriptor

    def scratch(self, user: int | None) -> str:
        """A new folder for a box without a file system of its own; `user`: its owner."""
        folder = tempfile.mkdtemp(prefix="box-", dir=self._scratch.root)
        if user is not None:
            os.chown(folder, user, user)
            self._scratch.root.chmod(0o711)  # another user must be able to reach the files
        return folder

    def close(self) -> None:
        """Remove the folder."""
        self._scratch.close()


def _text(file: Path, module: str, held: BoxFiles) -> str:
    """A module's own lines, with stand-ins for the helpers in it, and the checks that are asked."""
    helpers = tuple(
        short for place, _, short in (one.rpartition(".") for one in held.helpers) if place == module
    )
    text = bare(file.read_text("utf-8"), helpers)
    text += "".join(STAND_IN.format(short=short, name=f"{module}.{short}") for short in helpers)
    return text + (ONLY_ASKED.format(names=sorted(held.checks)) if file.name == "checks.py" else "")


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
# Of `grade-one`, whose results may each have a folder.
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


def search_list(packages: Iterable[Path], staged: Path, folders: Mapping[str, Path]) -> bytes:
    """The search list for a box's proof, as JSON: digests of withheld files, device and inode of folders, paths.

    Never names: an environment may lie in a folder of any name, this project's own included.

    Args:
        packages: the engine and the courses as they are installed.
        staged: the part of them that submissions are given.
    """
    grader = Path(autograde.__file__).parent
    in_box = {digest for folder in (staged, grader / "sandbox/inside") for _, _, digest in _texts(folder)}
    digests = {}
    paths = {}
    for top in (*packages, grader):
        for path, size, digest in _texts(top):
            if size >= LEAST_BYTES and digest not in in_box:
                digests.setdefault(size, {})[digest] = paths[path] = f"{top.name}/{path[len(str(top)) + 1 :]}"
    identities = []
    for what, folder in folders.items():
        paths[str(folder)] = what
        if folder.is_dir():
            status = folder.stat()
            identities.append([status.st_dev, status.st_ino, what])
    return json.dumps({"digests": digests, "folders": identities, "paths": paths}).encode()


def _texts(top: Path) -> Iterator[tuple[str, int, str]]:
    """The path, size and digest of each module and each text below a folder."""
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".py", ".md", ".txt")):  # mistakes, hints and edits are texts
                path = f"{folder}/{name}"
                with open(path, "rb", buffering=0) as file:
                    source = file.read()
                yield path, len(source), hashlib.sha256(source).hexdigest()


def refusal(exposed: Iterable[tuple[str, str]]) -> ExposedError:
    """The error for a box's findings: (path, name) pairs."""
    (path, what), *others = exposed
    more = f", and {len(others)} more" if others else ""
    return ExposedError(
        f"a submission could read {path} ({what}){more}: nothing was run. Move what is named "
        "out of the environment that grades, or install descentlab alone in a new one."
    )
