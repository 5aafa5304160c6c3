"""A command whose extra is not installed says which one, and what to type."""

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from autograde import commands, installed
from autograde.cli import app


def every_command() -> list[str]:
    found = typer.main.get_command(app).commands
    groups = {name: getattr(command, "commands", None) for name, command in found.items()}
    return [f"{name} {kind}" if kind else name for name, kinds in groups.items() for kind in kinds or [""]]


@pytest.fixture
def bare(monkeypatch):
    """Nothing is installed beside the package itself."""
    monkeypatch.setattr(commands, "is_installed", lambda extra: False)


@pytest.mark.parametrize("command", every_command())
def test_every_command_names_its_extra_in_one_line_even_where_arguments_are_missing(bare, command):
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 2
    (line,) = done.output.strip().splitlines()
    assert line.startswith(f"autograde {command}: ")
    assert line.endswith(("[grader]'", "[lab]'", "[cluster]'", "[site]'"))


@pytest.mark.parametrize("command", every_command())
def test_every_help_works_without_any_extra(bare, command):
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_what_commands_import_at_the_start_is_in_every_role():
    """The rest is imported when a command runs."""
    code = "import sys, autograde.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "typer" in imported
    others = {"nbgrader", "nbformat", "nbconvert", "sqlalchemy", "jupytext", "distributed", "nh3", "zmq"}
    assert imported & others == set()


def test_on_windows_a_teachers_command_names_linux_and_a_students_works(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands.sys, "platform", "win32")
    done = CliRunner().invoke(app, ["grade", "x"])
    assert done.exit_code == 2
    assert "WSL 2" in done.output
    assert CliRunner().invoke(app, ["lab", "--no-start"]).exit_code == 0


def test_an_extra_is_there_when_all_its_packages_are(monkeypatch):
    assert installed.is_installed("lab")
    found = installed.Distribution.discover

    def without_nh3(name):
        return [] if name == "nh3" else found(name=name)

    monkeypatch.setattr(installed.Distribution, "discover", without_nh3)
    assert not installed.is_installed("grader")
    assert installed.is_installed("lab")


@pytest.mark.parametrize(
    ("origin", "typed"),
    [
        (None, "'descentlab[lab]'"),
        ({"url": "file:///a/d-0.1.0.whl", "archive_info": {}}, "'/a/d-0.1.0.whl[lab]'"),
        ({"url": "file:///my%20clone", "dir_info": {"editable": True}}, "-e '/my clone[lab]'"),
        ({"url": "file:///clone", "dir_info": {}}, "'/clone[lab]'"),
    ],
    ids=["an index", "a wheel", "an editable clone", "a clone"],
)
def test_what_to_type_names_where_the_package_came_from(monkeypatch, origin, typed):
    class Installed:
        @staticmethod
        def read_text(name):
            return json.dumps(origin) if origin else None

    monkeypatch.setattr(installed, "distribution", lambda name: Installed)
    assert installed.remedy("lab") == f"Type: pip install {typed}"
