"""What was handed out, read from a notebook and not from a gradebook: a lesson of the wheel, or a file.

A file with nbgrader's checksums is a release, and is taken as it is. Any other is the instructor's own
notebook: nbgrader's release steps make of it, in memory, what students got.
"""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, IncludeHeaderFooter, InstantiateTests, SaveCells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograde.course.answer_key import AnswerKey, KeyCell, KeyNotebook
from autograde.course.assignments import settings
from autograde.course.conversion import apply_steps, require_sound
from autograde.course.course import log
from autograde.course.release_steps import CURRENT, LAST, Version, check_name, is_known, released_cells
from autograde.errors import UsageError
from autograde.installed import released_lessons

# They need a course around the notebook: its gradebook, its files, a kernel; CURRENT the lesson's text.
NEED_A_COURSE = (SaveCells, IncludeHeaderFooter, InstantiateTests, *LAST)


@dataclass(frozen=True)
class Key:
    """An answer key, the file that it was read from, and the name of what is marked."""

    answers: AnswerKey
    file: Path

    @property
    def notebook(self) -> KeyNotebook:
        """The one notebook it has."""
        return next(iter(self.answers.notebooks.values()))

    @property
    def is_lesson(self) -> bool:
        """Whether it is one of the wheel's, which everybody has."""
        return self.file.is_relative_to(released_lessons())


def find_key(name: str | None, notebook: Path) -> Key:
    """The key for a notebook: the file or the lesson `name`, else the lesson of the notebook's name.

    Raises:
        UsageError: there is none, or it cannot be used.
    """
    lessons = {path.parent.name: path for path in sorted(released_lessons().glob("*/*.ipynb"))}
    if name is None:
        named = [lesson for lesson, path in lessons.items() if path.name == notebook.name]
        if not named:
            raise UsageError(
                f"{notebook} has the name of no lesson: say with --key which it is (a lesson's name, "
                f"or the notebook that was handed out). Lessons: {', '.join(lessons)}."
            )
        return read_key_file(lessons[named[0]], named[0])
    if name in lessons:
        return read_key_file(lessons[name], name)
    if not Path(name).is_file():
        raise UsageError(f"--key {name}: neither a file nor a lesson. Lessons: {', '.join(lessons)}.")
    return read_key_file(Path(name), Path(name).stem)


def read_key_file(path: Path, name: str) -> Key:
    """The key that a notebook of the instructor's holds; `name` is the assignment's.

    Raises:
        UsageError: it cannot be read, has no graded cell, or nbgrader would refuse to release it.
    """
    key = key_notebook(path)
    if not any(cell.points is not None for cell in key.cells.values()):
        raise UsageError(f"{path} has no graded cell: it can be no key.")
    return Key(AnswerKey(name, {path.stem: key}), path)


def key_notebook(path: Path) -> KeyNotebook:
    """What a notebook of the instructor's says, graded cells or none.

    Raises:
        UsageError: it cannot be read, or nbgrader would refuse to release it.
    """
    require_sound(path)
    notebook = nbformat.read(path, as_version=4)
    try:
        cells, released = _released(notebook, path.stem)
    except Exception as error:  # nbgrader's steps refuse by many kinds
        raise UsageError(f"{path} can be no key: {error}") from error
    kernel = dict(notebook.metadata.get("kernelspec", {}))
    return KeyNotebook(path.stem, kernel, {cell.grade_id: cell for cell in cells}, (released,))


def _released(notebook: NotebookNode, name: str) -> tuple[list[KeyCell], Version]:
    """The cells as the gradebook would have them, and as students got them."""
    resources = {"unique_key": name, "nbgrader": {"notebook": name, "assignment": name, "student": "."}}
    config = settings()
    classes = [step for step in config.GenerateAssignment.preprocessors if step != CURRENT]
    saved = classes.index(SaveCells)
    before, after = (
        [step(config=config, log=log) for step in steps if not issubclass(step, NEED_A_COURSE)]
        for steps in (classes[:saved], classes[saved + 1 :])
    )
    if all(cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if is_known(cell)):
        before, after = [CheckCellMetadata(config=config, log=log)], []
    notebook = apply_steps(before, notebook, resources)
    cells = [_key_cell(cell) for cell in notebook.cells if is_known(cell)]
    return cells, released_cells(apply_steps(after, notebook, resources))


def _key_cell(cell: NotebookNode) -> KeyCell:
    fields = cell.metadata.nbgrader
    graded = is_grade(cell) or is_task(cell)
    by_hand = is_solution(cell) or is_task(cell)
    return KeyCell(
        grade_id=fields.grade_id,
        cell_type=cell.cell_type,
        source=cell.source,
        checksum=fields.get("checksum"),
        locked=bool(is_locked(cell)),
        solution=bool(is_solution(cell)),
        task=bool(is_task(cell)),
        points=float(fields.points) if graded else None,
        check=check_name(cell.source) if graded and not by_hand else None,
    )
