"""Formulas and comments on pages, and pages through nbgrader's exchange."""

import pytest
from course_folder import ASSIGNMENT, answer
from nbgrader.utils import notebook_hash

from autograde.course.course import Course
from autograde.pages.feedback import hand_back

EXCHANGE = """
from pathlib import Path
from autograde.course.configuration import configure
c = get_config()
c.CourseDirectory.course_id = "adam-2026"
c.Exchange.root = "{root}"
configure(c, Path(__file__).parent)
"""


def test_formulas_in_an_answer_and_a_remark_as_markdown_are_drawn_without_a_network_and_do_not_act(course):
    course.submit("ann", answer(why="Because $\\hat m = m/(1-\\beta_1^t)$."))
    course.grade()
    remark = "Good, but *call 1751* is missing:\nsee $\\beta_2$.<script>alert(1)</script>"
    course.by_hand("ann", 2.0, remark=remark)
    course.run("feedback 06-adam")
    (path,) = course.root.glob("feedback/*/*/*.html")
    page = path.read_text()
    assert '<math alttext="\\hat m' in page
    assert "<em>call 1751</em>" in page
    assert '<math alttext="\\beta_2' in page
    assert "<script" not in page
    course.submit("ann", answer(why="Another."))
    course.submit("ben")
    course.grade("ann")
    done = course.run("feedback 06-adam --student ann")
    assert "ben" not in done.output
    assert "call 1751" not in path.read_text(), "it was said of an earlier answer"


@pytest.fixture
def exchange(course, tmp_path):
    """The folder of the course's exchange."""
    root = tmp_path / "exchange"
    root.mkdir(mode=0o777)
    root.chmod(0o777)
    course.configure(EXCHANGE.format(root=root))
    return root


def submit(course, student, secret):
    """A submission through the exchange."""
    (course.submit(student).parent / "submission_secret.txt").write_text(secret)


def test_who_submitted_through_the_exchange_gets_the_page_there(course, exchange):
    submit(course, "ann", "a secret")
    (course.root / "submitted/ann" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    course.submit("ben")
    assert [one.notes for one in course.grade().results] == [(), ()], "nbgrader's own files are no surprise"
    done = course.run("feedback 06-adam --exchange")
    assert done.exit_code == 0, done.output
    assert "1 student can fetch" in done.output
    assert "not in the exchange, as submitted elsewhere: ben" in done.output
    name = notebook_hash(secret="a secret", notebook_id="adam")
    released = exchange / "adam-2026/feedback" / f"{name}.html"
    assert released.read_bytes() == (course.root / "feedback/ann" / ASSIGNMENT / "adam.html").read_bytes()


def test_who_has_no_page_gets_none_there_and_the_others_do(course, exchange):
    for student in ("ann", "ben"):
        submit(course, student, student)
    course.grade()
    course.autograded("ann").unlink()
    done = course.run("feedback 06-adam --exchange")
    assert done.exit_code == 1
    assert "1 student can fetch" in done.output
    name = notebook_hash(secret="ben", notebook_id="adam")
    assert [path.name for path in exchange.glob("adam-2026/feedback/*")] == [f"{name}.html"]


def test_a_secret_that_is_a_link_is_none(course, tmp_path):
    (tmp_path / "elsewhere").write_text("not theirs")
    course.submit("ann")
    (course.root / "submitted/ann" / ASSIGNMENT / "submission_secret.txt").symlink_to(tmp_path / "elsewhere")
    opened = Course.open(course.root)
    opened.directory.course_id = "x"
    assert hand_back(opened, ASSIGNMENT, ["ann"]) == ([], ["ann"])
