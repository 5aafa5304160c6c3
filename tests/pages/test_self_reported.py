"""One truth, nbgrader's gradebook: who was graded by stock nbgrader is in every output, and named there."""

import io

import pytest
from course_folder import ASSIGNMENT, CONFIG, CourseFolder, answer, nbgrader_autograde
from nbgrader.converters import Autograde
from rich.console import Console
from support import kernels_in
from traitlets.config import Config

from autograde.book.class_results import graded_assignment, read_class
from autograde.book.submission_rows import graded_students, read_results
from autograde.course.course import Course
from autograde.entries.wording import what_happened
from autograde.grading.terminal import Progress
from autograde.pages.class_numbers import gather
from autograde.pages.explain import explain_grade
from autograde.pages.feedback import STOCK, pages_of, write_pages


def two_ways(course: CourseFolder) -> None:
    """`ours` is graded here, `stock` by nbgrader as it comes, after a check was replaced by its points."""
    course.submit("ours")
    course.grade()
    course.submit("stock", answer(student=lambda notebook: notebook.cells[3].update(source="half = None")))
    stock_autograde(course, "stock")


@pytest.fixture
def mixed(after) -> CourseFolder:
    return after(two_ways)


def stock_autograde(course: CourseFolder, student: str) -> None:
    directory = Course.open(course.root).directory
    directory.assignment_id, directory.student_id = ASSIGNMENT, student
    config = Config({"Exchange": {"timezone": "UTC"}})
    config.merge(kernels_in(course.root))
    Autograde(coursedir=directory, config=config, force=True).start()


def test_who_was_graded_is_known_without_reading_scores(mixed):
    mixed.submit("twice", "no notebook")
    mixed.grade("twice")
    with graded_assignment(mixed.root, ASSIGNMENT) as (_, gradebook, key):
        assert graded_students(gradebook, ASSIGNMENT) == set(read_results(gradebook, key))
        assert graded_students(gradebook, ASSIGNMENT) == {"ours", "stock", "twice"}
        assert graded_students(gradebook, "another") == set()


def exported(course: CourseFolder, *words: str) -> tuple[bool, str, str]:
    out = course.root / "scores.csv"
    done = course.run("export 06-adam --out", out, *words)
    return done.exit_code == 0, out.read_text(), done.stderr


def test_an_export_has_everybody_and_names_who_is_self_reported(mixed):
    complete, text, said = exported(mixed)
    assert "ours" in text
    assert "stock" in text
    assert "self-reported" in said
    assert "stock" in said
    assert not complete


def test_who_accepts_self_reported_scores_gets_them_without_complaint(mixed):
    for student in ("ours", "stock"):
        mixed.by_hand(student, 3.0)
    complete, _, said = exported(mixed, "--accept-self-reported")
    assert complete
    assert "stock" in said


def test_report_and_reasons_say_it(mixed):
    with graded_assignment(mixed.root, ASSIGNMENT, ["stock"]) as (course, gradebook, key):
        whole = read_class(course, gradebook, key)
    lines = list(explain_grade(whole.every_graded["stock"], course.root))
    report, pages = gather(whole), pages_of(course, whole)
    written = [page.student for page in write_pages(pages)]
    assert [result.student for result in report.results] == ["ours", "stock"]
    (attention,) = report.attention
    assert attention.as_json()["self_reported"] is True
    assert "self-reported" in "; ".join(what_happened(attention))
    assert any("self-reported" in line for line in lines)
    assert (written, pages.without[STOCK]) == (["ours"], ["stock"])


def test_the_next_run_says_that_it_replaces_the_grade_and_does(mixed):
    said = io.StringIO()
    outcome = mixed.grade()
    assert outcome.self_reported == ["stock"]
    Progress(Console(file=said)).watcher().begin(1, 1, outcome)
    assert "replacing grades of stock nbgrader: stock" in said.getvalue()
    assert not any(result.self_reported for result in outcome.results)
    assert mixed.grade().self_reported == []
    assert "stock nbgrader" not in exported(mixed)[2]


def test_a_grade_of_ours_that_stock_nbgrader_overwrote_is_self_reported_too(mixed):
    mixed.submit("ours", answer(half="return 0"))
    stock_autograde(mixed, "ours")
    with graded_assignment(mixed.root, ASSIGNMENT) as opened:
        report = gather(read_class(*opened))
        assert all(result.self_reported for result in report.results)
    assert mixed.grade().self_reported == ["ours", "stock"]


@pytest.mark.needs("bubblewrap")
def test_with_our_configuration_nbgraders_own_command_writes_our_row(course):
    course.configure(CONFIG)
    course.submit("s01")
    nbgrader_autograde(course)
    complete, text, said = exported(course)
    assert "s01" in text
    assert "stock nbgrader" not in said
    with graded_assignment(course.root, ASSIGNMENT) as opened:
        (result,) = gather(read_class(*opened)).results
    assert (result.score, result.self_reported) == (7.0, False)
    assert complete or "not final" in said
