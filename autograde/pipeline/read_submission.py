"""The step `read`: a submission's notebooks as data, whatever the files are.

Files are opened without following links, only regular ones, and never beyond the limits. One warm, limited process
parses every notebook of a run (`untrusted/submitted_notebook.py`): what comes out is rebuilt from the few fields that grading
needs.
"""

import json
import os
import struct
import subprocess
import sys
import threading
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from datetime import tzinfo
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from autograde.course.submission_files import (
    SECRET,
    TIMESTAMP,
    missing,
    names_in,
    opened,
    read_in,
    timestamp_in,
    unreadable,
)
from autograde.entries import answer_key
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import MachineError, NeedsReviewError
from autograde.files import sha256
from autograde.untrusted import submitted_notebook, timestamp
from autograde.untrusted.names import quoted
from autograde.untrusted.submitted_notebook import LENGTH, LIMITS, READY, OddNotebookError

MOST_NAMED = 5
OF_NBGRADER = (TIMESTAMP, SECRET)
START_SECONDS = 60.0
ANSWER_SECONDS = 60.0  # besides the limit of processor time: for a process that does nothing at all
LONGEST_REASON = 500
NOT_STARTED = "the process that reads notebooks could not be started"
TRIES = 2  # whatever ended the process the first time, a submission is not blamed for it


def read_within_limits(
    graded: Graded, key: answer_key.AnswerKey, reader: "NotebookReader", home: tzinfo
) -> None:
    """Read every notebook that the assignment has; `home` is the zone in which the course's exchange writes.

    Raises:
        NeedsReviewError: `missing-notebook` or `malformed`, with the reason.
        MachineError: the machine cannot read now.
    """
    with opened(graded.submission) as folder:
        names = names_in(folder)
        for name, of_key in key.notebooks.items():
            file = f"{name}.ipynb"
            if file not in names:
                raise NeedsReviewError("missing-notebook", missing(file, names))
            data = read_in(folder, file)
            graded.notebooks.append(GradedNotebook(of_key, sha256(data), reader.parse(data, file)))
        with suppress(timestamp.OddTimestampError):  # `people/late.py` reports it
            graded.timestamp = timestamp_in(folder, names, home)
    used = {*OF_NBGRADER, *(f"{name}.ipynb" for name in key.notebooks)}
    others = sorted(name for name in names if name not in used and not name.startswith("."))
    if others:
        more = ", …" if len(others) > MOST_NAMED else ""
        named = ", ".join(quoted(name) for name in others[:MOST_NAMED])
        graded.notes.append(f"files of the submission that were not used: {named}{more}")


def read_file(path: Path, reader: "NotebookReader") -> tuple[NotebookNode, str]:
    """A notebook that lies anywhere, and its SHA-256 (hex).

    Raises:
        NeedsReviewError: `malformed`, with the reason.
        MachineError: the machine cannot read now.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise unreadable(f"the folder {path.parent.name}", error) from error
    try:
        data = read_in(folder, path.name)
    finally:
        os.close(folder)
    return reader.parse(data, path.name), sha256(data)


class _LostError(Exception):
    """The process ended, or no longer answers as it should."""


class NotebookReader(AbstractContextManager):
    """Reads notebooks in a process of its own, started at the first; a context manager.

    The process ends with the grader, however that ends: it reads the end of its input.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, and do not wait until it is ready: there is something else to do.

        Raises:
            MachineError: it cannot be started.
        """
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", submitted_notebook.__file__, json.dumps(asdict(LIMITS))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,  # Ctrl-C is the grader's to answer
            )
        except OSError as error:
            raise MachineError(NOT_STARTED) from error
        self._ready = False

    def parse(self, data: bytes, file: str) -> NotebookNode:
        """A notebook in nbformat 4 from a file's bytes: the fields that grading needs, nothing else.

        Raises:
            NeedsReviewError: `malformed`, with the reason.
            MachineError: the process cannot be started.
        """
        for _ in range(TRIES):
            try:
                return self._notebook(self._ask(data), file)
            except _LostError:
                self.close()
        mebibytes = LIMITS.memory_bytes // 2**20
        reason = f"{file} cannot be read with {LIMITS.cpu_seconds} seconds or {mebibytes} MiB"
        raise NeedsReviewError("malformed", reason)

    def _notebook(self, answer: bytes, file: str) -> NotebookNode:
        """Not believed either: what the process says is built anew."""
        try:
            document = json.loads(answer.decode("utf-8", "surrogatepass"))
            if "odd" not in document:
                return from_dict(submitted_notebook.rebuild(document["notebook"]))
            odd = str(document["odd"])
        except OddNotebookError as error:
            odd = str(error)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise _LostError from error
        raise NeedsReviewError("malformed", f"{file} {odd[:LONGEST_REASON]}")

    def _ask(self, data: bytes) -> bytes:
        if self._process is None:
            self.start()
        if not self._ready:
            try:
                if self._answer(b"", len(READY), START_SECONDS) != READY:
                    raise _LostError
            except _LostError as error:
                self.close()
                raise MachineError(NOT_STARTED) from error
            self._ready = True
        seconds = LIMITS.cpu_seconds + ANSWER_SECONDS
        return self._answer(LENGTH.pack(len(data)) + data, 2 * LIMITS.bytes, seconds)

    def _answer(self, order: bytes, most: int, seconds: float) -> bytes:
        """What the process answers to an order; it is ended where it takes longer."""
        process = self._process
        end = threading.Timer(seconds, process.kill)
        end.start()
        try:
            process.stdin.write(order)
            process.stdin.flush()
            (size,) = LENGTH.unpack(process.stdout.read(LENGTH.size))
            answer = process.stdout.read(min(size, most))
        except (OSError, struct.error) as error:
            raise _LostError from error
        finally:
            end.cancel()
        if len(answer) != size:
            raise _LostError
        return answer

    def close(self) -> None:
        """End the process; the next notebook starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError), process:  # closes its pipes, and waits until it has ended
            process.kill()
