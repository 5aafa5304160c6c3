"""What JupyterLab, editors and file managers leave next to a solution stops nothing and reaches no student."""

import shutil

import pytest
from course_folder import CONFIG, run_in
from nbgrader.converters import GenerateAssignment
from support import ROOT, stale_notebooks

from autograde.book.gradebook import open_gradebook
from autograde.course.assignments import assignments
from autograde.course.course import Course
from autograde.release.lessons import build, release_notebooks

LESSON = "01-sgd"
LEFT = (
    ".ipynb_checkpoints/sgd-checkpoint.ipynb",
    ".ipynb_checkpoints/sgd-checkpoint.md",
    ".virtual_documents/sgd.ipynb",
    "sgd.md~",
    "sgd.ipynb~",
    ".sgd.md.swp",
    ".sgd.ipynb.swo",
    "#sgd.md#",
    ".#sgd.md",
    "sgd.md.orig",
    "sgd.md.bak",
    ".DS_Store",
    "._sgd.ipynb",
    ".~sgd.ipynb",
)


@pytest.fixture
def course(tmp_path):
    """A course in which somebody opened everything."""
    shutil.copytree(ROOT / "solutions" / LESSON, tmp_path / "solutions" / LESSON)
    for folder in (tmp_path / "solutions" / LESSON, tmp_path / "solutions", tmp_path):
        for name in LEFT:
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("SECRET")
    return tmp_path


def released(course):
    return sorted(path.name for path in (course / "notebooks" / LESSON).rglob("*"))


def test_only_folders_of_assignments_are_assignments(course):
    assert assignments(course) == [LESSON]
    assert Course.open(course).source_assignments() == [LESSON]


def test_release_of_all_gives_the_notebook_and_none_of_it(course):
    done = run_in(course, "release", "--all")
    assert done.exit_code == 0, done.output
    assert released(course) == ["sgd.ipynb"]


def test_nbgraders_own_command_gives_none_of_it(course):
    (course / "nbgrader_config.py").write_text(CONFIG)
    found = Course.open(course)
    open_gradebook(found).close()
    found.directory.assignment_id = LESSON
    GenerateAssignment(coursedir=found.directory, config=found.config).start()
    assert released(course) == ["sgd.ipynb"]


def test_build_does_not_see_it(course):
    list(build(course))
    assert released(course) == ["sgd.ipynb"]
    assert stale_notebooks(course) == []
    release_notebooks(course, LESSON)
