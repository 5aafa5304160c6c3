"""What formgrader shows a person who grades: the rubric above the answer."""

import pytest
from course_folder import ASSIGNMENT, CONFIG, answer
from nbconvert import HTMLExporter
from nbgrader.apps.api import NbGraderAPI

from autograde.course.course import Course
from autograde.pages.formgrader import OF_FORMGRADER, ShowRubric

MODEL = "Because $v$ is small.\n\n**Rubric.** 1 point: says why."


@pytest.fixture
def configured(course):
    course.configure(CONFIG)
    course.edit(lambda notebook: notebook.cells[5].update(source=MODEL))
    return course


def shown(course, **resources):
    exporter = HTMLExporter(config=Course.open(course.root).config)
    return exporter.from_notebook_node(answer(why="I think $x^2$."), resources=resources)[0]


def test_the_rubric_stands_above_the_answer_and_formulas_are_drawn(configured):
    names = dict.fromkeys(OF_FORMGRADER, "x") | {"assignment_id": ASSIGNMENT, "notebook_id": "adam"}
    page = shown(configured, **names)
    assert page.index("Model answer and rubric") < page.index("1 point: says why") < page.index("I think")
    assert '<math alttext="x^2"' in page
    assert '<math alttext="v"' in page


def test_a_students_page_never_has_the_rubric(configured):
    assert "says why" not in shown(configured)
    assert "says why" not in shown(configured, assignment_id=ASSIGNMENT, notebook_id="adam")


def test_a_solution_that_cannot_be_read_shows_no_rubric_and_the_answer_all_the_same(configured):
    (configured.root / "solutions" / ASSIGNMENT / "adam.ipynb").write_text("{")
    names = dict.fromkeys(OF_FORMGRADER, "x") | {"assignment_id": ASSIGNMENT, "notebook_id": "adam"}
    assert "I think" in shown(configured, **names)
    assert ShowRubric(source="/no/such").preprocess(answer(), names)[0].cells == answer().cells


@pytest.mark.needs("bubblewrap")
def test_the_button_shows_the_score_and_no_log(configured):
    configured.submit("ann")
    opened = Course.open(configured.root)
    api = NbGraderAPI(opened.directory, config=opened.config)
    done = api.autograde(ASSIGNMENT, "ann")
    assert done["success"], done
    assert done["log"].splitlines()[0] == "ann: 7 of 10 points"
    assert "[INFO]" not in done["log"]
    assert "Converting" not in done["log"]
