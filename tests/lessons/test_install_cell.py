"""The cell that installs the package elsewhere: in every released lesson, once, part of no assignment."""

import nbformat
import pytest
from lesson import LESSONS
from nbgrader.validator import Validator
from support import ROOT

from autograde.assignments.install_cell import CELL_ID, SOURCE
from autograde.lessons.release_notebooks import release_notebooks
from autograde.mark.key import find_key

PAGE = (ROOT / "docs" / "where-to-run.md").read_text(encoding="utf-8")


def install_cells(notebook):
    return [place for place, cell in enumerate(notebook.cells) if "pip install" in cell.source]


def released(folder, *sources, title=True):
    """A course of one notebook with these code cells, below a title or not; what is handed out."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_markdown_cell("# Title")] * title
    made.cells += map(nbformat.v4.new_code_cell, sources)
    path = folder / "solutions" / "hw1" / "hw1.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(made, path)
    (handed_out,) = release_notebooks(folder, "hw1", register=False)
    return nbformat.read(handed_out, as_version=4)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_it_stands_once_right_below_the_title_in_comments(lesson):
    assert install_cells(lesson.released) == [1]
    cell = lesson.released.cells[1]
    assert lesson.released.cells[0].source.startswith("# ")
    assert (cell.cell_type, dict(cell.metadata), cell.outputs) == ("code", {}, [])
    assert all(line.startswith("# ") for line in cell.source.splitlines())
    assert install_cells(lesson.solved) == []


def test_without_its_mark_its_last_line_is_the_one_that_the_page_names():
    assert f"    {SOURCE}\n".replace("\n#", "\n    #") in PAGE
    assert SOURCE.splitlines()[-1] == "# %pip install -q descentlab"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_no_key_knows_it(lesson):
    key = find_key(lesson.name, lesson.released_path).notebook
    assert CELL_ID not in key.cells
    assert all(cell.source != SOURCE for cell in key.cells.values())


def test_a_notebook_without_the_package_gets_none(tmp_path):
    assert install_cells(released(tmp_path, "import numpy as np")) == []


def test_a_notebook_that_installs_it_by_itself_gets_no_second(tmp_path):
    own = "%pip install -q descentlab==0.1.0"
    assert install_cells(released(tmp_path, own, "from descentlab import check")) == [1]


def test_a_notebook_without_a_title_gets_it_on_top(tmp_path):
    assert install_cells(released(tmp_path, "from descentlab import check", title=False)) == [0]


def test_nbgraders_own_validation_says_nothing_of_it(tmp_path):
    made = released(tmp_path, "from descentlab import check")
    made.cells = made.cells[:2]
    path = tmp_path / "one.ipynb"
    nbformat.write(made, path)
    found = Validator().validate(str(path))
    assert set(found) <= {"passed"}
