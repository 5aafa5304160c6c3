"""Prints where pyproject.toml, environment.yml and requirements.lock disagree; 1 if they do."""

import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)\s*([^;]*)(?:;.*)?")
LOCKED = re.compile(r"([a-z0-9-]+)==[0-9a-z.+!]+( ; [^:]+?)?( --hash=sha256:[0-9a-f]{64})+")


def bounds(requirement: str) -> tuple[str, str]:
    """A package's name and the bounds of its version."""
    name, bound = REQUIREMENT.fullmatch(requirement).groups()
    return name.lower(), bound


def main() -> int:
    """Print each package that is not asked for alike, and each line of the lock without a version and hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = set(map(bounds, chain(project["dependencies"], *project["optional-dependencies"].values())))
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    of_pip = next(line["pip"] for line in listed if isinstance(line, dict))
    of_conda = (line for line in listed if isinstance(line, str) and line != "pip")
    # Conda knows no extras: what they bring is listed there one by one.
    given = {bounds(line) for line in (*of_conda, *of_pip) if not line.startswith("-e")}
    lines = (ROOT / "requirements.lock").read_text().replace(" \\\n    ", " ").splitlines()
    locked = {line: LOCKED.fullmatch(line) for line in lines}
    differ = sorted(given ^ wanted ^ {("python", project["requires-python"])})
    said = [f"{name} {bound}: in one of pyproject.toml and environment.yml" for name, bound in differ]
    said += [
        f"requirements.lock: {line}: no version with hashes" for line, entry in locked.items() if not entry
    ]
    names = {entry[1] for entry in locked.values() if entry}
    said += [f"requirements.lock: without {name}" for name in sorted(dict(wanted).keys() - names)]
    print(*said, sep="\n", end="\n" * bool(said))
    return bool(said)


if __name__ == "__main__":
    sys.exit(main())
