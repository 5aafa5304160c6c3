"""Boxes start before the gradebook is opened where many were never graded, and otherwise only when needed."""

from __future__ import annotations

import pytest

from autograde.grading import grade_class as grading
from autograde.grading.early_pool import FEW
from autograde.sandbox import SandboxError
from grading.small_course import CourseFolder, NoSandbox


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened and closed, in order."""
    happened: list[str] = []
    opened = grading.opened_gradebook
    monkeypatch.setattr(
        grading, "opened_gradebook", lambda course: happened.append("gradebook") or opened(course)
    )
    return happened


@pytest.fixture
def noted(happened: list[str]) -> type[NoSandbox]:
    class Noted(NoSandbox):
        def __init__(self, **options) -> None:
            super().__init__(**options)
            happened.append("pool")

        def warm(self, runs: int) -> None:
            happened.append(f"{runs} runs")

        def expect(self, runs: int) -> None:
            happened.append(f"{runs} are left")

        def __exit__(self, *_) -> None:
            happened.append("closed")

    return Noted


def submit(course: CourseFolder, first: int, last: int) -> None:
    for number in range(first, last):
        course.submit(f"s{number:02d}")


def test_where_many_were_never_graded_boxes_start_before_the_gradebook_is_opened(course, happened, noted):
    submit(course, 0, FEW + 1)
    assert len(course.grade(pool=noted).results) == FEW + 1
    assert happened == ["pool", "11 runs", "gradebook", "11 are left", "closed"]


def test_for_a_few_that_may_be_beyond_grading_no_box_starts_before_there_is_something_to_do(
    course, happened, noted
):
    submit(course, 0, FEW)
    course.grade(pool=noted)
    assert happened == ["gradebook", "pool", "10 runs", "closed"]


def test_for_a_class_that_is_as_it_was_no_pool_is_opened(course, happened, noted):
    submit(course, 0, FEW + 1)
    course.grade()
    happened.clear()
    assert len(course.grade(pool=noted).results) == FEW + 1
    assert happened == ["gradebook"]


@pytest.mark.parametrize(
    "refusal", [SandboxError("no sandbox here"), FileNotFoundError("no notebook here")], ids=str
)
def test_what_a_pool_refuses_is_said_once_the_class_is_known(course, happened, refusal):
    def refuses(**_):
        happened.append("pool")
        raise refusal

    submit(course, 0, FEW + 1)
    with pytest.raises(type(refusal), match=str(refusal)):
        course.grade(pool=refuses)
    assert happened == ["pool", "gradebook"]
    assert len(course.grade().results) == FEW + 1


def test_boxes_end_where_the_gradebook_cannot_be_opened(course, happened, noted, monkeypatch):
    def broken(_):
        raise OSError("broken")

    submit(course, 0, FEW + 1)
    monkeypatch.setattr(grading, "opened_gradebook", broken)
    with pytest.raises(OSError, match="broken"):
        course.grade(pool=noted)
    assert happened == ["pool", "11 runs", "closed"]
