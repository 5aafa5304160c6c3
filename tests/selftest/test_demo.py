"""The demo class gets what its members are due, and what stock nbgrader gives its honest members."""

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from support import ROOT, kernels_in

from autograde.errors import UsageError
from autograde.grading.grade_class import ClassOutcome, GradeOptions, grade_class
from autograde.selftest.demo import submissions as demo
from autograde.selftest.demo.members import MEMBERS

pytestmark = [pytest.mark.needs("bubblewrap"), pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's course folder, everybody once."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    demo.build(folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def outcomes(demo_course: Path) -> dict[str, ClassOutcome]:
    """The class graded."""
    return {lesson: grade_class(GradeOptions(lesson, demo_course)) for lesson in demo.LESSONS}


def changed_checks(member, lesson: str) -> bool:
    """Whether the member has anything of its own in that lesson."""
    own = any(lesson[3:] in grade_id for grade_id in member.cells)
    return bool(member.first or member.file or member.untouched or own)


@pytest.mark.parametrize("lesson", demo.LESSONS)
def test_every_case_gets_what_it_deserves(outcomes, lesson):
    members = demo.demo_class()
    update = f"{lesson[3:]}/update"
    assert outcomes[lesson].stopped is None
    for result in outcomes[lesson].results:
        assert result.status != "failed", result.notes
        member = members[result.student]
        if not changed_checks(member, lesson):
            assert result.status == "graded"
            continue
        if member.expect == "needs-review":
            assert (result.status, result.score) == ("needs-review", None), member.name
            continue
        cell = next(cell for cell in result.cells if cell.check == update)
        share = cell.score / cell.max_score
        got = "full" if share == 1 else "none" if share == 0 else "less"
        wanted = {member.expect, "none"} if member.expect == "less" else {member.expect}
        assert got in wanted, f"{member.name}: {share} of the points, expected {member.expect}"


def test_nobody_wrote_into_the_gradebook(demo_course, outcomes):
    with Gradebook(f"sqlite:///{demo_course}/gradebook.db") as gradebook:
        for lesson in demo.LESSONS:
            for submission in gradebook.assignment_submissions(lesson):
                for notebook in submission.notebooks:
                    assert {grade.manual_score for grade in notebook.grades} == {None}


def test_a_second_run_grades_nothing_and_says_the_same(demo_course, outcomes):
    for lesson, outcome in outcomes.items():
        again = grade_class(GradeOptions(lesson, demo_course))
        assert all(result.unchanged for result in again.results)
        assert [result.as_json() for result in again.results] == [r.as_json() for r in outcome.results]


@pytest.mark.parametrize("lesson", demo.LESSONS)
def test_honest_students_get_the_scores_that_stock_nbgrader_gives(demo_course, outcomes, lesson, tmp_path):
    members = demo.demo_class()
    chosen = [
        student
        for student, member in members.items()
        if member.honest and (changed_checks(member, lesson) or student == "s01")
    ]
    stock = tmp_path / "stock"
    shutil.copytree(demo_course / "solutions", stock / "solutions")
    shutil.copy(demo_course / "gradebook.db", stock / "gradebook.db")
    for student in chosen:
        shutil.copytree(demo_course / "submitted" / student / lesson, stock / "submitted" / student / lesson)
    ours = automatic_scores(stock, lesson, chosen)
    forget(stock, lesson)
    config = kernels_in(tmp_path)
    config.CourseDirectory.source_directory = "solutions"
    directory = CourseDirectory(config=config, root=str(stock), assignment_id=lesson)
    Autograde(coursedir=directory, config=config).start()
    assert automatic_scores(stock, lesson, chosen) == ours


def automatic_scores(root: Path, lesson: str, students: list[str]) -> dict[tuple[str, str], float | None]:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            (student, grade.name): grade.auto_score
            for student in students
            for notebook in gradebook.find_submission(lesson, student).notebooks
            for grade in notebook.grades
        }


def forget(root: Path, lesson: str) -> None:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions(lesson):
            gradebook.remove_submission(lesson, submission.student.id)


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="not empty"):
        demo.build(tmp_path, ROOT)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_demo_replaces_an_earlier_one_and_goes_on_after_an_interrupt(tmp_path, monkeypatch):
    def interrupted(path):
        (Path(path) / demo.MARKER).unlink(missing_ok=True)
        raise KeyboardInterrupt

    folder = tmp_path / "demo"
    folder.mkdir()
    monkeypatch.chdir(folder)
    demo.build(folder, ROOT)
    assert Path.cwd() == folder, "it is still there"
    with monkeypatch.context() as broken_off:
        broken_off.setattr(shutil, "rmtree", interrupted)
        with pytest.raises(KeyboardInterrupt):
            demo.build(folder, ROOT, seed=1)
    demo.build(folder, ROOT, seed=1)
    assert Path.cwd() == folder
    assert len(list(folder.glob("submitted/*"))) == len(MEMBERS)


def test_the_class_is_as_large_as_asked_and_the_same_for_a_seed():
    first, second = demo.demo_class(50, 7), demo.demo_class(50, 7)
    assert len(first) == 50
    assert list(first.values()) == list(second.values())
    assert list(first.values())[: len(MEMBERS)] == list(MEMBERS)
    assert [len(demo.demo_class(count)) for count in (1, 2, 3, 31)] == [1, 2, 3, 31]
    assert {member.expect for member in demo.demo_class(3).values()} == {"full", "less", "none"}
