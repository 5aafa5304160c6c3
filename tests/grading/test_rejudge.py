"""A changed rubric, applied to kept evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograde.grading import autograded_files
from autograde.grading import judge as judging
from descentlab import checks
from descentlab.checks.recording import evidence_bytes
from grading.small_course import ASSIGNMENT, WRONG, NoSandbox, answer


class NoRun(NoSandbox):
    def __enter__(self):
        raise AssertionError("a rejudging runs no code")


@pytest.fixture
def milder(monkeypatch):
    """A rubric that counts every criterion of a check as passed."""

    class Milder:
        @staticmethod
        def judge(name, evidence, seed):
            verdict = checks.judge(name, evidence, seed)
            passed = tuple(replace(criterion, passed=True) for criterion in verdict.criteria)
            return replace(verdict, criteria=passed)

    def begin():
        monkeypatch.setattr(judging, "checks", Milder)

    return begin


def contents(course):
    """Every file of what was graded, by its path."""
    root = course.root / "autograded"
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_rejudging_under_the_same_rubric_changes_nothing(course):
    course.submit("s01", answer(WRONG))
    before = course.grade().results
    path = course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb"
    text = path.read_text()
    again = course.grade(pool=NoRun, rejudge=True)
    assert [result.as_json() for result in again.results] == [result.as_json() for result in before]
    assert path.read_text() == text
    assert again.exit_status == 0


def test_a_changed_rubric_reaches_grades_that_were_not_returned(course, milder):
    course.submit("s01", answer(WRONG))
    (before,) = course.grade().results
    milder()
    (after,) = course.grade(pool=NoRun, rejudge=True).results
    assert (after.was, after.score) == (before.score, 7.0)
    assert course.scores(pool=NoSandbox) == {"s01": 7.0}


def test_a_returned_grade_changes_only_when_asked_for(course, milder):
    course.submit("s01", answer(WRONG))
    (before,) = course.grade().results
    page = course.root / "feedback/s01" / ASSIGNMENT / "adam.html"
    page.parent.mkdir(parents=True)
    page.write_text("returned")
    milder()
    files = contents(course)
    outcome = course.grade(pool=NoRun, rejudge=True)
    assert outcome.held == ["s01"]
    assert contents(course) == files
    assert outcome.exit_status == 1
    assert (outcome.results[0].was, outcome.results[0].score) == (before.score, 7.0)
    assert course.scores(pool=NoSandbox) == {"s01": before.score}
    assert course.grade(pool=NoRun, rejudge=True, force=True).held == []
    assert course.scores(pool=NoSandbox) == {"s01": 7.0}


def test_a_submission_that_changed_since_must_be_graded_not_rejudged(course):
    course.submit("s01")
    course.grade()
    course.submit("s01", answer(WRONG))
    (result,) = course.grade(pool=NoRun, rejudge=True).results
    assert result.status == "failed"


def test_a_regrade_says_where_a_returned_score_changed(course):
    course.submit("s01")
    course.grade()
    page = course.root / "feedback/s01" / ASSIGNMENT / "adam.html"
    page.parent.mkdir(parents=True)
    page.write_text("returned")
    course.submit("s01", answer(half="return 0"))
    (result,) = course.grade().results
    assert (result.was, result.score) == (7.0, 5.0)


def test_evidence_of_an_earlier_version_accuses_nobody(course, monkeypatch):
    course.submit("s01")
    course.grade()
    files = contents(course)
    monkeypatch.setattr(evidence_bytes, "FORMAT", evidence_bytes.FORMAT + 1)
    (result,) = course.grade(pool=NoRun, rejudge=True, force=True).results
    assert (result.status, result.score) == ("failed", None)
    assert "--force" in result.notes[0]
    assert contents(course) == files
    assert course.scores() == {"s01": 7.0}
    (again,) = course.grade(force=True).results
    assert (again.status, again.score, again.flags) == ("graded", 7.0, ())
    assert course.grade(pool=NoRun, rejudge=True).results[0].score == 7.0


def test_a_file_of_evidence_that_a_newer_version_wrote_is_not_guessed_at(course, monkeypatch):
    course.submit("s01")
    course.grade()
    monkeypatch.setattr(autograded_files, "FORMAT", autograded_files.FORMAT - 1)
    (result,) = course.grade(pool=NoRun, rejudge=True).results
    assert result.status == "failed"
    assert "newer version" in result.notes[0]
    assert course.scores() == {"s01": 7.0}
