"""A real JupyterHub with its proxy, and users of this machine made for the tests and removed after them."""

import json
import os
import pwd
import shutil
import subprocess
import time
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from roles.installed import is_root

marks = [
    pytest.mark.skipif(
        os.environ.get("HUB_TEST") != "1" or not is_root() or not shutil.which("npm"),
        reason="not run: makes users on this machine: make test-all, as root, with npm",
    ),
    pytest.mark.xdist_group("hub"),
    pytest.mark.timeout(3600),
]
LESSON, NOTEBOOK, OTHER, OTHER_NOTEBOOK = "06-adam", "adam.ipynb", "01-sgd", "sgd.ipynb"
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
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.JupyterHub.services = [dict(name="test", api_token="{token}"), {ngshare}]
c.JupyterHub.load_roles = [
    dict(name="test", services=["test"], scopes=["admin:users", "admin:servers", "access:servers", "tokens"])
]

# From docs/hub.md:
{of_the_page}
"""
NGSHARE = """dict(name="ngshare", url="http://127.0.0.1:{port}", command=[
    "{bin}/python", "-m", "ngshare", "--admins", "{admin}",
    "--database", "sqlite:///{folder}/ngshare.db", "--storage", "{folder}/files/",
])"""
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

    def _as(self, folder: str) -> dict:
        return {
            "cwd": self.home / folder,
            "user": self.name,
            "group": self.name,
            "extra_groups": [],
            "env": {"PATH": self._path, "HOME": str(self.home), "USER": self.name, "LANG": "C.UTF-8"},
            "stdin": subprocess.DEVNULL,
        }

    def type(self, line: str, folder: str = "") -> subprocess.CompletedProcess:
        """A line in a folder below the home, as this user."""
        words = ["bash", "-c", line]
        return subprocess.run(words, capture_output=True, text=True, timeout=900, **self._as(folder))

    def good(self, line: str, folder: str = "") -> str:
        done = self.type(line, folder)
        assert done.returncode == 0, f"{line}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def start(self, *words: object, folder: str = "") -> subprocess.Popen:
        """A program of this user's that goes on; it ends with the user."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(list(map(str, words)), start_new_session=True, **quiet, **self._as(folder))

    def own(self, path: Path) -> None:
        shutil.chown(path, self.name, self.name)

    def leave(self) -> None:
        """Remove the user, the home and all that still runs.

        Raises:
            AssertionError: something of the user is still there.
        """
        subprocess.run(["pkill", "-KILL", "-U", self.name])
        time.sleep(1)
        subprocess.run(["userdel", "--force", "--remove", self.name], capture_output=True)
        assert self.name not in {entry.pw_name for entry in pwd.getpwall()}, f"{self.name} is still a user"
        assert not self.home.exists(), f"{self.home} is still there"


class Hub:
    """The hub's pages, asked for with the test's token, through the proxy."""

    def __init__(self, port: int, token: str) -> None:
        self.address, self._token = f"http://127.0.0.1:{port}", token

    def ask(self, path: str, data: bytes | None = None, **fields: str) -> tuple[int, str]:
        """A GET, or a POST where there are data or fields of a form."""
        data = urlencode(fields).encode() if fields else data
        request = Request(self.address + path, data, {"Authorization": f"token {self._token}"})
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def token_of(self, user: str) -> str:
        """A token of a person's, as a server that the hub started for them has it."""
        status, said = self.ask(f"/hub/api/users/{user}/tokens", b"{}")
        assert status == 201, said
        return json.loads(said)["token"]

    def start(self, user: str, course: str = "") -> str:
        """Start a server and wait for it; the path of its pages."""
        self.ask(f"/hub/api/users/{user}", b"{}")
        path = f"/user/{user}/{course}".rstrip("/")
        if self.ask(f"{path}/api")[0] == 200:
            return path
        status, said = self.ask(f"/hub/api/users/{user}/servers/{course}", b"{}")
        assert status in (201, 202), said
        deadline = time.monotonic() + SECONDS
        while self.ask(f"{path}/api")[0] != 200:
            assert time.monotonic() < deadline, f"{path} did not start"
            time.sleep(1)
        return path

    def wait(self, process: subprocess.Popen, log: Path) -> None:
        """Until the hub answers."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                if self.ask("/hub/api/users")[0] == 200:
                    return
            except (URLError, RemoteDisconnected):
                pass
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(1)
