"""A real JupyterHub with its proxy: an instructor and two students as users of this machine, two courses.

It makes users and removes them: only as root, and only where HUB_TEST=1 asks for it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from support import ROOT

from roles.installed import is_root, python

pytestmark = [
    pytest.mark.skipif(
        os.environ.get("HUB_TEST") != "1" or not is_root() or not shutil.which("npm"),
        reason="not run: makes users on this machine: HUB_TEST=1 make test, as root, with npm",
    ),
    pytest.mark.xdist_group("hub"),
    pytest.mark.timeout(3600),
]
LESSON, NOTEBOOK, OTHER = "06-adam", "adam.ipynb", "01-sgd"
COURSES = {"autumn": LESSON, "spring": OTHER}
SECONDS = 240
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = set({users})
c.Authenticator.delete_invalid_users = False
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.JupyterHub.services = [dict(name="test", api_token="{token}")]
c.JupyterHub.load_roles = [
    dict(name="test", services=["test"], scopes=["admin:users", "admin:servers", "access:servers"])
]

# From docs/hub.md:
c.JupyterHub.allow_named_servers = True

def into_its_course(spawner):
    if spawner.name:
        spawner.notebook_dir = f"~/courses/{{spawner.name}}"

c.Spawner.pre_spawn_hook = into_its_course
"""
FOR_EVERYBODY = """c = get_config()
c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = True
"""


class Person:
    """A user of this machine, made for the test."""

    def __init__(self, name: str, bin_: Path) -> None:
        self.name, self.home = name, Path("/home", name)
        self._path = f"{bin_}:/usr/local/bin:/usr/bin:/bin"
        subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", name], check=True)
        self.home.chmod(0o700)

    def type(self, line: str, folder: str = "") -> subprocess.CompletedProcess:
        """A line in a folder below the home, as this user."""
        return subprocess.run(
            ["bash", "-c", line],
            cwd=self.home / folder, user=self.name, group=self.name, extra_groups=[],
            env={"PATH": self._path, "HOME": str(self.home), "USER": self.name, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
        )  # fmt: skip

    def good(self, line: str, folder: str = "") -> str:
        done = self.type(line, folder)
        assert done.returncode == 0, f"{line}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def own(self, path: Path) -> None:
        shutil.chown(path, self.name, self.name)

    def leave(self) -> None:
        subprocess.run(["pkill", "-KILL", "-U", self.name])
        time.sleep(1)
        subprocess.run(["userdel", "--force", "--remove", self.name], capture_output=True)


class Hub:
    """The hub's pages, asked for with the test's token, through the proxy."""

    def __init__(self, port: int, token: str) -> None:
        self._address, self._token = f"http://127.0.0.1:{port}", token

    def ask(self, path: str, data: bytes | None = None, **fields: str) -> tuple[int, str]:
        """A GET, or a POST where there are data or fields of a form."""
        data = urlencode(fields).encode() if fields else data
        request = Request(self._address + path, data, {"Authorization": f"token {self._token}"})
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def start(self, user: str, course: str = "") -> str:
        """Start a server and wait for it; the path of its pages."""
        self.ask(f"/hub/api/users/{user}", b"{}")
        status, said = self.ask(f"/hub/api/users/{user}/servers/{course}", b"{}")
        assert status in (201, 202), said
        path = f"/user/{user}/{course}".rstrip("/")
        deadline = time.monotonic() + SECONDS
        while self.ask(f"{path}/api")[0] != 200:
            assert time.monotonic() < deadline, f"{path} did not start"
            time.sleep(1)
        return path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def place(built) -> Iterator[Path]:
    """JupyterHub, its proxy, and the wheel with the extras of students and teachers, in one environment."""
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run([python(), "-m", "venv", folder / "venv"], check=True, capture_output=True)
        pip = [folder / "venv/bin/python", "-m", "pip", "install", "-q"]
        lock = ["-c", ROOT / "requirements.lock"]
        subprocess.run([*pip, *lock, f"{built.wheel}[lab,grader]", "jupyterhub>=5"], check=True)
        npm = ["npm", "install", "--silent", "--no-fund", "--no-audit", "configurable-http-proxy@5"]
        subprocess.run(npm, cwd=folder, check=True)
        yield folder


@pytest.fixture(scope="module")
def people(place) -> Iterator[tuple[Person, Person, Person]]:
    with ExitStack() as stack:
        tag = secrets.token_hex(3)
        made = []
        for role in ("prof", "ann", "bob"):
            made.append(Person(f"dl{tag}-{role}", place / "venv/bin"))
            stack.callback(made[-1].leave)
        yield tuple(made)


@pytest.fixture(scope="module")
def exchange(place) -> Path:
    """Made as docs/hub.md says, and named for everybody."""
    folder = place / "exchange"
    subprocess.run(["install", "-d", "-m", "1777", folder], check=True)
    settings = place / "venv/etc/jupyter/nbgrader_config.py"
    settings.write_text(FOR_EVERYBODY.format(exchange=str(folder)))
    return folder


@pytest.fixture(scope="module")
def hub(place, people, exchange) -> Iterator[Hub]:
    port, token = free_port(), secrets.token_hex(16)
    config = CONFIG.format(
        port=port, hub_port=free_port(), api_port=free_port(), token=token, bin=place / "venv/bin",
        proxy=place / "node_modules/.bin/configurable-http-proxy", users=[person.name for person in people],
    )  # fmt: skip
    (place / "jupyterhub_config.py").write_text(config)
    log = place / "hub.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [place / "venv/bin/jupyterhub"], cwd=place, stdout=said, stderr=said,
            env=os.environ | {"PATH": f"{place}/venv/bin:{os.environ['PATH']}"},
        )  # fmt: skip
    made = Hub(port, token)
    try:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                if made.ask("/hub/api/users")[0] == 200:
                    break
            except URLError:
                pass
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(1)
        yield made
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def courses(people, built, exchange) -> None:
    """Two courses of one instructor, each with one lesson, released and handed out."""
    prof, _, _ = people
    prof.own(Path(shutil.copy(built.sdist, prof.home)))
    prof.good("mkdir -m 700 courses")
    for course, lesson in COURSES.items():
        prof.good(f"autograde new course courses/{course} --solutions *.tar.gz --lesson {lesson}")
        folder = f"courses/{course}"
        prof.good(f"echo 'c.CourseDirectory.course_id = \"{course}\"' >> nbgrader_config.py", folder)
        prof.good(f"autograde release {lesson} && nbgrader release_assignment {lesson}", folder)


@pytest.fixture(scope="module")
def handed_in(hub, people, courses) -> None:
    """Each student fetches and submits through their own server; Ann's answers are right."""
    prof, ann, bob = people
    for student in (ann, bob):
        path = hub.start(student.name)
        chosen = {"course_id": "autumn", "assignment_id": LESSON}
        status, said = hub.ask(f"{path}/assignments/fetch", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said
        notebook = student.home / "autumn" / LESSON / NOTEBOOK
        if student is ann:
            shutil.copy(prof.home / "courses/autumn/solutions" / LESSON / NOTEBOOK, notebook)
            student.own(notebook)
        status, said = hub.ask(f"{path}/assignments/submit", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said


def test_doctor_finds_nothing_to_mend(people, courses):
    prof, _, _ = people
    said = prof.good("autograde doctor --hub", "courses/autumn")
    assert "autumn/inbound" in said


def test_doctor_names_what_is_to_mend(people, courses, exchange):
    prof, _, _ = people
    (exchange / "autumn/inbound").chmod(0o777)
    exchange.chmod(0o777)
    done = prof.type("COLUMNS=200 autograde doctor --hub", "courses/autumn")
    exchange.chmod(0o1777)
    (exchange / "autumn/inbound").chmod(0o2733)
    assert done.returncode == 1
    assert f"chmod 2733 {exchange}/autumn/inbound" in done.stdout
    assert f"sudo chmod 1777 {exchange}" in done.stdout


def test_the_journey_ends_with_each_students_own_feedback(hub, people, handed_in):
    prof, ann, bob = people
    folder = "courses/autumn"
    prof.good(f"nbgrader collect {LESSON} && autograde grade {LESSON} --json r.json", folder)
    results = {one["student"]: one for one in json.loads((prof.home / folder / "r.json").read_text())}
    assert set(results) == {ann.name, bob.name}
    checks = [cell for cell in results[ann.name]["cells"] if cell["check"]]
    assert all(cell["score"] == cell["max_score"] for cell in checks)
    assert results[bob.name]["score"] == 0
    assert results[ann.name]["tier"] >= 2
    status, _ = hub.ask(f"{hub.start(prof.name, 'autumn')}/formgrader")
    assert status == 200
    prof.good(f"autograde feedback {LESSON} && nbgrader release_feedback {LESSON}", folder)
    for student in (ann, bob):
        chosen = {"course_id": "autumn", "assignment_id": LESSON}
        status, said = hub.ask(f"/user/{student.name}/assignments/fetch_feedback", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said
        pages = list((student.home / "autumn" / LESSON / "feedback").rglob("*.html"))
        assert len(pages) == 1
        returned = prof.home / folder / "feedback" / student.name / LESSON / "adam.html"
        assert pages[0].read_bytes() == returned.read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        "ls {exchange}/autumn/inbound",
        "ls {exchange}/autumn/feedback",
        "cat {exchange}/autumn/inbound/{ann}*/" + NOTEBOOK,
        "ls {prof_home}/courses",
        "cat {ann_home}/autumn/" + f"{LESSON}/{NOTEBOOK}",
        "mv {exchange}/autumn {exchange}/mine",
        "touch {exchange}/autumn/outbound/more",
    ],
)
def test_no_student_reads_or_moves_what_is_anothers(people, handed_in, exchange, line):
    prof, ann, bob = people
    words = {"exchange": exchange, "prof_home": prof.home, "ann_home": ann.home, "ann": ann.name}
    done = bob.type(line.format(**words))
    assert done.returncode != 0
    assert "denied" in done.stderr or "not permitted" in done.stderr or "No such file" in done.stderr


def test_the_other_course_has_its_own_assignments_and_nobodys_submissions(people, handed_in, exchange):
    _, ann, _ = people
    assert {path.name for path in (exchange / "spring/outbound").iterdir()} == {OTHER}
    assert list((exchange / "spring/inbound").iterdir()) == []
    assert OTHER in ann.good("nbgrader list --course spring 2>&1")
