"""The rubric in formgrader: the model answer and its points above each answer that a person grades.

A course's configuration asks for it (`autograde/course/configuration.py`).
"""

import re
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets import Unicode

from autograde.entries.answer_key import grade_id_of, read_notebook
from autograde.pages.clean import OF_TEACHER

MARKERS = re.compile(r"^[^\S\n]*### .*\n?|=== (?:BEGIN|END) MARK SCHEME ===", re.MULTILINE)
OF_FORMGRADER = {"submission_id", "assignment_id", "notebook_id", "base_url"}


class ModelAnswer(NamedTuple):
    """The teacher's answer to a question, and the question: the text above it, from its heading on."""

    cell: NotebookNode
    question: list[NotebookNode]

    @property
    def words(self) -> str:
        """The answer as words; one in code as code, nbgrader's markers left out."""
        text = MARKERS.sub("", self.cell.source)
        return f"```python\n{text}\n```" if self.cell.cell_type == "code" else text


class ShowRubric(Preprocessor):
    """Puts the teacher's model answer above the student's answer in words.

    nbgrader's template writes names as they are: they leave here escaped.
    Students' pages do not pass here: nbgrader's feedback has no `submission_id` among its resources.
    """

    source = Unicode(help="the folder of solutions").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if self.source and resources.keys() >= OF_FORMGRADER:
            model = model_answers(Path(self.source), resources["assignment_id"], resources["notebook_id"])
            cells = []
            for cell in nb.cells:
                grade_id = grade_id_of(cell)
                if is_for_a_person(cell) and grade_id in model:
                    heading = f"Model answer and rubric of {grade_id} (students do not see this)"
                    quoted = model[grade_id].words.strip().replace("\n", "\n> ")
                    cells.append(v4.new_markdown_cell(f"**{heading}**\n\n> {quoted}", metadata=OF_TEACHER))
                    cells[-1].attachments = model[grade_id].cell.get("attachments", {})
                cells.append(cell)
            nb.cells = cells
            resources |= {key: escape(value) for key, value in resources.items() if isinstance(value, str)}
        return nb, resources


def is_for_a_person(cell: NotebookNode) -> bool:
    """Whether only a person can grade a cell."""
    return bool(is_task(cell) or (is_grade(cell) and is_solution(cell)))


def model_answers(source: Path, assignment: str, notebook: str) -> dict[str, ModelAnswer]:
    """By grade_id what the teacher's own notebook has there; nothing where it cannot be read."""
    try:
        model = read_notebook(source / assignment / f"{notebook}.ipynb")
    except (OSError, ValueError):
        return {}
    found, above = {}, list[NotebookNode]()
    for cell in model.cells:
        if is_for_a_person(cell):
            found[grade_id_of(cell)] = ModelAnswer(cell, above)
        is_text = cell.cell_type == "markdown" and not is_for_a_person(cell)
        above = [*(() if cell.source.startswith("#") else above), cell] if is_text else []
    return found
