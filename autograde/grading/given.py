"""What an assignment gives its students beside the notebook: data, helpers, pictures."""

from __future__ import annotations

from pathlib import Path

from nbgrader.utils import find_all_files

from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.sandbox import Limits

MOST_BYTES = 16 * 2**20  # of all files together


def given_files(course: Course, assignment: str, limits: Limits) -> dict[str, bytes]:
    """The files of an assignment's release, notebooks aside: path within the folder, content.

    They come from the release and not from the source folder, so that nothing is in the sandbox that students
    were not given. Links are left out.

    Raises:
        UsageError: together they are too large.
    """
    folder = course.folder("release", ".", assignment)
    paths = [Path(name) for name in find_all_files(str(folder), [*course.directory.ignore, "*.ipynb"])]
    paths = sorted(path for path in paths if path.is_file() and not path.is_symlink())
    most = min(MOST_BYTES, limits.disk_bytes // 2)
    if sum(path.stat().st_size for path in paths) > most:
        raise UsageError(
            f"{folder}: the files beside the notebook are larger than {most // 2**20} MiB together. "
            "Take some away, or let the notebook make them."
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
