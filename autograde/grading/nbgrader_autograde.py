"""`nbgrader autograde` and formgrader's button, in a configured course, grade as `autograde grade` does.

`course/nbgrader_patches.py` puts `start` in place of nbgrader's `Autograde.start`, so that no student's code ever
runs outside the sandbox, whoever grades.
"""

from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from autograde.course.course import Course
from autograde.course.result_messages import happenings
from autograde.course.results import GRADED, Result
from autograde.errors import AutogradeError
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.scores import points


def start(converter: Autograde) -> list[str]:
    """Grade what nbgrader was asked to grade; returns what its log is to show.

    Raises:
        NbGraderException: a submission has no grade, with the reason.
    """
    directory = converter.coursedir
    course = Course(Path(directory.root), converter.config, directory)
    assignment, pattern = directory.assignment_id, directory.student_id
    try:
        submitted = [] if pattern == "*" else [one.student for one in course.submissions(assignment)]
        students = tuple(student for student in submitted if fnmatchcase(student, pattern))
        if submitted and not students:
            raise NbGraderException(f"no submission by {pattern!r}")
        options = GradeOptions(assignment, course.root, students, force=converter.force)
        outcome = grade_class(options, course=course)
    except AutogradeError as error:
        converter.log.error("%s", error)
        raise NbGraderException(str(error)) from error
    lines = [line for result in outcome.results for line in result_lines(result)]
    if outcome.stopped or any(result.status != GRADED for result in outcome.results):
        lines += [outcome.stopped] if outcome.stopped else []
        converter.log.error("%s", "\n".join(lines))
        raise NbGraderException("\n".join(lines))
    return lines


def result_lines(result: Result) -> list[str]:
    """A result in lines: the score, what happened, what waits for a person."""
    score = f"{points(result.score)} of {points(result.max_score)} points"
    return [f"{result.student}: {score}", *happenings(result)]
