"""The cell that installs the package elsewhere, where a course names a line: part of no assignment."""

import nbformat
import pytest
from lesson import LESSONS
from nbgrader.validator import Validator
from support import ROOT

from autograde import installed
from autograde.course.configuration import TEMPLATE
from autograde.release.lessons import release_notebooks
from autograde.release.steps import INSTALL_CELL

PAGE = (ROOT / "docs/platforms.md").read_text(encoding="utf-8")
LINE = "%pip install -q https://example.org/descentlab-0.1.0-py3-none-any.whl"


def install_cells(notebook):
    return [place for place, cell in enumerate(notebook.cells) if "pip install" in cell.source]


def released(folder, *sources, title=True, line=LINE):
    """A course of one notebook with these code cells, below a title or not; what is handed out."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_markdown_cell("# Title")] * title
    made.cells += map(nbformat.v4.new_code_cell, sources)
    path = folder / "solutions/hw1/hw1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    own = f"{TEMPLATE.read_text()}c.AddInstallCell.line = {line!r}\n" if line else TEMPLATE.read_text()
    (folder / "nbgrader_config.py").write_text(own)
    (handed_out,) = release_notebooks(folder, "hw1")
    return nbformat.read(handed_out, as_version=4)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_no_lesson_asks_to_install_a_name_that_anybody_could_take(lesson):
    assert install_cells(lesson.released) == install_cells(lesson.solved) == []


def test_it_stands_once_right_below_the_title_in_comments_as_the_page_shows_it(tmp_path):
    made = released(tmp_path, "from descentlab import check")
    assert install_cells(made) == [1]
    cell = made.cells[1]
    assert (cell.cell_type, dict(cell.metadata), cell.outputs) == ("code", {}, [])
    assert all(line.startswith("# ") for line in cell.source.splitlines())
    assert INSTALL_CELL.format(line=LINE) == cell.source
    assert f'    c.AddInstallCell.line = "{LINE}"\n' in PAGE
    assert f"    {cell.source}\n".replace("\n#", "\n    #") in PAGE


def test_a_course_that_names_no_line_gets_none(tmp_path):
    assert install_cells(released(tmp_path, "from descentlab import check", line="")) == []


def test_a_course_that_names_no_line_gets_the_wheel_of_the_projects_site_where_there_is_one(
    tmp_path, monkeypatch
):
    sites = {"Site": "https://example.org/course/"}
    monkeypatch.setattr(installed, "address", lambda of: sites.get(of, ""))
    made = released(tmp_path, "from descentlab import check", line="")
    wheel = f"descentlab-{installed.version_of('descentlab')}-py3-none-any.whl"
    assert made.cells[1].source.endswith(f"# %pip install -q https://example.org/course/try/pyodide/{wheel}")


def test_a_lesson_of_that_site_names_where_it_runs_in_the_browser_and_another_notebook_does_not(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(installed, "address", lambda of: "https://example.org/course")
    monkeypatch.setattr(installed, "lesson_folders", lambda: [tmp_path / "notebooks"])
    assert (
        "in your browser" not in released(tmp_path, "from descentlab import check", line="").cells[1].source
    )
    again = released(tmp_path, "from descentlab import check", line="").cells[1].source
    assert again.endswith(
        "browser, without installing anything: https://example.org/course/try/lab/index.html?path=hw1/hw1.ipynb"
    )


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
