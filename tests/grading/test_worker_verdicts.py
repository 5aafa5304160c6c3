"""A cluster's worker judges what it ran: the same grades, and some of its verdicts are compared with ours."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograde.cluster import worker_verdicts
from autograde.cluster.serialization import Task
from autograde.cluster.worker_verdicts import with_verdicts
from autograde.grading import judge
from autograde.sandbox import Limits
from grading.small_course import ASSIGNMENT, WRONG, CourseFolder, NoSandbox, answer

WHERE = "tls://10.0.0.7:4411"


class Worker(NoSandbox):
    """Runs cells as a worker does, and judges as one."""

    language = "en"

    def run(self, cells):
        task = Task(tuple(cells), 0, Limits(), language=self.language)
        return replace(self.changed(with_verdicts(super().run(cells), task)), worker=WHERE)

    def changed(self, result):
        """What the grader gets: of an honest worker all as it is."""
        return result

    def with_changed_verdicts(self, result, **fields):
        return replace(result, cells=[
            replace(cell, verdict=cell.verdict | fields) if cell.verdict else cell for cell in result.cells
        ])  # fmt: skip


class Generous(Worker):
    """Says that all is right."""

    def changed(self, result):
        criteria = [
            {"name": one["name"], "passed": True, "message": "", "weight": 1, "looked_at": True}
            for cell in result.cells
            for one in (cell.verdict or {"criteria": ()})["criteria"]
        ]
        return self.with_changed_verdicts(result, status="answered", criteria=criteria, cause="", facts=[])


class Blurred(Worker):
    """Draws its pictures from other digits."""

    def changed(self, result):
        return self.with_changed_verdicts(result, paths=None)


class Odd(Worker):
    def changed(self, result):
        return self.with_changed_verdicts(result, criteria="all right")


def class_of_two(course: CourseFolder) -> None:
    course.submit("s01")
    course.submit("s02", answer(WRONG))


def kept(course: CourseFolder) -> list[bytes]:
    folders = [course.root / "autograded" / student / ASSIGNMENT for student in ("s01", "s02")]
    return [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.*")) if path.is_file()]


@pytest.mark.parametrize("compared", [0, 1], ids=["with ours", "with none"])
def test_a_workers_verdicts_give_the_grades_and_files_that_ours_give(
    course, monkeypatch, judged_here, compared
):
    class_of_two(course)
    ours, files = course.scores(), kept(course)
    judged_here.clear()
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: compared)
    assert course.scores(pool=Worker, force=True) == ours == {"s01": 7.0, "s02": 2.0}
    assert kept(course) == files
    assert judged_here == ([] if compared else ["adam/update"] * 2)


def test_one_in_fifty_is_compared_and_nobody_knows_which(course, monkeypatch, judged_here):
    asked = []
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: asked.append(most) or most - 1)
    course.submit("s01")
    course.grade(pool=Worker)
    assert asked == [50]
    assert judged_here == []


def test_a_worker_that_judges_otherwise_ends_the_class_by_its_name_and_gives_no_points(course, monkeypatch):
    course.submit("s01", answer(WRONG))
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: 0)
    outcome = course.grade(pool=Generous)
    assert outcome.exit_status == 1
    assert WHERE in outcome.stopped
    assert "s01" in outcome.stopped
    assert "--rejudge" in outcome.stopped
    assert "\n" not in outcome.stopped
    assert [result for result in outcome.results if result.score is not None] == []
    assert course.scores() == {"s01": 2.0}


def test_what_such_a_worker_judged_before_is_put_right_by_judging_again(course, monkeypatch):
    course.submit("s01", answer(WRONG))
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: 1)
    assert course.scores(pool=Generous) == {"s01": 7.0}
    assert course.scores(rejudge=True) == {"s01": 2.0}


def test_a_pictures_last_digits_end_nothing(course, monkeypatch):
    course.submit("s01", answer(WRONG))
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: 0)
    assert course.scores(pool=Blurred) == {"s01": 2.0}


def test_an_odd_verdict_is_no_grade_names_the_worker_and_the_class_goes_on(course, monkeypatch):
    class_of_two(course)
    monkeypatch.setattr(judge.secrets, "randbelow", lambda most: 1)
    results = course.grade(pool=Odd).results
    assert [(result.status, result.score) for result in results] == [("failed", None)] * 2
    assert all(WHERE in result.notes[0] for result in results)


def test_a_worker_that_cannot_judge_leaves_it_to_the_grader(course, monkeypatch, judged_here):
    def fails(*words):
        raise MemoryError

    monkeypatch.setattr(worker_verdicts, "checks", SimpleNamespace(judge=fails))
    course.submit("s01")
    assert course.scores(pool=Worker) == {"s01": 7.0}
    assert judged_here == ["adam/update"]


def test_a_worker_of_another_language_leaves_it_to_the_grader(course, judged_here):
    course.submit("s01")
    assert course.scores(pool=type("Other", (Worker,), {"language": "de"})) == {"s01": 7.0}
    assert judged_here == ["adam/update"]
