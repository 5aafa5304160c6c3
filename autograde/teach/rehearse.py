"""A complete lesson run once, in a kernel of its own and an empty folder: its figures and its answers."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from traitlets.config import Config

from autograde.errors import UsageError

ASKED = """import json
from dataclasses import asdict
from descentlab.predictions import questions
print(json.dumps([asdict(prediction) for prediction in questions()]))"""
SECONDS = 300


@dataclass(frozen=True)
class Answered:
    """A prediction as the lesson asks it, and what the lesson then measured; empty: never revealed."""

    name: str
    question: str
    choices: tuple[str, ...]
    actual: str


def rehearse(notebook: NotebookNode) -> tuple[NotebookNode, list[Answered]]:
    """The notebook with outputs, and its predictions in the order asked.

    Raises:
        UsageError: a cell of it ends in an error, takes too long, or ends the kernel.
    """
    ran = from_dict(notebook)
    ran.cells.append(new_code_cell(ASKED))
    with tempfile.TemporaryDirectory() as folder:
        # A kernel that listens in the folder, where nobody else on the machine hears it.
        private = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
        options = {"timeout": SECONDS, "kernel_name": "python3", "config": private}
        client = NotebookClient(ran, resources={"metadata": {"path": folder}}, **options)
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            line = str(error).strip().splitlines()[-1]
            raise UsageError.say("the solution does not run to its end: {error}", error=line) from error
    return ran, [_answered(row) for row in json.loads(ran.cells.pop().outputs[0].text)]


def _answered(row: dict[str, Any]) -> Answered:
    return Answered(row["name"], row["question"], tuple(row["choices"]), row["actual"])
