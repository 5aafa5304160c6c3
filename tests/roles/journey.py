"""A student's first check: `python journey.py LESSON SOLVED [--crlf]`, with an environment's own Python.

Runs a released lesson up to its first check, as Jupyter would, in its folder: "not answered yet". Fills the
stub with the solution's, runs it again: the check passes, and `progress` knows. Fails where it is otherwise.
Needs no more than the extra `lab`, on any system.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

CHECK, STUB = 'check("sgd/update"', "class SGD"
PROGRESS = "import descentlab\ndescentlab.progress()"


def main(path: Path, solved: Path, crlf: bool) -> None:
    lesson = shortened(nbformat.read(path, as_version=4))
    require("not answered yet", "0 of ", " checks pass", said=ran(lesson, path, crlf))
    stub = next(cell for cell in lesson.cells if STUB in cell.source)
    stub.source = answer(nbformat.read(solved, as_version=4), stub.metadata.nbgrader.grade_id)
    require("✓", "1 of ", " checks pass", said=ran(lesson, path, crlf))


def shortened(notebook):
    """Up to the check, then what the student has reached."""
    place = next(place for place, cell in enumerate(notebook.cells) if CHECK in cell.source)
    notebook.cells[place + 1 :] = [nbformat.v4.new_code_cell(PROGRESS)]
    return notebook


def answer(solved, grade_id: str) -> str:
    cells = (cell for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return next(cells).source


def ran(notebook, path: Path, crlf: bool) -> list[str]:
    """Saved, read, run: what each cell says, errors included."""
    data = nbformat.writes(notebook).encode()
    path.write_bytes(data.replace(b"\n", b"\r\n") if crlf else data)
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # sockets in a folder: a port may be taken meanwhile
        manager = {"transport": "ipc", "ip": f"{folder}/kernel"} if os.name == "posix" else {}
        client = NotebookClient(
            notebook,
            timeout=120,
            allow_errors=True,
            config=Config({"KernelManager": manager}),
            resources={"metadata": {"path": path.resolve().parent}},
        )
        client.execute()
    return ["\n".join(map(str, cell.get("outputs", []))) for cell in notebook.cells]


def require(check: str, *progress: str, said: list[str]) -> None:
    assert check in said[-2], said[-2]
    assert all(words in said[-1] for words in progress), said[-1]
    assert [text for text in said if "Traceback" in text] == []


main(Path(sys.argv[1]), Path(sys.argv[2]), crlf="--crlf" in sys.argv)
