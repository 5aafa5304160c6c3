"""A submission's files: those that were submitted, and those that grading leaves.

Submitted files are opened without following links, regular ones only, never beyond the limits. Grading leaves the
autograded notebook and, next to it, the evidence it was judged by:

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts

Our row in the gradebook keeps a digest of them. They are written once the row is committed: a kill in between leaves
files that do not match the row, and the next run grades the submission again.
"""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any

from autograde.course.configuration import EVIDENCE_FOLDER
from autograde.course.course import Submission
from autograde.errors import CourseError, MachineError, NeedsReviewError
from autograde.untrusted.names import quoted, shell_word
from autograde.untrusted.submitted_notebook import LIMITS
from autograde.untrusted.timestamp import MOST_BYTES, OddTimestampError, read_timestamp

TIMESTAMP = "timestamp.txt"  # the collector's
FORMAT = 2  # of the file of evidence
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


def digest_of(notebooks: dict[str, str]) -> str:
    """The digests of files, as one text in the order of their names."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(notebooks.items()))


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """The digests of files, as `read_autograded` gives them once they are written."""
    return digest_of({name: sha256(data) for name, data in files.items() if name != TIMESTAMP})


def refuse_what_lies_in_the_way(folder: Path) -> None:
    """Refuse a file where a submission's folder must be.

    Raises:
        MachineError: names it.
    """
    for place in (folder.parent, folder, folder / EVIDENCE_FOLDER):
        if place.exists() and not place.is_dir():
            raise MachineError(f"{place} is a file where a folder must be: move it away, and grade again")


def write_autograded(files: Mapping[str, bytes], folder: Path, mode: int) -> None:
    """Write a submission's files, each whole or not at all; a notebook before its evidence.

    Raises:
        CourseError: the disk is full or cannot be written.
    """
    with disk(folder):
        os.makedirs(folder / EVIDENCE_FOLDER, exist_ok=True)
        for name, data in files.items():
            path = _place(folder, name)
            half = folder / EVIDENCE_FOLDER / f"{name}.half"  # the next run replaces what a kill leaves
            half.unlink(missing_ok=True)
            half.write_bytes(data)
            half.chmod(
                0o600 if name.endswith(".json") and not mode & 0o020 else mode
            )  # expected results are in it
            half.replace(path)


def read_autograded(folder: Path, notebooks: list[str]) -> str:
    """The digests of the files as they are now; a missing file has the digest ''."""
    names = [f"{notebook}{ending}" for notebook in notebooks for ending in (".ipynb", ".json")]
    return digest_of({name: _digest(_place(folder, name)) for name in names})


def is_as_graded(folder: Path, notebook: str, products: str) -> bool:
    """Whether a notebook's files are those that a row speaks of; True of a row that speaks of none."""
    return not products or set(read_autograded(folder, [notebook]).split()) <= set(products.split())


def may_be_judged(folder: Path, notebook: str, products: str, graded: str, submitted: str) -> bool:
    """Whether a notebook's files are those of a row, or what a killed run left of the same submission.

    Evidence is written last, so a notebook that differs next to evidence that does not was edited.

    Args:
        products: the row's.
        graded: the row's digest of what was submitted.
        submitted: the digest in the evidence.
    """
    if is_as_graded(folder, notebook, products):
        return True
    evidence = f"{notebook}.json:{_digest(_place(folder, f'{notebook}.json'))}"
    is_there = _place(folder, f"{notebook}.ipynb").exists()
    return is_there and evidence not in products and f"{notebook}:{submitted}" in graded


def _place(folder: Path, name: str) -> Path:
    return folder / EVIDENCE_FOLDER / name if name.endswith(".json") else folder / name


@contextmanager
def disk(folder: Path) -> Iterator[None]:
    """Raise what the disk refuses as a CourseError that names the file, or the folder."""
    try:
        yield
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: {error.strerror}") from error


def remove_autograded(folder: Path) -> None:
    """Remove what an earlier grading left, before a person looks at the submission itself.

    Raises:
        CourseError: the folder cannot be written.
    """
    with disk(folder):
        for path in [*folder.glob("*.ipynb"), *(folder / EVIDENCE_FOLDER).glob("*.json")]:
            path.unlink(missing_ok=True)


def read_evidence(folder: Path, notebook: str) -> dict[str, Any]:
    """The evidence and verdicts kept next to a notebook.

    Raises:
        CourseError: it cannot be read, or another version wrote it.
    """
    path = _place(folder, f"{notebook}.json")
    try:
        stored = json.loads(path.read_text("utf-8"))
        number, _ = int(stored["version"]), stored["checks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} cannot be read: grade again with `autograde grade {shell_word(folder.name)}`"
        ) from error
    if number != FORMAT:
        raise CourseError(
            f"{path} has the format {number}, this version reads {FORMAT}: grade again with --force"
        )
    return stored


def require_judgeable(stored: dict[str, Any]) -> None:
    """Refuse evidence that another version recorded: it answers other questions.

    Raises:
        MachineError: naming what to do.
    """
    from verdicts.recording import evidence_bytes

    try:
        evidence_bytes.require_format(stored["evidence_format"])
    except evidence_bytes.OddEvidenceError as error:
        raise MachineError(f"its evidence cannot be judged: {error}. Grade it again with --force.") from error


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


def sha256(data: bytes) -> str:
    """The digest of a file, hex."""
    return hashlib.sha256(data).hexdigest()
