"""The files that were submitted: opened without following links, regular ones only, never beyond the limits."""

import errno
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from itertools import islice

from autograde.entries.entry import Submission
from autograde.errors import MachineError, NeedsReviewError
from autograde.files import digest_of, sha256
from autograde.untrusted.names import quoted
from autograde.untrusted.submitted_notebook import LIMITS
from autograde.untrusted.timestamp import MOST_BYTES, OddTimestampError, read_timestamp

TIMESTAMP = "timestamp.txt"  # the collector's
SECRET = "submission_secret.txt"  # what nbgrader puts next to every notebook that comes through its exchange
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


def read_if_possible(submission: Submission, file: str, most: int = LIMITS.bytes) -> bytes | None:
    """A file of a submission; None if it is not there, no regular file, empty, longer than `most` bytes or unreadable."""
    with suppress(NeedsReviewError, MachineError), opened(submission) as folder:
        return read_in(folder, file, most)
    return None


def read_time(submission: Submission, home: tzinfo) -> datetime | None:
    """When it was submitted, by its timestamp.txt; None where there is none.

    Raises:
        OddTimestampError: it says no time.
    """
    with suppress(NeedsReviewError, MachineError), opened(submission) as folder:  # grading reports it
        return timestamp_in(folder, names_in(folder), home)
    return None


def _malformed(reason: str) -> NeedsReviewError:
    return NeedsReviewError("malformed", reason)


def unreadable(what: str, error: OSError) -> NeedsReviewError | MachineError:
    """The error of a file or folder that cannot be read: the submission's, or the machine's."""
    reason = f"{what} cannot be read: {error.strerror}"
    return _malformed(reason) if error.errno in OF_THE_FILE else MachineError(reason)


@contextmanager
def opened(submission: Submission):
    """A descriptor of the submission's folder: its last two parts must be real folders, not links."""
    descriptors = []
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        student = submission.folder.parent
        descriptors.append(os.open(student.parent, flags))
        for part in (student.name, submission.folder.name):
            try:
                descriptors.append(os.open(part, flags | os.O_NOFOLLOW, dir_fd=descriptors[-1]))
            except OSError as error:
                if error.errno in (errno.ENOTDIR, errno.ELOOP):
                    raise _malformed(
                        f"{part} is a file or a link: put the notebook into a folder with that name"
                    ) from error
                raise
        yield descriptors[-1]
    except OSError as error:
        raise unreadable(f"the folder {submission.folder.name}", error) from error
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def names_in(folder: int) -> list[str]:
    """The names in an opened folder.

    Raises:
        NeedsReviewError: there are too many.
    """
    with os.scandir(folder) as entries:
        names = [entry.name for entry in islice(entries, LIMITS.files + 1)]
    if len(names) > LIMITS.files:
        raise _malformed(f"the folder holds more than {LIMITS.files} files")
    return names


def missing(file: str, names: list[str]) -> str:
    """That a notebook is not there, and which of the others may be it."""
    notebooks = sorted(name for name in names if name.lower().rstrip(". ").endswith(".ipynb"))
    if not notebooks:
        return f"{file} is not there and no other notebook is"
    others = ", ".join(map(quoted, notebooks[:3]))
    return f"{file} is not there; found {others}. Rename it if it is the one"


def read_in(folder: int, file: str, most: int = LIMITS.bytes) -> bytes:
    """A file of an opened folder, of at most so many bytes.

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
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _malformed(f"{file} is not a regular file")
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise _malformed(f"{file} is larger than {most // 1_000_000} MB")
    if not data.strip():
        raise _malformed(f"{file} is empty")
    return data


def timestamp_in(folder: int, names: list[str], home: tzinfo) -> datetime | None:
    """When the collector says it was submitted; None where it says nothing.

    Raises:
        OddTimestampError: what it says is not a time.
    """
    if TIMESTAMP not in names:
        return None
    try:
        return read_timestamp(read_in(folder, TIMESTAMP, MOST_BYTES), home)
    except NeedsReviewError as reason:
        raise OddTimestampError(str(reason)) from reason


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """The digests of files, as `read_autograded` gives them once they are written."""
    return digest_of({name: sha256(data) for name, data in files.items() if name != TIMESTAMP})


def digest_of_submitted(submission: Submission, notebooks: Iterable[str]) -> str:
    """The digests of the notebooks as they lie there now, without those that do not, or why they cannot be read.

    Raises:
        MachineError: the machine cannot read now.
    """
    try:
        with opened(submission) as folder:
            names = names_in(folder)
            present = [name for name in notebooks if f"{name}.ipynb" in names]
            return digest_of({name: sha256(read_in(folder, f"{name}.ipynb")) for name in present})
    except NeedsReviewError as reason:
        return f"{reason.flag}: {json.dumps(str(reason))}"


REPLACED_FOLDER = ".replaced"
