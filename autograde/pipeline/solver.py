"""What is right for inline checks: the solution's own results on each student's problems.

A solution runs in boxes that no student's cell uses. The cell of a check runs once for each student and forks there
(`verdicts/solving.py`), so that no state passes between students.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from autograde.entries.answer_key import HANDED_OUT_BEFORE, Solution, Solved
from autograde.entries.graded import Graded, GradedNotebook
from autograde.sandbox import CellTask, Pool
from verdicts.comparing.differences import FunctionMessages, not_compared
from verdicts.inline import CheckDefinition, make_check
from verdicts.recording.evidence_bytes import OddEvidenceError, unpack
from verdicts.spec import Criterion

AT_ONCE = 100
"""Problems of checks and students for which a solution runs once."""
STRICTER = 10
"""The part of the tolerance within which a solution repeats its results."""


Asked = tuple[str, Any]
"""The grade_id of a defining cell, and a student's seed or the problems themselves."""


class Solver(ExitStack):
    """Runs solutions on problems; a context manager.

    Args:
        make_pool: makes the pool whose boxes run no student's cell, when the first problem is there.
        solutions: of the assignment's notebooks, by name.
    """

    def __init__(
        self, make_pool: Callable[[], Pool], solutions: Mapping[str, Solution] = MappingProxyType({})
    ) -> None:
        super().__init__()
        self._make_pool, self.solutions = make_pool, dict(solutions)

    @cached_property
    def sandbox(self) -> Pool:
        """The pool; it starts when this is first asked for."""
        return self.enter_context(self._make_pool())

    def solve(self, notebook: str, asked: Sequence[Asked], solution: Solution | None = None) -> list[Solved]:
        """What the solution, or another one, gives for each that is asked."""
        solution = solution or self.solutions[notebook]
        definitions = {of: CheckDefinition.of_text(text) for of, text in solution.definitions.items()}
        files = {name: base64.b64decode(text) for name, text in solution.files.items()}
        evidence: dict[int | None, bytes | None] = {}
        running = []
        for first in range(0, len(asked), AT_ONCE):
            numbers: list[int | None] = []
            tasks: list[CellTask] = []
            left = dict(enumerate(asked[first : first + AT_ONCE], first))
            for source, grade_id in solution.cells:
                of_cell = [number for number, (of, _) in left.items() if of == grade_id]
                numbers += of_cell or [None]
                handed = [definitions[grade_id].packed(solve=left.pop(number)[1]) for number in of_cell]
                tasks += [CellTask(source, 0, handed=task) for task in handed] or [CellTask(source)]
                if not left:
                    break
            running.append((numbers, self.sandbox.submit_run(tasks, 0, files=files)))
        for numbers, future in running:
            evidence |= {
                number: ran.evidence for number, ran in zip(numbers, future.result().cells, strict=False)
            }
        found = (_read(definitions[of], evidence.get(number)) for number, (of, _) in enumerate(asked))
        return [replace(one, solution=solution.digest) for one in found]

    def prepare(self, runs: Sequence[Graded]) -> None:
        """Give submissions whose seeds are drawn the problems of their inline checks."""
        for name in self.solutions:
            asked = [
                (one, cell)
                for run in runs
                for one in run.notebooks
                for cell in one.key.cells.values()
                if cell.definition and one.key.name == name and cell.grade_id not in one.solved
            ]
            found = self.solve(name, [(cell.grade_id, one.seeds[cell.grade_id]) for one, cell in asked])
            for (one, cell), solved in zip(asked, found, strict=True):
                one.solved[cell.grade_id] = solved
                definition = CheckDefinition.of_text(cell.definition)
                one.handed[cell.grade_id] = definition.asking((), ()).packed(problems=solved.problems)

    def solve_again(self, one: GradedNotebook) -> None:
        """Put what the solution of today gives in place of what an earlier one gave on the same problems."""
        solution = self.solutions[one.key.name]
        kept = {
            grade_id: solved
            for grade_id, solved in one.solved.items()
            if solved.problems and solved.solution != solution.digest
        }
        found = self.solve(one.key.name, [(grade_id, solved.problems) for grade_id, solved in kept.items()])
        for (grade_id, was), now in zip(kept.items(), found, strict=True):
            asks = _asked(CheckDefinition.of_text(solution.definitions[grade_id]), now.results or was.results)
            one.solved[grade_id] = (
                HANDED_OUT_BEFORE if asks != was.asked else replace(now, origins=was.origins)
            )


def _asked(definition: CheckDefinition, results: Sequence[Any]) -> str:
    return definition.asked(results[0]) if definition.examples and results else ""


def _read(definition: CheckDefinition, evidence: bytes | None) -> Solved:
    """A student's part; a solution that gives other results the second time gives none."""
    said: Mapping[str, Any] = {}
    try:
        said = unpack(evidence or b"")
        solved, again = Solved(said["problems"], said["results"], said["origins"]), said["again"]
        solved = replace(solved, asked=_asked(definition, solved.results))
    except (OddEvidenceError, KeyError):
        return Solved(failed=said.get("failed") or "the solution was stopped")
    strict = replace(definition, rtol=definition.rtol / STRICTER, atol=definition.atol / STRICTER)
    check = make_check(strict, ())
    messages = FunctionMessages(check)
    if any(one.of_arguments for one in check.criteria):
        for kept in said["args"]:
            if odd := not_compared(kept):
                return Solved(failed=f"whether the arguments are changed cannot be seen of {odd}")
    for one, other in zip_longest(solved.results, again):
        if odd := not_compared(one):
            return Solved(failed=f"the solution returns {odd}")
        if messages.difference(Criterion(""), None, {"result": other}, {"result": one}):
            return Solved(failed="the solution gives NaN, or another result each time")
    return solved
