"""A course for measuring: one stub, one check, no figure; every submission a little different."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
from course_folder import marks
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograde.book.gradebook import open_gradebook
from autograde.course.course import Course
from autograde.release.keys import registered_key
from autograde.release.lessons import update_notebooks
from autograde.selftest.demo.members import ADAM, adam

ASSIGNMENT = "small"
IMPORTS = "import numpy as np\n\nfrom descentlab import check"
CHECK = 'check("adam/update", Adam, points=5)'


def make_course(root: Path, submissions: int, lesson: Path | None = None) -> None:
    """Write `root/solutions/small/small.ipynb` and the submissions; half of them are wrong.

    With a lesson's folder everybody hands in its complete notebook instead.
    """
    if lesson:
        _hand_in(root, lesson, submissions)
        return
    source = root / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(
        _notebook(adam(f"### BEGIN SOLUTION{ADAM}### END SOLUTION")["adam-class"]), source / "small.ipynb"
    )
    width = len(str(submissions))
    for number in range(submissions):
        folder = root / "submitted" / f"s{number:0{width}d}" / ASSIGNMENT
        folder.mkdir(parents=True)
        body = ADAM if number % 2 == 0 else ADAM.replace("np.sqrt(v_hat)", "v_hat")
        answer = f"{adam(body)['adam-class']}\n# {number}"
        nbformat.write(_notebook(answer), folder / "small.ipynb")


@contextmanager
def same_courses(submissions: int, lesson: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """Two folders of one registered course, as `make_course` has it, for as long as it is inside."""
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as scratch:
        first, second = Path(scratch) / "ours", Path(scratch) / "stock"
        make_course(first, submissions, lesson)
        register(first, lesson.name if lesson else ASSIGNMENT)
        shutil.copytree(first, second)
        yield first, second


def register(root: Path, assignment: str) -> None:
    """Make the assignment known to the course's gradebook, so that the time for it is not measured."""
    course = Course.open(root)
    with closing(open_gradebook(course)) as gradebook:
        registered_key(course, gradebook, assignment)


def _hand_in(root: Path, lesson: Path, submissions: int) -> None:
    source = root / "solutions" / lesson.name
    shutil.copytree(lesson, source)
    update_notebooks(source)
    for number in range(submissions):
        folder = root / "submitted" / f"s{number:03d}" / lesson.name
        folder.mkdir(parents=True)
        for path in source.glob("*.ipynb"):
            shutil.copy(path, folder)


def _notebook(answer: str) -> NotebookNode:
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_code_cell(IMPORTS, id="imports"),
            new_code_cell(answer, id="stub", metadata=marks("adam-class", solution=True)),
            new_code_cell(CHECK, id="check", metadata=marks("check-adam", 5, locked=True)),
        ],
    )
