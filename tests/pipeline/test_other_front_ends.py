"""A notebook as other front ends save it: graded like any other, its own cells no fault."""

import json
from pathlib import Path

import pytest
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.course.assignments import SOURCE
from autograde.pipeline.read_submission import NotebookReader, read_file
from autograde.pipeline.restore import restore_cells
from autograde.release.keys import find_key
from autograde.release.steps import CELL_ID

LESSONS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
# As a person leaves it who followed what it says.
INSTALL = SOURCE.format(line="%pip install -q descentlab.whl").replace("\n# %", "\n%")


def colab(notebook: dict) -> None:
    """Format 4.0: ids in the metadata; its own metadata on the notebook and on each cell."""
    notebook["nbformat_minor"] = 0
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": kernel, "accelerator": "GPU"}
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id", None)
        cell["metadata"] |= {"id": f"aB{number:010}", "colab": {"base_uri": "https://localhost:8080/"}}


def kaggle(notebook: dict) -> None:
    """Its own metadata, `trusted` and times on each cell."""
    notebook["metadata"]["kaggle"] = {"accelerator": "none", "isInternetEnabled": True}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"trusted": True, "execution": {"iopub.status.busy": "2026-01-01T00:00:00Z"}}


def vscode(notebook: dict) -> None:
    """The environment's name in the metadata, an id of its language on each cell."""
    notebook["metadata"]["kernelspec"] = {"display_name": ".venv", "language": "python", "name": "python3"}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"vscode": {"languageId": "python"}}


def jupyterlite(notebook: dict) -> None:
    """The kernel of the site, as its front end writes it when a person saves."""
    notebook["metadata"]["kernelspec"] = {
        "display_name": "Python (Pyodide)",
        "language": "python",
        "name": "python",
    }
    version = {"codemirror_mode": {"name": "python", "version": 3}, "name": "python", "version": "3.13"}
    notebook["metadata"]["language_info"] = version
    for cell in notebook["cells"]:
        cell["metadata"] |= {"trusted": True}


def saved(source: Path, folder: Path, change, install: bool = True) -> Path:
    """A lesson as a front end saves it, the cell that installs the package active, or not there."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != CELL_ID]
    if install:
        own = {"cell_type": "code", "source": INSTALL, "metadata": {}, "outputs": [], "execution_count": 1}
        notebook["cells"].insert(1, own | {"id": CELL_ID})
    change(notebook)
    path = folder / source.name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reader():
    with NotebookReader() as reader:
        yield reader


@pytest.mark.parametrize("change", [colab, kaggle, vscode, jupyterlite], ids=lambda change: change.__name__)
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.parent.name)
def test_nobody_is_accused_of_what_the_front_end_wrote(tmp_path, reader, lesson, change):
    path = saved(lesson, tmp_path, change)
    notebook, _ = read_file(path, reader)
    assert notebook.cells[1].source == INSTALL
    assert restore_cells(notebook, find_key(lesson.parent.name, path).notebook).changed == []
    assert "nbgrader" not in notebook.cells[1].metadata


@pytest.mark.needs("bubblewrap")
def test_the_cell_that_installs_costs_nothing_where_there_is_no_network(tmp_path):
    results = {}
    for install in (True, False):
        path = saved(ROOT / "solutions/06-adam/adam.ipynb", tmp_path, colab, install)
        done = CliRunner().invoke(app, ["grade-one", str(path), "--json", str(tmp_path / "r.json")])
        assert done.exit_code == 0, done.output
        results[install] = json.loads((tmp_path / "r.json").read_text())
    with_it, before = results[True], results[False]
    assert with_it["flags"] == before["flags"] == []
    assert with_it["score"] == before["score"] == 17
    assert _scores(with_it) == _scores(before)


def _scores(result: dict) -> list[tuple]:
    return [(cell["grade_id"], cell["score"], cell["max_score"]) for cell in result["cells"]]
