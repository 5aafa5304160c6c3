"""One hub with its users, exchange and two courses for all tests of this folder."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support import free_port

from roles.hub.machine import CONFIG, COURSES, FOR_EVERYBODY, NGSHARE, Hub, Person
from roles.hub.page import of_the_hub
from roles.installed import add_packages, constraints, new_environment

# What a hub needs next to the wheel with the extras of students and teachers.
NEEDED = ["jupyterhub>=5", "nbgitpuller>=1.3", "rapidfuzz"]
WITHOUT_THEIR_NEEDS = ["ngshare_exchange>=0.5.3"]  # asks for a jupyter-core older than nbgrader's
OF_NGSHARE = ["ngshare>=0.6", "sqlalchemy<2"]  # with a newer one it keeps nothing of what is released
PROXY = "configurable-http-proxy@5"


@pytest.fixture(scope="session")
def place(built) -> Iterator[Path]:
    """JupyterHub, its proxy, and the wheel, in one environment that every user can read."""
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        limits = ("-c", constraints(folder))
        new_environment(folder / "venv", *limits, f"{built.wheel}[lab,grader]", *NEEDED)
        add_packages(folder / "venv", "--no-deps", *WITHOUT_THEIR_NEEDS)
        new_environment(folder / "ngshare-venv", *OF_NGSHARE)
        npm = ["npm", "install", "--silent", "--no-fund", "--no-audit", PROXY]
        subprocess.run(npm, cwd=folder, check=True)
        yield folder


@pytest.fixture(scope="session")
def people(place) -> Iterator[tuple[Person, Person, Person]]:
    """A teacher and two students."""
    with ExitStack() as stack:
        tag = secrets.token_hex(3)
        made = []
        for role in ("prof", "ann", "bob"):
            made.append(Person(f"dl{tag}-{role}", place / "venv/bin"))
            stack.callback(made[-1].leave)
        yield tuple(made)


@pytest.fixture(scope="session")
def exchange(place) -> Path:
    """Made as docs/hub.md says, and named for everybody."""
    folder = place / "exchange"
    subprocess.run(["install", "-d", "-m", "1777", folder], check=True)
    settings = place / "venv/etc/jupyter/nbgrader_config.py"
    settings.write_text(FOR_EVERYBODY.format(exchange=str(folder)))
    return folder


@pytest.fixture(scope="session")
def hub(place, people, exchange) -> Iterator[Hub]:
    port, token = free_port(), secrets.token_hex(16)
    (place / "ngshare").mkdir()
    ngshare = NGSHARE.format(
        port=free_port(), bin=place / "ngshare-venv/bin", admin=people[0].name, folder=place / "ngshare"
    )
    config = CONFIG.format(
        port=port, hub_port=free_port(), api_port=free_port(), token=token, bin=place / "venv/bin",
        proxy=place / "node_modules/.bin/configurable-http-proxy", users=[person.name for person in people],
        of_the_page=of_the_hub(place / "venv/bin", place / "students"), ngshare=ngshare,
    )  # fmt: skip
    (place / "jupyterhub_config.py").write_text(config)
    log = place / "hub.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [place / "venv/bin/jupyterhub"], cwd=place, stdout=said, stderr=said,
            env=os.environ | {"PATH": f"{place}/venv/bin:{os.environ['PATH']}"},
        )  # fmt: skip
    try:
        made = Hub(port, token)
        made.wait(process, log)
        yield made
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="session")
def courses(people, built, exchange) -> None:
    """Two courses of one teacher, each with one lesson, released and handed out."""
    prof, _, _ = people
    sdist = Path(shutil.copy(built.sdist, prof.home))
    prof.own(sdist)
    prof.good("mkdir -p -m 700 courses")
    for course, lesson in COURSES.items():
        prof.good(f"autograde new course courses/{course} --solutions {sdist} --lesson {lesson}")
        folder = f"courses/{course}"
        prof.good(f"echo 'c.CourseDirectory.course_id = \"{course}\"' >> nbgrader_config.py", folder)
        prof.good(f"autograde release {lesson} && nbgrader release_assignment {lesson}", folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One headless Chromium for the session."""
    from browser.harness import browser

    with browser() as running:
        yield running
