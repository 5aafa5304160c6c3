"""The students' solution cells in folders, for a tool that compares programs (JPlag, MOSS)."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.course.answer_key import AnswerKey, KeyNotebook, grade_id_of
from autograde.course.assignments import RELEASE
from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.files import put

HANDED_OUT = "handed-out"


def write_answers(
    course: Course, key: AnswerKey, students: list[str], out: Path
) -> tuple[list[str], list[str]]:
    """Write `out/students/STUDENT/NOTEBOOK.py`, and what was handed out as `out/handed-out/NOTEBOOK.py`.

    The folder is complete or missing; an existing one is refused.

    Returns:
        The students whose answers were written, and those without an autograded notebook.

    Raises:
        UsageError: `out` exists, or a notebook is damaged.
        OSError: it cannot be written.
    """
    if out.exists():
        raise UsageError(f"{out} is there already: move it away, or choose another with --out.")
    written, left_out = [], []
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".answers-", dir=out.parent) as scratch:
        made = Path(scratch) / "answers"
        (made / "students").mkdir(parents=True)
        for name, text in _answers_in(course.root / RELEASE / key.assignment, key):
            put(made / HANDED_OUT / name, text.encode("utf-8", "replace"))
        for student in students:
            files = list(_answers_in(course.folder("autograded", student, key.assignment), key))
            for name, text in files:
                put(made / "students" / student / name, text.encode("utf-8", "replace"))
            (written if files else left_out).append(student)
        made.rename(out)
    return written, left_out


def _answers_in(folder: Path, key: AnswerKey) -> Iterator[tuple[str, str]]:
    """The file's name and the answers of each notebook in a folder; the stubs of a released one."""
    for notebook in key.notebooks.values():
        path = folder / f"{notebook.name}.ipynb"
        if path.is_file():
            yield f"{notebook.name}.py", _code(_read(path), notebook)


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds
        raise UsageError(
            f"{path} is no notebook that can be read ({type(error).__name__}): nothing was "
            "written. Grade or release it again"
        ) from error


def _code(notebook: NotebookNode, key: KeyNotebook) -> str:
    """The code of the solution cells, in the instructor's order; magics are comments, so that it parses."""
    sources = {grade_id_of(cell): cell.source for cell in notebook.cells if cell.cell_type == "code"}
    parts = []
    for name, cell in key.cells.items():
        if cell.solution and cell.cell_type == "code" and name in sources:
            lines = sources[name].split("\n")
            plain = [f"# {line}" if line.lstrip().startswith(("%", "!")) else line for line in lines]
            parts.append(f"# {name}\n" + "\n".join(plain))
    return "\n\n\n".join(parts) + "\n"
