"""What no submission may read, and how a box proves before its first submission that none can.

Refused by path before anything starts: a course, an exchange or submissions that lie in what is shown, or
that something shown lies in. Proved by the box itself: see `inside.proof`.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import autograde
from autograde.sandbox.allowed import Allowed
from autograde.sandbox.protocol import SandboxError

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
