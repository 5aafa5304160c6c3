"""A complete lesson run once, in a kernel and a copy of its folder: its figures and its answers."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from traitlets.config import Config

from autograde.assignments.settings import without_leftovers
from autograde.errors import UsageError

ASKED = """import json
from dataclasses import asdict
from descentlab.predictions import questions
print(json.dumps([asdict(prediction) for prediction in questions()]))"""
SECONDS = 300
LONGEST_ADDRESS = 107  # bytes of a socket's path, by Linux


@dataclass(frozen=True)
class Answered:
    """A prediction as the lesson asks it, and what the lesson then measured; empty: never revealed."""

    name: str
    question: str
    choices: tuple[str, ...]
    actual: str


def rehearse(notebook: NotebookNode, folder: Path) -> tuple[NotebookNode, list[Answered]]:
    """The notebook with outputs, and its predictions in the order asked; `folder` holds the files it reads.

    Raises:
        UsageError: a cell of it ends in an error, takes too long, or ends the kernel.
    """
    ran = from_dict(notebook)
    ran.cells.append(new_code_cell(ASKED))
    with _copied(folder) as (here, address):
        private = Config({"KernelManager": {"transport": "ipc", "ip": address}})
        options = {"timeout": SECONDS, "kernel_name": "python3", "config": private}
        client = NotebookClient(ran, resources={"metadata": {"path": str(here)}}, **options)
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            line = str(error).strip().splitlines()[-1]
            raise UsageError.say("the solution does not run to its end: {error}", error=line) from error
    return ran, [_answered(row) for row in json.loads(ran.cells.pop().outputs[0].text)]


@contextmanager
def _copied(folder: Path) -> Iterator[tuple[Path, str]]:
    """A copy of a folder, and where a kernel listens beside it, where nobody else on the machine hears it.

    Raises:
        UsageError: such a place has too long a path for that.
    """
    with tempfile.TemporaryDirectory() as scratch:
        address = f"{scratch}/kernel"
        if len(os.fsencode(f"{address}-5")) > LONGEST_ADDRESS:  # it has five
            raise UsageError.say(
                "{folder} has too long a path for a kernel. Name a shorter one: TMPDIR=/tmp",
                folder=tempfile.gettempdir(),
            )
        here = Path(scratch, "copy")
        shutil.copytree(folder, here, ignore=without_leftovers)
        yield here, address


def _answered(row: dict[str, Any]) -> Answered:
    return Answered(row["name"], row["question"], tuple(row["choices"]), row["actual"])
