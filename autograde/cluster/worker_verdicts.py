"""A worker's verdicts on the evidence of its own runs, so that the grader, which is one process, keeps up.

A worker is believed what a submission did, and so its verdicts: with either it could give full marks. The
grader judges some of them again (`autograde/grading/judge.py`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock

from autograde.cluster.serialization import Task
from autograde.sandbox import CellResult, CellTask, RunResult
from descentlab import checks
from descentlab.sentences import language

_one_at_a_time = Lock()  # judging sets the whole process's filters of warnings


def with_verdicts(result: RunResult, task: Task) -> RunResult:
    """The result, each check with its verdict; none where none is wanted, or only in another language."""
    if task.language != language():
        return result
    cells = [_judged(*pair) for pair in zip(result.cells, task.cells, strict=False)]
    return replace(result, cells=cells)


def _judged(result: CellResult, cell: CellTask) -> CellResult:
    if not cell.check or cell.seed is None:
        return result
    with suppress(Exception), _one_at_a_time:  # the grader judges it itself, and says what is the matter
        return replace(result, verdict=checks.judge(cell.check, result.evidence, cell.seed).as_data())
    return result
