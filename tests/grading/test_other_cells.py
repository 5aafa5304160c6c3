"""Questions come and go after the first hand-in: everybody is graded by the version that was handed out to them."""

import csv

import nbformat
import pytest
from course_folder import ASSIGNMENT, answer, lesson, marks, only
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograde.entries.entry import EARLIER_VERSION
from autograde.release.lessons import release_notebooks

EXTRA = (
    new_code_cell("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", id="f",
                  metadata=marks("double", solution=True)),
    new_code_cell("assert double(4) == 8", id="g", metadata=marks("test-double", 2, locked=True)),
    new_markdown_cell("and?", id="h", metadata=marks("and", 1, solution=True)),
)  # fmt: skip


def with_extra(notebook):
    notebook.cells += [cell.copy() for cell in EXTRA]
    return notebook


def without_half(notebook):
    """Without the test of `half` and without the question in words."""
    notebook.cells = [cell for cell in notebook.cells if cell.id not in "cde"]


def released_anew(course, change):
    course.edit(change)
    release_notebooks(course.root, ASSIGNMENT)


@pytest.fixture
def graded(course):
    """A course in which s01 is graded, and got 2 points for words."""
    release_notebooks(course.root, ASSIGNMENT)
    course.submit("s01")
    course.grade()
    course.by_hand("s01", 2.0)
    return course


def result(course, student="s01", **options):
    return {one.student: one for one in course.grade(**options).results}[student]


def test_who_handed_in_before_a_question_was_added_keeps_the_maximum_and_the_rest_get_the_new(graded):
    released_anew(graded, with_extra)
    graded.submit("s02", with_extra(answer()))
    graded.grade()
    old, new = result(graded), result(graded, "s02")
    assert (old.score, old.max_score, old.pending_manual) == (9.0, 10.0, 0)
    assert (new.max_score, new.pending_manual) == (13.0, 2)
    assert EARLIER_VERSION in old.flags
    assert EARLIER_VERSION not in new.flags
    assert old.points_now is None
    with graded.gradebook() as gradebook:
        assert not gradebook.find_submission(ASSIGNMENT, "s01").needs_manual_grade
    assert "handed out before questions were added" in graded.run("explain 06-adam s01").stdout
    exported = graded.run("export 06-adam")
    assert "s01 (10)" in exported.stderr
    again = result(graded, rejudge=True, force=True)
    assert (again.score, again.max_score, again.flags) == (9.0, 10.0, old.flags)


def test_a_late_first_submission_of_the_earlier_version_is_graded_by_it_too(graded):
    released_anew(graded, with_extra)
    graded.submit("s02")
    two = result(graded, "s02")
    assert (two.max_score, two.pending_manual) == (10.0, 1)


def test_a_test_that_was_added_for_an_answer_that_everybody_has_counts_where_it_gives_points(graded):
    test = new_code_cell("assert half(6) == 3", id="i", metadata=marks("test-more", 1, locked=True))
    released_anew(graded, lambda notebook: notebook.cells.insert(5, test))
    graded.submit("s02", answer(half="return 2 if x == 4 else 0"))
    graded.grade()
    one, two = result(graded), result(graded, "s02")
    assert (one.score, one.max_score) == (10.0, 11.0)
    assert (two.max_score, EARLIER_VERSION in two.flags) == (10.0, True)


def test_a_removed_question_keeps_its_points_until_the_submission_is_graded_again(graded):
    released_anew(graded, without_half)
    assert graded.run("feedback 06-adam").exit_code == 0
    assert graded.run("report 06-adam").exit_code == 0
    graded.run("export 06-adam")
    (line,) = csv.DictReader((graded.root / f"grades-{ASSIGNMENT}.csv").open())
    assert (line["score"], line["max_score"]) == ("9", "10")
    after = result(graded)
    assert (after.score, after.max_score, after.pending_manual) == (5.0, 5.0, 0)
    with graded.gradebook() as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, "s01")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (5.0, 5.0, False)


def test_what_was_removed_can_come_back(graded):
    released_anew(graded, without_half)
    graded.grade()
    (graded.root / "solutions" / ASSIGNMENT / "adam.ipynb").write_text(nbformat.writes(lesson()))
    release_notebooks(graded.root, ASSIGNMENT)
    again = only(graded.grade())
    assert (again.score, again.max_score, again.pending_manual) == (7.0, 10.0, 1)
