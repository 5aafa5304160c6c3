"""The step `judge`: from evidence to points, in the trusted parent.

The check's name and points come from the answer key, the seed from the course's secret. Where a cluster's
worker has judged already (`autograde/cluster/worker_verdicts.py`), one verdict in `JUDGED_AGAIN` is compared
with this machine's. A check cell's outputs are replaced by the verdict's. Other graded cells are the
instructor's ordinary nbgrader tests: they ran in the student's process, so their score is what that process
says, and is marked self-reported.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output

from autograde.errors import CourseError, MachineError
from autograde.grading.answer_key import AnswerKey, KeyCell
from autograde.grading.borrowed import borrowed_rules
from autograde.grading.run_cells import grade_id_of
from autograde.grading.submission_run import NotebookRun, SubmissionRun
from descentlab import checks
from descentlab.borrowing import says_borrowed
from descentlab.checks.judging import Verdict, display
from descentlab.checks.judging.verdict_data import read_verdict
from descentlab.checks.spec import RuleCheck
from descentlab.exercises import find
from descentlab.exercises.catalogue import mistakes
from descentlab.sentences import say

REFUSED = "NoPoints"
JUDGED_AGAIN = 50  # one in so many of a worker's verdicts, which nobody knows beforehand
LONGEST = 200  # characters of a student's error that a verdict repeats


def load_mistakes(key: AnswerKey) -> None:
    """Load what explains wrong answers, which takes longer than to judge one."""
    for notebook in key.notebooks.values():
        for cell in notebook.cells.values():
            if cell.check:
                mistakes(cell.check)


def judge_submission(run: SubmissionRun) -> None:
    """Put a verdict, or a reason for no points, into every graded cell.

    Raises:
        MachineError: a check of the instructor's that does not exist, or a judge that fails.
        CourseError: a worker of a cluster judged otherwise than this machine.
    """
    for notebook_run in run.notebook_runs:
        borrowed = borrowed_rules(notebook_run.notebook)
        for cell in notebook_run.notebook.cells:
            right = notebook_run.key.cells.get(grade_id_of(cell))
            if right is None or right.points is None or right.manual or cell.cell_type != "code":
                continue
            if right.check:
                _judge_check(run, notebook_run, cell, right, borrowed)
            else:
                _fail_closed(run, cell, right.points)


def _judge_check(
    run: SubmissionRun,
    notebook_run: NotebookRun,
    cell: NotebookNode,
    right: KeyCell,
    borrowed: frozenset[str],
) -> None:
    try:
        check = find(right.check)
        verdict = _verdict(run, notebook_run, right)
        if isinstance(check, RuleCheck) and check.rule in borrowed:
            verdict = Verdict.without_answer(check, "borrowed", says_borrowed())
        elif verdict.status == "no-evidence" and (stopped := _error_above(notebook_run, cell)):
            verdict = replace(
                verdict,
                cause=say("{cause}: the cell above it ended in {error}", cause=verdict.cause, error=stopped),
            )
        shown = display.outputs(verdict, right.points, cell.execution_count)
    except MachineError:
        raise
    except Exception as error:
        raise MachineError.say(
            "{grade_id}: {check!r} cannot be judged: {error!r}",
            grade_id=right.grade_id,
            check=right.check,
            error=error,
        ) from error
    notebook_run.verdicts[right.grade_id] = verdict
    cell.outputs = from_dict(shown)
    if verdict.status in ("no-evidence", "odd-evidence"):
        run.flag(verdict.status)


def _verdict(run: SubmissionRun, notebook_run: NotebookRun, right: KeyCell) -> Verdict:
    """A worker's verdict where it gave one, read field by field; some of them are compared with our own."""
    data = notebook_run.verdicts_of_worker.get(right.grade_id)
    if data is None:
        return _verdict_here(notebook_run, right)
    try:
        verdict = read_verdict(find(right.check), data)
    except ValueError as odd:
        raise MachineError.say(
            "the worker {where} answered oddly: {odd}", where=notebook_run.worker, odd=odd
        ) from odd
    if not secrets.randbelow(JUDGED_AGAIN) and _differ(verdict, _verdict_here(notebook_run, right)):
        raise CourseError.say(
            "the worker {where} judged {grade_id} of {student} otherwise than this machine: end that worker, "
            "and judge again here what it judged, with --rejudge",
            where=notebook_run.worker,
            grade_id=right.grade_id,
            student=run.submission.student,
        )
    return verdict


def _verdict_here(notebook_run: NotebookRun, right: KeyCell) -> Verdict:
    evidence = notebook_run.evidence.get(right.grade_id)
    return checks.judge(right.check, evidence, notebook_run.seeds[right.grade_id])


def _differ(one: Verdict, other: Verdict) -> bool:
    """Whether they differ in what they say. A picture's numbers may, on machines that add up otherwise."""
    return replace(one, paths=None) != replace(other, paths=None)


def _error_above(notebook_run: NotebookRun, check: NotebookNode) -> str:
    """How the code cell right above a check ended, in one line, where it ended in an error.

    The check's own outputs are not asked: the verdict replaces them, and a rejudging would not find them.
    """
    cells = [cell for cell in notebook_run.notebook.cells if cell.cell_type == "code"]
    index = next(at for at, cell in enumerate(cells) if cell is check)
    if not index or grade_id_of(cells[index - 1]) in notebook_run.seeds:
        return ""
    for output in cells[index - 1].outputs:
        if output.output_type == "error":
            line = " ".join(f"{output.ename}: {output.evalue}".split())
            return re.sub(r"\(\S+\.py, line", "(line", line)[:LONGEST].rstrip(": ")
    return ""


def _fail_closed(run: SubmissionRun, cell: NotebookNode, points: float) -> None:
    """Where nbgrader would give full points for nothing, or for an odd score, an error stands instead."""
    if any(output.output_type == "error" and output.ename == REFUSED for output in cell.outputs):
        return
    reason = None
    if cell.execution_count is None and not any(output.output_type == "error" for output in cell.outputs):
        reason = say("This cell was not run.")
    for output in cell.outputs:
        if output.output_type == "execute_result":
            reason = reason or _odd_score(output.data.get("text/plain"), points)
            break
    if reason:
        run.flag("odd-score" if cell.execution_count is not None else "not-run")
        cell.outputs = [
            *cell.outputs,
            new_output("error", ename=REFUSED, evalue=reason, traceback=[f"{REFUSED}: {reason}"]),
        ]
        # nbgrader reads the first output that decides: the error has to come first.
        cell.outputs.insert(0, cell.outputs.pop())


def _odd_score(text: Any, points: float) -> str | None:
    try:
        score = float(text)
    except (TypeError, ValueError):
        return say("The cell's value is not a number of points: {value!r}.", value=str(text)[:60])
    if not 0 <= score <= points:  # so that NaN is not, either
        return say(
            "The cell's value {score:g} is not between 0 and {points:g} points.", score=score, points=points
        )
    return None
