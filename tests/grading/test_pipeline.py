"""What a class gets: scores, statuses, flags, and what is kept of them."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import sys
import threading
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from rich.console import Console
from sqlalchemy import event

from autograde.errors import CourseError, MachineError, UsageError
from autograde.grading import gradebook, lock, notebook_reader, pipeline
from autograde.grading.grade_class import GradeOptions, Watcher, grade_class
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.pipeline import STEPS, Pipeline
from autograde.grading.save import Saver
from autograde.grading.terminal import show_outcome
from autograde.sandbox import CellResult, Turn
from descentlab.checks import judging
from descentlab.exercises.catalogue import mistake, mistakes
from grading.small_course import ASSIGNMENT, RIGHT, WRONG, NoSandbox, answer, lesson


def only(outcome):
    assert len(outcome.results) == 1
    return outcome.results[0]


def test_a_submission_takes_every_step_once_in_order(course, monkeypatch):
    taken = []
    take = Pipeline._take
    monkeypatch.setattr(Pipeline, "_take", lambda *given: (taken.extend(given[1]), take(*given)))
    course.submit("s01")
    course.grade()
    assert taken == list(STEPS)


@pytest.mark.parametrize("place", range(len(STEPS) + 1))
def test_a_step_added_anywhere_is_taken_at_its_place(course, monkeypatch, place):
    noted = []

    def added(run, tools):
        noted.append(run.submission.student)

    def with_added(self, *tools, **rest):
        make(self, *tools, **rest, steps=[*STEPS[:place], added, *STEPS[place:]])

    make = Pipeline.__init__
    monkeypatch.setattr(Pipeline, "__init__", with_added)
    course.submit("s01")
    assert only(course.grade()).score == 7.0
    assert noted == ["s01"]


def test_a_right_answer_gets_its_points_and_words_wait_for_a_person(course):
    course.submit("s01")
    result = only(course.grade())
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
    course.submit("s01", answer(WRONG))
    result = only(course.grade())
    assert result.score < 7.0
    kept = json.loads((course.root / "autograded/s01" / ASSIGNMENT / ".autograde/adam.json").read_text())
    verdict = kept["checks"]["check-adam-update"]["verdict"]
    assert verdict["cause"]
    entry = mistake(verdict["misconception"])
    assert verdict["gives_away"] == entry.symptom


def test_the_table_names_the_first_criterion_that_fails(course):
    odd_at_a_spike = RIGHT.replace(
        "g in grads.items():", "g in grads.items():\n            g = np.where(abs(g) > 77, 3.3, g)"
    )
    course.submit("s01", answer(odd_at_a_spike))
    (cell,) = [cell for cell in only(course.grade()).cells if cell.check]
    assert cell.fails == "any key order, its own memory for each optimizer"


def test_the_gradebook_is_nbgraders_own(course):
    course.submit("s01")
    course.grade()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, "s01")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (7.0, 10.0, True)


def test_the_autograded_notebook_shows_the_verdict_in_place_of_what_the_cell_printed(course):
    course.submit("s01")
    course.grade()
    path = course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    outputs = notebook.cells[2].outputs
    assert [output.output_type for output in outputs] == ["display_data", "execute_result"]
    assert outputs[1].data["text/plain"] == "5"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_points_and_check_names_are_never_taken_from_a_submission(course):
    def cheat(notebook):
        cell = notebook.cells[2]
        cell.metadata.nbgrader["points"] = 500
        cell.source = 'check("adam/other", Adam, points=500)\n500'

    course.submit("s01", answer(student=cheat))
    result = only(course.grade())
    assert result.score == 7.0
    assert result.flags == ("altered-cells",)


def test_the_notebook_has_the_kernel_of_the_instructors(course):
    def other(notebook):
        notebook.metadata.kernelspec = {"name": "../../evil", "display_name": "Mine", "language": "sh"}

    for student in (other, lambda notebook: notebook.metadata.clear()):
        course.submit("s01", answer(student=student))
        course.grade()
        kept = nbformat.read(course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb", 4)
        assert kept.metadata.kernelspec == lesson().metadata.kernelspec


def test_a_deleted_check_is_put_back_and_judged(course):
    course.submit("s01", answer(student=lambda notebook: notebook.cells.pop(2)))
    result = only(course.grade())
    assert (result.score, result.flags) == (7.0, ("altered-cells",))


def test_a_graded_cell_of_the_students_own_earns_nothing(course):
    def cheat(notebook):
        extra = notebook.cells[4].copy()
        extra.id = "mine"
        extra.metadata = {"nbgrader": {**extra.metadata.nbgrader, "grade_id": "mine", "points": 90}}
        notebook.cells.append(extra)

    course.submit("s01", answer(student=cheat))
    assert only(course.grade()).score == 7.0


def test_two_cells_with_one_id_need_a_person(course):
    def copy(notebook):
        twin = notebook.cells[1].copy()
        twin.id = "twin"
        notebook.cells.append(twin)

    course.submit("s01", answer(student=copy))
    result = only(course.grade())
    assert (result.status, result.score, result.flags) == ("needs-review", None, ("duplicate-ids",))


def test_an_odd_score_of_a_test_cell_earns_nothing(fresh_course):
    path = fresh_course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = "half(4)"
    nbformat.write(notebook, path)
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
    course.submit("s01")
    result = only(course.grade(pool=Shows))
    assert (result.score, result.flags) == (7.0, ())
    other = type("Other", (Shows,), {"values": ("full marks", "2")})
    result = only(course.grade(pool=other, force=True))
    assert (result.score, result.flags) == (5.0, ("odd-score",))


def test_code_that_a_person_grades_is_left_to_that_person(fresh_course):
    path = fresh_course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    for notebook, write in (
        (lesson(), lambda made: nbformat.write(made, path)),
        (answer(), lambda made: fresh_course.submit("s01", made)),
    ):
        notebook.cells[5] = new_code_cell("'words'", id="e", metadata=notebook.cells[5].metadata)
        write(notebook)
    result = only(fresh_course.grade())
    assert (result.score, result.flags, result.pending_manual) == (7.0, (), 1)


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
    course.submit("s01")
    result = only(course.grade(pool=type("Forges", (Forger,), {"evidence": evidence})))
    assert (result.status, result.flags, result.score) == ("graded", ("odd-evidence",), 2.0)


def test_a_judge_that_fails_is_no_grade_at_all(course, monkeypatch):
    def fails(*given):
        raise ZeroDivisionError

    course.submit("s01")
    monkeypatch.setattr(judging, "criteria_results", fails)
    result = only(course.grade())
    assert (result.status, result.score) == ("failed", None)
    assert "ZeroDivisionError" in result.notes[0]
    monkeypatch.undo()
    assert only(course.grade()).score == 7.0


def test_a_test_cell_that_was_not_reached_earns_nothing(course):
    from autograde.sandbox import RunResult

    class Dies(NoSandbox):
        def run(self, cells):
            return RunResult(super().run(cells).cells[:2], ("died",), 0.1, 0.1, 0)

    course.submit("s01")
    result = only(course.grade(pool=Dies))
    assert result.score == 0.0
    assert set(result.flags) == {"died", "no-evidence", "not-run"}


@pytest.mark.parametrize(
    ("content", "flag", "words"),
    [
        ("{", "malformed", "not JSON"),
        ("", "malformed", "empty"),
        ("[]", "malformed", "no notebook"),
        ('{"cells": [], "nbformat": 3}', "malformed", "format 4"),
        ('{"worksheets": []}', "malformed", "format 3"),
        ('{"cells": [1], "nbformat": 4}', "malformed", "odd cell 1"),
        ('{"cells": [], "nbformat": 4, "nbformat": 4}', "malformed", "twice"),
        ('{"cells": [], "nbformat": 4, "x": NaN}', "malformed", "NaN"),
        ('{"cells": [], "nbformat": 4, "x": 1e999}', "malformed", "too large"),
        ('{"cells": [], "nbformat": 4, "x": ' + "9" * 5000 + "}", "malformed", "digits"),
        ("[" * 100_000, "malformed", "deeper"),
        ("[" + "[]," * 600_000 + "[]]", "malformed", "values"),
        (b"\xff\xfe{\x00", "malformed", "UTF-8"),
        ('{"cells": ["' + '\\"' * 2_000_000, "malformed", "JSON"),
        ("]" * 2_000_000, "malformed", "values"),
        ('{"cells": [' + '{"cell_type": "raw", "source": "", "metadata": {}},' * 2001 + "", "malformed", ""),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_broken_notebook_needs_a_person_and_the_class_goes_on(course, content, flag, words):
    course.submit("s01", content)
    course.submit("s02")
    first, second = course.grade().results
    assert (first.status, first.score, first.flags) == ("needs-review", None, (flag,))
    assert words in first.notes[0]
    assert (second.status, second.score) == ("graded", 7.0)


def test_a_missing_notebook_names_the_one_that_is_there(course):
    course.submit("s01").rename(course.root / "submitted/s01" / ASSIGNMENT / "Adam (1).ipynb")
    result = only(course.grade())
    assert result.flags == ("missing-notebook",)
    assert "Adam (1).ipynb" in result.notes[0]


def test_of_several_notebooks_the_one_with_nearly_the_name_is_named(course):
    path = course.submit("s01")
    for name in ("a1.ipynb", "a2.ipynb", "a3.ipynb", "ＡDAM.ipynb"):
        (path.parent / name).write_text("{}")
    path.unlink()
    assert only(course.grade()).notes == (
        "adam.ipynb is not there; found 'ＡDAM.ipynb'. Rename it if it is the one",
    )


IRREGULAR = {
    "link": "is a link, not a file",
    "fifo": "is not a regular file",
    "folder": "is not a regular file",
    "huge": "is larger than 20 MB",
}


@pytest.mark.parametrize("kind", IRREGULAR)
def test_only_regular_files_within_limits_are_read(course, kind, tmp_path):
    path = course.submit("s01")
    path.unlink()
    if kind == "link":
        other = tmp_path / "other.ipynb"
        other.write_text(nbformat.writes(answer()))
        path.symlink_to(other)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as sparse:
            sparse.truncate(2**40)
    result = only(course.grade())
    assert (result.status, result.flags) == ("needs-review", ("malformed",))
    assert result.notes[0] == f"adam.ipynb {IRREGULAR[kind]}"


def test_a_folder_of_very_many_files_needs_a_person(course):
    folder = course.submit("s01").parent
    for number in range(1_000):
        (folder / f"{number}.txt").touch()
    result = only(course.grade())
    assert (result.flags, result.notes) == (("malformed",), ("the folder holds more than 1000 files",))


def test_files_that_are_not_used_are_named_and_hidden_ones_are_not(course):
    folder = course.submit("s01").parent
    for name in (".hidden", "notes\x1b[2J.txt", "data.csv", *"abcdef"):
        (folder / name).touch()
    [note] = only(course.grade()).notes
    assert note == ("files of the submission that were not used: 'a', 'b', 'c', 'd', 'data.csv', …")


@pytest.mark.parametrize("linked", [ASSIGNMENT, "s01"])
def test_a_linked_folder_is_not_followed(course, tmp_path, linked):
    folder = course.submit("s01").parent
    folder = folder if linked == ASSIGNMENT else folder.parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    result = only(course.grade())
    assert (result.status, result.flags) == ("needs-review", ("malformed",))
    assert result.notes[0].startswith(f"{linked} is a file or a link")


@pytest.mark.parametrize("kind", ["file", "link to nothing", "link to itself", "fifo"])
def test_what_is_no_folder_is_named_in_the_table_and_the_class_goes_on(course, kind):
    course.submit("s02")
    place = course.submit("s01").parent
    shutil.rmtree(place)
    if kind == "file":
        place.write_text("my answer")
    elif kind == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to(place if kind == "link to itself" else "not-there")
    first, second = course.grade().results
    assert (first.student, first.status, first.flags) == ("s01", "needs-review", ("malformed",))
    assert first.notes[0] == (
        f"{ASSIGNMENT} is a file or a link: put the notebook into a folder of that name"
    )
    assert second.score == 7.0
    assert all(result.unchanged for result in course.grade().results)


def test_a_fault_of_the_machine_writes_no_grade_and_is_tried_again(course):
    from autograde.sandbox import SandboxError

    class Broken(NoSandbox):
        def run(self, cells):
            raise SandboxError("no namespaces")

        def submit_run(self, cells, seed, limits=None, files=None):
            from concurrent.futures import Future

            future = Future()
            future.set_exception(SandboxError("no namespaces"))
            return future

    course.submit("s01")
    result = only(course.grade(pool=Broken))
    assert (result.status, result.score) == ("failed", None)
    assert "no namespaces" in result.notes[0]
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert not gradebook.students
    assert only(course.grade()).score == 7.0


def test_threads_take_shorter_turns_only_while_a_class_is_graded(course):
    turns = []

    class Asked(NoSandbox):
        def run(self, cells):
            turns.append(sys.getswitchinterval())
            return super().run(cells)

    course.submit("s01")
    before = sys.getswitchinterval()
    course.grade(pool=Asked)
    assert turns[0] < before / 10
    assert sys.getswitchinterval() == before


def test_what_explains_wrong_answers_is_loaded_while_a_box_starts(course):
    loaded = []

    class Proving(NoSandbox):
        def prove(self):
            loaded.append(mistakes.cache_info().currsize)

    course.submit("s01")
    mistakes.cache_clear()
    course.grade(pool=Proving)
    assert loaded == [1]  # the lesson has one check


def test_only_changed_submissions_are_graded_again(course):
    course.submit("s01")
    course.submit("s02")
    course.grade()
    course.submit("s02", answer(half="return 0"))
    first, second = course.grade().results
    assert (first.unchanged, first.score) == (True, 7.0)
    assert (second.unchanged, second.score) == (False, 5.0)
    assert not any(result.unchanged for result in course.grade(force=True).results)


def test_a_touched_autograded_notebook_is_made_again(course):
    course.submit("s01")
    course.grade()
    path = course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb"
    before = path.read_bytes()
    path.chmod(0o644)
    path.write_text("half")
    assert not only(course.grade()).unchanged
    assert path.read_bytes() == before


def test_a_submission_replaced_while_graded_is_noticed(course):
    class Late(NoSandbox):
        def run(self, cells):
            course.submit("s01", answer(WRONG))
            return super().run(cells)

    course.submit("s01")
    result = only(course.grade(pool=Late))
    assert result.status == "failed"
    assert "replaced" in result.notes[0]
    assert only(course.grade()).score < 7.0


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


def test_who_still_runs_is_said_when_nothing_was_done_for_a_while(course, monkeypatch):
    class Slow(NoSandbox):
        def submit_run(self, *asked, **options):
            ran = super().submit_run(*asked, **options).result()
            future = Future()
            waiting.append((future, ran))
            return future

        def turn(self, future):
            return Turn(7.0 if future is waiting[-1][0] else None, 300.0)

    waiting, told = [], []

    def waits(turns):
        told.append(turns)
        if len(told) == 2:
            future, ran = waiting.pop()
            future.set_result(ran)

    monkeypatch.setattr(pipeline, "SILENCE", 0.01)
    course.submit("s01")
    outcome = grade_class(GradeOptions(ASSIGNMENT, course.root, jobs=1), Watcher(waits=waits), Slow)
    assert told == [{"s01": Turn(7.0, 300.0)}] * 2
    assert [result.status for result in outcome.results] == ["graded"]


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
    (course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb").unlink()


def edit_autograded_notebook(course):
    path = course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb"
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
    (course.root / "nbgrader_config.py").write_text(
        "from nbgrader.preprocessors import SaveAutoGrades\n"
        "from grading.test_pipeline import WritesBelow\n"
        "c = get_config()\n"
        "c.Autograde.autograde_preprocessors = [SaveAutoGrades, WritesBelow]\n"
    )
    course.submit("s01", answer(why="Because m starts at zero."))
    course.grade()
    autograded = course.root / "autograded/s01" / ASSIGNMENT / "adam.ipynb"
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
    """Make every row one of an earlier version, which says nothing of answers."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        (text,) = database.execute("SELECT cells FROM autograde_submission").fetchone()
        cells = {name: verdict for name, verdict in json.loads(text).items() if "/" in name}
        database.execute("UPDATE autograde_submission SET cells = ?", (json.dumps(cells),))


@pytest.mark.parametrize("tick", [False, True])
def test_a_row_of_an_earlier_version_keeps_points_and_tick_and_is_held_by_its_file(course, by_hand, tick):
    type_in(by_hand, 2.0, tick)
    forget_answers(course)
    assert (only(course.grade()).score, ticked(by_hand)) == (9.0, (2.0, tick))
    assert (only(course.grade(force=True)).score, ticked(by_hand)) == (9.0, (2.0, tick))
    forget_answers(course)
    course.submit("s01", answer(why="Another answer."))
    assert (only(course.grade()).score, ticked(by_hand)) == (7.0, (2.0, True))


def test_points_of_an_answer_that_is_kept_nowhere_wait_with_a_sentence_of_their_own(course, by_hand):
    forget_answers(course)
    remove_autograded_notebook(course)
    result = only(course.grade())
    assert (result.score, result.cells[-1].fails) == (
        7.0,
        "graded by hand, but which answer a person saw is not kept",
    )
    type_in(by_hand, 2.0)
    assert (only(course.grade(force=True)).score, ticked(by_hand)) == (9.0, (2.0, False))


def ticked(url):
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, "s01")
        return grade.manual_score, grade.needs_manual_grade


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
    course.submit("s01")
    course.grade()
    secret = course.root / ".autograde/secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    secret.unlink()
    with pytest.raises(UsageError, match="lost"):
        course.grade(force=True)


def test_two_graders_do_not_work_on_one_course(course):
    from autograde.grading.course import Course
    from autograde.grading.lock import only_grader

    course.submit("s01")
    with only_grader(Course.open(course.root)), pytest.raises(UsageError, match="another grader"):
        course.grade()


def test_unknown_names_are_said_in_one_line(course):
    from autograde.grading.grade_class import GradeOptions, grade_class

    course.submit("s01")
    with pytest.raises(UsageError, match="Did you mean '06-adam'"):
        grade_class(GradeOptions("06-adams", course.root))
    with pytest.raises(UsageError, match="'s99'"):
        course.grade("s99")
    with pytest.raises(UsageError, match="no such course folder"):
        grade_class(GradeOptions(ASSIGNMENT, course.root / "nowhere"))


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
    assert f"`autograde grade {ASSIGNMENT} --force` begins again" in shown(stopped)


def test_an_interrupted_run_does_not_wait_for_the_next_notebook_to_be_read(course, monkeypatch):
    """That of the second student, read while the first one's cells are handed over, takes for ever."""
    ended, parse = [], NotebookReader.parse

    def parse_one(reader, data, file):
        if ended:
            os.kill(reader._process.pid, signal.SIGSTOP)
        try:
            return parse(reader, data, file)
        finally:
            ended.append(file)

    class Interrupted(NoSandbox):
        def submit_run(self, *words, **named):
            raise KeyboardInterrupt

    monkeypatch.setattr(NotebookReader, "parse", parse_one)
    monkeypatch.setattr(notebook_reader, "ANSWER_SECONDS", 3_600.0)
    for number in range(2):
        course.submit(f"s{number}")
    assert course.grade(pool=Interrupted).stopped == "interrupted"
    assert len(ended) == 2


def test_a_run_interrupted_while_it_waits_for_the_disk_tells_of_what_was_saved(course, monkeypatch):
    waited, await_commit = [], SharedGradebook.await_commit

    def interrupted(gradebook):
        if gradebook._behind is not None and not waited:
            waited.append(True)
            raise KeyboardInterrupt
        await_commit(gradebook)

    monkeypatch.setattr(SharedGradebook, "await_commit", interrupted)
    course.submit("s0")
    stopped = course.grade()
    assert stopped.stopped == "interrupted"
    assert [(one.student, one.score) for one in stopped.results] == [("s0", 7.0)]


def test_a_run_stopped_while_a_commit_goes_on_waits_for_it(course, monkeypatch):
    """The scheduler of a cluster is lost while the first student's grades are on their way to the disk."""

    class Lost(NoSandbox):
        def submit_run(self, *words, **named):
            if len(self.runs) == 2:
                raise CourseError("the scheduler is gone")
            return super().submit_run(*words, **named)

    def commit_behind(session, before, then):
        if threading.current_thread() is not threading.main_thread():
            event.listen(session.get_bind(), "commit", lambda connection: awaited.wait(10), once=True)
        commit(session, before, then)

    def await_commit(gradebook):
        if gradebook._behind is not None:
            awaited.set()
        wait(gradebook)

    commit, wait, awaited = gradebook._commit, SharedGradebook.await_commit, threading.Event()
    monkeypatch.setattr(gradebook, "_commit", commit_behind)
    monkeypatch.setattr(SharedGradebook, "await_commit", await_commit)
    for number in range(4):
        course.submit(f"s{number}")
    stopped = course.grade(pool=Lost)
    assert stopped.stopped == "the scheduler is gone"
    assert "s0" in course.scores()


@pytest.mark.parametrize("of", ["digests", "row"])
def test_a_broken_notebook_that_cannot_be_noted_fails_and_the_class_goes_on(course, monkeypatch, of):
    def refused(*_, **__):
        raise MachineError("refused")

    monkeypatch.setattr(*((pipeline, "fingerprint") if of == "digests" else (Saver, "save_review")), refused)
    course.submit("s1", b"no JSON")
    course.submit("s2")
    outcome = course.grade()
    assert [(one.student, one.status, one.score) for one in outcome.results] == [
        ("s1", "failed", None),
        ("s2", "graded", 7.0),
    ]
    assert outcome.results[0].notes == ("refused",)


def test_a_disk_without_locks_is_no_other_grader(course, monkeypatch):
    def none_here(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    course.submit("s1")
    monkeypatch.setattr(lock.fcntl, "flock", none_here)
    with pytest.raises(UsageError, match=r"No locks available.*must be on a disk that has locks"):
        course.grade()


def shown(outcome) -> str:
    console = Console(file=io.StringIO(), width=200)
    show_outcome(outcome, ASSIGNMENT, console)
    return console.file.getvalue()


def test_late_penalties_come_from_nbgraders_plugin(course):
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    folder = course.submit("s01").parent
    (folder / "timestamp.txt").write_text("2030-01-02 00:00:00 UTC")
    course.grade()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2030-01-01")
    assert only(course.grade(force=True)).score == 0.0


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
def test_a_step_of_the_courses_own_reads_the_sum_of_the_grades_just_given(course, force):
    students = ("s01", "s02", "s03")
    for student in students:
        course.submit(student)
    if force:
        course.grade()
    (course.root / "nbgrader_config.py").write_text(
        "from grading.test_pipeline import SavesAndReads\n"
        "c = get_config()\nc.Autograde.autograde_preprocessors = [SavesAndReads]\n"
    )
    SavesAndReads.seen.clear()
    course.grade(jobs=2, force=force)
    assert SavesAndReads.seen == dict.fromkeys(students, 7.0)


def test_a_time_in_the_gradebook_stays_where_the_files_have_none(course):
    """As with nbgrader's own command: an instructor may have entered it."""
    course.submit("s01")
    course.grade()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_submission(ASSIGNMENT, "s01").timestamp = datetime(2030, 1, 2)
        gradebook.db.commit()
    course.grade(force=True)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "s01").timestamp == datetime(2030, 1, 2)


def test_a_check_that_was_not_reached_names_the_error_of_the_cell_above_it(course):
    def slip(notebook):
        notebook.cells[1].source = "class Adam\n    pass"

    course.submit("s01", answer(student=slip))
    for again in ({}, {"rejudge": True}):
        course.grade(**again)
        kept = json.loads((course.root / "autograded/s01" / ASSIGNMENT / ".autograde/adam.json").read_text())
        (verdict,) = [check["verdict"] for check in kept["checks"].values()]
        assert "the cell above it ended in SyntaxError: expected ':'" in verdict["cause"]
        assert not any(criterion["passed"] for criterion in verdict["criteria"])


def test_a_verdict_repeats_of_an_error_no_more_than_a_line_or_two(course):
    course.submit(
        "s01",
        answer(
            student=lambda notebook: notebook.cells[1].update(source=f"raise ValueError({'x' * 9_000!r})")
        ),
    )
    course.grade()
    kept = json.loads((course.root / "autograded/s01" / ASSIGNMENT / ".autograde/adam.json").read_text())
    (verdict,) = [check["verdict"] for check in kept["checks"].values()]
    assert "ended in" in verdict["cause"]
    assert len(verdict["cause"]) < 400


def test_what_was_made_of_a_submission_goes_when_a_broken_one_takes_its_place(course):
    course.submit("s01")
    course.grade()
    folder = course.root / "autograded/s01" / ASSIGNMENT
    assert (folder / "adam.ipynb").exists()
    course.submit("s01", b"{")
    assert only(course.grade()).status == "needs-review"
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        [notebook] = gradebook.find_submission(ASSIGNMENT, "s01").notebooks
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades} == {(None, True)}


def test_an_odd_timestamp_is_graded_and_says_what_formgrader_makes_of_it(course):
    (course.submit("s01").parent / "timestamp.txt").write_text("yesterday-ish")
    result = only(course.grade())
    assert (result.score, result.flags) == (7.0, ("odd-timestamp",))
    assert "formgrader cannot list" in result.notes[0]


@pytest.mark.parametrize("kind", ["empty", "long", "fifo", "link", "folder"])
def test_a_timestamp_that_is_no_small_file_is_odd_and_the_rest_is_graded(course, kind, tmp_path):
    path = course.submit("s01").parent / "timestamp.txt"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        (tmp_path / "time").write_text("2026-11-12 14:00:00 UTC")
        path.symlink_to(tmp_path / "time")
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_text("" if kind == "empty" else "2026-11-12 14:00:00 UTC" + " " * 1_000)
    result = only(course.grade())
    assert (result.status, result.score, result.flags) == ("graded", 7.0, ("odd-timestamp",))


def test_a_time_is_read_in_the_zone_of_the_courses_exchange(course):
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Exchange.timezone = 'Europe/Berlin'\n"
    )
    (course.submit("s01").parent / "timestamp.txt").write_text("2026-07-12 14:00:00.123456 CEST\n")
    assert only(course.grade()).flags == ()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submitted = gradebook.find_submission(ASSIGNMENT, "s01").timestamp
    assert submitted == datetime(2026, 7, 12, 12, 0, 0, 123456)
