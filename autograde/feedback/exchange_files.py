"""What nbgrader's exchange needs beside a page to return it: when it was submitted, the submission's secret.

The name of a returned page is made of that secret, so that a student finds the own page and nobody else's.
"""

from __future__ import annotations

import stat
from pathlib import Path

from autograde.errors import MachineError
from autograde.files import put
from autograde.grading.course import Submission
from autograde.grading.flag_messages import NeedsReviewError
from autograde.grading.read_submission import OF_NBGRADER, read_other_file

MOST_BYTES = 1000


def collected_file(submission: Submission, name: str) -> bytes | None:
    """A plain small file that the exchange's collector left; None where there is none."""
    try:
        return read_other_file(submission, name, MOST_BYTES)
    except (NeedsReviewError, MachineError):
        return None


def pass_on(submission: Submission, target: Path) -> None:
    """Copy them to a student's folder of feedback, where the collector left them; links are not followed.

    Who may read them there may read the copies, and nobody else: the secret leads to the page.

    Raises:
        OSError: they cannot be written.
    """
    for name in OF_NBGRADER:
        data, path = collected_file(submission, name), target / name
        if data is None:
            continue
        mode = _mode(submission.folder / name)
        if not (path.is_file() and path.read_bytes() == data and _mode(path) == mode):
            put(path, data, mode)


def _mode(path: Path) -> int:
    """Who may read and write a file."""
    return stat.S_IMODE(path.stat().st_mode) & 0o666
