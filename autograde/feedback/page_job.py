"""One feedback page to be made: of whom, from what, to where; and whether it was made of the same before.

autograded/STUDENT/ASSIGNMENT/.autograde/NOTEBOOK.page     digests of a page and of what it was made of

A page is left as it is where both digests are right: all that it shows is among its inputs, the program and
its libraries, too. A digest is taken before the inputs are read for the page, so that a file that changes
meanwhile makes a new page the next time.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import autograde
from autograde.configuration import EVIDENCE_FOLDER
from autograde.grading.answer_key import KeyNotebook
from autograde.grading.autograded_files import needs_repair
from autograde.grading.course import Submission
from autograde.grading.scores import Graded
from autograde.roles import version_of
from descentlab import sentences

MAKERS = {".py", ".j2", ".css"}  # files of this program that a page is made by
LIBRARIES = (
    "Jinja2", "latex2mathml", "MarkupSafe", "mistune", "nbconvert", "nbformat", "nh3", "Pygments",
)  # fmt: skip


@dataclass(frozen=True)
class PageJob:
    """What a page is made of: the student's files, marks and comments, and the assignment's notebook."""

    student: str
    name: str
    title: str
    notebook: KeyNotebook
    folder: Path
    target: Path
    submission: Submission
    graded: Graded
    comments: dict[tuple[str, str], str]

    @property
    def source(self) -> Path:
        """The notebook as it ran."""
        return self.folder / f"{self.notebook.name}.ipynb"

    @property
    def evidence(self) -> Path:
        """Its verdicts."""
        return self.folder / EVIDENCE_FOLDER / f"{self.notebook.name}.json"

    @property
    def page(self) -> Path:
        """Where the page is written."""
        return self.target / f"{self.notebook.name}.html"

    @property
    def digests_file(self) -> Path:
        """Where the digests are."""
        return self.folder / EVIDENCE_FOLDER / f"{self.notebook.name}.page"


def inputs_of(job: PageJob) -> str:
    """A digest of all that the page is made of; empty where a file cannot be read."""
    scores, points = job.graded.scores.cells, job.graded.row.points
    contents = (
        *(job.student, job.name, job.title, job.notebook.name, job.notebook.cells, job.graded.result),
        *(sorted(part.items()) for part in (scores, points, job.comments)),
    )
    digest = hashlib.sha256(_program(sentences.language()).encode())
    digest.update(repr(contents).encode("utf-8", "replace"))
    try:
        for path in (job.source, job.evidence):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError:
        return ""
    return digest.hexdigest()


def is_unchanged(job: PageJob) -> bool:
    """Whether the page lies there as it was made of the inputs as they are."""
    try:
        inputs, page = job.digests_file.read_text(encoding="ascii").split()
        there = hashlib.sha256(job.page.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False
    return there == page and inputs_of(job) == inputs and not needs_repair(job.folder)


def remember(job: PageJob, inputs: str, page: bytes) -> None:
    """Keep the digests; where the folder cannot be written the page is made again the next time."""
    with suppress(OSError):
        job.digests_file.write_text(f"{inputs}\n{hashlib.sha256(page).hexdigest()}\n", encoding="ascii")


@cache
def _program(language: str) -> str:
    """A digest of what makes pages: this program's files, the sentences' catalogue, libraries' versions."""
    versions = [platform.python_version(), *map(version_of, LIBRARIES)]
    digest = hashlib.sha256(repr((language, versions)).encode())
    for path in _files(language):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(language: str) -> Iterator[Path]:
    yield from sorted(path for path in Path(autograde.__path__[0]).rglob("*") if path.suffix in MAKERS)
    yield Path(sentences.__file__)
    yield from sorted((sentences.LANGUAGES / language).rglob("*.mo"))
