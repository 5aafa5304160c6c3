"""A submission on its way: what each step of the road adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbformat import NotebookNode

from autograde.grading.course import Submission
from autograde.grading.key import KeyNotebook

GRADED, REVIEW, FAILED = "graded", "needs-review", "failed"


@dataclass
class Sheet:
    """One notebook of a submission."""

    key: KeyNotebook
    digest: str  # SHA-256 of the submitted file, hex
    notebook: NotebookNode
    seeds: dict[str, int] = field(default_factory=dict)  # grade_id of a check → its seed
    evidence: dict[str, bytes | None] = field(default_factory=dict)
    verdicts: dict[str, Any] = field(default_factory=dict)  # grade_id → descentlab.checks.Verdict


@dataclass
class Work:
    """A submission and what is known of it so far; `released` is one word for what it is run with."""

    submission: Submission
    released: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    timestamp: datetime | None = None
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tier: int | None = None

    def flag(self, flag: str, note: str | None = None) -> None:
        """Remember something the table must name; a sentence may say more."""
        if flag not in self.flags:
            self.flags.append(flag)
        if note and note not in self.notes:
            self.notes.append(note)

    @property
    def submitted(self) -> str:
        """What was submitted, as one word: the notebooks' names and digests."""
        return digest_of({sheet.key.name: sheet.digest for sheet in self.sheets})

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


@dataclass(frozen=True, slots=True)
class CellScore:
    """One graded cell of a result. `score` is None while a person has to grade it."""

    grade_id: str
    score: float | None
    max_score: float
    check: str | None = None
    misconception: str | None = None
    fails: str = ""
    manual: bool = False
    self_reported: bool = False

    def as_json(self) -> dict[str, Any]:
        """The object of `--json`; `manual` and `self_reported` are there only where true."""
        fields = {
            "grade_id": self.grade_id,
            "score": self.score,
            "max_score": self.max_score,
            "check": self.check,
            "misconception": self.misconception,
        }
        if self.manual:
            fields["manual"] = True
        if self.self_reported:
            fields["self_reported"] = True
        return fields


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a submission: a line of the table, an object of `--json`."""

    student: str
    assignment: str
    status: str
    max_score: float
    score: float | None = None
    pending_manual: int = 0
    penalty: float = 0.0  # points taken off the score for handing in late
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[CellScore, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tier: int | None = None
    unchanged: bool = False
    was: float | None = None  # the score before, where a page with another one was returned already

    def as_json(self) -> dict[str, Any]:
        """The object that `grade --json` writes."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "pending_manual": self.pending_manual,
            "status": self.status,
            "flags": list(self.flags),
            "cells": [cell.as_json() for cell in self.cells],
            "seconds": round(self.seconds, 3),
            "tier": self.tier,
        }


@dataclass
class Outcome:
    """All results, sorted by student, and why the run stopped early, if it did.

    `released_anew` counts the submissions that are graded again because what they are run with has changed,
    `held` names the returned submissions whose changed scores were not saved, `ignored` the folders whose
    names can be no student's id.
    """

    results: list[Result]
    stopped: str | None = None
    registered: bool = False
    rejudged: bool = False
    forced: bool = False
    released_anew: int = 0
    held: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """1 where a person or another run is needed, else 0."""
        fine = all(result.status == GRADED for result in self.results) and not self.ignored
        return 0 if fine and self.stopped is None and not self.held else 1
