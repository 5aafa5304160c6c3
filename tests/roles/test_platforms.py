"""One notebook on other platforms, from the wheel; Gradescope's layout as root."""

import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from support import ROOT

from roles.installed import is_root

pytestmark = [
    pytest.mark.xdist_group("teacher"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
]
LESSON, NOTEBOOK = "06-adam", "adam.ipynb"
AUTOMATIC = 17
# What a submission tries in the container; each line says what came of it.
TRIES = """
import os
def tried(what, do):
    try: print(what, repr(do())[:80])
    except OSError as error: print(what, "refused")
print("user", os.getuid())
tried("key", lambda: os.listdir({place!r} + "/source/key"))
tried("results", lambda: open({place!r} + "/results/results.json", "w").write("100"))
tried("wheel's lesson", lambda: open({lesson!r}).read(9))
tried("others", lambda: os.listdir({place!r} + "/submission"))
tried("grader", lambda: os.kill(os.getppid(), 9))
"""


IN_A_FOLDER = pytest.mark.parametrize("folder", ["teacher"], indirect=True)


@IN_A_FOLDER
@pytest.mark.needs("bubblewrap")
def test_a_notebook_is_marked_in_an_empty_folder(teacher, folder):
    shutil.copy(ROOT / "solutions" / LESSON / NOTEBOOK, folder / NOTEBOOK)
    teacher.own(folder)
    said = teacher.good("autograde", "grade-one", NOTEBOOK, "--json", "r.json", cwd=folder)
    result = json.loads((folder / "r.json").read_text())
    assert (result["score"], result["pending_manual"], result["tier"] >= 2) == (AUTOMATIC, 1, True)
    assert f"{AUTOMATIC} of 20" in said


@IN_A_FOLDER
def test_without_namespaces_an_ordinary_user_is_told_that_nobody_else_would_run_it(teacher, folder, programs):
    shutil.copy(ROOT / "notebooks" / LESSON / NOTEBOOK, folder / NOTEBOOK)
    teacher.own(folder)
    words = ("env", f"PATH={programs}", teacher.bin / "autograde", "grade-one", NOTEBOOK, "--json", "r.json")
    done = teacher.run(*words, cwd=folder)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert "--isolation same-user" in line
    assert not (folder / "r.json").exists()


@pytest.mark.skipif(not is_root(), reason="not run: Gradescope runs autograders as root: run it as root")
class TestGradescope:
    """The zip in a scratch folder laid out as its container is, without namespaces, as containers are."""

    @pytest.fixture(scope="class")
    def container(self, teacher, programs) -> Iterator[dict[str, str]]:
        with tempfile.TemporaryDirectory(prefix="autograder-") as name:
            place = Path(name, "autograder")
            for folder in ("source", "submission", "results"):
                (place / folder).mkdir(parents=True)
            Path(name).chmod(0o755)
            teacher.good("autograde", "new", "gradescope", LESSON, "--out", "a.zip")
            zipfile.ZipFile(teacher.home / "a.zip").extractall(place / "source")
            for script in ("setup.sh", "run_autograder"):
                (place / "source" / script).chmod(0o755)
            environment = os.environ | {
                "AUTOGRADER": str(place), "ENVIRONMENT": f"{name}/environment", "PATH": str(programs),
            }  # fmt: skip
            done = subprocess.run(
                [place / "source" / "setup.sh"], env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
            yield environment

    def results(self, container, notebook=None, status=0) -> dict:
        place = Path(container["AUTOGRADER"])
        shutil.rmtree(place / "submission")
        (place / "submission").mkdir()
        if notebook is not None:
            nbformat.write(notebook, place / "submission" / "Copy of adam (1).ipynb")
        (place / "results" / "results.json").write_text("of another run")
        done = subprocess.run(
            [place / "source" / "run_autograder"], env=container, capture_output=True, text=True, cwd="/"
        )
        assert done.returncode == status, done.stderr
        written = place / "results" / "results.json"
        return json.loads(written.read_text()) if written.exists() else {}

    @pytest.fixture
    def notebook(self):
        return nbformat.read(ROOT / "solutions" / LESSON / NOTEBOOK, as_version=4)

    def test_right_answers_earn_all_that_no_person_gives(self, container, notebook):
        results = self.results(container, notebook)
        assert results["score"] == AUTOMATIC
        assert {test["status"] for test in results["tests"] if "score" in test} == {"passed"}

    def test_nothing_handed_in_is_no_points_and_says_so(self, container):
        results = self.results(container)
        assert results["score"] == 0
        assert NOTEBOOK in results["output"]

    def test_what_a_submission_tries_there_is_refused_and_changes_nothing(self, container, notebook):
        lesson = next(
            Path(container["ENVIRONMENT"]).glob(f"lib/*/site-packages/descentlab/notebooks/{LESSON}")
        )
        tries = TRIES.format(place=container["AUTOGRADER"], lesson=str(lesson / NOTEBOOK))
        reports = "import contextlib, io\nsaid = io.StringIO()\nwith contextlib.redirect_stdout(said):\n{}"
        body = "\n".join(f"    {line}" for line in tries.splitlines())
        # What it finds out comes out with the verdict: an answer that raises is told of in its own words.
        cells = (cell for cell in notebook.cells if "nbgrader" in cell.metadata)
        answer = next(cell for cell in cells if cell.metadata.nbgrader.grade_id == "adam-class")
        answer.source = "class Adam:\n    def __init__(self, *_, **__): raise ValueError(said.getvalue())"
        notebook.cells.insert(0, nbformat.v4.new_code_cell(reports.format(body)))
        results = self.results(container, notebook)
        (told,) = [test["output"] for test in results["tests"] if test["name"] == "adam/update"]
        for what in ("key", "results", "wheel's lesson", "others", "grader"):
            assert f"{what} refused" in told, told
        assert "user 0" not in told

    def test_where_it_cannot_be_marked_there_are_no_results(self, container, notebook):
        """Gradescope then tells of the autograder's fault; the file of an earlier run does not stay."""
        isolation = Path(container["AUTOGRADER"], "source", "isolation")
        before = isolation.read_text()
        isolation.write_text("strong")
        try:
            results = self.results(container, notebook, status=2)
        finally:
            isolation.write_text(before)
        assert results == {}
