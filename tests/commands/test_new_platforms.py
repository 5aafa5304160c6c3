"""`autograde new gradescope`, and the workflows in docs/platforms.md for GitHub Classroom and GitLab."""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.lms.gradescope import installed_versions

LESSON = "06-adam"
VERSION = version("descentlab")


def new(*words: object):
    done = CliRunner().invoke(app, ["new", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def wheel(tmp_path) -> Path:
    path = tmp_path / f"descentlab-{VERSION}-py3-none-any.whl"
    path.write_bytes(b"wheel")
    return path


class TestGradescope:
    def made(self, tmp_path, wheel, *words: object, name: str = "a.zip") -> zipfile.ZipFile:
        done = new("gradescope", LESSON, "--wheel", wheel, "--out", tmp_path / name, *words)
        assert done.exit_code == 0, done.output
        return zipfile.ZipFile(tmp_path / name)

    def test_its_two_scripts_can_be_run_and_beside_them_are_the_wheel_and_what_is_handed_out(
        self, tmp_path, wheel
    ):
        archive = self.made(tmp_path, wheel)
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
            text = archive.read(name).decode()
            assert text.startswith("#!/usr/bin/env bash\n")
            assert subprocess.run(["bash", "-n"], input=text, text=True).returncode == 0
        assert archive.read(wheel.name) == b"wheel"
        handed_out = (ROOT / "notebooks" / LESSON / "adam.ipynb").read_bytes()
        assert archive.read("key/adam.ipynb") == handed_out, "and no solution"
        assert archive.read("isolation") == b"auto\n"

    def test_the_same_files_make_the_same_zip(self, tmp_path, wheel):
        self.made(tmp_path, wheel)
        os.utime(wheel, (0, 0))
        self.made(tmp_path, wheel, name="b.zip")
        assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
        assert {one.date_time for one in zipfile.ZipFile(tmp_path / "a.zip").infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }

    def test_the_isolation_that_was_asked_for_goes_with_it(self, tmp_path, wheel):
        assert self.made(tmp_path, wheel, "--isolation", "none").read("isolation") == b"none\n"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("06-adma", "06-adam"),
            ("06-adam --isolation strong", "same-user"),
            ("06-adam --wheel none.whl", "--wheel"),
            ("06-adam --wheel descentlab-0.0.0-py3-none-any.whl", VERSION),
        ],
    )
    def test_what_cannot_be_made_is_one_line_and_no_file(self, tmp_path, monkeypatch, words, said):
        monkeypatch.chdir(tmp_path)
        Path("descentlab-0.0.0-py3-none-any.whl").touch()
        before = sorted(tmp_path.iterdir())
        done = new("gradescope", *words.split())
        assert done.exit_code == 2
        (line,) = done.stderr.splitlines()
        assert said in line
        assert sorted(tmp_path.iterdir()) == before

    def test_a_zip_that_is_there_stays(self, tmp_path, wheel):
        (tmp_path / "a.zip").write_text("mine")
        assert new("gradescope", LESSON, "--wheel", wheel, "--out", tmp_path / "a.zip").exit_code == 2
        assert (tmp_path / "a.zip").read_text() == "mine"

    def test_all_that_a_grader_needs_has_one_version(self):
        lines = [Requirement(line) for line in installed_versions()]
        names = [requirement.name for requirement in lines]
        assert {"numpy", "nbgrader", "ipykernel", "nh3", "traitlets"} <= set(names)
        assert len(names) == len(set(names))
        assert all(str(one.specifier) == f"=={version(one.name)}".partition("+")[0] for one in lines)


GITHUB, GITLAB = map(
    yaml.safe_load,
    re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/platforms.md").read_text(encoding="utf-8"), re.DOTALL),
)


def test_gitlab_marks_by_the_lesson():
    (line,) = GITLAB["grade-one"]["script"]
    assert shlex.split(line)[1:] == ["grade-one", "$CI_PROJECT_DIR/adam.ipynb", "--key", LESSON]


WITH_JQ = pytest.mark.skipif(not shutil.which("jq"), reason="not run: no jq, which GitHub's machines have")


@WITH_JQ
@pytest.mark.parametrize("earned", [0.0, 2.5, 5.0, None])
def test_github_is_told_the_points_that_gradescope_is_told(tmp_path, earned):
    """The step's own script, with a grader that says what it is told to; None: nobody could read the notebook."""
    passed = earned == 5
    check = {
        "name": "adam/update", "score": earned, "max_score": 5.0,
        "status": "passed" if passed else "failed", "output": "" if passed else 'the "cause"\n$(touch x)',
    }  # fmt: skip
    tests = [] if earned is None else [check, {"name": "words", "output": "needs manual grading"}]
    assert run_step(tmp_path, f"cp said.json results.json\nexit {int(not passed)}", tests).returncode == 0
    (line,) = (tmp_path / "output").read_text().splitlines()
    told = json.loads(base64.b64decode(line.removeprefix("result=")))
    assert told["status"] == ("pass" if passed else "fail")
    assert not (tmp_path / "x").exists()
    if tests:
        assert told["max_score"] == 5
        (told,) = told["tests"]
        assert (told["name"], told["score"], told["message"]) == ("adam/update", earned, check["output"])


def run_step(folder: Path, grader: str, tests: list[dict]) -> subprocess.CompletedProcess:
    """The workflow's own step with this script as the grader, which finds these tests' results in said.json."""
    steps = GITHUB["jobs"]["run-autograding-tests"]["steps"]
    step = next(step for step in steps if step.get("id") == "notebook")
    (folder / "said.json").write_text(json.dumps({"score": 0, "tests": tests}))
    program = folder / "grader" / "bin" / "autograde"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{grader}\n")
    program.chmod(0o755)
    environment = os.environ | {"RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output")}
    words = ["bash", "-e", "-o", "pipefail", "-c", step["run"]]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True)


@WITH_JQ
def test_github_is_told_nothing_where_the_grader_failed(tmp_path):
    assert run_step(tmp_path, "exit 2", []).returncode == 2
    assert not (tmp_path / "output").exists()
