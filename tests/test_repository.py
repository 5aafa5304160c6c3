"""The repository keeps the promises of its own files."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from support import ROOT

from autograde.configuration import TEMPLATE

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def bounds(requirement: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*([^;]*)(?:;.*)?", requirement).groups()
    return name.lower(), bound


def test_environment_and_pyproject_ask_for_the_same_packages_within_the_same_bounds():
    wanted = {bounds(line) for line in PROJECT["dependencies"]}
    for extra in PROJECT["optional-dependencies"].values():
        wanted |= {bounds(line) for line in extra}
    wanted.add(("python", PROJECT["requires-python"]))
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    given = {bounds(line) for line in listed if isinstance(line, str) and line != "pip"}
    from_pip = next(line["pip"] for line in listed if isinstance(line, dict))
    given |= {bounds(line) for line in from_pip if not line.startswith("-e")}  # conda knows no extras
    assert given == wanted


def test_the_lock_names_exact_versions_and_no_host():
    lines = (ROOT / "requirements.lock").read_text().split()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9A-Za-z.+!]+", line)] == []


def test_the_lock_holds_every_direct_dependency():
    lines = (ROOT / "requirements.lock").read_text().split()
    locked = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    direct = {bounds(line)[0] for line in PROJECT["dependencies"]}
    for extra in PROJECT["optional-dependencies"].values():
        direct |= {bounds(line)[0] for line in extra}
    assert direct - locked == set()


def test_a_new_course_is_configured_as_the_clone_is():
    assert (ROOT / "nbgrader_config.py").read_bytes() == TEMPLATE.read_bytes()


def workers_of(folder, text):
    """The workers, of two, that pass the tests of this text."""
    (folder / "test_group.py").write_text(f"import pytest\n{text}")
    words = ["pytest", "-o", f"pythonpath={ROOT / 'tests'}", "-n", "2", "--dist", "loadgroup", "-v"]
    done = subprocess.run([sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True)
    passed = re.findall(r"^\[(gw\d)\].*PASSED", done.stdout, re.MULTILINE)
    assert len(passed) == 4, done.stdout
    return set(passed)


def test_tests_of_one_group_share_a_worker(tmp_path):
    """Otherwise each worker makes what a group's tests share."""
    marks = "@pytest.mark.xdist_group('one')\n@pytest.mark.parametrize('x', range(4))\n"
    assert len(workers_of(tmp_path, f"{marks}def test(x): pass")) == 1


@pytest.mark.parametrize(("scope", "count"), [("module", 1), ("function", 2)])
def test_tests_with_a_fixture_of_their_module_share_a_worker(tmp_path, scope, count):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    fixtures = f"@pytest.fixture(scope='{scope}')\ndef made(): pass\n@pytest.fixture\ndef used(made): pass\n"
    text = f"{fixtures}@pytest.mark.parametrize('x', range(4))\ndef test(x, used): pass"
    assert len(workers_of(tmp_path, text)) == count


def test_contributing_says_first_which_file_to_edit():
    assert "solutions/NN-rule/rule.md" in (ROOT / "CONTRIBUTING.md").read_text().splitlines()[0]


def test_of_a_lesson_its_text_is_committed_and_the_released_notebook():
    """The complete notebook is made where it is needed: one sentence changed is two files in a diff."""
    words = ["git", "ls-files", "solutions", "notebooks"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lessons = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md"))
    files = {name: f"{name}/{name.partition('-')[2]}" for name in lessons}
    texts = [f"solutions/{file}.md" for file in files.values()]
    released = [f"notebooks/{file}.ipynb" for file in files.values()]
    assert [name for name in listed if name.count("/") == 2] == [*released, *texts]
