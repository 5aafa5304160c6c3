"""A submission on its way through the steps of grading, and at their end."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbformat import NotebookNode

from autograde import files
from autograde.entries import answer_key, entry
from autograde.sandbox import RunResult


@dataclass
class GradedNotebook:
    """One notebook of a submission."""

    key: answer_key.KeyNotebook
    digest: str  # SHA-256 of the submitted file, hex
    notebook: NotebookNode
    seeds: dict[str, int] = field(default_factory=dict)  # grade_id of a check → its seed
    evidence: dict[str, bytes | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # how a check's own cell ended, in one line
    hooks: dict[str, tuple[str, ...]] = field(default_factory=dict)  # grade_id of a test → event hooks
    verdicts: dict[str, Any] = field(default_factory=dict)  # grade_id → verdicts.judging.verdict.Verdict
    solved: dict[str, answer_key.Solved] = field(default_factory=dict)  # an inline check's id → its problems
    handed: dict[str, str] = field(default_factory=dict)  # and what its cell gets of them
    future: Future[RunResult] | None = None  # what the sandbox will give, once it has started

    def name_of(self, grade_id: str) -> str:
        """ "notebook/grade_id": one cell of the assignment."""
        return f"{self.key.name}/{grade_id}"

    def known_cells(self) -> Iterator[tuple[NotebookNode, answer_key.KeyCell]]:
        """The cells that the key has, each with what it has."""
        for cell in self.notebook.cells:
            if right := self.key.find(cell):
                yield cell, right


@dataclass
class Graded:
    """A submission and what is known of it so far, in the end all; `run_with` is the digest of what it is run with."""

    submission: entry.Submission
    run_with: str = ""
    notebooks: list[GradedNotebook] = field(default_factory=list)
    timestamp: datetime | None = None
    pending: set[str] = field(default_factory=set)
    """Test cells and written answers whose points wait for a person, by "notebook/grade_id"."""
    added: set[str] = field(default_factory=set)
    """Graded cells that were added since its version was handed out, by "notebook/grade_id"."""
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tier: int | None = None

    def flag(self, flag: str, note: str = "") -> None:
        """Remember something the table must name; a note may say more."""
        if flag not in self.flags:
            self.flags.append(flag)
        if note and note not in self.notes:
            self.notes.append(note)

    @property
    def unfinished(self) -> Future[RunResult]:
        """A notebook's result to wait for: the last one's where all are there."""
        futures = [graded_notebook.future for graded_notebook in self.notebooks]
        return next((future for future in futures if not future.done()), futures[-1])

    @property
    def submitted(self) -> str:
        """The digests of the submitted notebooks, as `digest_of_submitted` gives them."""
        return files.digest_of(
            {graded_notebook.key.name: graded_notebook.digest for graded_notebook in self.notebooks}
        )

    @property
    def digest(self) -> str:
        """The digests of what was graded."""
        return graded_with(self.submitted, self.run_with)


def graded_with(submitted: str, run_with: str) -> str:
    """The digests of what was submitted and, after the last space, of what it was run with."""
    return f"{submitted} {run_with}"
