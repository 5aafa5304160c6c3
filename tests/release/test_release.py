"""`autograde release`: one clear line for each thing that can be wrong."""

import base64
import json
import shutil
import sys
from warnings import catch_warnings

import nbformat
import pytest
from course_folder import ASSIGNMENT, CONFIG, marks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app, main
from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.release.lessons import release_notebooks


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, which is the current folder."""
    shutil.copytree(ROOT / "solutions/01-sgd", tmp_path / "solutions/01-sgd")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["release", *map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "--all"),
        ("01-sgd --all", "--all"),
        ("10-none", "01-sgd"),
        *(
            (path, f"'{path}' is not an assignment's name")
            for path in (".", "..", "solutions/01-sgd", "../01-sgd")
        ),
        ("01-sgd --course-dir /no/such/folder", "/no/such/folder"),
    ],
)
def test_bad_input_gets_one_line_that_says_what_to_do(course, arguments, said):
    done = run(*arguments.split())
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_a_name_completed_as_a_folder_is_that_name(course):
    assert run("01-sgd/").exit_code == 0
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == ["01-sgd"]


@pytest.mark.parametrize("command", ["release 01-sgd", "notebooks"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("η".encode("utf-16"), "sgd.md is not UTF-8: save it as UTF-8"),
        (b" \n", "sgd.md is empty"),
        (b"---\njupyter: [\n---\n\n# SGD\n", "sgd.md cannot be read as a lesson: "),
    ],
)
def test_a_text_that_is_no_lesson_is_named_and_its_notebook_stays(course, command, text, words):
    notebook = course / "solutions/01-sgd/sgd.ipynb"
    before = notebook.read_bytes()
    (course / "solutions/01-sgd/sgd.md").write_bytes(text)
    done = CliRunner().invoke(app, command.split())
    assert (done.exit_code, notebook.read_bytes()) == (2, before), done.output
    (line,) = done.output.strip().splitlines()
    assert line.startswith(f"autograde {command.split()[0]}: solutions/01-sgd/{words}")


def test_a_text_as_windows_saves_it_and_one_without_a_header_are_lessons(course):
    text, released = course / "solutions/01-sgd/sgd.md", course / "notebooks/01-sgd/sgd.ipynb"
    assert run("01-sgd").exit_code == 0
    before, source = released.read_bytes(), text.read_bytes()
    for other in (
        b"\xef\xbb\xbf" + source,
        source.split(b"\n---\n\n", 1)[1],
    ):  # as Windows saves it, and without a header
        text.write_bytes(other)
        assert run("01-sgd").exit_code == 0
        assert released.read_bytes() == before


def test_a_course_without_assignments_is_named(tmp_path):
    done = run("--all", "--course-dir", tmp_path)
    assert done.exit_code == 2
    assert "solutions" in done.output


def test_a_text_without_a_notebook_is_an_assignment_and_hands_out_no_solution(course):
    (course / "solutions/01-sgd/sgd.ipynb").unlink()
    done = run("--all")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (course / "notebooks/01-sgd").iterdir()) == ["sgd.ipynb"]
    assert (course / "solutions/01-sgd/sgd.ipynb").exists()


def test_all_assignments_are_released_and_told(course):
    done = run("--all")
    assert done.exit_code == 0, done.output
    assert (course / "notebooks/01-sgd/sgd.ipynb").exists()
    assert "released" in done.output
    assert (course / "gradebook.db").exists()


def test_one_that_is_refused_holds_back_no_other_and_is_named_at_the_end(course):
    shutil.copytree(ROOT / "solutions/04-adagrad", course / "solutions/04-adagrad")
    assert run("--all").exit_code == 0
    released = course / "notebooks/01-sgd/sgd.ipynb"
    released.write_text(released.read_text().replace("SGD", "sgd", 1))
    (course / "notebooks/04-adagrad/adagrad.ipynb").unlink()
    done = run("--all")
    assert done.exit_code == 2
    assert (course / "notebooks/04-adagrad/adagrad.ipynb").exists()
    assert "somebody worked in it" in done.output
    assert done.output.strip().endswith("not released, see above: 01-sgd. All others are released.")


def hidden(kind):
    """A bundle of one picture, which no student may see."""
    return {f"image/{kind}": base64.b64encode(b"\xff\xd8\xff SECRET").decode()}


SECRET = hidden("jpeg")["image/jpeg"]


def handed_out(lesson_course, change):
    """What students get after this change of the teacher's notebook."""
    lesson_course.edit(change)
    (path,) = release_notebooks(lesson_course.root, ASSIGNMENT)
    return nbformat.read(path, as_version=4)


def cell_called(notebook, grade_id):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


EDITORS = {
    "slideshow": {"slide_type": SECRET},
    "vscode": {"languageId": SECRET},
    "collapsed": True,
    "scrolled": "auto",
    "execution": {"iopub.execute_input": SECRET},
    "name": SECRET,
    "jupyter": {"source_hidden": True, "outputs_hidden": True, "answer": SECRET},
    "x": [SECRET],
}


def seeded(notebook):
    """Every field of the format that could hold a solution does."""
    for cell in notebook.cells:
        cell.metadata |= EDITORS | {"tags": ["slide"], "editable": True}
        if cell.cell_type == "code":
            shown = {"image/jpeg": SECRET, "text/plain": SECRET}
            cell.outputs = [new_output("display_data", shown), new_output("stream", text=SECRET)]
            cell.execution_count = 7
    notebook.cells[5].attachments = {"a.jpg": hidden("jpeg"), "why?": hidden("jpeg")}
    notebook.metadata |= {
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": SECRET}}},
        "signature": SECRET,
        "authors": [{"name": SECRET}],
        "title": SECRET,
        "language_info": {"name": "python"},
    }
    notebook.metadata.kernelspec["argv"] = [SECRET]


def test_of_a_solution_nothing_leaves_but_what_is_named(fresh_course):
    given = handed_out(fresh_course, seeded)
    assert SECRET not in json.dumps(given)
    assert given.metadata.keys() == {"kernelspec", "language_info", "descentlab"}
    for cell in given.cells:
        assert cell.metadata.keys() <= {"nbgrader", "tags", "editable", "deletable", "jupyter"}
        assert (cell.metadata.tags, cell.metadata.jupyter) == (["slide"], {"source_hidden": True})
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    nbformat.validate(given)


def test_nbgraders_own_command_hands_out_no_more(fresh_course):
    """formgrader's Generate button takes this way."""
    fresh_course.configure(CONFIG)
    fresh_course.edit(seeded)
    fresh_course.register()  # nbgrader makes a gradebook with a program that need not be on PATH
    opened = Course.open(fresh_course.root)
    opened.directory.assignment_id = ASSIGNMENT
    GenerateAssignment(coursedir=opened.directory, config=opened.config).start()
    assert SECRET not in (fresh_course.root / "notebooks" / ASSIGNMENT / "adam.ipynb").read_text()


def test_a_solution_between_marks_takes_all_pictures_of_its_cell_along(fresh_course):
    def change(notebook):
        cell = notebook.cells[5]
        cell.source = (
            "Sketch it. ![](attachment:b.jpg)\n\n### BEGIN SOLUTION\n![](attachment:a.jpg)\n### END SOLUTION"
        )
        cell.attachments = dict.fromkeys(("a.jpg", "b.jpg"), hidden("jpeg"))

    cell = cell_called(handed_out(fresh_course, change), "why")
    assert cell.source.startswith("Sketch it.")
    assert "attachments" not in cell


def test_a_picture_stays_where_students_read_its_name(fresh_course):
    public = {"image/gif": base64.b64encode(b"GIF89a").decode()}

    def change(notebook):
        names = "plot.gif", "my plot.gif", "plot.gif.old", "lot.gif", "p"
        attachments = dict.fromkeys(names, hidden("jpeg")) | dict.fromkeys(names[:2], public)
        source = "![](attachment:plot.gif) ![](attachment:my%20plot.gif) plot.gif.old"
        notebook.cells.insert(0, new_markdown_cell(source, attachments=attachments))
        notebook.cells.insert(1, new_raw_cell("nothing", attachments={"a.jpg": hidden("jpeg")}))

    given = handed_out(fresh_course, change)
    assert given.cells[0].attachments == {"plot.gif": public, "my plot.gif": public}
    assert SECRET not in json.dumps(given)


def refused(course, name=ASSIGNMENT):
    """The one line of a release that is refused."""
    done = course.run("release", name)
    assert done.exit_code == 2
    (line,) = done.output.strip().splitlines()
    return line


TASK = "Draw it.\n### BEGIN MARK SCHEME\n![s](attachment:s.jpg)\n### END MARK SCHEME"


def with_task(source):
    def change(notebook):
        metadata = marks("draw-it", 2, locked=True)
        metadata["nbgrader"] |= {"task": True, "grade": False}
        notebook.cells.append(
            new_markdown_cell(source, metadata=metadata, attachments={"s.jpg": hidden("jpeg")})
        )

    return change


def test_a_picture_in_a_mark_scheme_is_refused_or_left_out(fresh_course):
    fresh_course.edit(with_task(TASK))
    line = refused(fresh_course)
    assert "cell 'draw-it': there is a picture in its mark scheme" in line
    assert "\\n" not in line
    fresh_course.configure(f"{CONFIG}c.ClearMarkScheme.check_attachment_leakage = False\n")
    given = handed_out(fresh_course, lambda notebook: None)
    assert cell_called(given, "draw-it").source == "Draw it."
    assert SECRET not in json.dumps(given)


REFUSED = {
    "no end of a mark scheme": (TASK.replace("![s]", "[s]").removesuffix("### END MARK SCHEME"), "draw-it"),
    "a mark scheme in an ordinary cell": (TASK.replace("![s]", "[s]"), None),
    "hidden tests in words": ("### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS", None),
    "no end of hidden tests": ("### BEGIN HIDDEN TESTS\nassert 1", "draw-it"),
    "no end of a solution": ("### BEGIN SOLUTION", "draw-it"),
    "a solution in an ordinary cell": ("### BEGIN SOLUTION\nx\n### END SOLUTION", None),
}


def refused_without_a_trial(course):
    with pytest.raises(UsageError) as refusal:
        release_notebooks(course.root, ASSIGNMENT)
    return str(refusal.value)


@pytest.mark.parametrize("refusal", [refused, refused_without_a_trial])
@pytest.mark.parametrize(("source", "grade_id"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_of_a_region_names_the_cell_and_says_what_to_do_on_one_line(
    fresh_course, source, grade_id, refusal
):
    cell = new_code_cell(source)
    fresh_course.edit(with_task(source) if grade_id else lambda notebook: notebook.cells.append(cell))
    (line,) = refusal(fresh_course).strip().splitlines()
    assert f": cell {grade_id!r}: " in line if grade_id else ": cell 7: " in line
    assert "Each BEGIN line needs its END line" in line
    assert "Error" not in line


@pytest.mark.parametrize("name", ["C++", "hw[1]", "week (2)"])
def test_a_name_that_nbgrader_takes_for_a_pattern_is_refused_in_one_line(fresh_course, name):
    shutil.copytree(fresh_course.root / "solutions" / ASSIGNMENT, fresh_course.root / "solutions" / name)
    assert f"Rename solutions/{name}" in refused(fresh_course, name)


def points(cell, worth):
    cell.metadata.nbgrader.update(points=worth)


def write(cell, line):
    cell.source = f"{line}\n{cell.source}"


ODD_METADATA = {
    "cell 5: 'BEGIN HIDDEN TEST' marks nothing, and students would get what it is to hide. Write ### BEGIN HIDDEN TESTS": (
        lambda cells: write(cells[4], "### BEGIN HIDDEN TEST")
    ),
    "cell 2: 'end solutoin' marks nothing": lambda cells: write(cells[1], "  # end solutoin"),
    "cells 3 and 7 both have the id 'check-adam-update'": lambda cells: cells.append(cells[2]),
    "cell 5 ('test-half') is graded, and its points are None": lambda cells: points(cells[4], None),
    "cell 6 ('why') is graded, and its points are -3": lambda cells: points(cells[5], -3),
    "cell 2 has the metadata of an older nbgrader": lambda cells: cells[1].metadata.nbgrader.update(
        schema_version=2
    ),
}


def test_a_cell_without_an_id_gets_one_and_nothing_is_said(fresh_course, monkeypatch):
    path = fresh_course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    notebook = json.loads(path.read_text())
    del notebook["cells"][0]["id"]
    path.write_text(json.dumps(notebook))
    words = ["autograde", "release", ASSIGNMENT, "--untried", "--course-dir", str(fresh_course.root)]
    monkeypatch.setattr(sys, "argv", words)
    with catch_warnings(record=True) as said, pytest.raises(SystemExit) as end:
        main()
    assert (end.value.code, [one for one in said if "id" in str(one.message)]) == (0, [])
    released = nbformat.read(fresh_course.root / "notebooks" / ASSIGNMENT / "adam.ipynb", as_version=4)
    assert released.cells[0].id


@pytest.mark.parametrize("said", ODD_METADATA)
def test_metadata_that_nbgrader_refuses_is_told_with_the_cell_and_what_to_do(fresh_course, said):
    fresh_course.edit(lambda notebook: ODD_METADATA[said](notebook.cells))
    assert said in refused(fresh_course)
    assert not (fresh_course.root / "notebooks").exists()


def test_a_notebook_that_comes_or_goes_after_the_first_hand_in_is_named(fresh_course):
    """As JupyterLab's Duplicate leaves one."""
    folder = fresh_course.root / "solutions" / ASSIGNMENT
    copy, own = folder / "adam-Copy1.ipynb", folder / "adam.ipynb"
    release = "release", ASSIGNMENT, "--untried"
    shutil.copy(own, copy)
    done = fresh_course.run(*release)
    assert "adam-Copy1.ipynb and adam.ipynb have the same graded cells, and students get both" in done.output
    assert done.exit_code == 0
    copy.unlink()
    assert "same graded cells" not in fresh_course.run(*release).output
    fresh_course.grade_one()
    shutil.copy(own, copy)
    done = fresh_course.run(*release)
    assert "adam-Copy1.ipynb is new: move it away. There are submissions" in done.output
    assert done.exit_code == 2
    copy.unlink()
    own.rename(folder / "other.ipynb")
    assert "other.ipynb is new" in fresh_course.run(*release).output
    (folder / "other.ipynb").rename(own)
    assert fresh_course.run(*release).exit_code == 0
