"""`nbgrader autograde` and formgrader's button, with our configuration, grade as `autograde grade` does."""

import os
from datetime import datetime
from pathlib import Path

import numpy
import pytest
from course_folder import ASSIGNMENT, CONFIG, WRONG, answer, nbgrader_autograde, only, scores
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException

from autograde.course.course import Course
from autograde.sandbox import Pool


@pytest.mark.needs("bubblewrap")
def test_nbgrader_and_formgrader_open_no_path_that_a_timestamp_names(course, tmp_path):
    course.configure(CONFIG)
    trap = tmp_path / "trap"
    os.mkfifo(trap)  # who opens it waits for ever
    (course.submit("s01").parent / "timestamp.txt").write_text(f"2026-11-01 10:00:00 {trap}")
    (course.submit("s02").parent / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    nbgrader_autograde(course)
    found = Course.open(course.root)
    formgrader = NbGraderAPI(found.directory, config=found.config)
    assert formgrader.get_submitted_timestamp(ASSIGNMENT, "s01") is None
    assert formgrader.get_submitted_timestamp(ASSIGNMENT, "s02") == datetime(2026, 11, 1, 10)
    assert {student for student, _ in scores(course)} == {"s01", "s02"}
    (course.root / "submitted/s02" / ASSIGNMENT / "timestamp.txt").write_text("one of two times")
    nbgrader_autograde(course)
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "s02").timestamp is None, (
            "the earlier one is not its own"
        )


@pytest.mark.needs("bubblewrap")
def test_nbgraders_own_autograde_gives_the_scores_of_ours(course):
    course.configure(CONFIG)
    course.submit("s01")
    course.submit("s02", answer(WRONG))
    course.submit("s03", answer(student=lambda notebook: notebook.cells.pop(2)))

    def cheat(notebook):
        notebook.cells[2].source = "5.0"
        notebook.cells[2].metadata.nbgrader["points"] = 500

    course.submit("s04", answer(WRONG, student=cheat))
    course.grade(pool=Pool)
    ours = scores(course)
    nbgrader_autograde(course)
    assert scores(course) == ours
    assert ours["s03", "check-adam-update"] == 5.0
    assert ours["s04", "check-adam-update"] < 5.0
    assert course.kept()["check-adam-update"]["evidence"]


@pytest.mark.needs("bubblewrap")
def test_points_by_hand_are_an_answers_there_too(course):
    course.configure(CONFIG)
    course.submit("s01", answer(why="Because m starts at zero."))
    nbgrader_autograde(course)
    course.by_hand("s01", 2.0)
    nbgrader_autograde(course)
    assert (only(course.grade()).score, course.hand_grade()) == (9.0, (2.0, False))
    course.grade_one(answer(why="Another answer."))
    for _ in range(2):
        nbgrader_autograde(course)
        assert course.hand_grade() == (2.0, True)
        result = only(course.grade())
        assert (result.score, result.pending_manual, course.hand_grade()) == (7.0, 1, (2.0, True))
    course.submit("s01", answer(why="Because m starts at zero."))
    nbgrader_autograde(course)
    assert course.hand_grade() == (2.0, False)
    course.submit("s01", answer(why="A third answer."))
    nbgrader_autograde(course)
    assert course.hand_grade() == (2.0, True)
    course.by_hand("s01", 2.5)
    assert (only(course.grade()).score, course.hand_grade()) == (9.5, (2.5, False))


def test_an_exchange_that_submissions_could_read_stops_it_there_too(course, caplog):
    exchange = Path(numpy.__file__).parent / "exchange"
    course.configure(f"{CONFIG}\nc.Exchange.root = {str(exchange)!r}\n")
    course.submit("s01")
    with pytest.raises(NbGraderException):
        nbgrader_autograde(course)
    assert scores(course) == {}
    assert f"the exchange, {exchange}, lies in {exchange.parent}" in caplog.text


@pytest.mark.needs("bubblewrap")
def test_two_cells_with_one_id_are_not_graded_there_either(course):
    course.configure(CONFIG)

    notebook = answer()
    notebook.cells.append(notebook.cells[1].copy())
    notebook.cells[-1].id = "twin"
    course.submit("s01", notebook)
    with pytest.raises(NbGraderException):
        nbgrader_autograde(course)
    assert set(scores(course).values()) == {None}


@pytest.mark.parametrize(
    "submitted", [pytest.param("[" * 10**5, id="deep"), '{"nbformat": 4, "cells": [], "metadata": NaN}']
)
def test_what_cannot_be_read_within_limits_is_not_graded_there_either(course, submitted):
    course.configure(CONFIG)
    course.submit("s01", submitted)
    with pytest.raises(NbGraderException):
        nbgrader_autograde(course)
    assert not (course.root / "autograded/s01" / ASSIGNMENT).exists()
    assert set(scores(course).values()) == {None}
