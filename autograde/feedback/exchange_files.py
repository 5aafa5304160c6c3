"""What nbgrader's exchange needs beside a page to return it: when it was submitted, the submission's secret.

The name of a returned page is made of that secret, so that a student finds the own page and nobody else's.
"""

from __future__ import annotations

from pathlib import Path

from autograde.errors import MachineError
from autograde.files import put
from autograde.grading.course import Submission
from autograde.grading.flag_messages import NeedsReviewError
from autograde.grading.read_submission import read_other_file

NAMES = ("timestamp.txt", "submission_secret.txt")
MOST_BYTES = 1000


def pass_on(submission: Submission, target: Path) -> None:
    """Copy them to a student's folder of feedback, where the collector left them; links are not followed.

    Raises:
        OSError: they cannot be written.
    """
    for name in NAMES:
        try:
            data = read_other_file(submission, name, MOST_BYTES)
        except (NeedsReviewError, MachineError):  # not collected by the exchange, or no plain small file
            continue
        path = target / name
        if not path.is_file() or path.read_bytes() != data:
            put(path, data)
