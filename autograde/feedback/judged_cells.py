"""What grading kept beside an autograded notebook: evidence, verdicts and seeds, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograde.errors import CourseError
from autograde.grading.autograded_files import EVIDENCE_FOLDER, read_evidence


def judged_cells(folder: Path, notebook: str) -> dict[str, dict[str, Any]]:
    """What was kept of each graded cell of `folder`'s notebook, by its grade_id.

    Raises:
        CourseError: it cannot be read, or a newer version wrote it.
    """
    return read_evidence(folder / EVIDENCE_FOLDER / f"{notebook}.json")["checks"]


def unreadable(path: Path) -> CourseError:
    """What a command says of a file that grading made, when it is gone or broken."""
    return CourseError.say("{file} cannot be read: grade again with `autograde grade`", file=path)
