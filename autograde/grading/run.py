"""Step 3, `run_in_sandbox`: every code cell of a notebook, in order, where it can do no harm.

What comes back was said by the student's process. Outputs are rebuilt field by field, evidence is bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from nbformat import NotebookNode, from_dict

from autograde.errors import MachineError
from autograde.grading.secret import seed_of
from autograde.grading.work import Sheet, Work
from autograde.sandbox import CellResult, CellTask, RunResult

SKIP = "skip-execution"


class Sandbox(Protocol):
    """Where notebooks run: a local pool, or workers of a cluster."""

    def submit_run(
        self, cells: list[CellTask], seed: int, *, files: Mapping[str, bytes]
    ) -> Future[RunResult]:
        """Run the cells of one notebook; raises SandboxError in the future for the machine's fault."""


def run_in_sandbox(
    work: Work, sandbox: Sandbox, secret: bytes, files: Mapping[str, bytes]
) -> list[Future[RunResult]]:
    """Hand every notebook of a submission to the sandbox, with the files that belong to the assignment.

    Returns:
        One future for each notebook, in order.
    """
    futures = []
    for sheet in work.sheets:
        sheet.seeds = {
            cell.grade_id: _seed(work, sheet, cell.grade_id, secret)
            for cell in sheet.key.cells.values()
            if cell.check
        }
        cells = cells_to_run(sheet.notebook)
        tasks = [CellTask(cell.source, sheet.seeds.get(grade_id_of(cell))) for cell in cells]
        futures.append(sandbox.submit_run(tasks, _seed(work, sheet, "", secret), files=files))
    return futures


def take_results(work: Work, futures: list[Future[RunResult]]) -> None:
    """Put what the runs gave into the notebooks.

    Raises:
        MachineError: the sandbox failed.
    """
    for sheet, future in zip(work.sheets, futures, strict=True):
        try:
            result = future.result()
        except Exception as error:
            raise MachineError(f"the sandbox failed: {error}") from error
        _take(work, sheet, result)


def _take(work: Work, sheet: Sheet, result: RunResult) -> None:
    cells = cells_to_run(sheet.notebook)
    for place, cell in enumerate(cells):
        given = result.cells[place] if place < len(result.cells) else CellResult([], None, None)
        cell.outputs = clean_outputs(given.outputs)
        cell.execution_count = _count(given.execution_count)
        if grade_id_of(cell) in sheet.seeds:
            sheet.evidence[grade_id_of(cell)] = given.evidence
    for flag in result.flags:
        work.flag(flag)
    work.seconds += result.seconds
    work.cpu_seconds += result.cpu_seconds
    work.tier = result.tier if work.tier is None else min(work.tier, result.tier)


def cells_to_run(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that a run executes: those with a source, graded or not tagged to be skipped."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and (grade_id_of(cell) or SKIP not in cell.metadata.get("tags", []))
    ]


def grade_id_of(cell: NotebookNode) -> str | None:
    """The id by which the gradebook knows the cell."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _seed(work: Work, sheet: Sheet, grade_id: str, secret: bytes) -> int:
    submission = work.submission
    where = f"{sheet.key.name}/{grade_id}"
    return seed_of(secret, submission.student, submission.assignment, where, sheet.digest)


def clean_outputs(outputs: Any) -> list[NotebookNode]:
    """Output nodes of the four kinds with fields of the right types; anything else is dropped.

    They are what nbformat's schema wants by the way they are made; asking it costs 0.1 ms an output.
    """
    cleaned = (_clean(output) for output in outputs if isinstance(output, Mapping))
    return [from_dict(output) for output in cleaned if output is not None]


def _clean(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
    if kind == "error":
        traceback = output.get("traceback")
        return {
            "output_type": "error",
            "ename": _text(output.get("ename")),
            "evalue": _text(output.get("evalue")),
            "traceback": [_text(line) for line in traceback] if isinstance(traceback, list) else [],
        }
    if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), Mapping):
        return None
    metadata = output.get("metadata")
    fields = {
        "output_type": kind,
        "data": {str(mime): _content(str(mime), value) for mime, value in output["data"].items()},
        "metadata": dict(metadata) if isinstance(metadata, Mapping) else {},
    }
    if kind == "execute_result":
        fields["execution_count"] = _count(output.get("execution_count"))
    return fields


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else "".join(map(str, value)) if isinstance(value, list) else ""
    return text.encode("utf-8", "replace").decode()


def _content(mime: str, value: Any) -> Any:
    return value if isinstance(value, Mapping) and mime.endswith("json") else _text(value)


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
