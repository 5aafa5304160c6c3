"""What formgrader's buttons show: a result in words, and what a log warns of; not nbgrader's log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from autograde.grading.answer_key import read_key
from autograde.grading.course import Course
from autograde.grading.open_gradebook import open_gradebook
from autograde.grading.result_messages import happenings
from autograde.grading.results import Result
from autograde.grading.scores import read_results
from autograde.scores import points
from descentlab.sentences import say

WORTH_SAYING = ("[WARNING]", "[ERROR]", "[CRITICAL]")
USUAL = ("Removing existing", "Updating existing")  # what every second press of the button says


def in_words(capture: Callable[[Any], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """nbgrader's `capture_log`, after which a log is a submission's result and what it warns of."""

    @wraps(capture)
    def captured(app: Any, *words: Any, **options: Any) -> dict[str, Any]:
        shown = capture(app, *words, **options)
        graded = isinstance(app, Autograde) and shown.get("success")
        result_lines = _result_in_words(app) if graded else []
        shown["log"] = "\n".join([*result_lines, *worth_saying(shown.get("log", ""))])
        return shown

    return captured


def worth_saying(log: str) -> list[str]:
    """The warnings and errors of a log, without a stack and without what is said each time."""
    lines = [line for line in log.splitlines() if line.startswith(WORTH_SAYING)]
    plain = [line.partition("] ")[2] for line in lines]
    return [line for line in plain if line and not line.startswith(("Traceback", *USUAL))]


def words_of_result(result: Result) -> list[str]:
    """A result in lines: the score, what happened, what waits for a person."""
    score = say("{score} of {maximum} points", score=points(result.score), maximum=points(result.max_score))
    return [f"{result.student}: {score}", *happenings(result)]


def _result_in_words(app: Autograde) -> list[str]:
    directory = app.coursedir
    course = Course(Path(directory.root), app.config, directory)
    with closing(open_gradebook(course)) as gradebook:
        key = read_key(gradebook, directory.assignment_id)
        results = read_results(gradebook, key, [directory.student_id])
        return [line for one in results.values() for line in words_of_result(one.result)]
