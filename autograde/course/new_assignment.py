"""An assignment of a teacher's own, with ordinary nbgrader tests: it can be released as it is."""

import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.course.assignments import SOURCE
from autograde.course.course import CONFIG_FILE, Course
from autograde.course.lesson_text import KERNEL, json_of
from autograde.errors import UsageError
from autograde.files import put

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

TITLE = """# {name}

**10 points**

The number above is the sum of all cells' points: a release writes it."""
ANSWER = """def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
SEEN = """# Students see this test.
assert double(2) == 4
### BEGIN HIDDEN TESTS
# They see this one in their feedback alone: a release leaves it out, grading puts it back.
assert double(-1.5) == -3
assert double("ab") == "abab"
### END HIDDEN TESTS"""
PARTS = """def squares(numbers):
    \"\"\"The squares of some numbers, in their order.\"\"\"
    ### BEGIN SOLUTION
    return [number**2 for number in numbers]
    ### END SOLUTION"""
PART_TEST = """# The last line's value is the points: at most those of the cell.
def points():
    earned = 0
    if squares([2]) == [4]:
        earned += 1
    if squares([3, -1]) == [9, 1]:
        earned += 2
    return earned


points()"""
QUESTION = """## In words (3 points, read by a person)

Why does `double` work for text, too?"""
MODEL = """`*` repeats text, as it adds numbers: each type says what `2 * x` is.

**Rubric.** 1 point: names the operator. 1 point: says that text is repeated. 1 point: the type decides."""


def make_assignment(root: Path, name: str) -> Path:
    """Make `solutions/NAME/NAME.ipynb` in a course's folder; nothing is overwritten.

    Raises:
        UsageError: no course there, a name that nbgrader cannot take, or an assignment of that name.
        OSError: it cannot be written.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be an assignment's name: letters, digits, - and _, at most 100.")
    if name == "all":
        raise UsageError(f"{name!r} cannot be an assignment's name: it means every assignment.")
    course = Course.open(root)
    if not (course.root / CONFIG_FILE).is_file() and not (course.root / SOURCE).is_dir():
        raise UsageError(
            f"{course.root} is no course's folder: make one with `autograde new course DIR`, or "
            "name it with --course-dir."
        )
    folder = course.source(name)
    if folder.exists():
        raise UsageError(f"{folder} is there already: choose another name.")
    put(folder / f"{name}.ipynb", json_of(notebook(name)).encode())
    return folder / f"{name}.ipynb"


def notebook(name: str) -> NotebookNode:
    """The notebook with its solutions: two answers in code with tests, one in words."""
    return new_notebook(
        metadata={"kernelspec": KERNEL},
        cells=[
            new_markdown_cell(TITLE.replace("{name}", name), id="title"),
            _code("double", ANSWER, solution=True),
            _code("test-double", SEEN, grade=True, locked=True, points=4),
            _code("squares", PARTS, solution=True),
            _code("test-squares", PART_TEST, grade=True, locked=True, points=3),
            new_markdown_cell(QUESTION, id="question"),
            new_markdown_cell(
                MODEL,
                id="words",
                metadata={"nbgrader": _known("words", grade=True, solution=True, points=3)},
            ),
        ],
    )


def _code(name: str, source: str, **marked: Any) -> NotebookNode:
    return new_code_cell(source, id=name, metadata={"nbgrader": _known(name, **marked)})


def _known(name: str, **marked: Any) -> dict[str, Any]:
    """What nbgrader keeps of a cell."""
    usual = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
    return {**usual, "grade_id": name, **marked}
