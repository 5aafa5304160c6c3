"""Gradescope: one results.json per student, in text only."""

from collections.abc import Sequence
from typing import Any

from autograde.course.flags import sentences_of
from autograde.course.results import CellScore, Result
from autograde.files import json_bytes
from autograde.lms.rows import Exported, ScoreRow


def result_files(rows: Sequence[ScoreRow]) -> Exported:
    """Files named STUDENT.json; a submission without a score has none, nor one of an earlier export."""
    files = {
        f"{row.student}.json": None if row.result.score is None else json_bytes(results_json(row.result))
        for row in rows
    }
    left_out = [row.student for row in rows if row.result.score is None]
    return Exported(files, left_out=left_out, open_scores=True)


def results_json(result: Result) -> dict[str, Any]:
    """The object that Gradescope reads; answers that wait for manual grading have no score.

    A submission that needs attention has the score 0 here, and says why: without a score Gradescope tells the
    student of a fault of the autograder.
    """
    sentences = [*sentences_of(result.flags), *(result.notes if result.score is None else ())]
    return {
        "score": result.score or 0.0,
        "execution_time": round(result.seconds, 3),
        "output": " ".join(sentences),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(cell) for cell in result.cells if result.score is not None],
    }


def _test(cell: CellScore) -> dict[str, Any]:
    test = {"name": cell.check or cell.grade_id, "name_format": "text", "output_format": "text"}
    if cell.score is None:
        return {**test, "output": "to be graded by a person"}
    passed = cell.score >= cell.max_score
    return {
        **test,
        "score": cell.score,
        "max_score": cell.max_score,
        "status": "passed" if passed else "failed",
        "output": "" if passed else "\n".join(cell.lines()),
    }
