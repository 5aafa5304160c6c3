"""One wheel and sdist a worker of pytest, one environment a role."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from roles.installed import Role, build, clone, constraints, new_environment, python


@dataclass(frozen=True)
class Built:
    """What a release is made of, and the clone that it was built in."""

    wheel: Path
    sdist: Path
    clone: Path


@pytest.fixture(scope="session")
def built() -> Iterator[Built]:
    """Where an ordinary user can read: pytest's own folders are their owner's alone."""
    with tempfile.TemporaryDirectory(prefix="descentlab-built-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        source = clone(place / "clone")
        yield Built(*build(source, place / "dist"), source)


def _role(name: str):
    @pytest.fixture(scope="session")
    def role(built: Built) -> Iterator[Role]:
        role = Role(name, Path(tempfile.mkdtemp(prefix=f"descentlab-{name}-")))
        try:
            role.base.chmod(0o755)
            if name == "lab":  # as README says
                subprocess.run([python(), "-m", "venv", role.base / "venv"], check=True, capture_output=True)
                role.install(f"pip install '{built.wheel.name}[{name}]'", cwd=built.wheel.parent)
            else:
                limits = ("-c", constraints(role.base))
                new_environment(role.base / "venv", *limits, f"{built.wheel}[{name}]")
            role.home.mkdir()
            role.own(role.home)
            yield role
        finally:
            subprocess.run(["rm", "-rf", "--", role.base], check=True)  # sooner than shutil.rmtree

    return role


student, builder, worker, teacher = map(_role, ("lab", "site", "cluster", "grader"))


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty folder below the home of the role that the test names as this fixture's parameter."""
    role = request.getfixturevalue(request.param)
    place = Path(tempfile.mkdtemp(prefix="Kurs ä-", dir=role.home))
    yield role.own(place)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def programs(teacher) -> Iterator[Path]:
    """The system's programs but bubblewrap; apt-get installs nothing."""
    with tempfile.TemporaryDirectory(prefix="programs-", dir=teacher.base) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for program in Path("/usr/bin").iterdir():
            if program.name not in ("bwrap", "apt-get"):
                os.symlink(program, folder / program.name)
        (folder / "apt-get").write_text("#!/bin/sh\nexit 0\n")
        (folder / "apt-get").chmod(0o755)
        yield folder
