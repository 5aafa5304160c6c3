"""Formulas and comments on pages, and pages through nbgrader's exchange."""

from contextlib import closing

import pytest
from course_folder import ASSIGNMENT, CourseFolder, answer
from nbgrader.utils import notebook_hash
from typer.testing import CliRunner

from autograde.cli import app
from autograde.course.answer_key import registered_key
from autograde.course.course import Course
from autograde.course.gradebook import open_gradebook
from autograde.pages.feedback import release

EXCHANGE = """
from pathlib import Path
from autograde.course.configuration import configure
c = get_config()
c.CourseDirectory.course_id = "adam-2026"
c.Exchange.root = "{root}"
configure(c, Path(__file__).parent)
"""


@pytest.fixture
def course(tmp_path):
    made = CourseFolder.make(tmp_path / "course")
    opened = Course.open(made.root)
    with closing(open_gradebook(opened)) as gradebook:
        registered_key(opened, gradebook, ASSIGNMENT)
    return made


def pages(course):
    return {
        path.relative_to(course.root): path.read_bytes() for path in course.root.glob("feedback/*/*/*.html")
    }


def test_a_formula_in_an_answer_is_readable_on_a_page_without_a_network(course):
    course.submit("ann", answer(why="Because $\\hat m = m/(1-\\beta_1^t)$."))
    course.grade()
    CliRunner().invoke(app, ["feedback", ASSIGNMENT, "--course-dir", str(course.root)])
    ((_, page),) = pages(course).items()
    assert b'<math alttext="\\hat m' in page
    assert b"<script" not in page


def test_a_persons_remark_is_drawn_as_formgrader_promises_in_markdown_with_formulas(course):
    course.submit("ann")
    course.grade()
    with course.gradebook() as gradebook:
        remark = "Good, but *call 1751* is missing:\nsee $\\beta_2$.<script>alert(1)</script>"
        gradebook.find_comment("why", "adam", ASSIGNMENT, "ann").manual_comment = remark
        gradebook.db.commit()
    CliRunner().invoke(app, ["feedback", ASSIGNMENT, "--course-dir", str(course.root)])
    ((_, page),) = pages(course).items()
    assert b"<em>call 1751</em>" in page
    assert b'<math alttext="\\beta' in page
    assert b"<script" not in page


def test_who_handed_in_through_the_exchange_gets_the_page_there_and_others_are_named(course, tmp_path):
    root = tmp_path / "exchange"
    root.mkdir(mode=0o777)
    root.chmod(0o777)
    course.configure(EXCHANGE.format(root=root))
    course.submit("ann")
    (course.root / "submitted/ann" / ASSIGNMENT / "submission_secret.txt").write_text("a secret")
    (course.root / "submitted/ann" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    course.submit("ben")
    assert [one.notes for one in course.grade().results] == [(), ()], "nbgrader's own files are no surprise"
    done = CliRunner().invoke(app, ["feedback", ASSIGNMENT, "--exchange", "--course-dir", str(course.root)])
    assert done.exit_code == 0, done.output
    assert "1 student can fetch" in done.output
    assert "not in the exchange, as submitted elsewhere: ben" in done.output
    name = notebook_hash(secret="a secret", notebook_id="adam")
    released = root / "adam-2026/feedback" / f"{name}.html"
    assert released.read_bytes() == (course.root / "feedback/ann" / ASSIGNMENT / "adam.html").read_bytes()


def test_a_course_without_a_name_is_told_what_the_exchange_needs(course):
    course.submit("ann")
    course.grade()
    done = CliRunner().invoke(app, ["feedback", ASSIGNMENT, "--exchange", "--course-dir", str(course.root)])
    assert done.exit_code == 2
    assert "course_id" in done.output


def test_a_secret_that_is_a_link_is_none(course, tmp_path):
    (tmp_path / "elsewhere").write_text("not theirs")
    course.submit("ann")
    (course.root / "submitted/ann" / ASSIGNMENT / "submission_secret.txt").symlink_to(tmp_path / "elsewhere")
    opened = Course.open(course.root)
    opened.directory.course_id = "x"
    assert release(opened, ASSIGNMENT, ["ann"]) == ([], ["ann"])
