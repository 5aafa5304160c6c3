"""A submission in the pipeline: what each step adds to it."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbformat import NotebookNode

from autograde.course.answer_key import KeyNotebook
from autograde.course.course import Submission
from autograde.course.flags import Note
from autograde.course.results import Result
from autograde.sandbox import RunResult


@dataclass
class NotebookRun:
    """One notebook of a submission."""

    key: KeyNotebook
    digest: str  # SHA-256 of the submitted file, hex
    notebook: NotebookNode
    cells: list[NotebookNode] = field(default_factory=list)  # of the notebook, those that the sandbox runs
    seeds: dict[str, int] = field(default_factory=dict)  # grade_id of a check → its seed
    evidence: dict[str, bytes | None] = field(default_factory=dict)
    hooks: dict[str, tuple[str, ...]] = field(default_factory=dict)  # grade_id of a test → event hooks
    verdicts: dict[str, Any] = field(default_factory=dict)  # grade_id → descentlab.checks.Verdict


@dataclass
class SubmissionRun:
    """A submission and what is known of it so far; `released` is one word for what it is run with."""

    submission: Submission
    released: str = ""
    notebook_runs: list[NotebookRun] = field(default_factory=list)
    timestamp: datetime | None = None
    answers: dict[str, str] | None = None
    """Digests of what only a person can grade, by "notebook/grade_id"; None until somebody asks."""
    pending: set[str] = field(default_factory=set)
    """Test cells whose points wait for a person, by "notebook/grade_id"."""
    flags: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tier: int | None = None
    futures: list[Future[RunResult]] = field(default_factory=list)  # one for each notebook in the sandbox
    tries: int = 1
    result: Result | None = None

    @property
    def done(self) -> bool:
        """Whether the sandbox has run every notebook."""
        return all(future.done() for future in self.futures)

    @property
    def unfinished(self) -> Future[RunResult]:
        """A future to wait for: the last one where all are done."""
        return next((future for future in self.futures if not future.done()), self.futures[-1])

    def flag(self, flag: str, note: Note | None = None) -> None:
        """Remember something the table must name; a note may say more."""
        if flag not in self.flags:
            self.flags.append(flag)
        if note and note not in self.notes:
            self.notes.append(note)

    @property
    def submitted(self) -> str:
        """What was submitted, as one word: the notebooks' names and digests."""
        return digest_of({notebook_run.key.name: notebook_run.digest for notebook_run in self.notebook_runs})

    @property
    def digest(self) -> str:
        """What was graded: what was submitted, and what it was run with."""
        return graded_with(self.submitted, self.released)


def digest_of(notebooks: dict[str, str]) -> str:
    """One word for several notebooks' digests, whatever their order."""
    return " ".join(f"{name}:{digest}" for name, digest in sorted(notebooks.items()))


def graded_with(submitted: str, released: str) -> str:
    """What was graded, as one word; `released` stands behind the last space."""
    return f"{submitted} {released}"


def parts_of(graded: str) -> tuple[str, str]:
    """What was submitted and what it was run with, from the word that `graded_with` made."""
    submitted, _, released = graded.rpartition(" ")
    return submitted, released
