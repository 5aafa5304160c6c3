"""The files that grading leaves: the autograded notebook and, beside it, the evidence it was judged by.

autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb
autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.json     seeds, evidence, verdicts
autograded/STUDENT/ASSIGNMENT/.autograde/NAME.next         a file of that name whose row is not committed yet

The row in the gradebook decides. Files are written under the name they wait under, the row is committed, the
files are moved to their places. Where a kill broke that off, `repair_autograded` goes on: it moves what the
row speaks of and removes the rest.

They do not wait in a folder of their own: that would be one more to make and to remove, and ext4 without a
journal looks, for each new file, at all that were removed in the last minutes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograde.configuration import EVIDENCE_FOLDER
from autograde.errors import CourseError, MachineError
from autograde.grading.notebook_json import notebook_as_json
from autograde.grading.read_submission import TIMESTAMP
from autograde.grading.submission_run import NotebookRun, SubmissionRun, digest_of

NEXT = ".next"
FORMAT = 2  # of the file of evidence; 1 does not say of which format its evidence is
Parts = Sequence[bytes]  # of a file


def autograded_files(run: SubmissionRun) -> dict[str, Parts]:
    """What is kept of a submission, by name: every notebook, its evidence and when it was handed in."""
    files = {}
    for notebook_run in run.notebook_runs:
        name = notebook_run.key.name
        files[f"{name}.json"] = [evidence_of(run, notebook_run)]
        files[f"{name}.ipynb"] = notebook_as_json(notebook_run.notebook)
    if run.timestamp is not None:
        files[TIMESTAMP] = [f"{run.timestamp} UTC\n".encode()]
    return files


def digest_of_files(files: Mapping[str, Parts]) -> str:
    """One word for the contents of files, as `read_autograded` gives it once they are in place."""
    products = {name: parts for name, parts in files.items() if name != TIMESTAMP}
    return digest_of({name: _digest_of(parts) for name, parts in products.items()})


def _digest_of(parts: Parts) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def refuse_what_lies_in_the_way(folder: Path) -> None:
    """A file where a submission's folder must be is the fault of this one, not of those saved with it.

    Raises:
        MachineError: names it.
    """
    for place in (folder.parent, folder, folder / EVIDENCE_FOLDER):
        if place.exists() and not place.is_dir():
            raise MachineError.say(
                "{path} is a file where a folder must be: move it away, and grade again", path=place
            )


def stage_autograded(files: Mapping[str, Parts], folder: Path, mode: int) -> None:
    """Write files where they wait, in place of what was left there.

    Raises:
        CourseError: the disk is full or cannot be written.
    """
    with _disk(folder):
        _remove_staged(folder)
        os.makedirs(folder / EVIDENCE_FOLDER, exist_ok=True)
        for name, parts in files.items():
            _write(_staged(folder, name), parts, mode)


def place_autograded(folder: Path) -> None:
    """Move the files that wait into their places: their row is committed.

    Raises:
        CourseError: the folder cannot be written.
    """
    with _disk(folder):
        for path in _waiting(folder):
            os.replace(path, _place(folder, path.name.removesuffix(NEXT)))


def repair_autograded(folder: Path, notebooks: list[str], committed: str) -> bool:
    """Go on where a run was broken off; returns whether the files are those of which the row speaks.

    Only for who holds the course's lock: what waits may be another grader's work otherwise.

    Raises:
        CourseError: the folder cannot be written.
    """
    if needs_repair(folder):
        staged = {name: _digest(path) for name, path in _products(folder, notebooks, staged=True).items()}
        if digest_of(staged) == committed:
            place_autograded(folder)
        else:
            with _disk(folder):
                _remove_staged(folder)
    return read_autograded(folder, notebooks) == committed


def needs_repair(folder: Path) -> bool:
    """Whether a run writes a submission's files just now, or was broken off there."""
    return bool(_waiting(folder))


def _waiting(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder / EVIDENCE_FOLDER) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.name.endswith(NEXT))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _staged(folder: Path, name: str) -> Path:
    return folder / EVIDENCE_FOLDER / f"{name}{NEXT}"


def _place(folder: Path, name: str) -> Path:
    return folder / EVIDENCE_FOLDER / name if name.endswith(".json") else folder / name


def _products(folder: Path, notebooks: list[str], staged: bool = False) -> dict[str, Path]:
    """Where each file is; with `staged` where it is before it was moved, if it is there."""
    names = [f"{notebook}{ending}" for notebook in notebooks for ending in (".ipynb", ".json")]
    places = {name: _place(folder, name) for name in names}
    if staged:
        waiting = {name: _staged(folder, name) for name in names}
        places |= {name: path for name, path in waiting.items() if path.exists()}
    return places


def _remove_staged(folder: Path) -> None:
    for path in _waiting(folder):
        path.unlink()


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError.say(
            "{path}: {reason}", path=error.filename or folder, reason=error.strerror
        ) from error


def read_autograded(folder: Path, notebooks: list[str]) -> str:
    """One word for the files as they lie there now; a missing file has the digest ''."""
    return digest_of({name: _digest(path) for name, path in _products(folder, notebooks).items()})


def remove_autograded(folder: Path) -> None:
    """Take away what an earlier grading left: a person has to look at the submission itself now.

    Raises:
        CourseError: the folder cannot be written.
    """
    with _disk(folder):
        _remove_staged(folder)
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
    """What `evidence_of` wrote, of this format or an earlier one.

    Raises:
        CourseError: it cannot be read, or a newer version wrote it.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        number, _ = int(stored["version"]), stored["checks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError.say(
            "{file} cannot be read: grade again with `autograde grade`", file=path
        ) from error
    if number > FORMAT:
        raise CourseError.say("{path} was written by a newer version: install that one.", path=path)
    return stored


def require_judgeable(stored: dict[str, Any]) -> None:
    """Refuse to judge evidence that another version recorded: it answers other questions.

    Raises:
        MachineError: naming what to do.
    """
    from descentlab.checks.recording import evidence_bytes

    try:
        evidence_bytes.require_format(stored.get("evidence_format", 1))
    except evidence_bytes.OddEvidenceError as error:
        raise MachineError.say(
            "its evidence cannot be judged: {reason}. Grade it again with --force.", reason=error
        ) from error


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
        return _digest_of([path.read_bytes()])
    except OSError:
        return ""


def _write(path: Path, parts: Parts, mode: int) -> None:
    with path.open("wb") as file:
        file.writelines(parts)
    path.chmod(mode)
