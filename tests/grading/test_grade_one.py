"""`autograde grade-one`: one notebook outside any course."""

from __future__ import annotations

import json
import os
from concurrent.futures import Future
from pathlib import Path

import nbformat
import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.entries.entry import Entry, Person
from autograde.errors import UsageError
from autograde.grading import grade_one as one_notebook
from autograde.release.keys import find_key
from autograde.sandbox import RunResult

pytestmark = pytest.mark.xdist_group("grade-one")
RIGHT, HANDED_OUT = (ROOT / folder / "06-adam/adam.ipynb" for folder in ("solutions", "notebooks"))
AUTOMATIC, BY_HAND = 17, 3  # points of lesson 06
RESULTS = ("--json", "--results-json")


def run(folder: Path, *words: object):
    done = CliRunner().invoke(app, ["grade-one", *map(str, words)], env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def handed_in(tmp_path):
    """Makes a file of a lesson's notebook, its code cells changed."""

    def make(source: Path = RIGHT, **replaced: str) -> Path:
        notebook = nbformat.read(source, as_version=4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = replaced.get(grade_id.replace("-", "_"), cell.source)
        path = tmp_path / "in/adam.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return make


def marked(folder: Path, *words: object):
    """What was said of a marking, and its result."""
    done = run(folder, *words, "--json", folder / "r.json")
    return done, json.loads((folder / "r.json").read_text())


@pytest.mark.needs("bubblewrap")
class TestInTheSandbox:
    def test_right_answers_earn_what_they_earn_in_a_course_and_words_wait(self, handed_in, tmp_path):
        done, result = marked(tmp_path, handed_in())
        assert done.exit_code == 0, done.output
        assert (result["score"], result["max_score"]) == (AUTOMATIC, AUTOMATIC + BY_HAND)
        assert (result["pending_manual"], result["flags"]) == (1, [])

    def test_every_door_says_the_same_of_a_wrong_answer(self, handed_in, tmp_path):
        wrong = handed_in(eps_hat="eps_hat = lambda eps, t, beta2=0.999: eps")
        files = [tmp_path / name for name in ("r.json", "results.json")]
        options = [word for pair in zip(RESULTS, files, strict=True) for word in pair]
        assert run(tmp_path, wrong, *options).exit_code == 1
        score = json.loads(files[0].read_text())["score"]
        assert 0 < score < AUTOMATIC
        gradescope = json.loads(files[1].read_text())
        assert gradescope["score"] == score
        (failed,) = [test for test in gradescope["tests"] if test.get("status") == "failed"]
        assert failed["name"] == "adam/eps-hat"
        assert len(failed["output"].splitlines()) >= 1

    def test_points_and_checks_that_the_notebook_claims_count_for_nothing(self, handed_in, tmp_path):
        path = handed_in(HANDED_OUT)
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
                cell.source = "1e9"
                cell.metadata.nbgrader.points = 1e9
        nbformat.write(notebook, path)
        done, result = marked(tmp_path, path)
        assert done.exit_code == 1
        assert (result["score"], result["max_score"]) == (0, AUTOMATIC + BY_HAND)
        assert result["flags"] == ["altered-cells"]

    def test_an_teachers_own_notebook_is_a_key_hidden_tests_and_all(self, tmp_path):
        key = tmp_path / "key/double.ipynb"
        key.parent.mkdir()
        nbformat.write(own_assignment(), key)
        mine = own_assignment()
        mine.cells[0].source = "def double(x):\n    return 2 if x == 1 else 0"
        mine.cells[1].source = "assert double(1) == 2"
        path = tmp_path / "double.ipynb"
        nbformat.write(mine, path)
        done, result = marked(tmp_path, path, "--key", key)
        assert (result["score"], result["max_score"], result["flags"]) == (0, 4, []), done.output
        assert result["cells"][0]["self_reported"]


class Empty:
    """A sandbox in which nothing runs."""

    def __init__(self, **_: object) -> None: ...

    def __enter__(self) -> Empty:
        return self

    def __exit__(self, *_: object) -> None: ...

    def prove(self) -> None: ...

    def submit_run(self, cells, seed, files) -> Future[RunResult]:
        future: Future[RunResult] = Future()
        future.set_result(RunResult(cells=[], flags=[], seconds=0.0, cpu_seconds=0.0, tier=3))
        return future


def test_a_fresh_secret_each_run_and_the_same_one_from_a_file(handed_in, tmp_path, monkeypatch):
    seeds = []
    monkeypatch.setattr(one_notebook, "Pool", Empty)
    monkeypatch.setattr(
        one_notebook.judge, "judge_submission", lambda run: seeds.append(run.notebooks[0].seeds)
    )
    path, secret = handed_in(), tmp_path / "secret"
    for words in ((), (), ("--secret", secret), ("--secret", secret)):
        run(tmp_path, path, *words)
    assert seeds[0] != seeds[1] != seeds[2] == seeds[3]
    assert secret.stat().st_mode & 0o777 == 0o600


def own_assignment():
    def cell(source, **nbgrader):
        fields = {"schema_version": 3, "task": False, "cell_type": "code", **nbgrader}
        return nbformat.v4.new_code_cell(source, metadata={"nbgrader": fields})

    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    test = "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(3) == 6\n### END HIDDEN TESTS"
    return nbformat.v4.new_notebook(
        cells=[
            cell(answer, grade_id="double", solution=True, grade=False, locked=False),
            cell(test, grade_id="test-double", solution=False, grade=True, locked=True, points=4),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


class TestWhatCannotBeMarked:
    """One line, nothing written, exit status 2."""

    def refused(self, tmp_path, *words: object) -> str:
        before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
        done = run(tmp_path, *words)
        assert done.exit_code == 2, done.output
        assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before
        (line,) = done.stderr.splitlines()
        return line

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("in/hw3.ipynb",), "06-adam"),
            (("adam.ipynb",), "is not there"),
            (("in/adam.ipynb", "--key", "06-adma"), "neither"),
            (("in/adam.ipynb", "--key", "in/adam.ipynb"), "itself"),
            (("in/adam.ipynb", "--secret", "short"), "32"),
            (("in/adam.ipynb", "--isolation", "strong"), "same-user"),
            *((("in/adam.ipynb", option, "in/adam.ipynb"), "written over") for option in RESULTS),
            (("in", "--key", "06-adam", "--json", "in/adam.ipynb"), "written over"),
            (
                ("in/adam.ipynb", "--json", "r.json", "--results-json", "same/r.json"),
                "same/r.json would be written over",
            ),
        ],
        ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
    )
    def test_a_wrong_word_is_named(self, handed_in, tmp_path, monkeypatch, words, said):
        monkeypatch.chdir(tmp_path)
        handed_in()
        (tmp_path / "in/hw3.ipynb").write_text("{}")
        (tmp_path / "short").write_bytes(b"short")
        (tmp_path / "same").symlink_to(tmp_path, target_is_directory=True)
        assert said in self.refused(tmp_path, *words)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [], "nbformat": 4, "metadata": {}}'])
    def test_a_key_that_holds_nothing(self, handed_in, tmp_path, text):
        (tmp_path / "key.ipynb").write_text(text)
        self.refused(tmp_path, handed_in(), "--key", tmp_path / "key.ipynb")


class TestWhatAPersonHasToLookAt:
    """No points, a named reason, exit status 1: the file is the student's."""

    @pytest.fixture(autouse=True)
    def no_sandbox(self, monkeypatch):
        monkeypatch.setattr(one_notebook, "Pool", None)

    def looked_at(self, tmp_path, notebook: Path) -> dict:
        done = run(tmp_path, notebook, "--key", "06-adam", "--results-json", tmp_path / "r.json")
        assert done.exit_code == 1, done.output
        result = json.loads((tmp_path / "r.json").read_text())
        assert result["score"] == 0
        return result

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 10**5, b'{"cells": NaN}'])
    def test_a_file_that_is_no_notebook(self, tmp_path, content):
        (tmp_path / "adam.ipynb").write_bytes(content)
        assert "adam.ipynb" in self.looked_at(tmp_path, tmp_path / "adam.ipynb")["output"]

    @pytest.mark.parametrize(
        ("make", "said"),
        [(lambda path: path.symlink_to(RIGHT), "link"), (os.mkfifo, "regular")],
        ids=["a link is not followed", "a pipe makes nobody wait"],
    )
    def test_a_file_that_is_not_regular(self, tmp_path, make, said):
        make(tmp_path / "adam.ipynb")
        assert said in self.looked_at(tmp_path, tmp_path / "adam.ipynb")["output"]

    @pytest.mark.parametrize(
        ("names", "said"), [((), "adam.ipynb"), (("a.ipynb", "b.ipynb"), "a.ipynb")], ids=["none", "two"]
    )
    def test_a_folder_without_one_notebook_that_could_be_it(self, tmp_path, names, said):
        (tmp_path / "in").mkdir()
        for name in names:
            (tmp_path / "in" / name).write_text("{}")
        assert said in self.looked_at(tmp_path, tmp_path / "in")["output"]


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["adam.ipynb", "notes.ipynb"], "adam.ipynb"),
        (["Copy of adam (1).ipynb", *(f"x{number}.csv" for number in range(1200))], "Copy of adam (1).ipynb"),
    ],
    ids=["the lesson's name", "the only one"],
)
def test_of_a_folder_the_notebook_that_can_be_meant_is_marked(tmp_path, names, chosen):
    for name in names:
        (tmp_path / name).write_text("{}")
    options = one_notebook.GradeOneOptions(tmp_path, find_key("06-adam", tmp_path))
    assert one_notebook._handed_in(options).name == chosen


def test_several_results_may_go_into_one_device_and_all_are_withheld(tmp_path):
    key, there = find_key("06-adam", tmp_path), Path(os.devnull)
    results = (tmp_path / "a/r.json", tmp_path / "b/r.xml", there)
    options = one_notebook.GradeOneOptions(tmp_path / "adam.ipynb", key, results=results)
    withheld = one_notebook._withheld(options, options.notebook).values()
    assert {tmp_path / "a", tmp_path / "b"} < set(withheld)
    assert there.parent not in withheld
    one_notebook._require_apart(one_notebook.GradeOneOptions(tmp_path, key, results=(there, there)), tmp_path)


def test_the_key_of_a_lesson_is_the_one_that_is_handed_out():
    key = find_key(None, Path("somewhere/adam.ipynb"))
    released = nbformat.read(HANDED_OUT, as_version=4)
    points = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.get("points")
              for c in released.cells if "nbgrader" in c.metadata}  # fmt: skip
    assert {cell.grade_id: cell.points for cell in key.notebook.cells.values()} == points
    assert key.answers.assignment == "06-adam"


def test_a_source_and_its_release_make_one_key():
    """The same checks and points, whichever of the two a teacher names."""
    of_source, of_release = (find_key(str(path), Path("x")).notebook for path in (RIGHT, HANDED_OUT))
    assert {name: (cell.points, cell.check, cell.checksum) for name, cell in of_source.cells.items()} == {
        name: (cell.points, cell.check, cell.checksum) for name, cell in of_release.cells.items()
    }
    assert of_source.versions == of_release.versions


@pytest.mark.parametrize("status", ["needs-review", "malformed", "crashed"])
def test_nothing_is_earned_where_nothing_was_graded(status):
    """Not even where no cell says that a point is missing."""
    assert not one_notebook.everything_earned(Entry(Person("s"), "06-adam", status, 20.0, 0.0))
    assert one_notebook.everything_earned(Entry(Person("s"), "06-adam", "graded", 20.0, 0.0))


def test_a_key_that_nbgrader_would_not_release_is_refused(tmp_path):
    twice = own_assignment()
    twice.cells.append(nbformat.from_dict({**twice.cells[1], "id": "another"}))
    nbformat.write(twice, tmp_path / "key.ipynb")
    with pytest.raises(UsageError, match=r"key\.ipynb"):
        find_key(str(tmp_path / "key.ipynb"), Path("x"))
