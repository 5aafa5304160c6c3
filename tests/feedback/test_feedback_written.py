"""Feedback by several processes, and through nbgrader's exchange."""

import os
import shutil
import signal
from contextlib import closing

import pytest
from grading.small_course import ASSIGNMENT, WRONG, CourseFolder, answer
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash
from typer.testing import CliRunner

from autograde.cli import app
from autograde.errors import CourseError
from autograde.feedback import write
from autograde.feedback.through_exchange import release
from autograde.feedback.write import Pages, write_feedback, write_pages
from autograde.grading.course import Course
from autograde.grading.graded_assignments import graded_assignment
from autograde.grading.open_gradebook import open_gradebook
from autograde.grading.register_assignment import answer_key

EXCHANGE = """
from pathlib import Path
from autograde.configuration import configure
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
        answer_key(opened, gradebook, ASSIGNMENT)
    return made


def pages(course):
    return {
        path.relative_to(course.root): path.read_bytes() for path in course.root.glob("feedback/*/*/*.html")
    }


def test_several_processes_write_the_pages_that_one_writes(course):
    for number in range(20):
        course.submit(f"s{number:02}", answer(WRONG if number % 2 else None or answer.__defaults__[0]))
    course.grade()
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        alone = list(write_feedback(opened, gradebook, key))
        first = pages(course)
        shutil.rmtree(course.root / "feedback")
        together = list(write_feedback(opened, gradebook, key, workers=2))
    assert alone == together
    assert len(first) == 20
    assert pages(course) == first


def ends(_):
    """In place of writing pages, in a process of its own: as the machine ends one that takes its memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_the_machine_ends_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(write, "_write", ends)
    monkeypatch.setattr(write, "is_unchanged", lambda job: False)
    with pytest.raises(CourseError, match="was ended, perhaps for want of memory"):
        list(write_pages(Pages(list(range(3 * write.PART)), [], []), workers=2))


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
    with closing(Gradebook(f"sqlite:///{course.root}/gradebook.db")) as gradebook:
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
    (course.root / "nbgrader_config.py").write_text(EXCHANGE.format(root=root))
    course.submit("ann")
    (course.root / "submitted/ann" / ASSIGNMENT / "submission_secret.txt").write_text("a secret")
    (course.root / "submitted/ann" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    course.submit("ben")
    assert [one.notes for one in course.grade().results] == [(), ()], "nbgrader's own files are no surprise"
    done = CliRunner().invoke(app, ["feedback", ASSIGNMENT, "--exchange", "--course-dir", str(course.root)])
    assert done.exit_code == 0, done.output
    assert "1 student can fetch" in done.output
    assert "did not hand in there: ben" in done.output
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
