"""What an assignment asks, what it is worth, and what students were handed out of it."""

import ast
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbformat import NotebookNode, read
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograde.errors import UsageError

ASKED = re.compile(r"^# (Arguments: .+)$", re.MULTILINE)
"""In a folded cell: what an answer is called with, and the parts of its result."""

Hooks = Mapping[str, Mapping[str, Collection[str]]]
"""The event hooks with which the test cells of a notebook run, by the notebook's name and the grade_id."""

SCHEMA_VERSION = 3  # of nbgrader's metadata
Pictures = Mapping[str, Mapping[str, Any]]
"""The attachments that the texts of locked cells name, by grade_id."""


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file, in nbformat 4."""
    return read(path, as_version=4)


def fields_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader's metadata say of a cell; empty where it has none."""
    return cell["metadata"].get("nbgrader", {})


def grade_id_of(cell: Mapping[str, Any]) -> str | None:
    """The id by which the gradebook knows the cell."""
    return fields_of(cell).get("grade_id")


def named_pictures(cell: Mapping[str, Any]) -> dict[str, Any]:
    """The attachments that a cell's text names."""
    attached = cell.get("attachments", {}).items()
    return {name: data for name, data in attached if naming(name).search(cell["source"])}


def pictures_in(notebook: NotebookNode) -> Pictures:
    """The pictures of the notebook's locked cells."""
    found = {grade_id_of(cell): named_pictures(cell) for cell in notebook.cells if is_locked(cell)}
    return {grade_id: pictures for grade_id, pictures in found.items() if pictures}


def naming(picture: str) -> re.Pattern[str]:
    """What names an attachment in a text."""
    written = "|".join(map(re.escape, (picture, quote(picture))))
    return re.compile(rf"attachment:(?:{written})(?![\w.%-])")


def is_known(cell: NotebookNode) -> bool:
    """Whether nbgrader knows the cell: it is graded, written in, or locked."""
    return is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell)


@dataclass(frozen=True)
class ReleasedCell:
    """A cell as it was handed out.

    `grade_id` is None for a cell that nbgrader does not know, `points` for one without any, `source` (the digest of
    its text) for one that students write in, `course` empty for one without a check and for a release of before.
    """

    grade_id: str | None
    cell_type: str
    grade: bool
    points: float | None
    source: str | None
    cell_id: str = ""
    course: str = ""


Version = tuple[ReleasedCell, ...]
BLANK = hashlib.sha256(b"").hexdigest()  # the digest of a text that says nothing about a cell


@dataclass(frozen=True)
class Solved:
    """The problems of one student's inline check, and what the solution gives on each; or why it gives nothing."""

    problems: Sequence[Any] = ()
    results: Sequence[Any] = ()
    origins: Sequence[int] = ()
    """The example that each problem is like; one more than there are for a generator's."""
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


def folded_id(grade_id: str) -> str:
    """The grade_id of the folded cell above a defining cell."""
    return f"{grade_id}-problems"


@dataclass(frozen=True)
class KeyCell:
    """One cell that nbgrader knows; `points` is None for a cell without a grade, `check` for no check.

    `attachments` are the pictures of a locked cell, which students got with its text.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    solution: bool
    task: bool
    points: float | None
    check: str | None
    attachments: Mapping[str, Any] = field(default_factory=dict)
    course: str = ""
    """That of its check, as it was released; empty if unknown."""
    definition: str = ""
    """That of an inline check, packed, as its solution gives it."""
    named: tuple[Any, ...] = ()
    """The mistakes in it to which the class gave names, as `verdicts.diagnosis.common_mistakes` has them."""

    @property
    def grade(self) -> bool:
        """Whether the cell itself is graded (tasks are graded by hand)."""
        return self.points is not None and not self.task

    @cached_property
    def manual(self) -> bool:
        """Whether only a person can grade it."""
        return self.task or (self.grade and self.solution)

    @property
    def is_test(self) -> bool:
        """Whether it is an ordinary test cell of nbgrader's."""
        return self.grade and not self.manual and not self.check

    @property
    def full_check(self) -> str | None:
        """The check's name with its course's, so that no other course's check grades it."""
        return f"{self.course}:{self.check}" if self.check and self.course else self.check

    @property
    def title(self) -> str:
        """What pages call it."""
        return self.check or self.grade_id.replace("-", " ")

    def metadata(self) -> dict[str, Any]:
        """The cell's nbgrader metadata as the release has it."""
        names = "grade_id grade solution locked task cell_type points checksum"
        known = {name: value for name in names.split() if (value := getattr(self, name)) is not None}
        return {"schema_version": SCHEMA_VERSION} | known

    def as_cell(self, cell_id: str) -> NotebookNode:
        """The cell as the gradebook has it, not run."""
        cell = NotebookNode(
            id=cell_id,
            cell_type=self.cell_type,
            source=self.source,
            metadata=NotebookNode(nbgrader=NotebookNode(self.metadata())),
        )
        if self.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        if self.attachments:
            cell["attachments"] = self.attachments
        return cell


@dataclass(frozen=True)
class KeyNotebook:
    """One notebook of the assignment, its cells by grade_id in the teacher's order.

    `versions` are its cells as students may have got them, oldest first.
    """

    name: str
    kernelspec: dict[str, Any]
    cells: dict[str, KeyCell]
    versions: tuple[Version, ...] = ()
    rows: str = ""
    """The digest of what nbgrader's tables have of it."""

    def find(self, cell: NotebookNode) -> KeyCell | None:
        """What the teacher's notebook has for a cell, by its grade_id."""
        return self.cells.get(grade_id_of(cell))

    @cached_property
    def released(self) -> list[ReleasedCell]:
        """The cells of all versions."""
        return [cell for version in self.versions for cell in version]

    @cached_property
    def locked_texts(self) -> Mapping[tuple[str, str], Iterable[str]]:
        """The ids of the locked cells that were ever handed out with a text, in the released order, by the
        cell's type and the text's digest."""
        known = {}
        for grade_id in self.cells:
            for cell in self.released:
                if cell.grade_id == grade_id and cell.source and cell.source != BLANK:
                    known.setdefault((cell.cell_type, cell.source), {})[grade_id] = None  # once, in order
        return known

    @cached_property
    def released_texts(self) -> frozenset[str | None]:
        """The digests of all texts that were ever handed out, but of cells that students write in."""
        return frozenset(cell.source for cell in self.released) - {BLANK}

    @cached_property
    def written_in(self) -> Mapping[str, str]:
        """The grade_ids of the cells that students write in, by the ids that front ends know cells by."""
        return {
            cell.cell_id: cell.grade_id
            for cell in self.released
            if cell.cell_id and not cell.source and cell.grade_id in self.cells
        }


@dataclass(frozen=True)
class AnswerKey:
    """An assignment as the gradebook knows it."""

    assignment: str
    notebooks: dict[str, KeyNotebook]
    solutions: Mapping[str, Solution] = field(default_factory=dict)
    """Of notebooks whose cells define checks, by name."""
    hooks: Hooks = field(default_factory=dict)
    """Those of the solution's tests, as a trial found them."""

    @property
    def checks(self) -> list[str]:
        """The full names of its checks."""
        return [cell.full_check for cell in self.graded_cells.values() if cell.full_check]

    @cached_property
    def graded_cells(self) -> Mapping[str, KeyCell]:
        """The cells that have points, by "notebook/grade_id", in their order."""
        return {
            f"{notebook.name}/{cell.grade_id}": cell
            for notebook in self.notebooks.values()
            for cell in notebook.cells.values()
            if cell.points is not None
        }

    @cached_property
    def points(self) -> Mapping[str, float]:
        """What each graded cell is worth, by "notebook/grade_id"."""
        return {name: cell.points for name, cell in self.graded_cells.items()}

    @cached_property
    def max_score(self) -> float:
        """All points of the assignment."""
        return sum(self.points.values(), 0.0)


def answer_named(key: AnswerKey, word: str) -> str:
    """The "notebook/grade_id" of an answer by its id or its check; the word itself where not exactly one fits."""
    names = [name for name, cell in key.graded_cells.items() if word in (name, cell.grade_id, cell.check)]
    return names[0] if len(names) == 1 else word


def check_name(source: str) -> str | None:
    """The name in a cell that calls `check("lesson/what", answer, points=…)` once; None where none is called.

    Raises:
        CheckCellError: more than one call, or a name that is not written out.
    """
    calls = check_calls(source)
    if not calls:
        return None
    name = calls[0].args[0] if calls[0].args else None
    if len(calls) > 1 or not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        raise CheckCellError(
            f"a graded cell must call check once, with its name written out: {source[:80]!r}"
        )
    return name.value


class CheckCellError(UsageError):
    """A graded cell whose call of `check` cannot be read, or says other points than its metadata."""


def check_calls(source: str) -> list[ast.Call]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a magic, or a cell that is not Python: no check of ours
        return []
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and "check" in (getattr(node.func, "id", None), getattr(node.func, "attr", None))
    ]


def check_cells(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    """The graded cells of a notebook that call `check`, each with the check's name.

    Raises:
        CheckCellError: a call that cannot be read.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell):
            name = check_name(cell.source)
            if name is not None:  # else an ordinary nbgrader test cell
                yield cell, name
