"""The repository keeps the promises of its own files."""

import re
import subprocess
import tomllib
from itertools import chain

import yaml
from support import ROOT

from autograde.course.configuration import TEMPLATE

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def bounds(requirement: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*([^;]*)(?:;.*)?", requirement).groups()
    return name.lower(), bound


def required() -> set[tuple[str, str]]:
    """The packages that pyproject.toml names, with their bounds."""
    lines = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return {bounds(line) for line in chain(*lines)}


def test_environment_and_pyproject_ask_for_the_same_packages_within_the_same_bounds():
    wanted = required() | {("python", PROJECT["requires-python"])}
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    given = {bounds(line) for line in listed if isinstance(line, str) and line != "pip"}
    from_pip = next(line["pip"] for line in listed if isinstance(line, dict))
    given |= {bounds(line) for line in from_pip if not line.startswith("-e")}  # conda knows no extras
    assert given == wanted


def locked_packages() -> list[str]:
    """The lock's entries, each with its hashes."""
    return (ROOT / "requirements.lock").read_text().replace(" \\\n    ", " ").splitlines()


def test_the_lock_names_exact_versions_with_hashes_and_no_host():
    entry = re.compile(r"[a-z0-9-]+==[0-9a-z.+!]+( ; [^:]+?)?( --hash=sha256:[0-9a-f]{64})+")
    assert [line for line in locked_packages() if not entry.fullmatch(line)] == []


def test_the_lock_holds_every_direct_dependency():
    locked = {line.split("==")[0] for line in locked_packages()}
    assert dict(required()).keys() - locked == set()


def test_a_new_course_is_configured_as_the_clone_is():
    assert (ROOT / "nbgrader_config.py").read_bytes() == TEMPLATE.read_bytes()


def test_of_a_lesson_its_text_is_committed_and_the_released_notebook():
    """The complete notebook is made where it is needed: one sentence changed is two files in a diff."""
    words = ["git", "ls-files", "solutions", "notebooks"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lessons = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md"))
    files = {name: f"{name}/{name.partition('-')[2]}" for name in lessons}
    texts = [f"solutions/{file}.md" for file in files.values()]
    released = [f"notebooks/{file}.ipynb" for file in files.values()]
    assert [name for name in listed if name.count("/") == 2] == [*released, *texts]


def test_the_example_in_readme_prints_what_readme_shows(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", text, re.DOTALL)
    exec(example[1], {})
    assert capsys.readouterr().out.startswith(example[2])
