"""The step `read`: a submission's notebooks as data, whatever the files are.

Files are opened without following links, only regular ones, and never beyond the limits. Their bytes are read
in a process of their own (`notebook_reader.py`): what comes out is a notebook built anew from the few fields
that grading needs.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import unicodedata
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path

from nbformat import NotebookNode

from autograde.errors import MachineError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Submission
from autograde.grading.flag_messages import NeedsReviewError, Note, note
from autograde.grading.notebook_reader import NotebookReader
from autograde.grading.submission_run import NotebookRun, SubmissionRun
from autograde.untrusted.names import quoted
from autograde.untrusted.notebook import ReadLimits
from autograde.untrusted.timestamp import MOST_BYTES, OddTimestampError, read_timestamp

LIMITS = ReadLimits()
TIMESTAMP = "timestamp.txt"  # the collector's
MOST_NAMED = 5
OF_THE_FILE = {  # what a submission can be itself; any other error in reading it is the machine's
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ELOOP,
    errno.EACCES,
    errno.EPERM,
    errno.ENXIO,
    errno.ENAMETOOLONG,
}

# What nbgrader puts beside every notebook that comes through its exchange.
SECRET = "submission_secret.txt"
OF_NBGRADER = (TIMESTAMP, SECRET)


def read_within_limits(run: SubmissionRun, key: AnswerKey, reader: NotebookReader, home: tzinfo) -> None:
    """Read every notebook that the assignment has; `home` is the zone in which the course's exchange writes.

    Raises:
        NeedsReviewError: `missing-notebook` or `malformed`, with the reason.
        MachineError: the machine cannot read now.
    """
    limits = reader.limits
    with _opened(run.submission) as folder:
        names = _names(folder, limits)
        for name, notebook in key.notebooks.items():
            file = f"{name}.ipynb"
            if file not in names:
                raise NeedsReviewError("missing-notebook", missing(file, names))
            data = _read(folder, file, limits)
            digest = hashlib.sha256(data).hexdigest()
            run.notebook_runs.append(NotebookRun(notebook, digest, reader.parse(data, file)))
        run.timestamp = _timestamp(folder, names, run, home)
    used = {*OF_NBGRADER, *(f"{name}.ipynb" for name in key.notebooks)}
    others = sorted(name for name in names if name not in used and not name.startswith("."))
    if others:
        more = ", …" if len(others) > MOST_NAMED else ""
        named = ", ".join(quoted(name) for name in others[:MOST_NAMED])
        run.notes.append(note("not-used", files=named + more))


def read_notebook(submission: Submission, file: str, reader: NotebookReader) -> NotebookNode:
    """One notebook of a submission.

    Raises:
        NeedsReviewError: `malformed`, with the reason.
    """
    with _opened(submission) as folder:
        return reader.parse(_read(folder, file, reader.limits), file)


def read_other_file(submission: Submission, file: str, most: int) -> bytes:
    """A small file that the collector left beside the notebooks.

    Raises:
        NeedsReviewError: it is not there, no regular file, empty or longer than `most` bytes.
        MachineError: the machine cannot read now.
    """
    with _opened(submission) as folder:
        return _read(folder, file, ReadLimits(bytes=most))


def read_file(path: Path, reader: NotebookReader) -> tuple[NotebookNode, str]:
    """A notebook that lies anywhere, and its SHA-256 (hex).

    Raises:
        NeedsReviewError: `malformed`, with the reason.
        MachineError: the machine cannot read now.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        reason = note("folder-unreadable", name=path.parent.name, reason=error.strerror)
        raise _unreadable(reason, error) from error
    try:
        data = _read(folder, path.name, reader.limits)
    finally:
        os.close(folder)
    return reader.parse(data, path.name), hashlib.sha256(data).hexdigest()


def read_time(submission: Submission, home: tzinfo) -> datetime | None:
    """When it was handed in, by its timestamp.txt; None where there is none.

    Raises:
        OddTimestampError: it says no time.
    """
    try:
        with _opened(submission) as folder:
            return read_timestamp(_read(folder, TIMESTAMP, ReadLimits(bytes=MOST_BYTES)), home)
    except (NeedsReviewError, MachineError):  # said where it is graded
        return None


def digests(submission: Submission, key: AnswerKey) -> dict[str, str]:
    """SHA-256 (hex) of each of the assignment's notebooks as it lies there now; no entry where none is.

    Raises:
        NeedsReviewError: a file that cannot be read within the limits.
        MachineError: the machine cannot read now.
    """
    with _opened(submission) as folder:
        names = _names(folder, LIMITS)
        present = [name for name in key.notebooks if f"{name}.ipynb" in names]
        return {name: hashlib.sha256(_read(folder, f"{name}.ipynb", LIMITS)).hexdigest() for name in present}


def _malformed(name: str, /, **values: str | int) -> NeedsReviewError:
    return NeedsReviewError("malformed", note(name, **values))


def _unreadable(reason: Note, error: OSError) -> NeedsReviewError | MachineError:
    if error.errno in OF_THE_FILE:
        return NeedsReviewError("malformed", reason)
    return MachineError(reason.sentence())


@contextmanager
def _opened(submission: Submission):
    """A descriptor of the submission's folder: its last two parts must be real folders, not links."""
    descriptors: list[int] = []
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        student = submission.folder.parent
        descriptors.append(os.open(student.parent, flags))
        for part in (student.name, submission.folder.name):
            descriptors.append(_open_folder(part, flags | os.O_NOFOLLOW, descriptors[-1]))
        yield descriptors[-1]
    except OSError as error:
        reason = note("folder-unreadable", name=submission.folder.name, reason=error.strerror)
        raise _unreadable(reason, error) from error
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _open_folder(name: str, flags: int, parent: int) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise _malformed("no-folder", name=name) from error
        raise


def _names(folder: int, limits: ReadLimits) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > limits.files:
                raise _malformed("many-files", most=limits.files)
    return names


def missing(file: str, names: list[str]) -> Note:
    """That a notebook is not there, and which of the others may be it."""
    notebooks = sorted(name for name in names if name.lower().rstrip(". ").endswith(".ipynb"))
    if not notebooks:
        return note("missing", file=file)
    alike = [name for name in notebooks if _folded(name) == _folded(file)]
    return note("renamed", file=file, others=", ".join(quoted(name) for name in (alike or notebooks)[:3]))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(". ")


def _read(folder: int, file: str, limits: ReadLimits) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _malformed("link", file=file) from error
        raise _unreadable(note("unreadable", file=file, reason=error.strerror), error) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _malformed("irregular", file=file)
    with os.fdopen(descriptor, "rb") as opened:
        data = opened.read(limits.bytes + 1) if status.st_size <= limits.bytes else b""
    if status.st_size > limits.bytes or len(data) > limits.bytes:
        raise _malformed("large", file=file, megabytes=limits.bytes // 1_000_000)
    if not data.strip():
        raise _malformed("empty", file=file)
    return data


def _timestamp(folder: int, names: list[str], run: SubmissionRun, home: tzinfo) -> datetime | None:
    """When the collector says it was submitted; an odd file is named and costs nothing."""
    if TIMESTAMP not in names:
        return None
    try:
        return read_timestamp(_read(folder, TIMESTAMP, ReadLimits(bytes=MOST_BYTES)), home)
    except (NeedsReviewError, OddTimestampError):
        run.flag("odd-timestamp", note("odd-timestamp"))
        return None
