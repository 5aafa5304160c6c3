"""Points by hand belong to one version of an answer; a changed answer waits for a person."""

import sqlite3
from contextlib import closing

import nbformat
import pytest
from course_folder import ASSIGNMENT, answer, lesson, only, shown
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from pipeline.test_match import key_of

from autograde.book.save import answers_of
from autograde.entries.entry import Submission
from autograde.entries.graded import Graded, GradedNotebook
from autograde.release.lessons import release_notebooks


def test_what_a_person_gave_survives_a_regrade(course):
    course.grade_one()
    course.by_hand("s01", 2.5, remark="Nice.")
    with course.gradebook() as gradebook:
        gradebook.find_grade("why", "adam", ASSIGNMENT, "s01").extra_credit = 1.0
        gradebook.db.commit()
    result = only(course.grade(force=True))
    assert (result.score, result.pending_manual) == (10.5, 0)
    with course.gradebook() as gradebook:
        assert gradebook.find_comment("why", "adam", ASSIGNMENT, "s01").manual_comment == "Nice."


def two_points(course):
    course.grade_one(answer(why="Because m starts at zero."))
    course.by_hand("s01", 2.0)


@pytest.fixture
def by_hand(after):
    """A course whose one answer in words has 2 points by hand."""
    return after(two_points)


def test_another_answer_than_the_one_graded_by_hand_waits_again(by_hand):
    another, third = answer(why="Another answer."), answer(why="A third answer.")
    for handed_in in ([another], [another], ["no notebook", another]):  # and again: nobody has looked yet
        *_, result = map(by_hand.grade_one, handed_in)
        assert (result.score, result.pending_manual, by_hand.hand_grade()) == (7.0, 1, (2.0, True))
    by_hand.by_hand("s01", 2.5)
    assert (only(by_hand.grade()).score, only(by_hand.grade(force=True)).score) == (9.5, 9.5)
    assert by_hand.hand_grade() == (2.5, False)
    by_hand.grade_one(third)
    by_hand.by_hand("s01", 1.0)
    by_hand.grade_one("no notebook")
    assert (by_hand.grade_one(third).score, by_hand.hand_grade()) == (8.0, (1.0, False))


def remove_autograded_notebook(course):
    course.autograded().unlink()


def edit_autograded_notebook(course):
    path = course.autograded()
    path.chmod(0o644)
    path.write_text(path.read_text().replace("Because m", "Seen: because m"))


def hand_in_what_cannot_be_read(course):
    assert course.grade_one("no notebook").status == "needs-review"
    course.submit("s01", answer(why="Because m starts at zero."))


def hand_in_another_answer_first(course):
    assert course.grade_one(answer(why="Another answer.")).pending_manual == 1
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
def test_the_answer_that_a_person_graded_does_not_wait_again(by_hand, meanwhile):
    meanwhile(by_hand)
    result = only(by_hand.grade(force=True))
    assert (result.score, result.pending_manual, by_hand.hand_grade()) == (9.0, 0, (2.0, False))
    by_hand.submit("s01", answer(why="A third answer."))
    assert (only(by_hand.grade()).score, by_hand.hand_grade()) == (7.0, (2.0, True))


class WritesBelow(NbGraderPreprocessor):
    """A course's own step, which changes what stands in the autograded notebook."""

    def preprocess(self, nb, resources):
        nb.cells[5].source += " [read]"
        return nb, resources


def test_a_step_of_the_courses_own_that_changes_the_text_makes_nobody_wait(course):
    course.configure(
        "from nbgrader.preprocessors import SaveAutoGrades\n"
        "from book.test_manual_grades import WritesBelow\n"
        "c = get_config()\n"
        "c.Autograde.autograde_preprocessors = [SaveAutoGrades, WritesBelow]\n"
    )
    course.grade_one(answer(why="Because m starts at zero."))
    assert "zero. [read]" in course.autograded().read_text()
    course.by_hand("s01", 2.0)
    for options in ({"force": True}, {"rejudge": True}, {"force": True}):
        assert (only(course.grade(**options)).score, course.hand_grade()) == (9.0, (2.0, False))


def test_a_tick_that_somebody_else_set_stays_until_a_person_takes_it_away(by_hand):
    by_hand.by_hand("s01", 2.0, tick=True)
    for _ in range(2):
        assert (only(by_hand.grade(force=True)).score, by_hand.hand_grade()) == (9.0, (2.0, True))
    by_hand.by_hand("s01", 2.0)
    assert (only(by_hand.grade(force=True)).score, by_hand.hand_grade()) == (9.0, (2.0, False))


def forget_answers(course):
    """Make every row one that says nothing of answers."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        database.execute("UPDATE autograde_submission SET answers = '{}'")


def test_points_of_an_answer_that_is_kept_nowhere_wait(by_hand):
    forget_answers(by_hand)
    remove_autograded_notebook(by_hand)
    result = only(by_hand.grade())
    assert (result.score, result.cells[-1].fails) == (7.0, "graded by hand, perhaps for an earlier answer")
    by_hand.by_hand("s01", 2.0)
    assert (only(by_hand.grade(force=True)).score, by_hand.hand_grade()) == (9.0, (2.0, False))


def digest(notebook, tmp_path):
    """Of the lesson's last cell, were it a task that its text describes."""
    cells = lesson().cells
    cells[5].metadata.nbgrader.update(task=True, solution=False, locked=True)
    run = Graded(Submission("s01", "hw", tmp_path))
    run.notebooks.append(GradedNotebook(key_of(cells), "", notebook))
    return answers_of(run)["n/why"]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (answer(half="return x * 0.5"), False),
        (answer(student=lambda notebook: notebook.cells.append(notebook.cells[0].copy())), False),
        (answer(student=lambda notebook: notebook.cells[0].update(attachments={"a.png": {}})), False),
        (answer(student=lambda notebook: notebook.cells.append(new_markdown_cell(" "))), True),
        (answer(why="The task's own text, a typo mended."), True),
        (answer(student=lambda notebook: notebook.cells[4].update(source="assert half(8) == 4")), True),
    ],
)
def test_a_task_waits_for_other_work_and_not_for_another_text_of_its_own(changed, same, tmp_path):
    assert (digest(changed, tmp_path) == digest(answer(), tmp_path)) is same


def handed_out(course, *below: str):
    """The answer in words as it is handed out, and cells of the student's own below it."""
    release_notebooks(course.root, ASSIGNMENT)
    (path,) = (course.root / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    blank = nbformat.read(path, as_version=4).cells[-1].source
    notebook = answer(why=blank)
    notebook.cells += [new_markdown_cell(text) for text in below]
    return notebook


def test_an_empty_answer_is_nothing_and_with_own_words_near_it_waits_for_a_person(course):
    course.submit("empty", handed_out(course))
    course.submit("below", handed_out(course, "Because m starts at zero."))
    for options in ({}, {"force": True}, {"rejudge": True}):
        results = {one.student: one for one in course.grade(**options).results}
        assert (results["empty"].score, results["empty"].cells[-1].score) == (7.0, 0.0)
        assert (results["empty"].pending_manual, results["empty"].flags) == (0, ())
        assert (results["below"].score, results["below"].cells[-1].score) == (7.0, None)
        assert (results["below"].pending_manual, results["below"].flags) == (1, ("unread-answers",))
        assert results["below"].notes == ("why: empty; text of the student's own near it, in cell 7",)
        assert course.hand_grade("below") == (None, True)
    with course.gradebook() as gradebook:
        remarks = {
            who: gradebook.find_comment("why", "adam", ASSIGNMENT, who).comment for who in ("empty", "below")
        }
    assert remarks == {"empty": "No response.", "below": None}


def test_points_for_words_near_an_empty_answer_wait_when_the_words_change(course):
    course.grade_one(handed_out(course, "Because m starts at zero."))
    course.by_hand("s01", 2.0)
    assert (only(course.grade(force=True)).score, course.hand_grade()) == (9.0, (2.0, False))
    course.submit("s01", handed_out(course, "Because of the weather."))
    assert (only(course.grade()).score, course.hand_grade()) == (7.0, (2.0, True))


def test_an_answer_whose_cell_was_deleted_is_no_answer_of_nothing(course):
    result = course.grade_one(answer(student=lambda notebook: notebook.cells.pop()))
    assert (result.pending_manual, result.cells[-1].score) == (1, None)
    assert result.flags == ("altered-answers", "unread-answers")
    assert "locked" not in shown(course.grade(force=True))
