"""Formgrader's pages ask less of a large class, and show what stock nbgrader would show."""

import importlib.util
import shutil
from contextlib import contextmanager

import pytest
from course_folder import ASSIGNMENT, CONFIG, CourseFolder, answer
from nbgrader.api import Gradebook
from nbgrader.apps import api as nbgraders
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograde.course.course import Course

STUDENTS = ("graded", "again", "waiting", "missing", "gone", "nobody")


def api_of(course: CourseFolder | Course) -> nbgraders.NbGraderAPI:
    """What formgrader asks."""
    opened = Course.open(course.root)
    return nbgraders.NbGraderAPI(opened.directory, config=opened.config)


def stock_class() -> type:
    """`NbGraderAPI` from its own file, as nbgrader has it."""
    spec = importlib.util.spec_from_file_location("nbgrader.apps.stock_api", nbgraders.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.NbGraderAPI


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """Graded, handed in anew, waiting, without a submission, without files; and a second assignment."""
    made = CourseFolder.make(tmp_path_factory.mktemp("formgrader") / "course")
    made.configure(CONFIG)
    made.submit("graded")
    made.submit("again")
    made.submit("gone", answer(why="Someone's reason."))
    for who in ("graded", "again"):
        (made.root / "submitted" / who / ASSIGNMENT / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    made.grade()
    (made.root / "submitted/again" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC")
    made.submit("waiting")
    shutil.rmtree(made.root / "autograded/gone")
    (made.root / "solutions" / "later").mkdir()
    with api_of(made).gradebook as gradebook:
        gradebook.add_student("missing", first_name="Mia", last_name="Müller")
    return Course.open(made.root)


@pytest.fixture
def ours(course):
    return api_of(course)


@pytest.fixture
def stock(course):
    return stock_class()(course.directory, config=course.config)


@contextmanager
def statements():
    """What the databases are asked meanwhile."""
    asked: list[str] = []

    def note(connection, cursor, statement, *_):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("student", STUDENTS)
def test_the_page_of_one_student_shows_what_it_would(ours, stock, student):
    assert ours.get_student_submissions(student) == stock.get_student_submissions(student)


def test_the_states_differ(ours):
    shown = {who: {one["name"]: one for one in ours.get_student_submissions(who)} for who in STUDENTS}
    states = {who: (of[ASSIGNMENT]["submitted"], of[ASSIGNMENT]["autograded"]) for who, of in shown.items()}
    assert states == {
        "graded": (True, True),
        "again": (True, False),
        "waiting": (True, False),
        "gone": (True, False),
        "missing": (False, False),
        "nobody": (False, False),
    }
    assert shown["graded"][ASSIGNMENT]["score"] == 7
    assert shown["missing"][ASSIGNMENT]["last_name"] == "Müller"


def test_lists_of_a_notebooks_submissions_are_what_they_would_be(ours, stock):
    assert ours.get_notebook_submission_indices(ASSIGNMENT, "adam")
    for asked in ("get_notebook_submission_indices", "get_notebook_submissions"):
        assert getattr(ours, asked)(ASSIGNMENT, "adam") == getattr(stock, asked)(ASSIGNMENT, "adam")
    assert ours.get_notebook_submission_indices("later", "none") == {}


def by_id(rows):
    return sorted(rows, key=lambda row: row["id"])


@pytest.mark.parametrize(
    ("method", "names"),
    [("submission_dicts", (ASSIGNMENT,)), ("notebook_submission_dicts", ("adam", ASSIGNMENT))],
)
def test_lists_of_scores_are_nbgraders_own_and_of_that_assignment_alone(two_assignments, method, names):
    ours = getattr(Gradebook, method)
    with two_assignments.gradebook as gradebook:
        for assignment in (ASSIGNMENT, "07-other"):
            asked = (*names[:-1], assignment)
            listed = by_id(ours(gradebook, *asked))
            assert listed == by_id(ours.__wrapped__(gradebook, *asked))
            assert len(listed) == 2
            assert {row["score"] for row in listed} == (
                {7.0, 9.0} if assignment == ASSIGNMENT else {0.0, 1.0}
            )
        assert ours(gradebook, *names[:-1], "nothing of the kind") == []


@pytest.fixture
def two_assignments(tmp_path):
    """The same notebook in two assignments; of the first an answer of one student is graded by hand."""
    made = CourseFolder.make(tmp_path / "course")
    made.configure(CONFIG)
    made.submit("ann")
    made.submit("ben")
    made.grade()
    api = api_of(made)
    with api.gradebook as gradebook:
        gradebook.find_grade("why", "adam", ASSIGNMENT, "ann").manual_score = 2.0
        gradebook.add_assignment("07-other")
        gradebook.add_notebook("adam", "07-other")
        gradebook.add_grade_cell("test", "adam", "07-other", max_score=4, cell_type="code")
        for who, score in (("ann", 1.0), ("ben", 0.0)):
            gradebook.add_submission("07-other", who)
            gradebook.find_grade("test", "adam", "07-other", who).auto_score = score
        gradebook.db.commit()
    return api


def test_every_sum_of_a_list_is_over_that_assignments_rows(two_assignments):
    with two_assignments.gradebook as gradebook, statements() as asked:
        gradebook.submission_dicts(ASSIGNMENT)
    (listing,) = [statement for statement in asked if "sum(" in statement]
    assert listing.count("submitted_assignment.assignment_id IN (") == listing.count(
        "FROM submitted_assignment"
    )


def test_no_student_of_a_list_costs_queries_of_its_own(tmp_path):
    counts = []
    for students in (2, 12):
        made = CourseFolder.make(tmp_path / str(students) / "course")
        made.configure(CONFIG)
        for number in range(students):
            made.submit(f"s{number:02}")
        made.grade()
        api = api_of(made)
        with statements() as asked:
            assert len(api.get_notebook_submissions(ASSIGNMENT, "adam")) == students
        of_list = len(asked)
        with statements() as asked:
            api.get_student_submissions("s00")
        counts.append((of_list, len(asked)))
    assert counts[0] == counts[1]


def test_the_page_of_one_student_adds_up_no_other_students_scores(ours, stock):
    sums = {}
    for name, api in (("ours", ours), ("stock", stock)):
        with statements() as asked:
            api.get_student_submissions("graded")
        sums[name] = sum("student.email" in statement and "sum(" in statement for statement in asked)
    assert sums == {"ours": 0, "stock": 2}, "nbgrader's, once for each assignment"
