"""Which course a check is of is recorded when it is released, and another course's check of that name never grades it."""

import pytest
from course_folder import ASSIGNMENT, WRONG, answer, only

from autograde.book.releases import read_handed_out
from autograde.sandbox.staging import box_files
from verdicts.courses import BoxFiles, CourseContent
from verdicts.spec import FunctionCheck, probe

ONE = FunctionCheck(name="adam/update", probes=lambda rng: [probe("a number", x=1.0)], section="")


class Same(CourseContent):
    """Another course, with a check named adam/update."""

    def checks(self):
        return {ONE.name: ONE}

    def reference(self, check):
        return lambda data: data["x"]

    def box_files(self, names, for_solution=False):
        return BoxFiles(tuple(names or ()))


@pytest.fixture
def another(add_course, monkeypatch, tmp_path):
    """Installs the other course from the call on."""
    (tmp_path / "site/same").mkdir(parents=True)
    (tmp_path / "site/same/__init__.py").touch()

    def install():
        monkeypatch.syspath_prepend(tmp_path / "site")
        add_course("same", Same)

    return install


@pytest.mark.needs("bubblewrap")
def test_a_check_that_was_released_is_graded_by_its_own_course_whatever_else_is_installed(course, another):
    assert course.run("release 06-adam --force").exit_code == 0
    with course.gradebook() as gradebook:
        (version,) = read_handed_out(gradebook, ASSIGNMENT)["adam"].versions
    assert {cell.grade_id: cell.course for cell in version if cell.course} == {
        "check-adam-update": "descentlab"
    }
    before = course.grade_one(answer(WRONG))
    another()
    again = only(course.grade(rejudge=True))
    assert (again.status, again.score) == ("graded", before.score)
    assert [cell.sentence for cell in again.cells] == [cell.sentence for cell in before.cells]


@pytest.mark.needs("bubblewrap")
def test_a_check_that_two_courses_have_is_refused_at_its_release(course, another):
    another()
    done = course.run("release 06-adam --force")
    assert done.exit_code == 2
    assert "descentlab and same each have a check named 'adam/update'" in done.output


def test_a_box_holds_of_the_other_course_nothing_for_it(another):
    another()
    assert box_files(["descentlab:adam/update", "same:x", "y"])["same"].files == ("x", "y")
    assert box_files(["descentlab:adam/update"])["descentlab"].checks == {"adam/update"}
    assert box_files(None)["same"].files == ()
