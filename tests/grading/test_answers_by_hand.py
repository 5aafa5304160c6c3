"""What a person looked at who gave points: an answer's text; of a task, all that is not locked."""

from __future__ import annotations

import pytest

from autograde.grading.answer_key import KeyCell, KeyNotebook
from autograde.grading.answers_by_hand import answers_of
from autograde.grading.course import Submission
from autograde.grading.submission_run import NotebookRun, SubmissionRun
from grading.small_course import answer, lesson

TASK = "adam/why"


def digest(notebook, tmp_path):
    """Of the lesson's last cell, were it a task that its text describes."""
    cells = {}
    for cell in lesson().cells:
        marks = cell.metadata.get("nbgrader")
        if marks:
            name, task = marks["grade_id"], marks["grade_id"] == "why"
            cells[name] = KeyCell(
                grade_id=name,
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=None,
                locked=marks["locked"] or task,
                solution=marks["solution"] and not task,
                task=task,
                points=marks.get("points"),
                check=None,
            )
    run = SubmissionRun(Submission("s01", "hw", tmp_path))
    run.notebook_runs.append(NotebookRun(KeyNotebook("adam", {}, cells), "", notebook))
    return answers_of(run)[TASK]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (answer(half="return x * 0.5"), False),
        (answer(student=lambda notebook: notebook.cells.append(notebook.cells[0].copy())), False),
        (answer(why="The task's own text, a typo mended."), True),
        (answer(student=lambda notebook: notebook.cells[4].update(source="assert half(8) == 4")), True),
    ],
)
def test_a_task_waits_for_other_work_and_not_for_another_text_of_its_own(changed, same, tmp_path):
    assert (digest(changed, tmp_path) == digest(answer(), tmp_path)) is same
