"""An autograder for Gradescope: a zip with two scripts, the wheel, the versions tested here, and the key."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograde.errors import UsageError
from autograde.files import put
from autograde.mark.key import Key
from autograde.roles import NAME, installed_from, version_of

SCRIPTS = Path(__file__).with_name("gradescope_files")
WHEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
RUNS, READS = 0o755, 0o644


def make_autograder(key: Key, out: Path, wheel: Path | None, isolation: str) -> list[str]:
    """Write the zip; nothing is written over.

    Returns:
        The names of the files in it.

    Raises:
        UsageError: no wheel of this version is there, or `out` is there already.
        OSError: it cannot be written.
    """
    if out.exists():
        raise UsageError.say("{file} is there already: remove it, or name another with --out.", file=out)
    of_wheel = _wheel(wheel)
    files = {path.name: (path.read_bytes(), RUNS) for path in sorted(SCRIPTS.iterdir()) if path.is_file()}
    files |= {
        of_wheel.name: (of_wheel.read_bytes(), READS),
        f"key/{key.file.name}": (key.file.read_bytes(), READS),
        "constraints.txt": ("".join(f"{line}\n" for line in installed_versions()).encode(), READS),
        "isolation": (f"{isolation}\n".encode(), READS),
    }
    put(out, _zipped(files))
    return list(files)


def _zipped(files: dict[str, tuple[bytes, int]]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (data, mode) in files.items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return written.getvalue()


def _wheel(wheel: Path | None) -> Path:
    """The wheel that was asked for, or the one that this was installed from, where it still lies there.

    Raises:
        UsageError: none, or another version's.
    """
    origin, facts = installed_from()
    path = wheel or (origin if "archive_info" in facts else None)
    if path is None or not path.is_file():
        raise UsageError.say(
            "the zip carries descentlab's wheel, and none is at hand: name it with --wheel (in a clone, make "
            "one: python -m hatchling build --target wheel)."
        )
    version = distribution(NAME).version
    if not path.name.startswith(f"{NAME}-{version}-") or path.suffix != ".whl":
        raise UsageError.say(
            "{file} is no wheel of {package} {version}, which is installed here.",
            file=path,
            package=NAME,
            version=version,
        )
    return path


def installed_versions() -> list[str]:
    """What a grader needs, in the versions that are installed here: what was tried is what runs there."""
    versions: dict[str, str] = {}
    todo = [(NAME, "grader")]
    looked_at = set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in looked_at:
            continue
        looked_at.add((name, extra))
        try:
            there = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        for line in there.requires or []:
            requirement = Requirement(line)
            asked = {"extra": extra}
            if requirement.marker and not requirement.marker.evaluate(asked):
                continue
            needed = canonicalize_name(requirement.name)
            # Without what only this machine has of it (+cu121): another has to find it.
            versions[needed] = (version_of(needed) or "").partition("+")[0]
            todo += [(needed, one) for one in ["", *requirement.extras]]
    return sorted(f"{name}=={version}" for name, version in versions.items() if version)
