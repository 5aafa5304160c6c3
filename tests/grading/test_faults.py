"""Faults of the machine: no half grade, a clear line, and the next run goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import Future

import pytest
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import OperationalError
from support import ROOT

from autograde.errors import UsageError
from autograde.grading import gradebook, products, road
from autograde.grading.judge import judge
from autograde.sandbox import SandboxError
from grading.small_course import ASSIGNMENT, NoSandbox, answer


def test_a_full_disk_stops_the_run_with_nothing_half_saved(course, monkeypatch):
    for number in range(3):
        course.submit(f"s{number}")
    put, written = products._put, []

    def full(path, data, mode):
        written.append(path)
        if len(written) > 2:
            raise OSError(28, "No space left on device", str(path))
        return put(path, data, mode)

    monkeypatch.setattr(products, "_put", full)
    outcome = course.grade()
    assert "No space left" in outcome.stopped
    assert outcome.exit_status == 1
    assert [result.student for result in outcome.results] == ["s0"]
    monkeypatch.setattr(products, "_put", put)
    assert course.scores() == {"s0": 7.0, "s1": 7.0, "s2": 7.0}


def test_a_step_that_fails_in_the_middle_leaves_no_row_for_the_next_submission_to_commit(course, monkeypatch):
    for number in range(3):
        course.submit(f"s{number}")
    step = SaveAutoGrades.preprocess_cell

    def failing(self, cell, resources, index):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if (resources["nbgrader"]["student"], grade_id) == ("s1", "why"):
            raise RuntimeError("in the middle")
        return step(self, cell, resources, index)

    with monkeypatch.context() as patched:
        patched.setattr(SaveAutoGrades, "preprocess_cell", failing)
        assert [result.status for result in course.grade().results] == ["graded", "failed", "graded"]
    with sqlite3.connect(course.root / "gradebook.db") as rows:
        assert rows.execute("select id from student order by id").fetchall() == [("s0",), ("s2",)]
        assert rows.execute("select count(*) from grade").fetchone() == (6,)
    rows.close()
    assert course.scores() == {"s0": 7.0, "s1": 7.0, "s2": 7.0}


def test_a_commit_that_is_refused_counts_as_nothing_though_other_work_went_on(course, monkeypatch):
    for number in range(4):
        course.submit(f"s{number}")
    commit, commits = gradebook._PatientSession.really_commit, []

    def refused(session):
        commits.append(session)
        if len(commits) == 2:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))
        return commit(session)

    monkeypatch.setattr(gradebook._PatientSession, "really_commit", refused)
    outcome = course.grade()
    assert "disk I/O error" in outcome.stopped
    assert [result.student for result in outcome.results] == ["s0"]
    graded = [result.student for result in course.grade().results if result.unchanged]
    assert graded == ["s0"]
    assert course.scores() == {f"s{number}": 7.0 for number in range(4)}


def test_an_interrupt_keeps_and_shows_what_was_being_saved(course, monkeypatch):
    for number in range(3):
        course.submit(f"s{number}")
    judged = []

    def interrupted(work):
        judged.append(work)
        if len(judged) == 2:
            raise KeyboardInterrupt
        judge(work)

    monkeypatch.setattr(road, "judge", interrupted)
    outcome = course.grade()
    assert outcome.stopped == "interrupted"
    assert [result.student for result in outcome.results] == ["s0"]
    assert [result.student for result in course.grade().results if result.unchanged] == ["s0"]


def test_a_locked_gradebook_stops_the_run_and_says_so(course):
    course.submit("s01")
    course.grade()
    course.submit("s01", answer(half="return 0"))
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        outcome = course.grade()
    finally:
        other.close()
    assert "locked" in outcome.stopped
    assert course.scores() == {"s01": 5.0}


def test_a_file_that_is_no_gradebook_is_left_alone(course):
    course.submit("s01")
    path = course.root / "gradebook.db"
    path.write_bytes(b"my notes" * 1000)
    with pytest.raises(UsageError, match="no gradebook"):
        course.grade()
    assert path.read_bytes() == b"my notes" * 1000


def test_a_sandbox_that_fails_once_is_tried_again(course):
    class Flaky(NoSandbox):
        def submit_run(self, cells, seed, limits=None, files=None):
            if not self.runs:
                self.runs.append(cells)
                future: Future = Future()
                future.set_exception(SandboxError("a hiccup"))
                return future
            return super().submit_run(cells, seed, limits, files)

    course.submit("s01")
    assert course.scores(pool=Flaky) == {"s01": 7.0}


def test_scores_do_not_depend_on_how_many_run_at_once(course):
    from autograde.grading.classroom import Options, grade_class

    for number in range(5):
        course.submit(f"s{number}", answer(half=f"return x / {number + 1}"))
    kept = []
    for jobs in (1, 2, 8):
        asked = Options(ASSIGNMENT, course.root, jobs=jobs, force=True)
        outcome = grade_class(asked, make_pool=NoSandbox)
        kept.append([(result.student, result.score, result.flags) for result in outcome.results])
    assert kept[0] == kept[1] == kept[2]
    assert [score for _, score, _ in kept[0]] == [5.0, 7.0, 5.0, 5.0, 5.0]


@pytest.mark.needs("bubblewrap")
@pytest.mark.xdist_group("kill")
def test_kill_9_at_three_moments_loses_nothing():
    command = [sys.executable, str(ROOT / "benchmarks/kill.py"), "--times", "3", "--submissions", "6"]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("the same gradebook") == 3


@pytest.mark.needs("bubblewrap")
@pytest.mark.xdist_group("kill")
def test_a_class_of_200_is_interrupted_goes_on_and_ends_right():
    command = [sys.executable, str(ROOT / "benchmarks/scale.py"), "--submissions", "200", "--interrupt", "77"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "200 graded, 100 of them with full points" in ran.stdout
