"""The files that grading leaves: the autograded notebook and, beside it, the evidence it was judged by.

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts

Our row in the gradebook keeps a digest of them. They are written once the row is committed: a kill in between leaves
files that do not match the row, and the next run grades the submission again.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograde.course.configuration import EVIDENCE_FOLDER
from autograde.course.submission_files import TIMESTAMP
from autograde.errors import CourseError, MachineError

FORMAT = 1  # of the file of evidence


def digest_of(notebooks: dict[str, str]) -> str:
    """One word for several notebooks' digests, whatever their order."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(notebooks.items()))


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """One word for the contents of files, as `read_autograded` gives it once they are written."""
    return digest_of({name: _sha256(data) for name, data in files.items() if name != TIMESTAMP})


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
    with _disk(folder):
        os.makedirs(folder / EVIDENCE_FOLDER, exist_ok=True)
        for name, data in files.items():
            path = _place(folder, name)
            half = folder / EVIDENCE_FOLDER / f"{name}.half"  # the next run replaces what a kill leaves
            half.unlink(missing_ok=True)
            half.write_bytes(data)
            half.chmod(mode)
            half.replace(path)


def read_autograded(folder: Path, notebooks: list[str]) -> str:
    """One word for the files as they are now; a missing file has the digest ''."""
    names = [f"{notebook}{ending}" for notebook in notebooks for ending in (".ipynb", ".json")]
    return digest_of({name: _digest(_place(folder, name)) for name in names})


def is_as_graded(folder: Path, notebook: str, products: str) -> bool:
    """Whether a notebook's files are those that a row speaks of; True of a row that speaks of none."""
    return not products or set(read_autograded(folder, [notebook]).split()) <= set(products.split())


def may_be_judged(folder: Path, notebook: str, products: str, graded: str, submitted: str) -> bool:
    """Whether a notebook's files are those of a row, or what a killed run left of the same submission.

    Evidence is written last, so a notebook that differs beside evidence that does not was edited.

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
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(f"{error.filename or folder}: {error.strerror}") from error


def remove_autograded(folder: Path) -> None:
    """Remove what an earlier grading left, before a person looks at the submission itself.

    Raises:
        CourseError: the folder cannot be written.
    """
    with _disk(folder):
        for path in [*folder.glob("*.ipynb"), *(folder / EVIDENCE_FOLDER).glob("*.json")]:
            path.unlink(missing_ok=True)


def read_evidence(path: Path) -> dict[str, Any]:
    """The evidence and verdicts kept beside a notebook.

    Raises:
        CourseError: it cannot be read, or another version wrote it.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        number, _ = int(stored["version"]), stored["checks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} cannot be read: grade again with `autograde grade`") from error
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
    from descentlab.checks.recording import evidence_bytes

    try:
        evidence_bytes.require_format(stored["evidence_format"])
    except evidence_bytes.OddEvidenceError as error:
        raise MachineError(f"its evidence cannot be judged: {error}. Grade it again with --force.") from error


def _digest(path: Path) -> str:
    try:
        return _sha256(path.read_bytes())
    except OSError:
        return ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
