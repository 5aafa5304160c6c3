"""Gradescope: one results.json a student, in text only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.export.rows import ScoreRow
from autograde.export.table import Exported
from autograde.files import json_bytes
from autograde.grading.flag_messages import sentences_of
from autograde.grading.results import Result
from descentlab.sentences import say

NAME = "gradescope"


def export(rows: Sequence[ScoreRow], template: DelimitedTable | None, column: str | None) -> Exported:
    """Files named STUDENT.json; a submission that a person has to look at has none.

    Raises:
        UsageError: a template, which this format does not have.
    """
    if template:
        raise UsageError.say("gradescope takes no --template: it writes a folder of results.json files.")
    # An earlier export may have left the file of somebody who has no score any more.
    files = {
        f"{row.student}.json": None if row.result.score is None else json_bytes(results(row.result))
        for row in rows
    }
    left_out = [row.student for row in rows if row.result.score is None]
    return Exported(files, left_out=left_out, open_scores=True)


def results(result: Result) -> dict[str, Any]:
    """The object Gradescope reads; answers that wait for a person are named without a score.

    A submission that a person has to look at has the score 0 here, and says why: without one Gradescope tells
    the student of a fault of the autograder.
    """
    tests = []
    for cell in result.cells if result.score is not None else ():
        test: dict[str, Any] = {
            "name": cell.check or cell.grade_id,
            "name_format": "text",
            "output_format": "text",
        }
        if cell.score is None:
            test["output"] = say("to be graded by a person")
        else:
            passed = cell.score >= cell.max_score
            test |= {
                "score": cell.score,
                "max_score": cell.max_score,
                "status": "passed" if passed else "failed",
            }
            test["output"] = "" if passed else "\n".join(cell.lines())
        tests.append(test)
    said = [*sentences_of(result.flags), *(result.notes if result.score is None else ())]
    return {
        "score": result.score or 0.0,
        "execution_time": round(result.seconds, 3),
        "output": " ".join(said),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
