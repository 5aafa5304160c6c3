"""What a release keeps of solutions whose cells define checks: one row an assignment, next to the versions.

Nothing of `source/` is run by `grade`: what is right for a submission is what this notebook gives.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from sqlalchemy import Text

from autograde.course.tables import GradebookTable

ASKED = re.compile(r"^# (Arguments: .+)$", re.MULTILINE)
"""In a folded cell: what an answer is called with, and the parts of its result."""
TABLE = GradebookTable("autograde_solution", "assignment", solutions=Text)


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


def folded_id(grade_id: str) -> str:
    """The grade_id of the folded cell above a defining cell."""
    return f"{grade_id}-problems"


def keep_solutions(gradebook: Gradebook, assignment: str, solutions: Mapping[str, Solution]) -> None:
    """Keep the solutions of an assignment's notebooks in place of those before; within the transaction that runs."""
    row = {
        "assignment": assignment,
        "solutions": json.dumps({name: asdict(one) for name, one in solutions.items()}),
    }
    if solutions:
        TABLE.put(gradebook, [row])
    else:
        TABLE.remove(gradebook, [row])


def read_solutions(gradebook: Gradebook, assignment: str) -> dict[str, Solution]:
    """The kept solutions of an assignment, by the notebook's name."""
    return {
        name: Solution(**data)
        for (text,) in TABLE.rows(gradebook, "solutions", assignment=assignment)
        for name, data in json.loads(text).items()
    }
