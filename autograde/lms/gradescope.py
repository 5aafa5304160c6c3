"""What Gradescope runs: a zip of two scripts, the wheel, the versions tested here, and the key."""

from importlib.metadata import distribution
from pathlib import Path

from packaging import requirements, utils

from autograde.errors import UsageError
from autograde.files import put, zip_bytes
from autograde.installed import NAME, installed_from, version_of

SCRIPTS = Path(__file__).with_name("gradescope_files")


def make_autograder(key: Path, out: Path, wheel: Path | None, isolation: str) -> list[str]:
    """Write the zip; nothing is written over.

    Returns:
        The names of the files in it.

    Raises:
        UsageError: no wheel of this version is there, or `out` is there already.
        OSError: it cannot be written.
    """
    if out.exists():
        raise UsageError(f"{out} is there already: remove it, or name another with --out.")
    of_wheel = _wheel(wheel)
    scripts = {path.name: path.read_bytes() for path in sorted(SCRIPTS.iterdir()) if path.is_file()}
    files = scripts | {
        of_wheel.name: of_wheel.read_bytes(),
        f"key/{key.name}": key.read_bytes(),
        "constraints.txt": "".join(f"{line}\n" for line in installed_versions()).encode(),
        "isolation": f"{isolation}\n".encode(),
    }
    put(out, zip_bytes(files, programs=scripts))
    return list(files)


def _wheel(wheel: Path | None) -> Path:
    """The wheel that was asked for, or the one that this was installed from, where it still lies there.

    Raises:
        UsageError: none, or another version's.
    """
    origin, facts = installed_from()
    path = wheel or (origin if "archive_info" in facts else None)
    if path is None or not path.is_file():
        raise UsageError(
            "the zip carries descentlab's wheel, and none is at hand: name it with --wheel (in a "
            "clone, make one: python -m hatchling build --target wheel)."
        )
    version = distribution(NAME).version
    if not path.name.startswith(f"{NAME}-{version}-") or path.suffix != ".whl":
        raise UsageError(f"{path} is not a wheel of {NAME} {version}, which is installed here.")
    return path


def installed_versions() -> list[str]:
    """Constraints for pip: what a grader needs, in the versions that are installed here and were tried."""
    versions, looked_at, waiting = {}, set(), [(NAME, "grader")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in looked_at or version_of(name) is None:  # None: of another system
            continue
        looked_at.add((name, extra))
        for needed in map(requirements.Requirement, distribution(name).requires or []):
            version = version_of(needed.name)
            if version and (needed.marker is None or needed.marker.evaluate({"extra": extra})):
                # Without what only this machine has of it (+cu121): another has to find it.
                versions[utils.canonicalize_name(needed.name)] = version.partition("+")[0]
                waiting += [(needed.name, one) for one in ("", *needed.extras)]
    return sorted(f"{name}=={version}" for name, version in versions.items())
