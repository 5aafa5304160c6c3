"""A small course and a sandbox that is none: cells run in this process, for tests of everything around it."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import shlex
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from rich.console import Console
from typer.testing import CliRunner
from typer.testing import Result as Done

from autograde.book.gradebook import open_gradebook
from autograde.cli import app
from autograde.course.course import Course
from autograde.entries.entry import Entry
from autograde.grading.grade_class import ClassOutcome, GradeOptions, grade_class
from autograde.grading.terminal import show_outcome
from autograde.release.keys import register
from autograde.sandbox import CellResult, CellTask, RunResult
from verdicts import judging
from verdicts.notebook import borrowing
from verdicts.recording import evidence_outbox

ASSIGNMENT = "06-adam"
STUB = """class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        BODY
"""
RIGHT = """self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)"""
WRONG = RIGHT.replace("m_hat / (np", "self.m[k] / (np")


def marks(grade_id: str, points: float | None = None, solution: bool = False, locked: bool = False) -> dict:
    """A cell's nbgrader metadata."""
    fields = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    if points is not None:
        fields["points"] = points
    return {"nbgrader": fields}


def lesson() -> NotebookNode:
    """The teacher's notebook: a class with a check, an ordinary test cell, an answer in words."""
    solution = f"### BEGIN SOLUTION\n        {RIGHT}\n        ### END SOLUTION"
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_code_cell("import numpy as np\nfrom descentlab import check", id="imports"),
            new_code_cell(
                STUB.replace("BODY", solution), id="a", metadata=marks("adam-class", solution=True)
            ),
            new_code_cell(
                'check("adam/update", Adam, points=5)',
                id="b",
                metadata=marks("check-adam-update", 5, locked=True),
            ),
            new_code_cell(
                "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION",
                id="c",
                metadata=marks("half", solution=True),
            ),
            new_code_cell("assert half(4) == 2", id="d", metadata=marks("test-half", 2, locked=True)),
            new_markdown_cell("why?", id="e", metadata=marks("why", 3, solution=True)),
        ],
    )


def answer(
    body: str = RIGHT, half: str = "return x / 2", why: str = "Because.", student: Callable | None = None
) -> NotebookNode:
    """A submission of that lesson; `student` may do anything to it."""
    notebook = lesson()
    notebook.cells[1].source = STUB.replace("BODY", body)
    notebook.cells[3].source = f"def half(x):\n    {half}"
    notebook.cells[5].source = why
    if student:
        student(notebook)
    return notebook


def hand_in(course: Path, assignment: str, student: str, answers: Mapping[str, str] | None = None) -> None:
    """Submit the released notebook with the solution's answers, or others by their grade_ids."""
    file = f"{assignment}/{assignment}.ipynb"
    released = nbformat.read(course / "notebooks" / file, as_version=4)
    solved = {cell.id: cell.source for cell in nbformat.read(course / "solutions" / file, as_version=4).cells}
    for cell in released.cells:
        given = cell.metadata.get("nbgrader", {})
        if given.get("solution"):
            cell.source = (answers or {}).get(given["grade_id"], solved[cell.id])
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True)
    nbformat.write(released, folder / f"{assignment}.ipynb")


def own_assignment(folder, answer, call):
    """A course with one assignment of one answer and its check; what follows `# draws: …` is a cell with that tag."""
    answer, *drawn = re.split(r"\n# (draws: .+)\n", answer)
    CliRunner().invoke(app, ["new", "course", str(folder), "--empty"])
    cells = [new_code_cell("import numpy as np\nfrom verdicts import check", id="imports")]
    cells.append(
        new_code_cell(
            f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", id="f", metadata=marks("f", solution=True)
        )
    )
    if drawn:
        cells.append(new_code_cell(drawn[1], id="draws", metadata={"tags": drawn[:1]}))
    cells.append(
        new_code_cell(f'check("own/f", {call})', id="check", metadata=marks("check", 4, locked=True))
    )
    path = folder / "solutions/own/own.ipynb"
    path.parent.mkdir()
    nbformat.write(
        new_notebook(
            cells=cells,
            metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": ""}},
        ),
        path,
    )
    return folder


def run_cells(notebook, capsys):
    """What `check` says of the answer of a released notebook in a kernel: its score, and what was printed."""
    names = {}
    for cell in notebook.cells:
        exec(cell.source.replace("check(", "score = check("), names)
    return names["score"], capsys.readouterr().out


def answers_to(assignment: str) -> Iterator[tuple[str, dict[str, str], dict[str, float]]]:
    """Each submission of inline_answers.md: its answers by grade_id, and its points where they are not all."""
    text = Path(__file__).with_name("grading").joinpath("inline_answers.md").read_text(encoding="utf-8")
    for head, body in re.findall(r"^## (.+)\n([\s\S]*?)(?=^## |\Z)", text, re.MULTILINE):
        of, student, *points = head.split()
        if of == assignment:
            scores = {name: float(score) for name, _, score in (one.partition("=") for one in points)}
            yield student, dict(re.findall(r"```python (\S+)\n([\s\S]*?)\n```", body)), scores


class MilderRubric:
    """A rubric that counts every criterion of a check as passed, in the place of `judging`."""

    @staticmethod
    def judge(name, evidence, seed):
        verdict = judging.judge(name, evidence, seed)
        passed = tuple(replace(criterion, passed=True) for criterion in verdict.criteria)
        return replace(verdict, criteria=passed)


class NoSandbox:
    """Runs cells with `exec`, the way the sandbox's worker does; never with anything hostile."""

    def __init__(self, **options) -> None:
        self.options = options
        self.runs: list[list[CellTask]] = []

    def __enter__(self) -> NoSandbox:
        return self

    def __exit__(self, *_) -> None:
        pass

    def warm(self, runs: int) -> None:
        pass

    def prove(self) -> None:
        pass

    def submit_run(self, cells: list[CellTask], seed: int, limits=None, files=None) -> Future[RunResult]:
        self.runs.append(list(cells))
        future: Future[RunResult] = Future()
        future.set_result(self.run(cells))
        return future

    def turn(self, future: Future[RunResult]) -> None:
        pass

    def run(self, cells: list[CellTask]) -> RunResult:
        evidence_outbox.enter_grading()
        names: dict = {}
        try:
            results = [self._run(cell, names, place) for place, cell in enumerate(cells, 1)]
        finally:
            evidence_outbox._grading = False
            borrowing._loans = borrowing._Loans()  # the next run has a fresh box
        return RunResult(results, (), 0.01, 0.01, 0)

    def _run(self, cell: CellTask, names: dict, place: int) -> CellResult:
        if cell.seed is not None:
            evidence_outbox.arm(cell.seed)
        printed, outputs = io.StringIO(), []
        try:
            tree = ast.parse(cell.source)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(printed):
                exec(compile(tree, "cell", "exec"), names)
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
            if value is not None:
                outputs.append(
                    new_output("execute_result", data={"text/plain": repr(value)}, execution_count=place)
                )
        except Exception as error:
            outputs.append(
                new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[repr(error)])
            )
        if printed.getvalue():
            outputs.insert(0, new_output("stream", name="stdout", text=printed.getvalue()))
        return CellResult(outputs, evidence_outbox.take() if cell.seed is not None else None, place)


CONFIG = """
from pathlib import Path
from autograde.course.configuration import configure
c = get_config()
configure(c, Path(__file__).parent)
"""


def zipped(path: Path, files: dict[str, NotebookNode | str | bytes]) -> Path:
    """A zip of these files at that path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, nbformat.writes(content) if isinstance(content, NotebookNode) else content)
    return path


def run_in(folder: Path, line: str, *words: object) -> Done:
    """An `autograde` command for the course in this folder: a line as it is typed, and words as they are."""
    words = (*shlex.split(line), *words, "--course-dir", folder)
    return CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)


def only(outcome: ClassOutcome) -> Entry:
    """The one result of a run."""
    (result,) = outcome.results
    return result


def shown(outcome: ClassOutcome) -> str:
    """The table of a run and what stands below it."""
    console = Console(file=io.StringIO(), width=200)
    show_outcome(outcome, ASSIGNMENT, console)
    return console.file.getvalue()


class CourseFolder:
    """A course on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def make(cls, root: Path) -> CourseFolder:
        """A new course with the teacher's notebook only."""
        source = root / "solutions" / ASSIGNMENT
        source.mkdir(parents=True)
        nbformat.write(lesson(), source / "adam.ipynb")
        return cls(root)

    def register(self) -> None:
        """Register the assignment as it is in the source folder now."""
        course = Course.open(self.root)
        with closing(open_gradebook(course)) as gradebook:
            register(course, gradebook, ASSIGNMENT)

    def edit(self, change: Callable[[NotebookNode], object]) -> None:
        """Change the teacher's notebook."""
        path = self.root / "solutions" / ASSIGNMENT / "adam.ipynb"
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)

    def gradebook(self) -> Gradebook:
        """The gradebook as nbgrader and formgrader open it."""
        return Gradebook(f"sqlite:///{self.root}/gradebook.db")

    def run(self, line: str = "", *words: object) -> Done:
        """An `autograde` command for this course: a line as it is typed, and words as they are."""
        return run_in(self.root, line, *words)

    def by_hand(
        self, student: str, points: float, cell: str = "why", tick: bool = False, remark: str = ""
    ) -> None:
        """Type points, and a remark, as formgrader saves them; `tick`: still to be graded."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, "adam", ASSIGNMENT, student)
            grade.manual_score, grade.needs_manual_grade = points, tick
            if remark:
                gradebook.find_comment(cell, "adam", ASSIGNMENT, student).manual_comment = remark
            gradebook.db.commit()

    def hand_grade(self, student: str = "s01") -> tuple[float | None, bool]:
        """The answer in words: its points by hand, and whether it is still to be graded."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade("why", "adam", ASSIGNMENT, student)
            return grade.manual_score, grade.needs_manual_grade

    def autograded(self, student: str = "s01") -> Path:
        """The student's autograded notebook."""
        return self.root / "autograded" / student / ASSIGNMENT / "adam.ipynb"

    def kept(self, student: str = "s01") -> dict:
        """What was kept of each check of the student's notebook."""
        return json.loads((self.autograded(student).parent / ".autograde/adam.json").read_text())["checks"]

    def configure(self, text: str) -> None:
        """Write the course's nbgrader_config.py."""
        (self.root / "nbgrader_config.py").write_text(text)

    def submit(self, student: str, notebook: NotebookNode | str | bytes | None = None) -> Path:
        """Put a notebook, or any bytes, where the collector would."""
        folder = self.root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "adam.ipynb"
        notebook = answer() if notebook is None else notebook
        if isinstance(notebook, bytes):
            path.write_bytes(notebook)
        else:
            path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook))
        return path

    def grade(self, *students: str, pool=NoSandbox, watcher=None, **options) -> ClassOutcome:
        """Grade what was submitted."""
        asked = GradeOptions(ASSIGNMENT, self.root, tuple(students), **{"jobs": 1, **options})
        with patch("autograde.pipeline.settings.Pool", pool):
            return grade_class(asked, watcher)

    def grade_one(self, notebook: NotebookNode | str | bytes | None = None, **options) -> Entry:
        """The result of s01, who submits this."""
        self.submit("s01", notebook)
        return only(self.grade(**options))

    def scores(self, *students: str, **options) -> dict[str, float | None]:
        """The score of each student after grading."""
        return {result.student: result.score for result in self.grade(*students, **options).results}


def scores(course, assignment=ASSIGNMENT):
    with course.gradebook() as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def nbgrader_autograde(course, assignment=ASSIGNMENT):
    found = Course.open(course.root)
    found.directory.assignment_id = assignment
    Autograde(coursedir=found.directory, config=found.config, force=True).start()
