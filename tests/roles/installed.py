"""The package as people install it: from its wheel, into a bare environment a role, outside any clone.

Who runs the tests as root starts each role's commands as an ordinary user.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from support import ROOT

ORDINARY = 12345  # a user and a group that no machine has
INSTALL_SECONDS, RUN_SECONDS, START_SECONDS = 900, 300, 60
OLDEST = (3, 11)
UV = (sys.executable, "-m", "uv")
COMPLAINT = re.compile(r"^\[[WE] |WARNING|ERROR|Traceback", re.MULTILINE)


def is_root() -> bool:
    return os.geteuid() == 0


@cache
def python() -> str | None:
    """A Python that an ordinary user can start: this one, or one of the system's."""
    places = [Path(sys.base_prefix, "bin"), *map(Path, ("/usr/local/bin", "/usr/bin"))]
    names = ["python3", *(f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1))]
    return next((str(p / name) for p in places for name in names if _will_do(p / name)), None)


def _will_do(program: Path) -> bool:
    code = f"import ensurepip, sys, venv; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([program, "-c", code], capture_output=True, **as_ordinary()).returncode == 0
    except OSError:
        return False


def as_ordinary() -> dict:
    """Arguments of subprocess that give up root."""
    return {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if is_root() else {}


def packages_can_be_installed() -> bool:
    """Whether pip finds a package of ours, on the network or in its own store."""
    tried = ["install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "nh3"]
    return subprocess.run([sys.executable, "-m", "pip", *tried], capture_output=True).returncode == 0


def constraints(folder: Path) -> Path:
    """The lock's versions without its hashes: pip refuses those beside a wheel that has none."""
    made = folder / "constraints.txt"
    locked = re.findall(r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    made.write_text("\n".join(locked))
    return made


def new_environment(root: Path, *words: object) -> None:
    """Make an environment and install into it, as pip does and in a tenth of its time."""
    subprocess.run([*UV, "venv", "--quiet", "--seed", "--python", python(), root], check=True)
    add_packages(root, *words)


def add_packages(root: Path, *words: object) -> None:
    """Install into an environment."""
    subprocess.run([*UV, "pip", "install", "--quiet", "--python", root / "bin/python", *words], check=True)
    _lend_compiled(root)


def _lend_compiled(root: Path) -> None:
    """Link what is compiled in this environment: uv's files are the same ones, and Python looks whether they are."""
    [packages] = root.glob("lib/python*/site-packages")
    here = Path(sysconfig.get_path("purelib"))
    for file in here.rglob(f"*.{sys.implementation.cache_tag}.pyc"):
        folder = packages / file.parent.relative_to(here)
        if folder.parent.is_dir():
            folder.mkdir(exist_ok=True)
            with suppress(OSError):  # there already, or on another disk
                os.link(file, folder / file.name)


@dataclass
class Role:
    """A bare environment with one extra, and a folder of the person who has it."""

    name: str
    base: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def bin(self) -> Path:
        return self.base / "venv" / "bin"

    @property
    def home(self) -> Path:
        """A path with a space and accents, as people have them."""
        return self.base / "Zoë's Übung"

    def install(self, line: str, cwd: Path) -> None:
        """Type `pip install …` as whoever owns the environment, within the versions of the lock."""
        limits = {"PIP_CONSTRAINT": str(constraints(self.base)), "PIP_QUIET": "1"}
        path = {"PATH": os.pathsep.join([str(self.bin), os.environ["PATH"]])}
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=cwd,
            env=os.environ | limits | path,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def variables(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.bin), "/usr/local/bin", "/usr/bin", "/bin"])
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8"} | self.environment

    def run(self, *words: object, cwd: Path | None = None, **more) -> subprocess.CompletedProcess:
        """A command of this role, as typed in its folder; never raises."""
        return subprocess.run(
            list(map(str, words)) if len(words) > 1 else ["bash", "-c", str(words[0])],
            cwd=cwd or self.home,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=RUN_SECONDS,
            **as_ordinary(),
            **more,
        )

    def good(self, *words: object, cwd: Path | None = None) -> str:
        """What a command says that must end with 0."""
        done = self.run(*words, cwd=cwd)
        assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def own(self, path: Path) -> Path:
        """Give a file or folder to this role's user."""
        if is_root():
            for one in [path, *path.rglob("*")]:
                os.chown(one, ORDINARY, ORDINARY)
        return path

    @contextmanager
    def started(self, *words: object, cwd: Path | None = None) -> Iterator[subprocess.Popen]:
        """A command that goes on, ended with its children on leaving."""
        process = subprocess.Popen(
            list(map(str, words)),
            cwd=cwd or self.home,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_ordinary(),
        )
        try:
            yield process
        finally:
            _kill(process)

    def opened(self, *words: object, cwd: Path | None = None) -> Opened:
        """Start a Jupyter server by a command, look at it, end it as Ctrl-C or a system does."""
        return Opened(self, list(map(str, words)), cwd or self.home)


class Opened:
    """A Jupyter server that a command started; `log` is what it said, up to its end."""

    def __init__(self, role: Role, words: list[str], cwd: Path) -> None:
        self.role, self.words, self.cwd, self.log = role, words, cwd, ""

    def __enter__(self) -> Opened:
        self.file = self.role.base / f"{self.role.name}-server.log"
        with self.file.open("wb") as log:
            self.process = subprocess.Popen(
                self.words,
                cwd=self.cwd,
                env=self.role.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_ordinary(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/[\w/.]+\?token=(\w+)", self.read())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise AssertionError(f"the server did not start: {self.log[-3000:]}")
            time.sleep(0.1)
        self.address, self.token = found.groups()
        return self

    def says(self, words: str) -> None:
        """Wait until the server's log has these words."""
        deadline = time.monotonic() + START_SECONDS
        while words not in self.read():
            assert time.monotonic() < deadline, self.read()[-3000:]
            time.sleep(0.1)

    def read(self) -> str:
        return self.file.read_text(encoding="utf-8", errors="replace")

    def page(self, path: str, **query: str) -> tuple[int, str]:
        """Status and text of a page; a server that does not listen yet is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(self._asked(path, **query), timeout=START_SECONDS) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as refused:
                return refused.code, ""
            except URLError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{path}: {error}. The server said: {self.read()}") from error
                time.sleep(0.2)

    def put(self, path: str, fields: dict) -> None:
        """Send what a page would send."""
        urlopen(self._asked(path, data=json.dumps(fields).encode()), timeout=START_SECONDS).close()

    def _asked(self, path: str, data: bytes | None = None, **query: str) -> Request:
        method = "GET" if data is None else "PUT"
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        words = f"?{urlencode(query)}" if query else ""
        return Request(f"{self.address}/{path}{words}", data=data, headers=headers, method=method)

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            _kill(self.process)
        self.log = self.read()

    def __exit__(self, *exception: object) -> None:
        self.end()

    def complaints(self) -> list[str]:
        """Warnings and errors so far."""
        return [line for line in self.read().splitlines() if COMPLAINT.search(line)]


def _kill(process: subprocess.Popen) -> None:
    """With all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def build(source: Path, out: Path) -> tuple[Path, Path]:
    """The wheel and the sdist that a clone makes."""
    words = [sys.executable, "-m", "hatchling", "build", "-d", out]
    done = subprocess.run(words, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


def clone(place: Path) -> Path:
    """The repository's files as a clone has them, with what is not committed yet."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    return place


def earns_all(result: dict) -> bool:
    """Whether each check of a result, as `grade --json` writes it, got all its points."""
    checks = [cell for cell in result["cells"] if cell["check"]]
    return bool(checks) and all(cell["score"] == cell["max_score"] for cell in checks)
