"""What a class gets: scores, statuses, flags, and what is kept of them."""

import errno
import json
import os
import stat
from concurrent.futures import Future
from dataclasses import replace
from types import SimpleNamespace
from typing import ClassVar

import nbformat
import pytest
from course_folder import ASSIGNMENT, RIGHT, WRONG, NoSandbox, answer, lesson, marks, only, shown
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import SaveAutoGrades
from support import mistake

from autograde.course import course as courses
from autograde.errors import UsageError
from autograde.grading.grade_class import Watcher
from autograde.pipeline import flow
from autograde.release.lessons import release_notebooks
from autograde.sandbox import CellResult, RunResult, SandboxError
from verdicts import judging
from verdicts.judging import verdict as judge_module


def test_a_right_answer_gets_its_points_and_words_wait_for_a_person(course):
    result = course.grade_one()
    assert (result.status, result.score, result.max_score, result.pending_manual) == ("graded", 7.0, 10.0, 1)
    assert [(c.grade_id, c.score, c.manual) for c in result.cells] == [
        ("check-adam-update", 5.0, False),
        ("test-half", 2.0, False),
        ("why", None, True),
    ]


def test_a_fresh_gradebook_learns_the_assignment_and_the_outcome_says_so(fresh_course):
    fresh_course.submit("s01")
    outcome = fresh_course.grade()
    assert (outcome.registered, only(outcome).score) == (True, 7.0)
    assert not fresh_course.grade().registered


def test_a_wrong_answer_gets_less_and_its_mistake_is_kept(course):
    result = course.grade_one(answer(WRONG))
    assert result.score < 7.0
    verdict = verdict_of(course)
    assert verdict["cause"]
    assert verdict["symptom"] == mistake(verdict["mistake"]).symptom


def verdict_of(course) -> dict:
    """The kept verdict on the one check of the one student."""
    return course.kept()["check-adam-update"]["verdict"]


def test_the_table_names_the_first_criterion_that_fails(course):
    odd_at_a_spike = RIGHT.replace(
        "g in grads.items():", "g in grads.items():\n            g = np.where(abs(g) > 77, 3.3, g)"
    )
    course.submit("s01", answer(odd_at_a_spike))
    (cell,) = [cell for cell in only(course.grade()).cells if cell.check]
    assert cell.fails == "any key order, its own memory for each optimizer"


def test_the_autograded_notebook_shows_the_verdict_not_what_was_printed(course):
    course.grade_one()
    path = course.autograded()
    notebook = nbformat.read(path, as_version=4)
    outputs = notebook.cells[2].outputs
    assert [output.output_type for output in outputs] == ["display_data", "execute_result"]
    assert outputs[1].data["text/plain"] == "5"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    course.configure("c = get_config()\nc.CourseDirectory.groupshared = True\n")
    course.grade(force=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_a_search_that_took_too_long_is_a_flag_and_costs_nothing(course, monkeypatch):
    late = SimpleNamespace(judge=lambda *of: replace(judging.judge(*of), out_of_time=True))
    monkeypatch.setattr("autograde.pipeline.judge.judging", late)
    result = course.grade_one()
    assert (result.score, result.flags) == (7.0, ("no-explanation",))


def test_points_and_check_names_are_never_taken_from_a_submission(course):
    notebook = answer()
    notebook.cells[2].metadata.nbgrader["points"] = 500
    notebook.cells[2].source = 'check("adam/other", Adam, points=500)\n500'
    result = course.grade_one(notebook)
    assert result.score == 7.0
    assert result.flags == ("altered-cells",)


def test_a_class_joined_into_its_checks_cell_earns_its_points_and_is_shown(course):
    def joined(notebook):
        own = notebook.cells.pop(1)
        notebook.cells[1].source += f"\n\n{own.source}"

    result = course.grade_one(answer(student=joined))
    assert (result.score, result.flags) == (7.0, ("altered-cells",))
    assert "kept in a cell of its own above check-adam-update: 'class Adam:" in result.notes[1]
    assert "class Adam" in course.autograded().read_text()
    assert only(course.grade(rejudge=True)).score == 7.0


@pytest.mark.parametrize(("graded", "tried"), [(WRONG, RIGHT), (RIGHT, WRONG)], ids=["better", "worse"])
def test_a_second_call_of_check_in_a_checks_cell_changes_no_grade(course, graded, tried):
    def twice(notebook):
        other = notebook.cells[1].source.replace(graded, tried).replace("class Adam", "class Mine")
        notebook.cells[2].source += f'\n{other}\ncheck("adam/update", Mine, points=5)'

    course.submit("once", answer(graded))
    course.submit("twice", answer(graded, student=twice))
    pools = []

    class Watched(NoSandbox):
        def __init__(self, **options):
            super().__init__(**options)
            pools.append(self)

    results = {one.student: one for one in course.grade(pool=Watched).results}
    assert results["twice"].score == results["once"].score
    runs = [run for pool in pools for run in pool.runs]
    assert [sum(cell.seed is not None for cell in run) for run in runs] == [1, 1]
    assert set(course.kept("twice")) == {"check-adam-update"}


def test_the_notebook_has_the_kernel_of_the_teachers(course):
    def other(notebook):
        notebook.metadata.kernelspec = {"name": "../../evil", "display_name": "Mine", "language": "sh"}

    for student in (other, lambda notebook: notebook.metadata.clear()):
        course.grade_one(answer(student=student))
        assert nbformat.read(course.autograded(), 4).metadata.kernelspec == lesson().metadata.kernelspec


def test_a_graded_cell_of_the_students_own_earns_nothing(course):
    notebook = answer()
    notebook.cells.append(new_code_cell("assert True", metadata=marks("mine", 90)))
    assert course.grade_one(notebook).score == 7.0


def test_an_odd_score_of_a_test_cell_earns_nothing(fresh_course):
    fresh_course.edit(lambda notebook: notebook.cells[4].update(source="half(4)"))
    odd = ["float('nan')", "-3", "99", "float('inf')", "'full marks'"]
    for number, value in enumerate([*odd, "1.5"]):
        submitted = answer(half=f"return {value}")
        submitted.cells[4].source = "half(4)"
        fresh_course.submit(f"s{number}", submitted)
    *results, fine = fresh_course.grade().results
    assert [(result.score, result.flags) for result in results] == [(5.0, ("odd-score",))] * len(odd)
    assert (fine.score, fine.flags) == (6.5, ())
    assert fine.cells[1].self_reported


class Shows(NoSandbox):
    """The ordinary test cell shows two values, as a notebook that shows every expression does."""

    values = ("2", "full marks")

    def _run(self, cell, names, place):
        if "assert half" not in cell.source:
            return super()._run(cell, names, place)
        shown = [new_output("execute_result", {"text/plain": value}) for value in self.values]
        return CellResult(shown, None, place)


def test_the_first_value_of_a_test_cell_is_its_score_as_for_nbgrader(course):
    result = course.grade_one(pool=Shows)
    assert (result.score, result.flags) == (7.0, ())
    other = type("Other", (Shows,), {"values": ("full marks", "2")})
    result = only(course.grade(pool=other, force=True))
    assert (result.score, result.flags) == (5.0, ("odd-score",))


class Forger(NoSandbox):
    """Every check's evidence is what its process made up."""

    evidence = b""

    def run(self, cells):
        result = super().run(cells)
        forged = [replace(cell, evidence=cell.evidence and self.evidence) for cell in result.cells]
        return replace(result, cells=forged)


ARRAY = {"dtype": "float64", "shape": [2], "base64": "AAAAAAAAAAAAAAAAAAAAAA=="}
FORGED = {
    "no json": b"\xff",
    "an array for a name": json.dumps({"check": ARRAY, "state": "answered", "runs": []}).encode(),
    "an array for a state": json.dumps({"check": "adam/update", "state": ARRAY, "runs": []}).encode(),
}


@pytest.mark.parametrize("evidence", FORGED.values(), ids=FORGED)
def test_odd_evidence_earns_nothing_and_is_a_flag_of_a_graded_submission(course, evidence):
    result = course.grade_one(pool=type("Forges", (Forger,), {"evidence": evidence}))
    assert (result.status, result.flags, result.score) == ("graded", ("odd-evidence",), 2.0)


def test_a_judge_that_fails_is_no_grade_at_all(course, monkeypatch):
    def fails(*given):
        raise ZeroDivisionError

    course.submit("s01")
    monkeypatch.setattr(judge_module, "criteria_results", fails)
    result = only(course.grade())
    assert (result.status, result.score) == ("failed", None)
    assert "ZeroDivisionError" in result.notes[0]
    monkeypatch.undo()
    assert only(course.grade()).score == 7.0


def test_a_test_cell_that_was_not_reached_earns_nothing(course):
    class Dies(NoSandbox):
        def run(self, cells):
            return RunResult(super().run(cells).cells[:2], ("died",), 0.1, 0.1, 0)

    result = course.grade_one(pool=Dies)
    assert result.score == 0.0
    assert set(result.flags) == {"died", "no-evidence", "not-run"}


def test_a_fault_of_the_machine_writes_no_grade_and_is_tried_again(course):
    class Broken(NoSandbox):
        def submit_run(self, *asked, **options):
            future = Future()
            future.set_exception(SandboxError("no namespaces"))
            return future

    result = course.grade_one(pool=Broken)
    assert (result.status, result.score) == ("failed", None)
    assert "no namespaces" in result.notes[0]
    with course.gradebook() as gradebook:
        assert not gradebook.students
    assert only(course.grade()).score == 7.0


def test_only_changed_submissions_are_graded_again(course):
    course.submit("s01")
    course.submit("s02")
    course.grade()
    course.submit("s02", answer(half="return 0"))
    first, second = course.grade().results
    assert (first.unchanged, first.score) == (True, 7.0)
    assert (second.unchanged, second.score) == (False, 5.0)
    assert not any(result.unchanged for result in course.grade(force=True).results)


def test_a_submission_replaced_while_graded_is_noticed(course):
    class Late(NoSandbox):
        def run(self, cells):
            course.submit("s01", answer(WRONG))
            return super().run(cells)

    result = course.grade_one(pool=Late)
    assert result.status == "failed"
    assert "replaced" in result.notes[0]
    assert only(course.grade()).score < 7.0


def test_who_still_runs_is_said_when_nothing_was_done_for_a_while(course, monkeypatch):
    class Slow(NoSandbox):
        def submit_run(self, *asked, **options):
            ran = super().submit_run(*asked, **options).result()
            future = Future()
            waiting.append((future, ran))
            return future

    waiting, told = [], []

    def waits(students):
        told.append(students)
        if len(told) == 2:
            future, ran = waiting.pop()
            future.set_result(ran)

    monkeypatch.setattr(flow, "SILENCE_SECONDS", 0.01)
    course.submit("s01")
    outcome = course.grade(pool=Slow, watcher=Watcher(waits=waits))
    assert told == [["s01"]] * 2
    assert [result.status for result in outcome.results] == ["graded"]


def test_the_same_submission_meets_the_same_probes_and_another_others(course):
    seeds = []

    def spy(**options):
        pool = NoSandbox(**options)
        seeds.append(pool)
        return pool

    def seed(pool, run=0):
        return next(task.seed for task in pool.runs[run] if task.seed is not None)

    course.submit("s01")
    course.submit("s02")
    course.grade(pool=spy)
    course.grade(pool=spy, force=True)
    course.submit("s01", answer(half="return x * 0.5"))
    course.grade("s01", pool=spy)
    assert seed(seeds[0]) == seed(seeds[1])
    assert seed(seeds[0]) != seed(seeds[0], 1)
    assert seed(seeds[0]) != seed(seeds[2])


def test_a_lost_secret_is_said_and_nothing_is_graded(course):
    course.grade_one()
    secret = course.root / ".autograde/secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    secret.unlink()
    with pytest.raises(UsageError, match="lost"):
        course.grade(force=True)


def test_beside_a_grader_nobody_grades_or_releases(course):
    with courses.only_grader(courses.Course.open(course.root)):
        with pytest.raises(UsageError, match=r"another grader.*at work"):
            course.grade()
        with pytest.raises(UsageError, match=r"another grader.*at work"):
            release_notebooks(course.root, ASSIGNMENT)
    release_notebooks(course.root, ASSIGNMENT)


def test_an_interrupted_run_keeps_what_was_graded_and_continues(course):
    class Interrupted(NoSandbox):
        def submit_run(self, cells, seed, limits=None, files=None):
            if len(self.runs) == 2:
                raise KeyboardInterrupt
            return super().submit_run(cells, seed, limits, files)

    for number in range(4):
        course.submit(f"s{number}")
    stopped = course.grade(pool=Interrupted)
    assert stopped.stopped == "interrupted"
    assert stopped.exit_status == 1
    assert f"`autograde grade {ASSIGNMENT}` continues" in shown(stopped)
    finished = course.grade()
    assert [result.score for result in finished.results] == [7.0] * 4
    assert any(result.unchanged for result in finished.results)
    stopped = course.grade(pool=Interrupted, force=True)
    assert f"`autograde grade {ASSIGNMENT} --force` starts again" in shown(stopped)


def test_a_disk_without_locks_is_no_other_grader(course, monkeypatch):
    def none_here(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    course.submit("s1")
    monkeypatch.setattr(courses.fcntl, "flock", none_here)
    with pytest.raises(UsageError, match=r"No locks available.*must be on a disk that has locks"):
        course.grade()


class SavesAndReads(SaveAutoGrades):
    """A step of the course's own: nbgrader's, which then reads what the grades come to."""

    seen: ClassVar[dict[str, float]] = {}

    def preprocess(self, nb, resources):
        made = super().preprocess(nb, resources)
        student = resources["nbgrader"]["student"]
        submitted = self.gradebook.find_submission_notebook("adam", ASSIGNMENT, student)
        self.seen[student] = submitted.score
        return made


@pytest.mark.parametrize("force", [False, True])
def test_a_courses_own_step_reads_the_sum_of_the_grades_just_given(course, force):
    students = ("s01", "s02", "s03")
    for student in students:
        course.submit(student)
    if force:
        course.grade()
    course.configure(
        "from grading.test_grade_class import SavesAndReads\n"
        "c = get_config()\nc.Autograde.autograde_preprocessors = [SavesAndReads]\n"
    )
    SavesAndReads.seen.clear()
    course.grade(jobs=2, force=force)
    assert SavesAndReads.seen == dict.fromkeys(students, 7.0)


def test_a_check_that_was_not_reached_names_the_error_of_the_cell_above_it(course):
    notebook = answer()
    notebook.cells[1].source = "class Adam\n    pass"
    course.submit("s01", notebook)
    for again in ({}, {"rejudge": True}):
        course.grade(**again)
        verdict = verdict_of(course)
        assert "the cell above it ended in SyntaxError: expected ':'" in verdict["cause"]
        assert not any(criterion["passed"] for criterion in verdict["criteria"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda cells: cells.pop(1), "its cell ended in NameError: name 'Adam' is not defined"),
        (lambda cells: cells.insert(2, new_code_cell("del Adam")), "its cell ended in NameError"),
        (lambda cells: cells.insert(2, new_code_cell("check = {}")), "'dict' object is not callable"),
    ],
)
def test_an_error_in_a_checks_own_cell_is_shown_with_its_verdict(course, change, said):
    notebook = answer()
    change(notebook.cells)
    course.submit("s01", notebook)
    for again in ({}, {"rejudge": True}):
        course.grade(**again)
        verdict = verdict_of(course)
        assert said in verdict["cause"]
        assert ("top to bottom" in verdict["hint"]) == ("NameError" in said)


def test_a_verdict_repeats_of_an_error_no_more_than_a_line_or_two(course):
    notebook = answer()
    notebook.cells[1].source = f"raise ValueError({'x' * 9_000!r})"
    course.grade_one(notebook)
    cause = verdict_of(course)["cause"]
    assert "ended in" in cause
    assert len(cause) < 400


def test_a_broken_submission_takes_away_the_grade_of_the_one_before(course):
    course.grade_one()
    folder = course.root / "autograded/s01" / ASSIGNMENT
    assert (folder / "adam.ipynb").exists()
    assert course.grade_one(b"{").status == "needs-review"
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with course.gradebook() as gradebook:
        [notebook] = gradebook.find_submission(ASSIGNMENT, "s01").notebooks
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades} == {(None, True)}
