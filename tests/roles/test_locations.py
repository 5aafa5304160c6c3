"""`make demo` works wherever a clone and its environment lie, and whoever types it.

Each clone is without .git, as an unpacked zip is, and its environment has the packages of the one that runs the tests.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sandbox.installations import ELSEWHERE, Environment, put_project
from support import ROOT

from roles.installed import ORDINARY, RUN_SECONDS, as_ordinary, clone, is_root, python

pytestmark = [pytest.mark.needs("bubblewrap"), pytest.mark.needs("python")]
NAMES = sorted(path.name for path in (*(ROOT / "src").iterdir(), ROOT / "autograde") if path.is_dir())


@dataclass(frozen=True)
class Place:
    """Below a new folder, which stands for {}: the clone, its environment, and how `make` is started.

    `first` stands before `make` in the shell's line; a variable that is None is taken away.
    """

    clone: str = "clone"
    environment: str = ".venv"
    first: str = ""
    variables: dict[str, str | None] = field(default_factory=dict)
    ordinary: bool = False


PLACES = {
    "a clone named descentlab": Place("descentlab"),
    "a path with a space and accents": Place("Zoë's Übung/é 数"),
    "an ordinary user": Place(first="umask 077;", ordinary=True),
    **{f"in and below {name}": Place(f"{name}/{name}", f"../environments/{name}") for name in NAMES},
    "below a link": Place("link/clone"),
    "no HOME": Place(variables={"HOME": None}),
    "a read-only TMPDIR": Place(
        first="bwrap --dev-bind / / --ro-bind {}/closed {}/closed", variables={"TMPDIR": "{}/closed"}
    ),
    "a TMPDIR that starts no programs": Place(
        first="""unshare -m sh -c 'mount -t tmpfs -o noexec none "$TMPDIR" && exec "$@"' sh""",
        variables={"TMPDIR": "{}/closed"},
    ),
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below /tmp, of which each box has its own."""
    with tempfile.TemporaryDirectory(prefix="place-", dir="/var/tmp") as name:
        base = Path(name)
        base.chmod(0o755)
        for made in ("closed", "real"):
            (base / made).mkdir()
        (base / "link").symlink_to("real")
        yield base


def put_clone(place: Place, folder: Path) -> None:
    """A clone with its environment, as `make` leaves them."""
    put = clone(folder / place.clone)
    if place.ordinary and is_root():
        for path in (folder, put, *put.rglob("*")):
            os.chown(path, ORDINARY, ORDINARY)
    made = put_environment(put / place.environment)
    pip = [sys.executable, "-m", "pip", "--python", made.python, "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", put], check=True)
    (made.root / ".installed").touch()


def put_environment(root: Path) -> Environment:
    """An environment with all packages but descentlab."""
    made = Environment.venv(root, python())
    own = shutil.ignore_patterns("_descentlab*", "_editable*", "descentlab-*")
    shutil.copytree(ELSEWHERE, made.site, copy_function=os.link, dirs_exist_ok=True, ignore=own)
    return made


def typed(place: Place, folder: Path) -> tuple[list[str], dict]:
    """The words that start `make demo` there, and the arguments of subprocess."""
    variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    variables |= place.variables
    line = f"{place.first.replace('{}', str(folder))} make demo STUDENTS=3 VENV={place.environment}"
    more = as_ordinary() if place.ordinary else {}
    kept = {name: value.format(folder) for name, value in variables.items() if value is not None}
    return ["bash", "-c", line], {"cwd": folder / place.clone, "env": kept, "text": True} | more


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_make_demo_works_there(place, folder):
    if "unshare" in place.first and not is_root():
        pytest.skip("not run: only root can mount a folder that starts no programs: run as root")
    put_clone(place, folder)
    words, how = typed(place, folder)
    done = subprocess.run(words, capture_output=True, timeout=RUN_SECONDS, **how)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 submissions graded" in done.stdout
    commands = "\n".join(re.findall(r"^    (\S.*)$", done.stdout, re.MULTILINE)[:2])
    pasted = subprocess.run(["bash", "-ec", commands], capture_output=True, timeout=RUN_SECONDS, **how)
    assert pasted.returncode == 0, pasted.stderr
    assert "adam/update" in pasted.stdout


def test_a_demo_that_was_interrupted_goes_on_when_it_is_started_again(folder):
    place = Place()
    put_clone(place, folder)
    words, how = typed(place, folder)
    with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True, **how) as demo:
        said = iter(demo.stdout.readline, "")
        assert any(line.startswith("06-adam") for line in said)
        assert any(line.startswith("grading") for line in said)
        os.killpg(demo.pid, signal.SIGINT)  # as Ctrl-C does
        assert "Traceback" not in demo.communicate(timeout=RUN_SECONDS)[0]
    assert demo.returncode != 0
    again = subprocess.run(words, capture_output=True, timeout=RUN_SECONDS, **how)
    assert again.returncode == 0, again.stdout + again.stderr
    assert len(list(folder.glob("clone/demo/feedback/*/06-adam/adam.html"))) == 3


def test_a_path_that_is_too_long_is_named_in_one_line(folder):
    deep = folder.joinpath(*["a long name" * 20] * 5)
    deep.mkdir(parents=True)
    environment = put_environment(deep / "env")
    put_project(environment.site)
    code = "import sys; from autograde.cli import main; sys.argv = ['autograde', 'doctor']; main()"
    done = environment.run(code)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "the path of this Python environment is too long for a sandbox: 1" in done.stderr
