"""Where each check stands in this copy of the course: its notebook, its cell, its points."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

CALL = re.compile(r'\s*check\(\s*"([\w/-]+)"[^\n]*\bpoints\s*=\s*(\d+\.?\d*)')
LESSON = re.compile(r"\d\d-\w+")


@dataclass(frozen=True)
class CheckLocation:
    """The cell of one check."""

    notebook: Path
    cell: str
    """The cell's id; empty where the notebook has none."""
    points: float

    def link(self, here: Path) -> str:
        """An address that JupyterLab opens at the cell, relative to the folder of the notebook in use."""
        path = Path(os.path.relpath(self.notebook, here)).as_posix()
        return f"{path}#cell-id={self.cell}" if self.cell else path


def check_locations(folder: Path) -> dict[str, CheckLocation]:
    """By its name where every check of a folder's lessons stands; a notebook that is none is left out."""
    return {
        name: CheckLocation(notebook, cell, points)
        for lesson in sorted(path for path in folder.iterdir() if LESSON.fullmatch(path.name))
        for notebook in sorted(lesson.glob("*.ipynb"))
        for name, cell, points in _checks_in(notebook)
    }


def _checks_in(notebook: Path) -> list[tuple[str, str, float]]:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = [(str(cell.get("id", "")), "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return [(call[1], cell, float(call[2])) for cell, source in code if (call := CALL.match(source))]
