"""The files that grading leaves: the autograded notebook and, beside it, the evidence it was judged by.

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts

Our row in the gradebook keeps a digest of them. They are written once the row is committed: a kill in between leaves
files that do not match the row, and the next run grades the submission again.
"""

import base64
import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograde.course.configuration import EVIDENCE_FOLDER
from autograde.course.submission_files import TIMESTAMP
from autograde.errors import CourseError, MachineError
from autograde.grading.read_submission import NotebookRun, SubmissionRun, digest_of

FORMAT = 2  # of the file of evidence


def autograded_files(run: SubmissionRun) -> dict[str, bytes]:
    """What is kept of a submission, by name: every notebook, its evidence and when it was handed in."""
    files: dict[str, bytes] = {}
    if run.timestamp is not None:  # first: no digest would miss it
        files[TIMESTAMP] = f"{run.timestamp} UTC\n".encode()
    for notebook_run in run.notebook_runs:
        name = notebook_run.key.name
        files[f"{name}.ipynb"] = json.dumps(notebook_run.notebook).encode()
        files[f"{name}.json"] = evidence_of(run, notebook_run)
    return files


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


def evidence_of(run: SubmissionRun, notebook_run: NotebookRun) -> bytes:
    """What is kept of a notebook, as JSON: enough to judge it again without running it again."""
    from descentlab.checks.recording import evidence_bytes  # NumPy: nothing else here needs it

    stored = {
        "version": FORMAT,
        "evidence_format": evidence_bytes.FORMAT,
        "student": run.submission.student,
        "assignment": run.submission.assignment,
        "notebook": notebook_run.key.name,
        "submitted": notebook_run.digest,
        "flags": run.flags,
        "tier": run.tier,
        "made_with": made_with(),
        "checks": {
            grade_id: {
                "check": notebook_run.key.cells[grade_id].check,
                "points": notebook_run.key.cells[grade_id].points,
                "seed": seed,
                "evidence": _encoded(notebook_run.evidence.get(grade_id)),
                "verdict": notebook_run.verdicts[grade_id].as_data(),
            }
            for grade_id, seed in notebook_run.seeds.items()
        },
    }
    return json.dumps(stored).encode()


def read_evidence(path: Path) -> dict[str, Any]:
    """What `evidence_of` wrote.

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


@cache
def made_with() -> dict[str, str]:
    """Versions that a verdict may depend on."""
    return {name: version(name) for name in ("descentlab", "numpy", "nbgrader")} | {
        "python": platform.python_version()
    }


def _encoded(evidence: bytes | None) -> str | None:
    return None if evidence is None else base64.b64encode(evidence).decode()


def _digest(path: Path) -> str:
    try:
        return _sha256(path.read_bytes())
    except OSError:
        return ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
