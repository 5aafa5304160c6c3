"""Each tier is tried for real, each holds what its name says, and none is weaker in silence."""

import importlib.util
import os
import stat
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.commands import machine
from autograde.sandbox import CellTask, Pool, SandboxError, Tier, best_tier, program, tiers
from autograde.sandbox.inside import confinement
from sandbox.pools import EVERY, LIMITS, pool_of, run_sources, texts


@pytest.fixture
def bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put another `bwrap` first on the PATH: a shell script, or none at all."""

    def use(script: str | None) -> None:
        if script is not None:
            fake = tmp_path / "bwrap"
            fake.write_text(f"#!/bin/sh\n{script}\n")
            fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))
        best_tier.cache_clear()

    yield use
    best_tier.cache_clear()


@pytest.fixture
def no_landlock(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tiers, "try_landlock", lambda: tiers.Layer("Landlock", False, "off"))


def doctor(*words: str):
    return CliRunner().invoke(app, ["doctor", *words])


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch):
    """Run a cell that may have 24 processes, and whose watching process looks once it is over."""
    for name in ("WATCH_SECONDS", "WATCH_SECONDS_IN_GROUP"):
        monkeypatch.setattr(program, name, 600)
    with Pool(jobs=1, limits=replace(LIMITS, processes=24)) as pool:
        yield partial(run_sources, pool)


CHILDREN = """
import os, time
children = []
try:
    while len(children) < 100:
        children.append(os.fork() or time.sleep(30))
except OSError:
    pass
"""


@pytest.mark.needs("bubblewrap")
def test_processes_that_a_notebook_leaves_at_its_end_are_counted_however_short_it_was(unwatched):
    assert unwatched(CHILDREN).flags == ("processes",)
    assert unwatched(CHILDREN.replace("100", "9")).flags == ()


@pytest.mark.needs("bubblewrap")
def test_with_a_control_group_processes_that_were_refused_are_named_though_none_is_left(unwatched):
    result = unwatched(CHILDREN + "for child in children: os.kill(child, 9); os.waitpid(child, 0)")
    assert result.flags == (("processes",) if result.tier == 3 else ())


@pytest.mark.needs("bubblewrap")
def test_a_grader_that_is_not_root_boxes_with_its_own_identity(monkeypatch):
    monkeypatch.setattr(program, "needs_identity", lambda: False)
    assert tiers.try_bubblewrap().usable
    with pool_of(2) as pool:
        result = run_sources(pool, "import os; print(os.getuid(), os.getgroups())")
    assert (result.flags, texts(result)) == ((), ["65534 []\n"])


@pytest.mark.needs("bubblewrap")
def test_a_box_runs_as_nobody_or_as_the_ordinary_user_who_grades():
    tasks = [CellTask("import time; time.sleep(2)"), CellTask("print(open('/proc/self/uid_map').read())")]
    with Pool(jobs=2, limits=LIMITS) as pool:
        futures = [pool.submit_run(tasks, 0) for _ in range(6)]
        maps = {future.result().cells[1].outputs[0]["text"] for future in futures}
    outside = {int(text.split("\n\n")[0].splitlines()[-1].split()[1]) for text in maps}
    if program.needs_identity():
        assert len(outside) == 2
        assert min(outside) >= program.FIRST_ID
    else:
        assert outside == {os.getuid()}


PROBES = {
    "a file of the machine": "open('/etc/hostname').read()",
    "another process": "import os; os.kill(os.getppid(), 0)",
    "the processes' list": "import os; os.listdir('/proc')",
    "a foreign mode": "import os; os.chmod('/etc', 0o700)",
    "a new socket": "import socket; socket.socket(socket.AF_UNIX)",
    "a terminal": "import os; os.openpty()",
    "a file beside the scratch folder": "open('/tmp/autograde-test', 'w')",
    "cutting a foreign file": "import os; os.truncate(os.path.realpath('/etc/hostname'), 0)",
}


@pytest.mark.parametrize("probe", PROBES)
def test_landlock_alone_refuses(probe: str, landlocked):
    [cell] = run_sources(landlocked, PROBES[probe]).cells
    assert cell.outputs[0]["ename"] == "PermissionError"


@pytest.fixture(scope="module")
def landlocked():
    with pool_of(1) as pool:
        yield pool


def test_under_landlock_notebooks_work_and_nothing_remains(landlocked):
    sources = ["import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "open('left', 'w').write('x')", "1/0"]
    result = run_sources(landlocked, *sources)
    assert (result.flags, result.tier) == ((), 1)
    assert "image/png" in result.cells[0].outputs[0]["data"]
    assert texts(run_sources(landlocked, "import os; print(os.listdir('.'))")) == ["[]\n"]


WITHHELD = ("pytest", "sphinxcontrib")  # a package, and a folder that packages share
LOOK = f"""
import importlib, importlib.util
for name in {WITHHELD}:
    print(importlib.util.find_spec(name))
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        print(error)
"""


@pytest.mark.parametrize("tier", EVERY)
def test_a_package_that_is_installed_but_not_allowed_is_not_found(tier):
    assert all(map(importlib.util.find_spec, WITHHELD))
    own = "open('pytest.py', 'w').write('x = 1')\nimport pytest; print(pytest.x)"
    with pool_of(tier) as pool:
        look, mine = texts(run_sources(pool, LOOK, own))
    assert look == "".join(f"None\nNo module named {name!r}\n" for name in WITHHELD)
    assert mine == "1\n"


def test_under_landlock_a_cell_that_runs_too_long_is_interrupted(landlocked):
    result = run_sources(landlocked, "while True: pass", "print('later')", cell_seconds=1)
    assert (result.flags, texts(result)[1]) == (("timeout",), "later\n")


def test_without_bubblewrap_the_reason_and_the_line_to_type_are_said(bwrap, no_landlock):
    bwrap(None)
    assert best_tier().number == 0
    with pytest.raises(
        SandboxError, match=r"bubblewrap is not installed.*--install-sandbox.*--isolation none"
    ):
        Pool()


def test_denied_user_namespaces_are_told_apart_from_a_missing_program(bwrap, no_landlock):
    bwrap("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    assert "AppArmor" in best_tier().reason
    with pytest.raises(SandboxError, match="uid map"):
        Pool()


def test_a_bubblewrap_that_does_nothing_is_not_believed(bwrap):
    bwrap("exit 0")
    assert not tiers.try_bubblewrap().usable


def test_landlock_is_the_tier_where_namespaces_are_denied(bwrap):
    bwrap("echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
    assert best_tier().number == (1 if tiers.try_landlock().usable else 0)
    assert "namespace" in best_tier().reason


@pytest.mark.needs("bubblewrap")
def test_doctor_shows_every_layer_and_is_quiet_where_all_is_well():
    shown = doctor()
    assert shown.exit_code == 0
    for layer in ("bubblewrap", "seccomp", "cgroup", "Landlock"):
        assert layer in shown.output
    quiet = doctor("--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_doctor_warns_in_one_line_of_another_projects_autograde(tmp_path, monkeypatch):
    """Its package and its command have the same names."""
    about = tmp_path / "jupyter_autograde-0.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: jupyter-autograde\nVersion: 0.3\n")
    (about / "RECORD").write_text("autograde/__init__.py,,\n")
    (tmp_path / "autograde").mkdir()
    (tmp_path / "autograde/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    done = doctor("--quiet")
    assert done.exit_code == 0
    (line,) = done.stderr.splitlines()
    assert "another project's autograde" in line
    assert "pip uninstall jupyter-autograde" in line


def test_doctor_says_how_many_tiers_there_are_and_each_reason_once(monkeypatch):
    why = "no group for this test"
    cgroup = tiers.Layer("cgroup", False, why, "start a session")
    monkeypatch.setattr(tiers, "try_cgroup", lambda: cgroup)
    monkeypatch.setattr("autograde.sandbox.best_tier", lambda: Tier(2, cgroup.why()))
    monkeypatch.setattr(machine, "_prove", lambda: 1)
    monkeypatch.setenv("COLUMNS", "200")
    said = doctor().output
    assert "Isolation tier 2 of 3" in said
    assert said.count(why) == 1
    assert "what to do for a higher tier" in said
    assert "the grader's answers are not among them" in said


def test_doctor_names_the_line_to_type_and_fails_where_there_is_no_sandbox(bwrap, no_landlock, monkeypatch):
    bwrap(None)
    monkeypatch.setattr(machine, "_runs_as_root", lambda command: False)
    monkeypatch.setattr(machine, "MANAGERS", {"sh": ["apt-get install -y -q bubblewrap"]})
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/bin/sh" if name == "sh" else None)
    result = doctor("--install-sandbox", "--quiet")
    assert result.exit_code == 2
    assert "Type:  sudo apt-get install -y bubblewrap" in result.output
    assert "No sandbox: bubblewrap" in result.output


def test_landlock_rights_fit_the_version_of_the_kernel():
    handled = [confinement._handled(version) for version in range(1, 9)]
    assert handled == sorted(handled)
    assert handled[0] == 2**13 - 1


@pytest.mark.parametrize(
    ("works", "said"), [(True, ""), (False, "Type:  sudo apt-get install -y bubblewrap")]
)
def test_doctor_installs_bubblewrap_where_it_may_and_refreshes_the_index_once(
    works, said, tmp_path, monkeypatch
):
    (tmp_path / "apt-get").write_text(
        f"#!/bin/sh\necho $1 >> {tmp_path}/log\n"
        f"[ $1 = update ] && touch {tmp_path}/index && exit 0\n"
        f"[ -e {tmp_path}/index ] && {'true' if works else 'false'} || exit 100\n"
        f"printf '#!/bin/sh\\n' > {tmp_path}/bwrap; /bin/chmod +x {tmp_path}/bwrap\n"
    )
    (tmp_path / "apt-get").chmod(0o755)
    (tmp_path / "touch").symlink_to("/usr/bin/touch")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    tier = Tier(2 if works else 0, "bubblewrap is not installed")
    monkeypatch.setattr("autograde.sandbox.best_tier", Mock(return_value=tier))
    monkeypatch.setattr(machine, "_prove", lambda: 1)
    result = doctor("--install-sandbox", "--quiet")
    assert (tmp_path / "log").read_text().split() == ["install", "update", "install"]
    assert said in result.output
    assert result.exit_code == (0 if works else 2)
