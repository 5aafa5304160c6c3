"""The students' solution cells in folders, for a tool that compares programs (JPlag, MOSS)."""

from pathlib import Path

from nbformat import NotebookNode

from autograde.course.course import Course
from autograde.entries import answer_key
from autograde.errors import UsageError
from autograde.files import put
from autograde.scratch import scratch_folder


def write_answers(
    course: Course, key: answer_key.AnswerKey, students: list[str], out: Path
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
    with scratch_folder(out.parent, ".answers-") as scratch:
        made = scratch / "answers"
        (made / "students").mkdir(parents=True)
        _write_cells(made / "handed-out", course.folder("release", ".", key.assignment), key)
        for student in students:
            graded = course.folder("autograded", student, key.assignment)
            is_there = _write_cells(made / "students" / student, graded, key)
            (written if is_there else left_out).append(student)
        made.rename(out)
    return written, left_out


def _write_cells(target: Path, folder: Path, key: answer_key.AnswerKey) -> bool:
    """Write the answers in each notebook of a folder, the stubs of a released one; whether there is any."""
    there = {name: path for name in key.notebooks if (path := folder / f"{name}.ipynb").is_file()}
    for name, path in there.items():
        try:
            notebook = answer_key.read_notebook(path)
        except Exception as error:  # nbformat raises many kinds
            raise UsageError(
                f"{path} is not a notebook that can be read ({type(error).__name__}): nothing was "
                "written. Grade or release it again"
            ) from error
        put(target / f"{name}.py", _code(notebook, key.notebooks[name]).encode("utf-8", "replace"))
    return bool(there)


def _code(notebook: NotebookNode, key: answer_key.KeyNotebook) -> str:
    """The code of the solution cells, in the teacher's order; magics are comments, so that it parses."""
    sources = {
        answer_key.grade_id_of(cell): cell.source for cell in notebook.cells if cell.cell_type == "code"
    }
    parts = []
    for name, cell in key.cells.items():
        if cell.solution and cell.cell_type == "code" and name in sources:
            lines = sources[name].split("\n")
            plain = [f"# {line}" if line.lstrip().startswith(("%", "!")) else line for line in lines]
            parts.append(f"# {name}\n" + "\n".join(plain))
    return "\n\n\n".join(parts) + "\n"
