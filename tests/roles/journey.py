"""A student's first check: `python journey.py LESSON SOLVED [--crlf]`, with an environment's own Python.

Runs a released lesson up to its first check, as Jupyter would, in its folder: "not answered yet". Fills the
stub with the solution's, runs it again: the check passes, and `progress` knows. Fails where it is otherwise.
Needs no more than the extra `lab`, on any system.
"""

import argparse
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

CHECK, STUB = 'check("sgd/update"', "class SGD"
PROGRESS = "import descentlab\ndescentlab.progress()"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lesson", type=Path)
    parser.add_argument("solved", type=Path)
    parser.add_argument("--crlf", action="store_true", help="save with the ends of lines of Windows")
    options = parser.parse_args()
    lesson = shortened(nbformat.read(options.lesson, as_version=4))
    require("not answered yet", "0 of ", " checks pass", said=ran(lesson, options))
    stub = next(cell for cell in lesson.cells if STUB in cell.source)
    stub.source = answer(nbformat.read(options.solved, as_version=4), stub.metadata.nbgrader.grade_id)
    require("✓", "1 of ", " checks pass", said=ran(lesson, options))


def shortened(notebook):
    """Up to the check, then what the student has reached."""
    place = next(place for place, cell in enumerate(notebook.cells) if CHECK in cell.source)
    notebook.cells[place + 1 :] = [nbformat.v4.new_code_cell(PROGRESS)]
    return notebook


def answer(solved, grade_id: str) -> str:
    cells = (cell for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return next(cells).source


def ran(notebook, options: argparse.Namespace) -> list[str]:
    """Saved, read, run: what each cell says, errors included."""
    data = nbformat.writes(notebook).encode()
    options.lesson.write_bytes(data.replace(b"\n", b"\r\n") if options.crlf else data)
    notebook = nbformat.read(options.lesson, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # sockets in a folder: a port may be taken meanwhile
        manager = {"transport": "ipc", "ip": f"{folder}/kernel"} if os.name == "posix" else {}
        client = NotebookClient(
            notebook,
            timeout=120,
            allow_errors=True,
            config=Config({"KernelManager": manager}),
            resources={"metadata": {"path": options.lesson.resolve().parent}},
        )
        client.execute()
    return ["\n".join(map(str, cell.get("outputs", []))) for cell in notebook.cells]


def require(check: str, *progress: str, said: list[str]) -> None:
    assert check in said[-2], said[-2]
    assert all(words in said[-1] for words in progress), said[-1]
    assert [text for text in said if "Traceback" in text] == []


main()
