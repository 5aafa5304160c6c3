"""A changed rubric, applied to kept evidence."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from course_folder import ASSIGNMENT, WRONG, MilderRubric, NoSandbox, answer, shown

from autograde.book.class_results import graded_assignment, read_class
from autograde.course import graded_files
from autograde.errors import NeedsReviewError
from autograde.grading.grade_class import Watcher
from autograde.grading.terminal import _before_grading
from autograde.pages.explain import explain_grade
from autograde.pages.feedback import pages_of, write_pages
from autograde.pipeline import judge as graders_judge
from descentlab import exercises
from verdicts import judging
from verdicts.judging.examiners import probes_of, reference_runs
from verdicts.recording import evidence_bytes


def worth_more(course, points: int) -> None:
    """The teacher gives the first check other points, after the handout."""
    path = course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    text = path.read_text()
    assert text.count("points=5") == 1
    text = text.replace("points=5", f"points={points}").replace('"points": 5', f'"points": {points}')
    path.write_text(text)
    course.register()


class NoRun(NoSandbox):
    def __enter__(self):
        raise AssertionError("a rejudging runs no code")


def rejudge(course, **options):
    return course.grade(pool=NoRun, rejudge=True, **options)


@pytest.fixture
def milder(monkeypatch):
    return lambda: monkeypatch.setattr(graders_judge, "judging", MilderRubric)


def return_feedback(course):
    page = course.root / "feedback/s01" / ASSIGNMENT / "adam.html"
    page.parent.mkdir(parents=True)
    page.write_text("returned")


def contents(course):
    """Every file of what was graded, by its path."""
    root = course.root / "autograded"
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_rejudging_under_the_same_rubric_changes_nothing(course):
    course.submit("s01", answer(WRONG))
    before = course.grade().results
    path = course.autograded()
    text = path.read_text()
    again = rejudge(course)
    assert [result.as_json() for result in again.results] == [result.as_json() for result in before]
    assert path.read_text() == text
    assert again.exit_status == 0


def test_a_changed_rubric_reaches_grades_that_were_not_returned(course, milder):
    course.submit("s01", answer(WRONG))
    (before,) = course.grade().results
    milder()
    (after,) = rejudge(course).results
    assert (after.was, after.score) == (before.score, 7.0)
    assert course.scores() == {"s01": 7.0}


def test_a_returned_grade_changes_only_when_asked_for(course, milder):
    course.submit("s01", answer(WRONG))
    (before,) = course.grade().results
    return_feedback(course)
    milder()
    files = contents(course)
    outcome = rejudge(course)
    assert {student: after.score for student, after in outcome.withheld_changes.items()} == {"s01": 7.0}
    assert contents(course) == files
    assert outcome.exit_status == 1
    assert (outcome.results[0].was, outcome.results[0].score) == (None, before.score)  # what is stored
    assert course.scores() == {"s01": before.score}
    assert rejudge(course, force=True).withheld_changes == {}
    assert course.scores() == {"s01": 7.0}


def test_a_returned_score_keeps_its_maximum_when_the_points_change(course, tmp_path):
    """One state, in the table, the gradebook, the reasons, the report and the export."""
    course.submit("s01", answer("pass"))
    course.submit("s02")
    course.grade()
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        (page,) = [
            one.path for one in write_pages(pages_of(opened, read_class(opened, gradebook, key), ["s01"]))
        ]
    returned = page.read_text()
    worth_more(course, 8)
    outcome = rejudge(course)
    stored = {result.student: (result.score, result.max_score) for result in outcome.results}
    assert stored == {"s01": (2, 10), "s02": (10, 13)}
    assert [(after.score, after.max_score) for after in outcome.withheld_changes.values()] == [(2, 13)]
    said = shown(outcome)
    assert "changed: s01 2 of 10 → 2 of 13, not saved: its feedback was returned" in said
    assert "returned, out of 10 points; the assignment has 13 now" in said
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        whole = read_class(opened, gradebook, key)
        assert {one.student: (one.score, one.max_score) for one in whole.entries} == stored
    reasons = "\n".join(explain_grade(whole.every_graded["s01"], opened.root))
    list(write_pages(pages_of(opened, whole, ["s01"])))
    assert "2 of 10" in reasons
    assert "returned, out of 10 points" in reasons
    assert page.read_text() == returned
    assert course.run("export 06-adam --out", tmp_path / "out.csv").exit_code == 1
    lines = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [(line["score"], line["max_score"]) for line in lines] == [
        ("", "10"),
        ("", "13"),
    ]  # an answer in words waits
    again = rejudge(course, force=True)
    assert (again.withheld_changes, again.results[0].score, again.results[0].max_score) == ({}, 2, 13)


def test_what_was_rejudged_after_a_change_of_points_alone_is_not_run_again(course):
    course.submit("s01")
    course.grade()
    worth_more(course, 8)
    assert [result.score for result in rejudge(course).results] == [10]
    (after,) = course.grade().results
    assert (after.unchanged, after.score, after.max_score) == (True, 10, 13)
    course.edit(lambda notebook: setattr(notebook.cells[4], "source", "assert half(4) == 2.0"))
    course.register()
    rejudge(course)
    assert [result.unchanged for result in course.grade().results] == [False], "other tests have to be run"


def test_who_has_no_grade_stands_in_the_table_of_a_rejudging_too(course):
    course.submit("s01")
    course.submit("s02", "no notebook")
    course.grade()
    course.submit("s03")
    outcome = rejudge(course)
    states = {result.student: result.status for result in outcome.results}
    assert states == {"s01": "graded", "s02": "needs-review", "s03": "not-graded"}
    assert outcome.exit_status == 1
    below = shown(outcome)
    assert "needs-review: s02. Fix" in below
    assert f"submitted, not graded yet: s03. Run `autograde grade {ASSIGNMENT}`" in below


def test_a_submission_that_changed_since_must_be_graded_not_rejudged(course):
    course.grade_one()
    result = course.grade_one(answer(WRONG), pool=NoRun, rejudge=True)
    assert result.status == "failed"


def test_a_submission_whose_cells_are_in_doubt_now_does_not_end_the_rejudging(course, monkeypatch):
    for student in ("s01", "s02"):
        course.submit(student)
    course.grade()
    restored = []

    def in_doubt(*_):
        restored.append(1)
        if len(restored) == 1:
            raise NeedsReviewError("duplicate-ids", "more than one cell is adam: merge them into one")

    monkeypatch.setattr("autograde.pipeline.restore.restore_cells", in_doubt)
    first, second = course.grade(rejudge=True).results
    assert (first.status, second.status) == ("failed", "graded")
    assert first.notes == (
        "more than one cell is adam: merge them into one: grade it again without --rejudge",
    )


def test_a_regrade_says_where_a_returned_score_changed(course):
    course.grade_one()
    return_feedback(course)
    result = course.grade_one(answer(half="return 0"))
    assert (result.was, result.score) == (7.0, 5.0)


def test_evidence_of_an_earlier_version_accuses_nobody(course, monkeypatch):
    course.grade_one()
    files = contents(course)
    monkeypatch.setattr(evidence_bytes, "FORMAT", evidence_bytes.FORMAT + 1)
    (result,) = rejudge(course, force=True).results
    assert (result.status, result.score) == ("failed", None)
    assert "--force" in result.notes[0]
    assert contents(course) == files
    assert course.scores() == {"s01": 7.0}
    (again,) = course.grade(force=True).results
    assert (again.status, again.score, again.flags) == ("graded", 7.0, ())
    assert rejudge(course).results[0].score == 7.0


def test_a_check_that_this_version_does_not_have_costs_nobody_a_point(course, monkeypatch):
    course.grade_one()
    files = contents(course)
    without = {name: check for name, check in exercises.all_checks().items() if name != "adam/update"}
    monkeypatch.setattr(exercises, "all_checks", lambda: without)
    for result in (course.grade(force=True).results[0], rejudge(course, force=True).results[0]):
        assert (result.status, result.score) == ("failed", None)
        (note,) = result.notes
        assert "no check is named 'adam/update'" in note
        assert "another version" in note
        assert note.isprintable()
    assert contents(course) == files
    assert course.scores() == {"s01": 7.0}


def forget_problems():
    probes_of.cache_clear()
    reference_runs.cache_clear()


def test_evidence_of_other_problems_is_graded_again_never_compared(course, monkeypatch):
    """NumPy promises the numbers of a seed for one of its versions only."""
    course.grade_one()
    files = contents(course)
    monkeypatch.setattr(np.random, "PCG64", np.random.Philox)
    forget_problems()
    (result,) = rejudge(course, force=True).results
    assert (result.status, result.score) == ("failed", None)
    assert "grade it again" in result.notes[0]
    assert contents(course) == files
    assert course.grade(force=True).results[0].score == 7.0
    forget_problems()


def test_a_check_that_cannot_be_judged_in_time_waits_for_a_person(course, monkeypatch):
    class Late:
        @staticmethod
        def judge(name, evidence, seed):
            return replace(
                judging.judge(name, evidence, seed), status="not-judged", cause="too long", out_of_time=True
            )

    monkeypatch.setattr(graders_judge, "judging", Late)
    course.submit("s01")
    outcome = course.grade()
    (result,) = outcome.results
    scores = {cell.grade_id: cell.score for cell in result.cells}
    assert (scores["check-adam-update"], scores["test-half"]) == (None, 2)
    assert (result.flags, result.pending_manual, outcome.exit_status) == (("not-judged",), 2, 1)
    assert "its points wait for you" in shown(outcome)


def test_a_reference_that_raises_stops_nobody_else(course, monkeypatch):
    class Raises:
        asked = 0

        @classmethod
        def judge(cls, name, evidence, seed):
            cls.asked += 1
            if cls.asked == 2:
                raise ZeroDivisionError("in the reference")
            return judging.judge(name, evidence, seed)

    monkeypatch.setattr(graders_judge, "judging", Raises)
    for student in ("s01", "s02", "s03"):
        course.submit(student)
    results = course.grade().results
    assert [result.status for result in results] == ["graded", "failed", "graded"]
    (note,) = results[1].notes
    assert "check-adam-update: 'adam/update' cannot be judged" in note


def test_a_file_of_evidence_of_another_format_is_refused(course, monkeypatch):
    course.grade_one()
    monkeypatch.setattr(graded_files, "FORMAT", graded_files.FORMAT - 1)
    (result,) = rejudge(course).results
    assert result.status == "failed"
    assert "has the format" in result.notes[0]
    assert course.scores() == {"s01": 7.0}


def test_a_check_of_another_name_costs_nobody_a_point_and_leaves_no_other_reason(course):
    course.submit("s01")
    course.submit("s02", answer(WRONG))
    before = course.grade().results
    files = contents(course)
    course.edit(lambda notebook: write_for(notebook, "adam/update", "adam/longest-step"))
    course.register()
    after = rejudge(course).results
    assert [result.status for result in after] == ["failed", "failed"]
    assert "it is of another check: grade it again without --rejudge" in after[0].notes[0]
    assert contents(course) == files
    assert [row.score for row in before] == [result.score for result in rejudged_by_nobody(course)]


def write_for(notebook, old, new):
    (cell,) = [cell for cell in notebook.cells if old in cell.source]
    cell.source = cell.source.replace(old, new)


def rejudged_by_nobody(course):
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        return read_class(opened, gradebook, key).entries


def test_before_it_begins_a_rejudging_says_how_many_returned_grades_it_keeps(course):
    course.submit("s01")
    course.submit("s02")
    course.grade()
    return_feedback(course)
    begun = []
    for force in (False, True):
        watcher = Watcher(begin=lambda todo, unchanged, outcome: begun.append([*_before_grading(outcome)]))
        course.grade(pool=NoRun, watcher=watcher, rejudge=True, force=force)
    said = "1 grade will be kept, as feedback was returned: to change returned grades, too, add --force"
    assert begun == [[said], []]
