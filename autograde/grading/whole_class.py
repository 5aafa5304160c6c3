"""Everybody at once: who is on the roster with a result, who has none, and who handed in without being on it.

A course without a roster takes everybody who handed in; nobody is missing there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from autograde.grading.answer_key import AnswerKey
from autograde.grading.course import Course
from autograde.grading.flag_messages import GONE
from autograde.grading.gradebook import SharedGradebook
from autograde.grading.results import MISSING, WAITING, Result
from autograde.grading.scores import Graded, read_results, times_handed_in
from autograde.lateness.remembered import MARKED_LATE
from autograde.roster.nearest import described, nearest
from autograde.roster.people import Person, Roster, read_people, read_roster

LOOKED_FOR = 40  # strangers of whom the nearest are told


@dataclass(frozen=True)
class WholeClass:
    """One assignment's class: `graded` belong to it, `strangers_graded` do not; both by student, in order.

    Of the roster, `missing` have handed in nothing, `waiting` something that is not graded yet. `strangers`
    are not on it, each with the nearest of it as sentences name them. `gone` are graded, on it or not, and
    nothing of theirs is in submitted/ any more.
    """

    key: AnswerKey
    people: dict[str, Person]
    on_roster: bool  # whether the course has a roster
    graded: dict[str, Graded]
    missing: tuple[str, ...]
    waiting: tuple[str, ...]
    strangers: dict[str, tuple[str, ...]]
    strangers_graded: dict[str, Graded]
    gone: tuple[str, ...] = ()

    def results(self) -> list[Result]:
        """A line for everybody who belongs to the class, by student: who has no result has an empty one."""
        made = {student: one.result for student, one in self.graded.items()}
        for status, students in ((MISSING, self.missing), (WAITING, self.waiting)):
            for student in students:
                made[student] = Result(student, self.key.assignment, status, self.key.max_score)
        return [made[student] for student in sorted(made)]

    def person(self, student: str) -> Person:
        """What is known of a student."""
        return self.people.get(student, Person(student))


def read_class(course: Course, gradebook: SharedGradebook, key: AnswerKey) -> WholeClass:
    """The class of the key's assignment, as the gradebook and the folders of submissions have it."""
    marked = marked_without_time(gradebook, key.assignment)
    results = read_results(gradebook, key)
    gone = gone_of(course, key.assignment, results)
    graded = {
        who: replace(one, result=with_marks(course, one.result, marked, gone)) for who, one in results.items()
    }
    roster = read_roster(gradebook)
    people = read_people(gradebook)
    if roster is None:
        return WholeClass(key, people, False, graded, (), (), {}, {}, tuple(sorted(gone)))
    missing, waiting = without_result(course, roster, key.assignment, graded)
    others = {student: one for student, one in graded.items() if student not in roster}
    return WholeClass(
        key=key,
        people=people | roster,
        on_roster=True,
        graded={student: one for student, one in graded.items() if student in roster},
        missing=missing,
        waiting=waiting,
        strangers=strangers(others.keys() - gone, roster, people, (*missing, *waiting)),
        strangers_graded=others,
        gone=tuple(sorted(gone)),
    )


def without_result(
    course: Course, roster: Roster, assignment: str, graded: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of the roster who are not graded: who has handed in nothing, and who has handed in something."""
    without = [student for student in roster if student not in graded]
    handed_in = course.handed_in(without, assignment)
    return (
        tuple(student for student in without if student not in handed_in),
        tuple(student for student in without if student in handed_in),
    )


def marked_without_time(gradebook: SharedGradebook, assignment: str) -> set[str]:
    """Who was marked late where it was collected, and of whom no time is known."""
    marked = MARKED_LATE.students(gradebook, assignment)
    times = times_handed_in(gradebook, assignment) if marked else {}
    return {student for student in marked if times.get(student) is None}


def gone_of(course: Course, assignment: str, graded: Collection[str]) -> set[str]:
    """Who is graded and has nothing in submitted/ any more: matched to somebody else since, perhaps.

    Where nothing of the whole assignment is there any more it was put away, and nobody is named.
    """
    there = course.handed_in(graded, assignment)
    return set(graded) - there if there else set()


def with_marks(course: Course, result: Result, marked: set[str], gone: set[str]) -> Result:
    """The same, with a mark that says no time, and with a flag where nothing of it is in submitted/; where
    the points have changed since, with whether the student has a page that says it."""
    late = result.student in marked
    returned = result.points_now is not None and course.is_returned(result.student, result.assignment)
    flags = (*result.flags, GONE) if result.student in gone else result.flags
    if not (late or returned or flags is not result.flags):
        return result
    return replace(result, marked_late=late, returned=returned, flags=flags)


def strangers(
    students: Collection[str], roster: Roster, people: dict[str, Person], without: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Those of `students` who are not on the roster, each with the nearest of it, as sentences name them.

    Who of the roster has handed in nothing is nearest first. Of very many strangers the first ones alone have
    any: it is the roster that is wrong then, and to look for all would take half a minute.
    """
    likely, everybody = [roster[student] for student in without], list(roster.values())
    listed = {}
    for rank, student in enumerate(sorted(set(students) - roster.keys())):
        person = people.get(student, Person(student))
        close = [] if rank >= LOOKED_FOR else nearest(person, likely) or nearest(person, everybody)
        listed[student] = tuple(map(described, close))
    return listed
