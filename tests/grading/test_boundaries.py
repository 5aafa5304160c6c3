"""Killed between any two lasting effects and run again, a command ends as an undisturbed run does.

`boundaries.py` says what is tried; here each command is one test, and its failure names the boundaries.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

# Each command, and some of what it must have been killed before.
COMMANDS = json.loads(Path(__file__).with_name("boundaries.json").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.xdist_group("boundaries"), pytest.mark.timeout(600), pytest.mark.slow]


@pytest.fixture(scope="session")
def tried(request, tmp_path_factory) -> dict:
    """What became of every kill, all commands that are to be tested in one process."""
    items = [item for item in request.session.items if item.path == Path(__file__)]
    commands = [item.callspec.params["command"] for item in items]
    given = os.environ.get("PYTHONPATH", "")
    rooms = os.pathsep.join([str(ROOT / "tests"), given])
    program = [sys.executable, str(Path(__file__).with_name("boundaries.py")), *commands]
    folder = tmp_path_factory.mktemp("boundaries")
    environment = {**os.environ, "PYTHONPATH": rooms, "TMPDIR": str(folder)}
    ran = subprocess.run(program, capture_output=True, text=True, env=environment, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_was_killed_ends_as_if_undisturbed_when_run_again(command, tried, record_property):
    found = tried[command]
    said = [f"{kill['where']} {kill['ended']}: {'; '.join(kill['differs'])}" for kill in found["found"]]
    assert not said, "\n".join(said)
    for wanted in COMMANDS[command]:
        assert any(_is(wanted, effect) for effect in found["effects"]), wanted
    assert found["kills"] >= len(found["effects"])
    record_property("counts", {"kills at a boundary": found["kills"]})


def _is(wanted: str, effect: str) -> bool:
    """Whether an effect is the one meant: a file's name stands for its path."""
    what, _, name = wanted.partition(" ")
    return wanted in effect or (effect.startswith(f"{what} ") and f"/{name} " in effect)
