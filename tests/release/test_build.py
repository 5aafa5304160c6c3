"""From a lesson's text to the notebook students get."""

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from course_folder import run_in
from jupytext import TextFileContentsManager
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import ROOT, stale_notebooks

from autograde.course.assignments import course_settings, lesson_paths
from autograde.entries.answer_key import CheckCellError
from autograde.errors import UsageError
from autograde.release.conversion import convert
from autograde.release.lessons import build, release_notebooks, update_notebook
from autograde.release.steps import PrintPoints, check_cells, opening_cell, require_points, untouched
from autograde.release.texts import notebook_of, text_of

LESSONS = lesson_paths(ROOT)
HEADER = """---
jupyter:
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
---
"""


def metadata(**given):
    """A cell's nbgrader metadata, as the fence of its text carries it."""
    cell = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
    return f"nbgrader={json.dumps(cell | given, sort_keys=True)}"


STUB = f"""{HEADER}
# A lesson

```python {metadata(grade_id="f", solution=True)}
def double(x):
    ### BEGIN SOLUTION
    return SECRET * x
    ### END SOLUTION


answer = None
### BEGIN SOLUTION
answer = SECRET
### END SOLUTION
```

```python {metadata(grade=True, grade_id="check-f", locked=True, points=2)}
check("toy/double", double, points=2)
```

<!-- #region {metadata(grade=True, grade_id="why", points=1, solution=True)} -->
Because of SECRET.
<!-- #endregion -->
"""


@pytest.fixture
def course(tmp_path):
    """A course with one toy lesson, not built yet."""
    return _toy(tmp_path)


@pytest.fixture(scope="module")
def _built(tmp_path_factory):
    course = _toy(tmp_path_factory.mktemp("built"))
    list(build(course))
    return course


@pytest.fixture
def built(_built, tmp_path):
    """The same course, built."""
    return Path(shutil.copytree(_built, tmp_path / "course"))


def change(notebook, do):
    """Change a notebook as an editor of notebooks does."""
    content = nbformat.read(notebook, as_version=4)
    do(content.cells)
    nbformat.write(content, notebook)


def edit(course, old, new):
    """Change the lesson's text."""
    text = course / "solutions/09-toy/toy.md"
    text.write_text(text.read_text().replace(old, new))


def _toy(course):
    folder = course / "solutions/09-toy"
    folder.mkdir(parents=True)
    (folder / "toy.md").write_text(STUB, encoding="utf-8")
    (folder / "README.md").write_text("Read me.")
    return course


def test_the_committed_notebooks_are_what_their_texts_give():
    assert LESSONS
    assert stale_notebooks(ROOT) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_text_to_notebook_to_text_is_the_identity(lesson):
    """But for the points in checks' calls, which a text may state or leave out."""
    text = lesson.read_text(encoding="utf-8")
    notebook = notebook_of(text)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    again = text_of(notebook)
    printed = re.compile(r", points=[\d.]+\)$", flags=re.M)
    assert printed.sub(")", again) == printed.sub(")", text)
    assert notebook_of(again) == notebook


def test_a_changed_text_makes_both_of_its_notebooks_stale(built):
    edit(built, "# A lesson", "# Another")
    assert stale_notebooks(built) == ["solutions/09-toy/toy.ipynb", "notebooks/09-toy/toy.ipynb"]


def test_a_second_build_writes_nothing_and_a_forced_release_gives_the_same_bytes(built):
    made = built / "notebooks/09-toy/toy.ipynb"
    before = made.read_bytes()
    assert list(build(built)) == []
    release_notebooks(built, "09-toy", force=True)
    assert made.read_bytes() == before


PICTURE = new_output("display_data", data={"text/plain": "a picture"})


def test_the_opening_cells_picture_is_released_and_no_change_of_a_text(built):
    edit(built, "# A lesson", "# A lesson\n\n```python\nfigures.curves()\n```\n")
    asked = []

    def opening(course, assignment):
        asked.append(assignment)
        return {"toy": [PICTURE]}

    list(build(built, opening=opening))
    first, *others = [cell for cell in released(built) if cell.cell_type == "code"]
    assert first.outputs == [PICTURE]
    assert not any(cell.outputs for cell in others)
    assert untouched(built / "notebooks/09-toy/toy.ipynb")
    assert list(build(built, opening=opening)) == []
    assert asked == ["09-toy"]


@pytest.mark.parametrize("graded", [True, False], ids=["a stub", "no figure"])
def test_a_first_cell_that_is_an_answer_or_draws_nothing_is_released_without_a_picture(graded):
    cell = new_code_cell("figures.curves()" if graded else "x = 1")
    if graded:
        cell.metadata["nbgrader"] = {"grade_id": "a", "solution": True, "grade": False, "locked": False}
    assert opening_cell(new_notebook(cells=[cell])) is None


def test_what_a_release_no_longer_has_and_students_still_get_is_named_and_stays(built, capsys):
    release_notebooks(built, "09-toy")
    assert capsys.readouterr().err == ""
    folder = built / "notebooks/09-toy"
    (folder / "data").mkdir()
    (folder / "data/answers.csv").write_text("42")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/toy-checkpoint.ipynb").write_text("{}")
    assert release_notebooks(built, "09-toy") == [folder / "toy.ipynb"]
    assert "students get it too: data/answers.csv. Delete what" in capsys.readouterr().err
    assert (folder / "data/answers.csv").exists()


def test_what_the_course_configures_stands_in_what_is_built_too(built):
    config = "c = get_config()\nc.ClearSolutions.code_stub = {'python': '# YOURS'}\n"
    (built / "nbgrader_config.py").write_text(config)
    assert stale_notebooks(built) == ["notebooks/09-toy/toy.ipynb"]
    assert [path.name for path in build(built)] == ["toy.ipynb"]
    assert "# YOURS" in released(built)[1].source
    assert stale_notebooks(built) == []
    release_notebooks(built, "09-toy")
    assert stale_notebooks(built) == []


def test_no_solution_reaches_the_released_folder(built):
    release_notebooks(built, "09-toy")
    given = {path.name: path.read_text() for path in (built / "notebooks/09-toy").iterdir()}
    assert given.keys() == {"README.md", "toy.ipynb"}
    assert "SECRET" not in str(given)


def test_stubs_keep_their_names_and_say_where_to_write(built):
    cells = released(built)
    assert cells[1].source == (
        "def double(x):\n    raise NotImplementedError  # your code here\n\n\n"
        "answer = None\n# your answer here"
    )
    assert cells[3].source == "*Your answer here.*"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("points=3)", r"points=3, its metadata says 2: write the same number in both"),
        ("points=N)", "must be written out"),
        ("2)", "must be written out"),
        ('points=2); check("toy/other", 1, points=2)', "must call check once"),
    ],
)
def test_a_check_cell_whose_points_are_not_its_metadata_is_refused(course, wrong, said):
    edit(course, "double, points=2)", f"double, {wrong}")
    with pytest.raises(UsageError, match=said):
        list(build(course))


def test_an_ordinary_nbgrader_test_cell_is_left_alone():
    notebook = notebook_of(STUB.replace('check("toy/double", double, points=2)', "assert double(2) == 4"))
    assert not [*check_cells(notebook)]
    require_points(notebook)


def test_a_check_without_a_written_name_is_refused():
    with pytest.raises(CheckCellError, match="name"):
        require_points(notebook_of(STUB.replace('check("toy/double"', "check(NAME")))


def released(course):
    """The cells that students get."""
    return nbformat.read(course / "notebooks/09-toy/toy.ipynb", as_version=4).cells


def test_points_stand_once_and_students_read_them_everywhere(course):
    """The metadata's number is printed in the call, in the sum on top and in the heading of the words."""
    words = "**99 points**\n\n```python\n1\n```\n\n### In words (9 points, read by a person)\n\n<!-- #region"
    edit(course, "# A lesson\n", "# A lesson\n\n**1 points** · short\n")
    edit(course, "double, points=2)", "double)")
    edit(course, '"points": 2', '"points": 4')
    edit(course, "<!-- #region", words)
    list(build(course))
    sources = [cell.source for cell in released(course)]
    assert sources[0] == "# A lesson\n\n**5 points** · short"
    assert sources[2] == 'check("toy/double", double, points=4)'
    assert "### In words (1 points, read by a person)" in sources[-2]
    assert list(build(course)) == []


@pytest.mark.parametrize(
    ("lesson", "text_is_newer_by"),
    [*((lesson, 3600) for lesson in LESSONS), (LESSONS[0], -3600), (LESSONS[0], 0)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_jupyterlab_opens_every_solution_and_an_edit_there_reaches_its_text(
    lesson, text_is_newer_by, tmp_path
):
    """Whichever file is newer: after `make notebooks`, after `git pull`, where times were not kept."""
    folder = shutil.copytree(lesson.parent, tmp_path / "solutions" / lesson.parent.name)
    shutil.copy(ROOT / "solutions/jupytext.toml", folder.parent)
    text = folder / lesson.name
    notebook = text.with_suffix(".ipynb")
    os.utime(text, (1e9, 1e9))
    os.utime(notebook, (1e9 - text_is_newer_by, 1e9 - text_is_newer_by))
    before = text.read_text()

    files = TextFileContentsManager(root_dir=str(tmp_path))
    model = files.get(str(notebook.relative_to(tmp_path)))
    content = model["content"]
    content.metadata["language_info"] = {"name": "python", "version": "3.11"}
    next(cell for cell in content.cells if cell.cell_type == "code").execution_count = 3
    cell = content.cells[0]
    title = cell.source.split("\n")[0]
    cell.source = cell.source.replace(title, f"{title}, edited")
    files.save(model, model["path"])

    assert text.read_text() == before.replace(f"\n{title}\n", f"\n{title}, edited\n", 1)
    assert update_notebook(text) is not None, "made anew, as JupyterLab notes more in it"
    assert f"{title}, edited" in notebook.read_text()


def test_a_release_makes_the_notebook_of_an_edited_text_anew(built):
    edit(built, "# A lesson", "# Edited")
    done = run_in(built, "release", "09-toy", "--untried")
    assert done.exit_code == 0, done.output
    assert "toy.ipynb from toy.md" in done.output
    assert released(built)[0].source == "# Edited"


@pytest.mark.parametrize("command", [["release", "09-toy", "--untried"], ["notebooks"]])
def test_jupyter_trusts_the_notebook_that_a_command_has_made_of_a_text(built, tmp_path, monkeypatch, command):
    """Else JupyterLab would not save the text with it."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    edit(built, "# A lesson", "# Edited")
    done = run_in(built, *command)
    assert done.exit_code == 0, done.output
    made = nbformat.read(built / "solutions/09-toy/toy.ipynb", as_version=4)
    assert "# Edited" in made.cells[0].source
    assert NotebookNotary(data_dir=str(tmp_path / "data")).check_signature(made)


def test_nothing_stale_goes_out_by_any_other_road(built):
    """formgrader's button and the registering of what was never released run nbgrader's own steps."""
    edit(built, "# A lesson", "# Edited")
    with pytest.raises(UsageError, match="hand out an old lesson"):
        release_notebooks(built, "09-toy")
    with pytest.raises(UsageError, match="hand out an old lesson"):
        convert(built, course_settings(built), "09-toy", built / "scratch", register=False)


@pytest.mark.parametrize("place", [1, 0])
def test_a_released_notebook_somebody_worked_in_is_not_overwritten(built, place):
    made = built / "notebooks/09-toy/toy.ipynb"
    change(made, lambda cells: cells[place].update(source=f"{cells[place].source}\n# my own line"))
    assert not untouched(made)
    mine = made.read_bytes()
    for refused in (lambda: release_notebooks(built, "09-toy"), lambda: list(build(built))):
        with pytest.raises(UsageError, match="somebody worked in it"):
            refused()
    assert made.read_bytes() == mine
    release_notebooks(built, "09-toy", force=True)
    assert untouched(made)


def test_a_notebook_edited_in_jupyterlab_is_not_lost(built):
    paired = built / "solutions/09-toy/toy.ipynb"
    change(paired, lambda cells: cells[0].update(source="# Edited in JupyterLab"))
    os.utime(paired.with_suffix(".md"), (1, 1))
    with pytest.raises(UsageError, match="jupytext --sync"):
        list(build(built))


def test_the_sum_on_top_counts_tasks_and_no_points_that_are_no_number():
    task = metadata(grade_id="task", locked=True, points=5, task=True)
    none = metadata(grade=True, grade_id="none", points=None, solution=True)
    more = "".join(f"\n<!-- #region {one} -->\nDo it.\n<!-- #endregion -->\n" for one in (task, none))
    notebook = notebook_of(STUB.replace("# A lesson\n", "# A lesson\n\n**9 points**\n") + more)
    PrintPoints().change(notebook, {})
    assert "**8 points**" in notebook.cells[0].source


@pytest.mark.parametrize("broken", ["", "{}", "[1, 2", "\0"])
def test_a_solution_that_is_not_a_notebook_is_named(course, broken):
    (course / "solutions/09-toy/toy.ipynb").write_text(broken)
    with pytest.raises(UsageError, match=r"toy\.ipynb"):
        release_notebooks(course, "09-toy")


def test_a_picture_pasted_in_jupyterlab_stays_with_its_cell_and_is_handed_out(built):
    paired = built / "solutions/09-toy/toy.ipynb"
    notebook = nbformat.read(paired, as_version=4)
    notebook.cells[0].source += "\n\n![](attachment:plot.png)"
    notebook.cells[0].attachments = {"plot.png": {"image/png": "AAAA"}}
    nbformat.write(notebook, paired)
    paired.with_suffix(".md").write_text(text_of(notebook))
    list(build(built))
    for folder in ("solutions", "notebooks"):
        first = nbformat.read(built / folder / "09-toy/toy.ipynb", as_version=4).cells[0]
        assert first.attachments == notebook.cells[0].attachments
    assert stale_notebooks(built) == []
