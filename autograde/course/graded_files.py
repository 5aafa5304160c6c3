"""The files that grading leaves: the autograded notebook and, next to it, the evidence it was judged by.

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts

Our row in the gradebook keeps a digest of them. They are written once the row is committed: a kill in between leaves
files that do not match the row, and the next run grades the submission again.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograde.errors import CourseError, MachineError
from autograde.files import digest_of, sha256
from autograde.untrusted.names import shell_word

EVIDENCE_FOLDER = ".autograde"  # the folder of evidence next to an autograded notebook
FORMAT = 2  # of the file of evidence


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


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""
