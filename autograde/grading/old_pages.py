"""Feedback that was written before a score changed: nobody is to hand it back unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograde.grading.course import Course
from autograde.roster.naming import named
from descentlab.sentences import say


def old_pages(course: Course, assignment: str, students: Iterable[str]) -> Iterator[str]:
    """That pages of these students lie there from before; nothing where there are none."""
    of = [student for student in students if course.folder("feedback", student, assignment).is_dir()]
    if of:
        yield say(
            "feedback written before this, which `autograde feedback {assignment}` writes anew: {students}",
            assignment=assignment,
            students=named(sorted(of)),
        )
