"""`autograde release` runs the solution first: no student's notebook ends in an error of the teacher's."""

import shutil

import pytest
from course_folder import ASSIGNMENT, RIGHT, WRONG, CourseFolder, run_in
from nbformat.v4 import new_code_cell, new_markdown_cell
from support import ROOT

pytestmark = pytest.mark.needs("bubblewrap")


def release(course, *options):
    done = run_in(course, "release", *options)
    return done.exit_code, " ".join(done.output.split())


def says(text):
    return lambda cells: cells.append(new_markdown_cell(f"## 1 One\n\n## 2. Two\n\n{text}"))


def runs(source, **metadata):
    return lambda cells: cells.append(new_code_cell(source, metadata=metadata))


def replaces(place, old, new):
    return lambda cells: cells[place].update(source=cells[place].source.replace(old, new))


REFUSED = {
    "a cell that fails": (runs("kinked"), "cell 7 (kinked): NameError: name 'kinked' is not defined"),
    "a cell that is stopped": (
        runs("raise KeyboardInterrupt"),
        "cell 7 (raise KeyboardInterrupt): KeyboardInterrupt, after as long as c.Execute.timeout in nbgrader_config.py",
    ),
    "a cell that ends the process": (runs("import os; os._exit(3)"), "cell 7 (import os; os._exit(3)): "),
    "a wrong solution": (replaces(1, RIGHT, WRONG), "cell 3 (check-adam-update): it earns 0 of 5"),
    "four fifths of a solution": (replaces(1, "+ self.eps", "+ 2 * self.eps"), "it earns 4 of 5"),
    "a check that does not exist": (replaces(2, "/update", "/updat"), "did you mean 'adam/update'?"),
    "a test that fails": (replaces(4, "== 2", "== 3"), "cell 5 (test-half): AssertionError"),
    "a link": (says("[b](../no/b.ipynb)"), "the link ../no/b.ipynb leads nowhere"),
    "a picture": (says("![b](b.png)"), "the link b.png leads nowhere"),
    "a heading": (says("[b](#3-Three)"), "the link #3-Three leads nowhere"),
    "a section": (says("See section 3."), "there is no section 3"),
    "one of several sections": (says("Sections 1 and 4 show it."), "there is no section 4"),
}
RELEASED = {
    "as it is": lambda cells: None,
    "a cell that is to fail": runs("1 / 0", tags=["raises-exception"]),
    "a file beside it": runs("assert open('data.csv').read() == '1'"),
    "links": says("[a](#1-One) [b](https://a.invalid/b) [c](../06-adam/adam.ipynb) [d](data.csv) `[e](f)`"),
    "sections": says("See section 1, sections 1 and 2, section 4 of the book, its section 2.1."),
    "no numbered headings": lambda cells: cells.append(new_markdown_cell("See section 9.")),
    "fewer cells": lambda cells: cells.pop(),
}


@pytest.fixture
def course(tmp_path):
    made = CourseFolder.make(tmp_path / "course")
    (made.root / "solutions" / ASSIGNMENT / "data.csv").write_text("1")
    return made


@pytest.mark.parametrize("case", REFUSED)
def test_a_solution_that_does_not_pass_is_not_released_and_the_cell_is_named(course, case):
    edit, problem = REFUSED[case]
    course.edit(lambda notebook: edit(notebook.cells))
    status, said = release(course.root, ASSIGNMENT)
    assert (status, problem in said) == (2, True), said
    assert not (course.root / "notebooks").exists()
    assert not (course.root / "gradebook.db").exists()
    assert release(course.root, ASSIGNMENT, "--untried")[0] == 0


@pytest.mark.parametrize("case", RELEASED)
def test_what_is_consistent_is_released(course, case):
    course.edit(lambda notebook: RELEASED[case](notebook.cells))
    status, said = release(course.root, ASSIGNMENT)
    assert status == 0, said
    assert (course.root / "notebooks" / ASSIGNMENT / "adam.ipynb").exists()


@pytest.mark.parametrize(
    ("added", "problem"), [("", ""), ("\n\nAs in section 77.\n\n", "there is no section 77")]
)
def test_a_lesson_can_be_shortened_where_nothing_else_needs_what_is_gone(tmp_path, added, problem):
    folder = tmp_path / "solutions/02-momentum"
    shutil.copytree(ROOT / "solutions/02-momentum", folder)
    text = (folder / "momentum.md").read_text()
    first, behind = text.index("## E What"), text.index("## In words")
    (folder / "momentum.md").write_text(text[:first] + added + text[behind:])
    status, said = release(tmp_path, "02-momentum")
    assert (status, problem in said) == (2 if problem else 0, True), said
