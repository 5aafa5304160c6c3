"""Points by hand belong to one version of an answer; a changed answer waits for a person."""

import sqlite3
from contextlib import closing

import pytest
from course_folder import ASSIGNMENT, answer, lesson, only
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograde.course.answer_key import KeyCell, KeyNotebook
from autograde.course.course import Submission
from autograde.grading.read_submission import NotebookRun, SubmissionRun
from autograde.grading.save import answers_of


def test_what_a_person_gave_survives_a_regrade(course):
    course.submit("s01")
    course.grade()
    url = f"sqlite:///{course.root}/gradebook.db"
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 1.0, False
        comment = gradebook.find_comment("why", "adam", ASSIGNMENT, "s01")
        comment.manual_comment = "Nice."
        gradebook.db.commit()
    result = only(course.grade(force=True))
    assert (result.score, result.pending_manual) == (10.5, 0)
    with Gradebook(url) as gradebook:
        assert gradebook.find_comment("why", "adam", ASSIGNMENT, "s01").manual_comment == "Nice."


def test_another_answer_than_the_one_that_got_points_by_hand_waits_for_a_person_again(course):
    course.submit("s01", answer(why="Because m starts at zero."))
    course.grade()
    url = f"sqlite:///{course.root}/gradebook.db"
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    assert (only(course.grade(force=True)).score, ticked(url)) == (9.0, (2.0, False))
    course.submit("s01", answer(why="Another answer."))
    for force in (False, True):  # and once more: nobody has looked yet
        result = only(course.grade(force=force))
        assert (result.score, result.pending_manual, ticked(url)) == (7.0, 1, (2.0, True))
    with Gradebook(url) as gradebook:  # as formgrader saves
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    assert (only(course.grade()).score, only(course.grade(force=True)).score) == (9.5, 9.5)
    assert ticked(url) == (2.5, False)


@pytest.fixture
def by_hand(course):
    """A course whose one answer in words has 2 points by hand; and its gradebook's address."""
    course.submit("s01", answer(why="Because m starts at zero."))
    course.grade()
    url = f"sqlite:///{course.root}/gradebook.db"
    type_in(url, 2.0)
    return url


def type_in(url, points, tick=False):
    """As formgrader saves."""
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        grade.manual_score, grade.needs_manual_grade = points, tick
        gradebook.db.commit()


def remove_autograded_notebook(course):
    course.autograded().unlink()


def edit_autograded_notebook(course):
    path = course.autograded()
    path.chmod(0o644)
    path.write_text(path.read_text().replace("Because m", "Seen: because m"))


def hand_in_what_cannot_be_read(course):
    course.submit("s01", "no notebook")
    assert only(course.grade()).status == "needs-review"
    course.submit("s01", answer(why="Because m starts at zero."))


def hand_in_another_answer_first(course):
    course.submit("s01", answer(why="Another answer."))
    assert only(course.grade()).pending_manual == 1
    course.submit("s01", answer(why="Because m starts at zero."))


@pytest.mark.parametrize(
    "meanwhile",
    [
        remove_autograded_notebook,
        edit_autograded_notebook,
        hand_in_what_cannot_be_read,
        hand_in_another_answer_first,
    ],
)
def test_the_answer_that_a_person_looked_at_waits_for_nobody_whatever_happened_meanwhile(
    course, by_hand, meanwhile
):
    meanwhile(course)
    result = only(course.grade(force=True))
    assert (result.score, result.pending_manual, ticked(by_hand)) == (9.0, 0, (2.0, False))
    course.submit("s01", answer(why="A third answer."))
    assert (only(course.grade()).score, ticked(by_hand)) == (7.0, (2.0, True))


class WritesBelow(NbGraderPreprocessor):
    """A course's own step, which changes what stands in the autograded notebook."""

    def preprocess(self, nb, resources):
        nb.cells[5].source += " [read]"
        return nb, resources


def test_a_step_of_the_courses_own_that_changes_the_text_makes_nobody_wait(course):
    course.configure(
        "from nbgrader.preprocessors import SaveAutoGrades\n"
        "from grading.test_manual_grades import WritesBelow\n"
        "c = get_config()\n"
        "c.Autograde.autograde_preprocessors = [SaveAutoGrades, WritesBelow]\n"
    )
    course.submit("s01", answer(why="Because m starts at zero."))
    course.grade()
    autograded = course.autograded()
    assert "zero. [read]" in autograded.read_text()
    url = f"sqlite:///{course.root}/gradebook.db"
    type_in(url, 2.0)
    for options in ({"force": True}, {"rejudge": True}, {"force": True}):
        assert (only(course.grade(**options)).score, ticked(url)) == (9.0, (2.0, False))


def test_a_tick_that_somebody_else_set_stays_until_a_person_takes_it_away(course, by_hand):
    type_in(by_hand, 2.0, tick=True)
    for _ in range(2):
        assert (only(course.grade(force=True)).score, ticked(by_hand)) == (9.0, (2.0, True))
    type_in(by_hand, 2.0)
    assert (only(course.grade(force=True)).score, ticked(by_hand)) == (9.0, (2.0, False))


def forget_answers(course):
    """Make every row one that says nothing of answers."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        database.execute("UPDATE autograde_submission SET answers = '{}'")


def test_points_of_an_answer_that_is_kept_nowhere_wait(course, by_hand):
    forget_answers(course)
    remove_autograded_notebook(course)
    result = only(course.grade())
    assert (result.score, result.cells[-1].fails) == (
        7.0,
        "graded by hand, perhaps for an earlier answer",
    )
    type_in(by_hand, 2.0)
    assert (only(course.grade(force=True)).score, ticked(by_hand)) == (9.0, (2.0, False))


def ticked(url):
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        return grade.manual_score, grade.needs_manual_grade


TASK = "adam/why"


def digest(notebook, tmp_path):
    """Of the lesson's last cell, were it a task that its text describes."""
    cells = {}
    for cell in lesson().cells:
        marks = cell.metadata.get("nbgrader")
        if marks:
            name, task = marks["grade_id"], marks["grade_id"] == "why"
            cells[name] = KeyCell(
                grade_id=name,
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=None,
                locked=marks["locked"] or task,
                solution=marks["solution"] and not task,
                task=task,
                points=marks.get("points"),
                check=None,
            )
    run = SubmissionRun(Submission("s01", "hw", tmp_path))
    run.notebook_runs.append(NotebookRun(KeyNotebook("adam", {}, cells), "", notebook))
    return answers_of(run)[TASK]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (answer(half="return x * 0.5"), False),
        (answer(student=lambda notebook: notebook.cells.append(notebook.cells[0].copy())), False),
        (answer(why="The task's own text, a typo mended."), True),
        (answer(student=lambda notebook: notebook.cells[4].update(source="assert half(8) == 4")), True),
    ],
)
def test_a_task_waits_for_other_work_and_not_for_another_text_of_its_own(changed, same, tmp_path):
    assert (digest(changed, tmp_path) == digest(answer(), tmp_path)) is same
