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
NAMES = [contract["name"] for contract in CONTRACTS]


@pytest.fixture(scope="module")
def graph():
    return graph_page.rooms()


def test_no_rooms_import_each_other_in_a_circle(graph):
    assert graph_page.circles(graph) == []


def test_the_lines_that_run_on_call_make_one_circle_which_the_page_names(graph):
    """A variant is built of its plain rule, and looks at its input as every rule does."""
    on_call = graph_page.rooms(on_call=True)
    assert graph_page.circles(on_call) == [["descentlab.rules", "descentlab_variants"]]
    assert "there is a circle: `descentlab.rules`, `descentlab_variants`." in graph_page.page(graph, on_call)


def test_an_import_for_types_alone_counts(graph):
    assert "descentlab.checks.judging" in graph["descentlab.borrowing"]


def test_a_circle_is_seen_also_where_it_leads_through_others():
    ring = {name: frozenset(after) for name, after in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))}
    assert graph_page.circles(ring) == [["a", "b", "c"]]
    assert graph_page.levels(ring) == {"a": 0, "b": 0, "c": 0, "d": 1}


def test_the_page_is_made_from_the_code(graph):
    said = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    assert said == graph_page.page(graph, graph_page.rooms(on_call=True)), "out of date: run `make pages`"


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        (
            "src/descentlab/checks/comparing/rules.py",
            "from descentlab.diagnosis import explain",
            "judging stands",
        ),
        ("autograde/grading/judge.py", "import autograde_demo.cases", "what few need stands apart"),
        ("src/descentlab/figures/style.py", "import descentlab_variants", "what few need stands apart"),
    ],
)
def test_a_broken_contract_is_an_error_of_make_lint(file, line, contract, tmp_path):
    """One import too many, in a copy of the code."""
    for package in ("src", "autograde"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    with (tmp_path / file).open("a") as code:
        code.write(f"\n{line}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    paths = {"PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}"}
    broken = subprocess.run(command, cwd=tmp_path, env=paths, capture_output=True, text=True)
    assert broken.returncode != 0
    said = " ".join(broken.stdout.split())
    assert any(name.startswith(contract) and f"{name} BROKEN" in said for name in NAMES)


def test_no_contract_is_broken():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


def test_the_page_lists_the_lines_that_reach_what_stands_apart(graph):
    page = graph_page.page(graph, graph_page.rooms(on_call=True))
    assert len(graph_page.ON_CALL) == 5
    assert all(f"- `{importer}` → `{imported}`\n" in page for importer, imported in graph_page.ON_CALL)
    assert not {room for room in graph if room.startswith(tuple(f"{name}." for name in graph_page.APART))}


def test_sentences_alone_load_no_other_room():
    code = "import sys, descentlab.sentences; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    ours = {name for name in done.stdout.split() if name.startswith("descentlab")}
    assert ours == {"descentlab", "descentlab.sentences"}, done.stderr


def test_every_name_of_the_package_is_there_when_it_is_asked_for():
    code = (
        "import descentlab.check_progress\n"
        "from descentlab import *\n"
        "import descentlab, descentlab.rules\n"
        "assert all(callable(getattr(descentlab, name)) for name in descentlab.__all__)\n"
        "assert set(descentlab.__all__) <= set(dir(descentlab)) & set(globals())\n"
        "assert not hasattr(descentlab, 'nothing') and not hasattr(descentlab.rules, 'Nothing')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
