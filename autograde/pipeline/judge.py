"""The step `judge`: from evidence to points, in the trusted parent.

The check's name and points come from the answer key, the seed from the course's secret. A check cell's outputs
are replaced by the verdict's. Other graded cells are the teacher's ordinary nbgrader tests: they ran in the
student's process, so their score is what that process says, and is marked self-reported.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from nbformat import NotebookNode, from_dict, v4

from autograde.entries import answer_key, wording
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import MachineError
from autograde.sandbox.staging import package_folder
from verdicts import inline, judging, sentences
from verdicts.courses import UnknownCheckError, courses, is_inline
from verdicts.diagnosis import common_mistakes
from verdicts.judging import display, examiners
from verdicts.judging.verdict import Verdict

NO_POINTS = "NoPoints"
LEAST_STATEMENTS = 3  # statements: shorter code is equal by chance
MOST_NODES = 400  # nodes of a function's or loop's syntax; none of the reference has more
LONGEST_CELL = 20_000  # characters of a cell that are looked at
NAME = re.compile(r"\b(id|arg|attr|name)='(\w+)'")


def judge_submission(graded: Graded) -> None:
    """Put a verdict, or a reason for no points, into every graded cell.

    Raises:
        MachineError: a check of the teacher's that does not exist, or a judge that fails.
    """
    for graded_notebook in graded.notebooks:
        shipped = []
        for cell, right in graded_notebook.known_cells():
            if cell.cell_type != "code":
                continue
            if right.solution and is_as_shipped(cell.source):
                shipped.append(right.grade_id)
            if right.check:
                _judge_check(graded, graded_notebook, cell, right)
            elif right.is_test:
                _fail_closed(graded, cell, right.points)
        if shipped:
            graded.flag(
                "as-shipped",
                f"as-shipped, identical to the installed reference except for names and layout: {', '.join(shipped)}",
            )


def _judge_check(
    graded: Graded, graded_notebook: GradedNotebook, cell: NotebookNode, right: answer_key.KeyCell
) -> None:
    grade_id = right.grade_id
    try:
        evidence = graded_notebook.evidence.get(grade_id)
        verdict = _unsolved(right, graded_notebook.solved) if right.definition else None
        verdict = verdict or judging.judge(right.full_check, evidence, graded_notebook.seeds[grade_id])
        its_error = graded_notebook.errors.setdefault(grade_id, wording.error_of(cell))
        if verdict.status == "no-evidence":
            verdict = _with_error(verdict, _error_above(graded_notebook, cell), its_error)
        shown = display.outputs(verdict, right.points, cell.execution_count)
    except MachineError:
        raise
    except UnknownCheckError as error:
        why = f"is the lesson of another version? {error}"
        if is_inline(right.check):
            why = f"no solution of {right.check} is kept: run `autograde release`, without --untried"
        raise MachineError(f"{grade_id}: {why}") from error
    except Exception as error:
        raise MachineError(f"{grade_id}: {right.check!r} cannot be judged: {error!r}") from error
    graded_notebook.verdicts[grade_id] = verdict
    cell.outputs = from_dict(shown)
    if verdict.status in ("no-evidence", "odd-evidence", "not-judged"):
        graded.flag(verdict.status)
    if verdict.status == "not-judged":
        graded.pending.add(graded_notebook.name_of(grade_id))
    elif verdict.out_of_time:
        graded.flag("no-explanation", f"the search for the mistake took too long: {right.check}")


def _unsolved(right: answer_key.KeyCell, kept: Mapping[str, answer_key.Solved]) -> Verdict | None:
    """The verdict on an inline check that the solution does not solve; else None, and the engine knows the check."""
    solved = kept.get(right.grade_id, answer_key.Solved(failed="its problems were not kept"))
    definition = inline.CheckDefinition.of_text(right.definition).asking(solved.problems, solved.origins)
    public = inline.public_in(right.definition)
    first = solved.pairs[: len(public)]
    then, now = map(common_mistakes.problems_of, (first, public))
    check = examiners.make_known(
        definition,
        solved.pairs,
        public=first if then == now else (),
        names=common_mistakes.masked(right.named),
    )
    if not solved.failed:
        return None
    return Verdict.without_answer(check, "not-judged", f"{sentences.capital(solved.failed)}.")


def _with_error(verdict: Verdict, above: str, error: str) -> Verdict:
    """The verdict on a check that was not reached, with the error in the cell above it or in its own."""
    if above:
        return replace(verdict, cause=f"{verdict.cause}: the cell above it ended in {above}")
    if not error:
        return verdict
    hint = ""
    if error.startswith("NameError"):
        hint = "Restart the kernel and run all cells from top to bottom: is the name still known?"
    return replace(verdict, cause=f"{verdict.cause}: its cell ended in {error}", hint=hint)


def _error_above(graded_notebook: GradedNotebook, check: NotebookNode) -> str:
    """How the code cell right above a check ended, in one line, where it ended in an error."""
    cells = [cell for cell in graded_notebook.notebook.cells if cell.cell_type == "code"]
    above = next((one for one, below in pairwise(cells) if below is check), None)
    return (
        ""
        if above is None or answer_key.grade_id_of(above) in graded_notebook.seeds
        else wording.error_of(above)
    )


def _fail_closed(graded: Graded, cell: NotebookNode, points: float) -> None:
    """Put an error where nbgrader would give full points for nothing, or for an odd score."""
    errors = [output.ename for output in cell.outputs if output.output_type == "error"]
    values = [one.data.get("text/plain") for one in cell.outputs if one.output_type == "execute_result"]
    was_run, reason = cell.execution_count is not None, None
    if not (was_run or errors):
        reason = "This cell was not run."
    elif values:
        reason = _odd_score(values[0], points)
    if reason and NO_POINTS not in errors:
        graded.flag("odd-score" if was_run else "not-run")
        # nbgrader reads the first output that decides: the error has to come first.
        error = v4.new_output("error", ename=NO_POINTS, evalue=reason, traceback=[f"{NO_POINTS}: {reason}"])
        cell.outputs = [error, *cell.outputs]


def _odd_score(text: Any, points: float) -> str | None:
    try:
        score = float(text)
    except (TypeError, ValueError):
        return f"The cell's value is not a number of points: {str(text)[:60]!r}."
    if not 0 <= score <= points:  # so that NaN is not, either
        return f"The cell's value {score:g} is not between 0 and {points:g} points."
    return None


def is_as_shipped(source: str) -> bool:
    """Whether functions or loops of a cell, at least three statements, are the reference's.

    Names, formatting, comments and docstrings are ignored.
    """
    return (
        sum(statements for outline, statements in _pieces(source) if outline in _shipped())
        >= LEAST_STATEMENTS
    )


@cache
def _shipped() -> frozenset[str]:
    files = [
        file
        for name, course in courses().items()
        for pattern in course.reference_files
        for file in package_folder(name).glob(pattern)
    ]
    return frozenset(outline for file in files for outline, _ in _pieces(file.read_text("utf-8")))


def _pieces(source: str) -> Iterator[tuple[str, int]]:
    """Each function, and each loop of at least three statements: its outline and its number of statements."""
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the student's code
        size: dict[ast.AST, int] = {}
        for node in reversed(list(ast.walk(ast.parse(source[:LONGEST_CELL])))):  # what is inside comes first
            size[node] = 1 + sum(size.get(child, 0) for child in ast.iter_child_nodes(node))
            if size[node] > MOST_NODES or not isinstance(node, ast.FunctionDef | ast.For):
                continue
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False):
                del node.body[0]
            statements = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1
            if isinstance(node, ast.FunctionDef) or statements >= LEAST_STATEMENTS:
                yield _outline(node), statements


def _outline(node: ast.AST) -> str:
    """The syntax in words: each name is the number of its first occurrence."""
    names: dict[str, int] = {}
    return NAME.sub(lambda name: f"{name[1]}={names.setdefault(name[2], len(names))}", ast.dump(node))
