"""What an assignment gives its students beside the notebook: data, helpers, pictures."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from nbgrader.utils import find_all_files

from autograde.assignments.settings import notebooks_in
from autograde.errors import UsageError
from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Course
from autograde.sandbox import Limits

MOST_BYTES = 16 * 2**20  # of all files together
DRAWS = re.compile(rb"plot|pylab|figure|explorers|widget")


def assignment_files(course: Course, assignment: str, limits: Limits) -> dict[str, bytes]:
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
        raise UsageError.say(
            "{folder}: the files beside the notebook are larger than {mebibytes} MiB together. Take some "
            "away, or let the notebook make them.",
            folder=folder,
            mebibytes=most // 2**20,
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def may_draw(course: Course, assignment: str) -> bool:
    """Whether the instructor's notebooks speak of figures or widgets anywhere; True where there is none."""
    notebooks = notebooks_in(course.source(assignment))
    return not notebooks or any(map(draws, notebooks))


def draws(notebook: Path) -> bool:
    """Whether a notebook of the instructor's speaks of figures or widgets."""
    return bool(DRAWS.search(notebook.read_bytes()))


def released(key: AnswerKey, files: Mapping[str, bytes]) -> str:
    """One word for all of the instructor's that a submission is run and judged with: cells, points, files."""
    cells = [
        (notebook.name, cell.grade_id, cell.cell_type, cell.points, cell.check, cell.locked and cell.source)
        for notebook in key.notebooks.values()
        for cell in notebook.cells.values()
    ]
    digests = [(name, hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items())]
    return hashlib.sha256(json.dumps([cells, digests]).encode()).hexdigest()
