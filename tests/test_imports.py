"""Imports go one way: the contracts of `make lint`, and the page made of what there is."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import imports as graph_page

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


@pytest.fixture(scope="module")
def graph():
    return graph_page.rooms()


def test_no_rooms_import_each_other_in_a_circle(graph):
    assert graph_page.circles(graph) == []


def test_a_circle_is_seen_also_where_it_leads_through_others():
    ring = {name: frozenset(after) for name, after in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))}
    assert graph_page.circles(ring) == [["a", "b", "c"]]
    assert graph_page.levels(ring) == {"a": 0, "b": 0, "c": 0, "d": 1}


def test_the_page_is_made_from_the_code(graph):
    said = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    assert said == graph_page.page(graph), "out of date: run `make pages`"


def test_a_broken_contract_is_an_error_of_make_lint(tmp_path):
    """comparing that imports diagnosis, in a copy of the code."""
    for package in ("src", "autograde"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())

    def lint() -> subprocess.CompletedProcess:
        command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
        paths = {"PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}"}
        return subprocess.run(command, cwd=tmp_path, env=paths, capture_output=True, text=True)

    assert lint().returncode == 0
    rules = tmp_path / "src/descentlab/checks/comparing/rules.py"
    rules.write_text("from descentlab.diagnosis import explain\n" + rules.read_text())
    broken = lint()
    assert broken.returncode != 0
    assert CONTRACTS[0]["name"].split(",")[0] in " ".join(broken.stdout.split())
