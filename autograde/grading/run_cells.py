"""The steps `start` and `await_results`: every code cell of a notebook, in order, where it can do no harm.

What comes back was said by the student's process. The sandbox has rebuilt its outputs field by field (see
`autograde.untrusted.outputs`), and evidence is bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Protocol

from nbformat import NotebookNode, from_dict

from autograde.errors import MachineError
from autograde.grading.secret import seed_of
from autograde.grading.submission_run import NotebookRun, SubmissionRun
from autograde.sandbox import CellResult, CellTask, RunResult, Turn

SKIP = "skip-execution"


class SandboxFailedError(MachineError):
    """The sandbox failed, not the submission: a second try may work."""


class Sandbox(Protocol):
    """Where notebooks run: a local pool, or workers of a cluster."""

    def submit_run(
        self, cells: list[CellTask], seed: int, *, files: Mapping[str, bytes]
    ) -> Future[RunResult]:
        """Run the cells of one notebook; the future has a SandboxError for the machine's fault."""

    def turn(self, future: Future[RunResult]) -> Turn | None:
        """Where a run stands that is not done; None where nobody here knows."""

    def prove(self) -> None:
        """Wait until a submission is known to be able to read nothing withheld.

        Raises:
            SandboxError: it can, or nobody knows.
        """


def run_in_sandbox(
    run: SubmissionRun, sandbox: Sandbox, secret: bytes, files: Mapping[str, bytes]
) -> list[Future[RunResult]]:
    """Hand every notebook of a submission to the sandbox, with the files that belong to the assignment.

    Returns:
        One future for each notebook, in order.
    """
    futures = []
    for notebook_run in run.notebook_runs:
        notebook_run.seeds = {
            cell.grade_id: _seed(run, notebook_run, cell.grade_id, secret)
            for cell in notebook_run.key.cells.values()
            if cell.check
        }
        notebook_run.cells = cells_to_run(notebook_run.notebook)
        tasks = [_task(cell, notebook_run) for cell in notebook_run.cells]
        futures.append(sandbox.submit_run(tasks, _seed(run, notebook_run, "", secret), files=files))
    return futures


def _task(cell: NotebookNode, notebook_run: NotebookRun) -> CellTask:
    grade_id = grade_id_of(cell)
    if grade_id not in notebook_run.seeds:
        return CellTask(cell["source"])
    return CellTask(cell["source"], notebook_run.seeds[grade_id], notebook_run.key.cells[grade_id].check)


def take_results(run: SubmissionRun, futures: list[Future[RunResult]]) -> None:
    """Put what the runs gave into the notebooks.

    Raises:
        SandboxFailedError: it ended before the submission did.
    """
    for notebook_run, future in zip(run.notebook_runs, futures, strict=True):
        try:
            result = future.result()
        except Exception as error:
            raise SandboxFailedError.say("the sandbox failed: {error}", error=error) from error
        _take(run, notebook_run, result)


def _take(run: SubmissionRun, notebook_run: NotebookRun, result: RunResult) -> None:
    notebook_run.worker = result.worker
    for index, cell in enumerate(notebook_run.cells):
        ran = result.cells[index] if index < len(result.cells) else CellResult([], None, None)
        cell["outputs"] = from_dict(ran.outputs)
        cell["execution_count"] = ran.execution_count
        grade_id = grade_id_of(cell)
        if grade_id in notebook_run.seeds:
            notebook_run.evidence[grade_id] = ran.evidence
            notebook_run.verdicts_of_worker[grade_id] = ran.verdict
    for flag in result.flags:
        run.flag(flag)
    run.seconds += result.seconds
    run.cpu_seconds += result.cpu_seconds
    run.tier = result.tier if run.tier is None else min(run.tier, result.tier)


def cells_to_run(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that a run executes: those with a source, graded or not tagged to be skipped."""
    return [
        cell
        for cell in notebook.cells
        if cell["cell_type"] == "code"  # a node's attributes take five times as long as its items
        and cell["source"].strip()
        and (grade_id_of(cell) or SKIP not in cell["metadata"].get("tags", []))
    ]


def grade_id_of(cell: NotebookNode) -> str | None:
    """The id by which the gradebook knows the cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _seed(run: SubmissionRun, notebook_run: NotebookRun, grade_id: str, secret: bytes) -> int:
    submission = run.submission
    where = f"{notebook_run.key.name}/{grade_id}"
    return seed_of(secret, submission.student, submission.assignment, where, notebook_run.digest)
