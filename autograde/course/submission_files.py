"""A submission's files: opened without following links, regular ones only, never beyond the limits."""

import errno
import hashlib
import os
import stat
import unicodedata
from contextlib import contextmanager
from datetime import datetime, tzinfo

from autograde.course.answer_key import AnswerKey
from autograde.course.course import Submission
from autograde.course.flags import NeedsReviewError
from autograde.errors import MachineError
from autograde.untrusted.names import quoted
from autograde.untrusted.notebook import ReadLimits
from autograde.untrusted.timestamp import MOST_BYTES, OddTimestampError, read_timestamp

LIMITS = ReadLimits()
TIMESTAMP = "timestamp.txt"  # the collector's
SECRET = "submission_secret.txt"  # what nbgrader puts beside every notebook that comes through its exchange
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


def read_other_file(submission: Submission, file: str, most: int) -> bytes:
    """A small file that the collector left beside the notebooks.

    Raises:
        NeedsReviewError: it is not there, no regular file, empty or longer than `most` bytes.
        MachineError: the machine cannot read now.
    """
    with opened(submission) as folder:
        return read_in(folder, file, ReadLimits(bytes=most))


def read_time(submission: Submission, home: tzinfo) -> datetime | None:
    """When it was submitted, by its timestamp.txt; None where there is none.

    Raises:
        OddTimestampError: it says no time.
    """
    try:
        with opened(submission) as folder:
            return timestamp_in(folder, names_in(folder, LIMITS), home)
    except (NeedsReviewError, MachineError):  # said where it is graded
        return None


def digests(submission: Submission, key: AnswerKey) -> dict[str, str]:
    """SHA-256 (hex) of each of the assignment's notebooks as it lies there now; no entry where none is.

    Raises:
        NeedsReviewError: a file that cannot be read within the limits.
        MachineError: the machine cannot read now.
    """
    with opened(submission) as folder:
        names = names_in(folder, LIMITS)
        present = [name for name in key.notebooks if f"{name}.ipynb" in names]
        return {
            name: hashlib.sha256(read_in(folder, f"{name}.ipynb", LIMITS)).hexdigest() for name in present
        }


def _malformed(reason: str) -> NeedsReviewError:
    return NeedsReviewError("malformed", reason)


def unreadable(what: str, error: OSError) -> NeedsReviewError | MachineError:
    """The error of a file or folder that cannot be read: the submission's, or the machine's."""
    reason = f"{what} cannot be read: {error.strerror}"
    return _malformed(reason) if error.errno in OF_THE_FILE else MachineError(reason)


@contextmanager
def opened(submission: Submission):
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
        raise unreadable(f"the folder {submission.folder.name}", error) from error
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _open_folder(name: str, flags: int, parent: int) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise _malformed(
                f"{name} is a file or a link: put the notebook into a folder of that name"
            ) from error
        raise


def names_in(folder: int, limits: ReadLimits) -> list[str]:
    """The names in an opened folder.

    Raises:
        NeedsReviewError: there are too many.
    """
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > limits.files:
                raise _malformed(f"the folder holds more than {limits.files} files")
    return names


def missing(file: str, names: list[str]) -> str:
    """That a notebook is not there, and which of the others may be it."""
    notebooks = sorted(name for name in names if name.lower().rstrip(". ").endswith(".ipynb"))
    if not notebooks:
        return f"{file} is not there and no other notebook is"
    alike = [name for name in notebooks if _folded(name) == _folded(file)]
    others = ", ".join(quoted(name) for name in (alike or notebooks)[:3])
    return f"{file} is not there; found {others}. Rename it if it is the one"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(". ")


def read_in(folder: int, file: str, limits: ReadLimits) -> bytes:
    """A file of an opened folder.

    Raises:
        NeedsReviewError: it is a link, no regular file, empty or too large.
        MachineError: the machine cannot read now.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _malformed(f"{file} is a link, not a file") from error
        raise unreadable(file, error) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _malformed(f"{file} is not a regular file")
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(limits.bytes + 1) if status.st_size <= limits.bytes else b""
    if status.st_size > limits.bytes or len(data) > limits.bytes:
        raise _malformed(f"{file} is larger than {limits.bytes // 1_000_000} MB")
    if not data.strip():
        raise _malformed(f"{file} is empty")
    return data


def timestamp_in(folder: int, names: list[str], home: tzinfo) -> datetime | None:
    """When the collector says it was submitted; None where it says nothing.

    Raises:
        OddTimestampError: what it says is no time.
    """
    if TIMESTAMP not in names:
        return None
    try:
        return read_timestamp(read_in(folder, TIMESTAMP, ReadLimits(bytes=MOST_BYTES)), home)
    except NeedsReviewError as reason:
        raise OddTimestampError(str(reason)) from reason
