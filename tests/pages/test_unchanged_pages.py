"""A page is written whenever anything it shows has changed, and only then."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer

from autograde.book.class_results import graded_assignment, read_class
from autograde.errors import CourseError
from autograde.pages.feedback import pages_of, write_pages


def one_graded(course: CourseFolder) -> None:
    course.submit("ann", answer(WRONG, why="Since $m_t$ is small."))
    course.grade()
    assert fresh(course)


@pytest.fixture
def course(prepared, tmp_path) -> CourseFolder:
    return CourseFolder(shutil.copytree(prepared(one_graded), tmp_path / "course"))


def fresh(course: CourseFolder) -> bool:
    """Whether the one page had to be made."""
    with graded_assignment(course.root, ASSIGNMENT) as opened:
        (written,) = write_pages(pages_of(opened[0], read_class(*opened)))
    return written.fresh


def page_of(course: CourseFolder) -> Path:
    (path,) = course.root.glob("feedback/ann/*/*.html")
    return path


def test_an_unchanged_page_stays_as_it_is(course):
    before = page_of(course).stat()
    assert not fresh(course)
    after = page_of(course).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def change_a_mark(course):
    course.by_hand("ann", 2.0, tick=True)


def change_a_comment(course):
    with course.gradebook() as gradebook:
        gradebook.find_comment("why", "adam", ASSIGNMENT, "ann").manual_comment = "Well said."
        gradebook.db.commit()


def change_a_name(course):
    with course.gradebook() as gradebook:
        gradebook.find_student("ann").first_name = "Änne"
        gradebook.db.commit()


def change_a_penalty(course):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    with course.gradebook() as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2026, 11, 10, 12)
        gradebook.find_submission(ASSIGNMENT, "ann").timestamp = datetime(2026, 11, 10, 13)
        gradebook.db.commit()


def change_extra_credit(course):
    with course.gradebook() as gradebook:
        gradebook.find_grade("test-half", "adam", ASSIGNMENT, "ann").extra_credit = 0.5
        gradebook.db.commit()


def edit_the_page(course):
    page_of(course).write_bytes(page_of(course).read_bytes() + b"<!-- 9 of 10 -->")


def remove_the_page(course):
    page_of(course).unlink()


@pytest.mark.parametrize(
    "change",
    [
        change_a_mark,
        change_a_comment,
        change_a_name,
        change_a_penalty,
        change_extra_credit,
        edit_the_page,
        remove_the_page,
    ],
)
def test_a_change_of_anything_that_a_page_shows_makes_a_new_one(course, change):
    before = page_of(course).read_bytes()
    change(course)
    assert fresh(course)
    after = page_of(course).read_bytes()
    assert (after == before) == (change in (edit_the_page, remove_the_page))
    assert not fresh(course)


@pytest.mark.parametrize("what", ["*.ipynb", ".autograde/*.json"])
def test_files_that_are_gone_or_not_those_that_were_graded_keep_no_old_page_in_silence(course, what):
    (path,) = course.root.glob(f"autograded/ann/{ASSIGNMENT}/{what}")
    path.chmod(0o644)
    for change in (lambda: path.write_bytes(path.read_bytes() + b" "), path.unlink):
        change()
        with pytest.raises(CourseError, match="not the files that were graded"):
            fresh(course)
