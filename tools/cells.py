"""`python tools/cells.py [NAME ...]`: what the cells of each lesson cost, in CPU seconds.

NumPy, Matplotlib and descentlab are imported first, in a cell of their own; a lesson's cells may cost 5 s
(07-comparison: 8 s). On a busy machine the same cells cost more: a core's two threads share
its units.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "tests" / "lessons" / "runner.py"
IMPORTS = "from descentlab import borrow, claim, explorers, figures, models, objectives"
LIMIT, LONGER = 5.0, {"07-comparison": 8.0}


def costs(notebook: Path, *seed: str) -> list[dict]:
    """What `runner.py` writes of each code cell, run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cells.json"
        subprocess.run([sys.executable, RUNNER, notebook, out, *seed], check=True, cwd=folder)
        return json.loads(out.read_text(encoding="utf-8"))


def imports_first(notebook: Path, folder: str) -> Path:
    """A copy of the notebook whose first cell imports what its cells would."""
    lesson = nbformat.read(notebook, as_version=4)
    lesson.cells.insert(0, nbformat.v4.new_code_cell(IMPORTS))
    nbformat.write(lesson, Path(folder) / notebook.name)
    return Path(folder) / notebook.name


def main(lessons: list[str]) -> None:
    print(f"{'lesson':16} {'cells':>6} {'imports':>8} {'own cells':>10} {'limit':>6}   slowest cell")
    for notebook in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        if lessons and notebook.parent.name not in lessons:
            continue
        with tempfile.TemporaryDirectory() as folder:
            first, *rest = costs(imports_first(notebook, folder))
        slowest = max(rest, key=lambda cell: cell["cpu"])
        line = slowest["source"].splitlines()[0][:50]
        total = sum(cell["cpu"] for cell in rest)
        limit = LONGER.get(notebook.parent.name, LIMIT)
        print(
            f"{notebook.parent.name:16} {len(rest):6d} {first['cpu']:7.2f}s {total:9.2f}s {limit:5.0f}s"
            f" {'!' if total > limit else ' '} {slowest['cpu']:.2f}s {line}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
