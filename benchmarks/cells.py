"""`python benchmarks/cells.py [NAME ...]`: what the cells of each lesson cost, in CPU seconds.

The first cell's share is importing NumPy, Matplotlib and descentlab; a lesson's own cells may cost 2 s
(07-comparison and 08-practice: 4 s). On a busy machine the same cells cost more: a core's two threads share
its units.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "tests" / "lessons" / "runner.py"
LIMIT, LONGER = 2.0, {"07-comparison": 4.0, "08-practice": 4.0}


def costs(notebook: Path, *seed: str) -> list[dict]:
    """What `runner.py` writes of each code cell, run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cells.json"
        subprocess.run([sys.executable, RUNNER, notebook, out, *seed], check=True, cwd=folder)
        return json.loads(out.read_text(encoding="utf-8"))


def main(lessons: list[str]) -> None:
    print(f"{'lesson':16} {'cells':>6} {'imports':>8} {'own cells':>10} {'limit':>6}   slowest cell")
    for notebook in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        if lessons and notebook.parent.name not in lessons:
            continue
        first, *own = costs(notebook)
        slowest = max(own, key=lambda cell: cell["cpu"])
        line = slowest["source"].splitlines()[0][:50]
        total = sum(cell["cpu"] for cell in own)
        limit = LONGER.get(notebook.parent.name, LIMIT)
        print(
            f"{notebook.parent.name:16} {1 + len(own):6d} {first['cpu']:7.2f}s {total:9.2f}s {limit:5.0f}s"
            f" {'!' if total > limit else ' '} {slowest['cpu']:.2f}s {line}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
