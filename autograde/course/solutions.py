"""What a release keeps of the trial of an assignment's solution: one row, next to the versions.

Nothing of `solutions/` is run by `grade`: what is right for a submission is what these notebooks give.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy import JSON

from autograde.course.tables import GradebookTable

ASKED = re.compile(r"^# (Arguments: .+)$", re.MULTILINE)
"""In a folded cell: what an answer is called with, and the parts of its result."""
TABLE = GradebookTable("autograde_trial", "assignment", solutions=JSON, hooks=JSON)
Hooks = Mapping[str, Mapping[str, Collection[str]]]
"""The event hooks with which the test cells of a notebook run, by the notebook's name and the grade_id."""


@dataclass(frozen=True)
class Solved:
    """The problems of one student's inline check, and what the solution gives on each; or why it gives nothing."""

    problems: Sequence[Any] = ()
    results: Sequence[Any] = ()
    failed: str = ""
    solution: str = ""
    """The digest of that solution."""
    asked: str = ""
    """What `CheckDefinition.asked` says of them."""

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Each problem with its result."""
        return [*zip(self.problems, self.results, strict=True)]


HANDED_OUT_BEFORE = Solved(
    failed="the notebook is of an earlier release, in which the check asked for something else"
)


@dataclass(frozen=True)
class Solution:
    """A solution whose cells define checks."""

    cells: Sequence[Sequence[str]]
    """Its code cells, as they run, with their grade_ids."""
    files: Mapping[str, str]
    """The files beside it: path, content in base64."""
    definitions: Mapping[str, str]
    """The `CheckDefinition` of each check by the grade_id of its cell, as it is packed."""
    folded: Mapping[str, str] = field(default_factory=dict)
    """What the folded cell above that cell holds; a value has none."""

    @cached_property
    def digest(self) -> str:
        """A digest of all that its results depend on."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True)
class Trial:
    """What the solution of an assignment shows when it is tried."""

    pictures: Mapping[str, list[NotebookNode]] = field(default_factory=dict)
    """As `opening_pictures` gives them."""
    solutions: dict[str, Solution] = field(default_factory=dict)
    """Of the notebooks whose cells define checks, by name."""
    lines: list[str] = field(default_factory=list)
    """A line about each check that they define."""
    hooks: Hooks | None = None
    """Those of the solution; None where it was not tried."""


def folded_id(grade_id: str) -> str:
    """The grade_id of the folded cell above a defining cell."""
    return f"{grade_id}-problems"


def keep_trial(gradebook: Gradebook, assignment: str, trial: Trial) -> None:
    """Keep what a trial showed in place of the one before; within the transaction that runs."""
    solutions = {name: asdict(one) for name, one in trial.solutions.items()}
    row = {"assignment": assignment, "solutions": solutions, "hooks": trial.hooks}
    TABLE.remove(gradebook, [row])
    if trial.hooks is not None:
        TABLE.put(gradebook, [row])


def read_trial(gradebook: Gradebook, assignment: str) -> Trial:
    """What was kept of an assignment's trial, its solutions and hooks; nothing of one that was not tried."""
    for solutions, hooks in TABLE.rows(gradebook, "solutions", "hooks", assignment=assignment):
        return Trial(solutions={name: Solution(**data) for name, data in solutions.items()}, hooks=hooks)
    return Trial()
