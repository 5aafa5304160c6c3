"""Whatever nbgrader can release: an untouched copy is no altered one, and the scores are nbgrader's."""

import shutil
from unittest.mock import patch

import nbformat
import pytest
import stock_course
from course_folder import NoSandbox
from stock_course import NAME, WAYS, hand_in, scores

from autograde.book.gradebook import course_gradebook
from autograde.book.releases import read_handed_out
from autograde.errors import UsageError
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.release.lessons import release_notebooks


def grade(root):
    with patch("autograde.pipeline.settings.Pool", NoSandbox):
        return {result.student: result for result in grade_class(GradeOptions(NAME, root, jobs=1)).results}


@pytest.fixture(scope="module", params=WAYS, ids=[name.replace(" ", "-") for name in WAYS])
def by_nbgrader(request, tmp_path_factory):
    """A course of which nbgrader alone released the assignment, handed in untouched and answered."""
    root = stock_course.make(tmp_path_factory.mktemp("stock") / "course", WAYS[request.param])
    stock_course.stock_release(root)
    hand_in(root, "untouched", answered=False)
    hand_in(root, "answered", answered=True)
    return root


@pytest.fixture
def course(by_nbgrader, tmp_path):
    return shutil.copytree(by_nbgrader, tmp_path / "course")


def test_what_nbgrader_released_is_graded_without_a_flag(course):
    results = grade(course)
    assert {name: result.flags for name, result in results.items()} == {"answered": (), "untouched": ()}
    assert results["answered"].score > results["untouched"].score


def test_what_autograde_released_is_graded_without_a_flag(course):
    shutil.rmtree(course / "notebooks")
    shutil.rmtree(course / "submitted")
    (course / "gradebook.db").unlink()
    release_notebooks(course, NAME)
    hand_in(course, "untouched", answered=False)
    hand_in(course, "answered", answered=True)
    results = grade(course)
    assert {name: result.flags for name, result in results.items()} == {"answered": (), "untouched": ()}


def test_locked_cells_that_a_student_changed_are_still_named(course):
    changed = {"test-squares", "test-partial", "read-me", "state"}
    for path in (course / "submitted/answered" / NAME).glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") in changed:
                cell.source = cell.source.replace("a", "b", 1)
        nbformat.write(notebook, path)
    results = grade(course)
    # `cubes` is as it was handed out: what was written next to it may be the answer.
    assert results["answered"].flags == ("altered-cells", "unread-answers")
    assert [name for name in changed if name not in results["answered"].notes[0]] == []
    assert results["untouched"].flags == ()


def test_the_scores_are_those_of_nbgrader(tmp_path):
    theirs = stock_course.make(tmp_path / "theirs", WAYS["as documented"])
    stock_course.stock_release(theirs)
    hand_in(theirs, "untouched", answered=False)
    hand_in(theirs, "answered", answered=True)
    ours = shutil.copytree(theirs, tmp_path / "ours")
    expected = stock_course.stock_scores(theirs)
    grade(ours)
    assert scores(ours) == expected
    assert expected["answered", "test-partial"] == (2.0, False)
    assert expected["answered", "test-squares"] == (2.0, False)
    assert expected["untouched", "test-squares"] == (0.0, False)
    assert expected["untouched", "part-a"] == (0.0, False)
    assert expected["answered", "part-b"] == (None, True)


FAILS = """
from nbgrader.preprocessors import ClearMarkScheme
class Fails(ClearMarkScheme):
    def preprocess_cell(self, cell, resources, index):
        raise RuntimeError("no chapter number")
c.GenerateAssignment.preprocessors.append(Fails)
"""


def test_what_nbgrader_alone_released_is_adopted_once_and_again_after_its_next_release(course):
    grade(course)
    config = course / "nbgrader_config.py"
    own = config.read_text()
    config.write_text(own + FAILS)
    assert all(one.unchanged for one in grade(course).values()), "no release step ran"
    config.write_text(own)

    def kept():
        with course_gradebook(course) as (_, gradebook):
            return [len(one.versions) for one in read_handed_out(gradebook, NAME).values()]

    before, path = kept(), course / "solutions" / NAME / "problem1.ipynb"
    path.write_text(path.read_text().replace("squares(10)", "squares(11)"))  # of no row of nbgrader's
    shutil.rmtree(course / "notebooks")
    stock_course.stock_release(course)
    hand_in(course, "later", answered=True)
    assert {result.flags for result in grade(course).values()} == {()}
    assert [now - then for now, then in zip(kept(), before, strict=True)] == [2, 0]


def test_a_release_step_that_fails_on_the_gradebooks_cells_is_named(tmp_path):
    root = stock_course.make(tmp_path / "course", WAYS["as documented"])
    stock_course.stock_release(root)
    hand_in(root, "untouched", answered=False)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{FAILS}")
    with pytest.raises(UsageError, match=r"no chapter number.*autograde release ps1"):
        grade(root)
