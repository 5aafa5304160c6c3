"""An assignment with everything that nbgrader can release, and nbgrader alone to grade it: an oracle."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from course_folder import marks
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from support import kernels_in
from traitlets.config import Config, PyFileConfigLoader

from autograde.book.gradebook import open_gradebook
from autograde.course.course import Course

NAME = "ps1"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
STEPS = '''
from nbgrader.preprocessors import NbGraderPreprocessor


class Banner(NbGraderPreprocessor):
    """Before anything is saved: students and the gradebook see it alike."""

    def preprocess_cell(self, cell, resources, index):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "read-me":
            cell.source += "\\n\\nHonour code applies."
        return cell, resources


class NoRemarks(NbGraderPreprocessor):
    """After it was saved: students do not get lines that are for colleagues."""

    def preprocess_cell(self, cell, resources, index):
        lines = cell.source.split("\\n")
        cell.source = "\\n".join(line for line in lines if "COLLEAGUES:" not in line)
        return cell, resources
'''


@dataclass(frozen=True)
class Way:
    """A course's configuration, and how its notebooks mark what students do not get."""

    config: str = ""
    hidden: tuple[str, str] = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
    scheme: tuple[str, str] = ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===")
    solution: tuple[str, str] = ("### BEGIN SOLUTION", "### END SOLUTION")


WAYS = {
    "as documented": Way(),
    "one hash": Way(hidden=("# BEGIN HIDDEN TESTS", "# END HIDDEN TESTS")),
    "own words": Way(
        """
c.ClearHiddenTests.begin_test_delimeter, c.ClearHiddenTests.end_test_delimeter = "VERSTECKT", "SICHTBAR"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "PUNKTE VON"
c.ClearMarkScheme.end_mark_scheme_delimeter = "PUNKTE BIS"
c.ClearSolutions.begin_solution_delimeter, c.ClearSolutions.end_solution_delimeter = "LOESUNG", "ENDE"
""",
        ("# VERSTECKT", "# SICHTBAR"),
        ("PUNKTE VON", "PUNKTE BIS"),
        ("# LOESUNG", "# ENDE"),
    ),
    "own stubs": Way(
        """
c.ClearSolutions.code_stub = {"python": "pass  # write here"}
c.ClearSolutions.text_stub = "Write here."
"""
    ),
    "own steps": Way(
        STEPS
        + """
c.GenerateAssignment.preprocessors.insert(0, Banner)
c.GenerateAssignment.preprocessors.append(NoRemarks)
"""
    ),
    "all cells locked": Way("c.LockCells.lock_all_cells = True\n"),
}


def source(way: Way) -> dict[str, NotebookNode]:
    """The teacher's notebooks: locked text, solutions, tests, hidden tests, partial credit, hand-graded
    code and text, a task with a mark scheme, an attachment."""
    code = [
        new_markdown_cell("Read **this** first.", id="a", metadata=marks("read-me", locked=True)),
        new_markdown_cell(
            "![](attachment:dot.png)", id="b", attachments={"dot.png": {"image/png": PIXEL}}, metadata={}
        ),
        new_code_cell("STEP = 1", id="c", metadata=marks("set-up", locked=True)),
        new_code_cell(_solved("def squares(n):", "return [i**2 for i in range(1, n + 1)]", way), id="d",
                      metadata=marks("squares", solution=True)),
        new_code_cell("squares(10)", id="e"),
        new_code_cell(
            f"assert squares(2) == [1, 4]\n{way.hidden[0]}\nassert squares(3) == [1, 4, 9]\n{way.hidden[1]}"
            "\n# COLLEAGUES: the hidden one sees an off by one",
            id="f", metadata=marks("test-squares", 2)),
        new_code_cell(f"{way.hidden[0]}\nassert squares(0) == []\n{way.hidden[1]}", id="g",
                      metadata=marks("test-hidden-only", 1)),
        new_code_cell("len([n for n in range(4) if len(squares(n)) == n]) / 2", id="h",
                      metadata=marks("test-partial", 2, locked=True)),
        new_code_cell("def cubes(n):\n    return [i**3 for i in range(1, n + 1)]", id="i",
                      metadata=marks("cubes", 2, solution=True)),
        new_markdown_cell(f"State it.\n\n{way.scheme[0]}\nHalf for a try.\n{way.scheme[1]}", id="j",
                          metadata=_task("state", 4)),
    ]  # fmt: skip
    words = [
        new_markdown_cell("## Part A", id="k"),
        new_markdown_cell("It sums.", id="l", metadata=marks("part-a", 1, solution=True)),
        new_markdown_cell("## Part B", id="m"),
        new_markdown_cell("Below zero.", id="n", metadata=marks("part-b", 2, solution=True)),
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {
        "problem1": new_notebook(cells=code, metadata=spec),
        "problem2": new_notebook(cells=words, metadata=spec),
    }


def _task(grade_id: str, points: float) -> dict:
    metadata = marks(grade_id, points, locked=True)
    metadata["nbgrader"].update(task=True, grade=False)
    return metadata


def _solved(head: str, body: str, way: Way) -> str:
    return f"{head}\n    {way.solution[0]}\n    {body}\n    {way.solution[1]}"


def make(root: Path, way: Way) -> Path:
    """A course with the assignment, not released."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    for name, notebook in source(way).items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{way.config}", encoding="utf-8")
    open_gradebook(Course.open(root)).close()  # nbgrader's own way needs `alembic` on the path
    return root


def stock_release(root: Path) -> None:
    """As `nbgrader generate_assignment` does it, in a course that knows nothing of this grader."""
    config = stock_settings(root)
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()


def stock_scores(root: Path) -> dict[tuple[str, str], tuple[float | None, bool]]:
    """Automatic scores, and whether a person must grade, after `nbgrader autograde`."""
    config = stock_settings(root)
    config.merge(kernels_in(root))
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    return scores(root)


def stock_settings(root: Path) -> Config:
    """The course's own configuration, and where its folders are."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    own = config.GenerateAssignment.get("preprocessors")
    if own is not None:  # said as changes of nbgrader's list
        config.GenerateAssignment.preprocessors = own.get_value(
            GenerateAssignment.preprocessors.default_args[0]
        )
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "notebooks"
    config.CourseDirectory.assignment_id = NAME
    return config


def hand_in(root: Path, student: str, answered: bool) -> None:
    """Copies of what was released; answered or untouched."""
    folder = root / "submitted" / student / NAME
    shutil.copytree(root / "notebooks" / NAME, folder)
    if not answered:
        return
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id == "squares":
                cell.source = "def squares(n):\n    return [i * i for i in range(STEP, n + 1)][:3]"
            elif grade_id == "part-b":
                cell.source = "Never."
        nbformat.write(notebook, path)


def scores(root: Path) -> dict[tuple[str, str], tuple[float | None, bool]]:
    """What the gradebook says of each graded cell of each student."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            (submission.student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(NAME)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
