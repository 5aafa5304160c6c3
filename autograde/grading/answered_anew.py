"""Points by hand are an answer's: who hands in another one waits for a person again.

The points stay in the gradebook, and formgrader ticks the answer. Until a person has saved points there, or
clicked on the tick, no output counts the earlier ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from nbgrader.api import Grade, MissingEntry

from autograde.grading.gradebook import SharedGradebook
from autograde.grading.run_cells import grade_id_of
from autograde.grading.submission_rows import ANSWERED_ANEW, read_rows
from autograde.grading.submission_run import NotebookRun, SubmissionRun


def graded_by_hand(gradebook: SharedGradebook, run: SubmissionRun) -> dict[str, Grade]:
    """The answers in words that a person has given points, by "notebook/grade_id"."""
    who, by_hand = run.submission, {}
    for notebook in (notebook_run.key for notebook_run in run.notebook_runs):
        for cell in notebook.cells.values():
            with suppress(MissingEntry):  # a cell that was added since
                if cell.manual:
                    grade = gradebook.find_grade(cell.grade_id, notebook.name, who.assignment, who.student)
                    by_hand[f"{notebook.name}/{cell.grade_id}"] = grade
    return {name: grade for name, grade in by_hand.items() if grade.manual_score is not None}


def answered_anew(
    gradebook: SharedGradebook, run: SubmissionRun, by_hand: Mapping[str, Grade], folder: Path
) -> set[str]:
    """Which of these answers are not those that a person looked at, or were not before and still wait.

    Args:
        by_hand: what `graded_by_hand` gave, before nbgrader's step ticks all of them.
        folder: where the notebooks lie that a person looked at: the autograded ones of the run before.
    """
    if not by_hand:
        return set()
    before = {
        notebook_run.key.name: _answers(folder, notebook_run.key.name) for notebook_run in run.notebook_runs
    }
    now = {notebook_run.key.name: _texts(notebook_run) for notebook_run in run.notebook_runs}
    places = {name: name.split("/", 1) for name in by_hand}
    anew = {
        name
        for name, (notebook, grade_id) in places.items()
        if before[notebook].get(grade_id) != now[notebook].get(grade_id)
    }
    ticked = {name for name, grade in by_hand.items() if grade.needs_manual_grade} - anew
    return anew | _waited(gradebook, run, ticked)


def _waited(gradebook: SharedGradebook, run: SubmissionRun, ticked: set[str]) -> set[str]:
    """Those of whose tick our row says why."""
    who = run.submission
    row = read_rows(gradebook, who.assignment, [who.student]).get(who.student) if ticked else None
    return {name for name in ticked if row and row.cells.get(name, {}).get("status") == ANSWERED_ANEW}


def _texts(notebook_run: NotebookRun) -> dict[str | None, str]:
    return {grade_id_of(cell): cell.source for cell in notebook_run.notebook.cells}


def _answers(folder: Path, notebook: str) -> dict[str, str]:
    """The cells' texts by grade_id; nothing where the file is gone, so that a person looks."""
    try:
        cells = json.loads((folder / f"{notebook}.ipynb").read_bytes())["cells"]
        return {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"]) for cell in cells
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
