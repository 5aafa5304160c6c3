"""A lesson as the tests see it: its text, its cells, what running it gives."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from support import ROOT

from autograde.course.assignments import lesson_paths
from autograde.release.steps import check_cells

RUNNER = Path(__file__).with_name("runner.py")


@dataclass(frozen=True)
class CheckCell:
    """A graded cell with one call of `check`."""

    grade_id: str
    check: str
    points: float


@dataclass(frozen=True)
class Lesson:
    """One lesson: `solutions/NN-rule/rule.md` and what is built from it."""

    text_path: Path

    @property
    def name(self) -> str:
        return self.text_path.parent.name

    @property
    def released_path(self) -> Path:
        return ROOT / "notebooks" / self.name / f"{self.text_path.stem}.ipynb"

    @cached_property
    def solved(self):
        return nbformat.read(self.text_path.with_suffix(".ipynb"), as_version=4)

    @cached_property
    def released(self):
        return nbformat.read(self.released_path, as_version=4)

    @cached_property
    def checks(self):
        return [
            CheckCell(cell.metadata.nbgrader.grade_id, name, cell.metadata.nbgrader.points)
            for cell, name in check_cells(self.solved)
        ]

    @cached_property
    def prose(self) -> str:
        """Everything that is not code."""
        return "\n\n".join(cell.source for cell in self.solved.cells if cell.cell_type == "markdown")

    @property
    def first_visible(self) -> int:
        """The number of the code cell at which a reader starts: the first that has no picture yet and is not folded."""
        hidden = [
            cell.metadata.get("jupyter", {}).get("source_hidden") for cell in self.code_cells(self.solved)
        ]
        return next(number for number, is_folded in enumerate(hidden) if number and not is_folded)

    def code_cells(self, notebook) -> list:
        return [cell for cell in notebook.cells if cell.cell_type == "code"]

    @property
    def plain_code_cells(self) -> list:
        """Code cells that are no stub."""
        return [cell for cell in self.code_cells(self.solved) if not is_stub(cell)]


def is_stub(cell) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def run(notebook: Path, folder: Path, start: int = 0) -> list[dict]:
    """What each code cell gives, in a process of its own, where those before number `start` run last."""
    out = folder / "results.json"
    env = dict(os.environ, HOME=str(folder), IPYTHONDIR=str(folder / "ipython"), PYTHONUTF8="1")
    command = [sys.executable, str(RUNNER), str(notebook), str(out), str(start)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(out.read_text(encoding="utf-8"))


LESSONS = [Lesson(path) for path in lesson_paths(ROOT)]
