"""The small course as a fixture."""

import shutil
from pathlib import Path

import pytest

from autograde.course.answer_key import registered_key
from autograde.course.course import Course
from autograde.course.gradebook import open_gradebook
from grading.small_course import ASSIGNMENT, CourseFolder


@pytest.fixture(scope="session")
def registered_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder whose assignment is in its gradebook: made once, copied for each test."""
    root = tmp_path_factory.mktemp("registered") / "course"
    CourseFolder.make(root)
    course = Course.open(root)
    gradebook = open_gradebook(course)
    registered_key(course, gradebook, ASSIGNMENT)
    gradebook.close()
    return root


@pytest.fixture
def course(registered_course: Path, tmp_path: Path) -> CourseFolder:
    """A fresh course folder with one registered assignment and no submission."""
    shutil.copytree(registered_course, tmp_path / "course")
    return CourseFolder(tmp_path / "course")


@pytest.fixture
def fresh_course(tmp_path: Path) -> CourseFolder:
    """A course folder without a gradebook."""
    return CourseFolder.make(tmp_path / "course")
