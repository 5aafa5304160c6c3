"""`nbgrader autograde` and formgrader's button, graded by our pipeline."""

import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.converters.base import NbGraderException

from autograde.course.course import Course
from autograde.entries import wording
from autograde.entries.entry import GRADED
from autograde.errors import AutogradeError
from autograde.grading.grade_class import GradeOptions, grade_class


def grade_for_nbgrader(converter: Any) -> list[str]:
    """`nbgrader autograde` and formgrader's button grade as `autograde grade` does; returns lines for their log.

    `course/configuration.py` puts it in the place of nbgrader's `Autograde.start`, so that no student's code ever
    runs outside the sandbox.

    Raises:
        NbGraderException: a submission has no grade, with the reason.
    """
    directory = converter.coursedir
    course = Course(Path(directory.root), converter.config, directory)
    assignment, pattern = directory.assignment_id, directory.student_id
    try:
        submitted = [] if pattern == "*" else [one.student for one in course.submissions(assignment)]
        students = tuple(fnmatch.filter(submitted, pattern))
        if submitted and not students:
            raise NbGraderException(f"no submission by {pattern!r}")
        options = GradeOptions(assignment, course.root, students, force=converter.force)
        outcome = grade_class(options, course=course)
    except AutogradeError as error:
        converter.log.error("%s", error)
        raise NbGraderException(str(error)) from error
    lines = [
        line
        for one in outcome.results
        for line in (
            f"{one.student}: {wording.score_of(one.score, one.max_score)} points",
            *wording.what_happened(one),
        )
    ]
    if outcome.stopped or any(result.status != GRADED for result in outcome.results):
        lines += [outcome.stopped] if outcome.stopped else []
        converter.log.error("%s", "\n".join(lines))
        raise NbGraderException("\n".join(lines))
    return lines
