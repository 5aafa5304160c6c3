"""What was graded, read without grading: a course, an assignment, and everybody of the class.

The class is the roster: who has a result, who has none, and who submitted without being on it. A course
without a roster takes every submission; nobody is missing there.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isclose
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Row

from autograde.book import marks, releases, submission_rows
from autograde.book.gradebook import SharedGradebook, has_gradebook, opened_gradebook, require_course
from autograde.book.late import (
    LATE_FLAGS,
    LateRule,
    Times,
    read_due_dates,
)
from autograde.book.roster import (
    files_not_collected,
    in_two_ways,
    read_people,
    read_roster,
    read_submitters,
    require_on_roster,
)
from autograde.course.course import Course, grader_at_work, only_grader
from autograde.entries import matching, wording
from autograde.entries.answer_key import AnswerKey
from autograde.entries.entry import (
    MISSING,
    NOT_COLLECTED,
    ODD_TIMESTAMP,
    REVIEW,
    SUBMISSION_GONE,
    WAITING,
    CellScore,
    Entry,
    Groups,
    Person,
    WholeClass,
)
from autograde.errors import UsageError
from autograde.untrusted.names import shell_word

AT_WORK = "a grader is at work here: scores of before and after it may be mixed. Wait for its end"
OLDER_PENALTY = "formgrader still shows an older late penalty: {students}. Bring it up to date: autograde grade {assignment}"


@contextmanager
def graded_course(
    course_dir: Path, assignment: str | None = None
) -> Iterator[tuple[Course, SharedGradebook]]:
    """A course and a snapshot of its gradebook, to read results; closed at the end.

    Args:
        assignment: what the error names where there is no gradebook; None is the whole course.

    Raises:
        UsageError: the course or its gradebook is missing.
    """
    course = Course.open(course_dir)
    with _prepared(course, assignment) as gradebook, gradebook.snapshot() as snapshot:
        yield course, snapshot


@contextmanager
def graded_course_alone(course_dir: Path) -> Iterator[tuple[Course, SharedGradebook]]:
    """A course and its gradebook, to change grades: no other grader is at work meanwhile.

    Raises:
        UsageError: one is, or as `graded_course`.
    """
    course = Course.open(course_dir)
    with _prepared(course) as gradebook, only_grader(course):
        yield course, gradebook


@contextmanager
def _prepared(course: Course, assignment: str | None = None) -> Iterator[SharedGradebook]:
    require_course(course)
    if not has_gradebook(course):
        raise nothing_graded(course, assignment)
    with opened_gradebook(course) as gradebook:
        submission_rows.prepare(gradebook)
        yield gradebook


@contextmanager
def graded_assignment(
    course_dir: Path, assignment: str, students: list[str] | None = None
) -> Iterator[tuple[Course, SharedGradebook, AnswerKey]]:
    """A graded assignment's course, gradebook and key; closed at the end.

    Raises:
        UsageError: the course, the assignment or a student is unknown, or nothing is graded yet.
    """
    with graded_course(course_dir, assignment) as (course, gradebook):
        yield course, gradebook, key_of_graded(course, gradebook, assignment, students)


def key_of_graded(
    course: Course, gradebook: SharedGradebook, assignment: str, students: list[str] | None = None
) -> AnswerKey:
    """The key of a graded assignment.

    Raises:
        UsageError: the assignment or a student is unknown, or nothing is graded yet.
    """
    require_known(course, gradebook, assignment)
    graded = submission_rows.graded_students(gradebook, assignment)
    if not graded:
        raise nothing_graded(course, assignment)
    if students:
        submitters = read_submitters(course, gradebook, assignment, graded, read_roster(gradebook))
        graded |= {who for who, name in submitters.items() if name in graded}
    missing = min(set(students or []) - graded, default=None)
    if missing is not None:
        roster = read_roster(gradebook) or {missing: Person(missing)}
        require_on_roster([missing], roster)
        who = matching.described(roster[missing])
        if course.submitted([missing], assignment):
            command = f"autograde grade {shell_word(assignment)}"
            raise UsageError(f"the submission of {who} is not graded yet: {command}")
        sent = files_not_collected(gradebook, assignment).get(missing)
        raise UsageError(f"{who} {sent or f'has not submitted {assignment!r}'}.")
    return releases.read_key(gradebook, assignment)


def known_assignments(course: Course, gradebook: SharedGradebook) -> list[str]:
    """The names in the source folder or the gradebook, sorted."""
    return sorted({*course.source_assignments(), *read_due_dates(gradebook)})


def require_known(course: Course, gradebook: SharedGradebook, assignment: str) -> None:
    """Refuse an assignment that the course does not know.

    Raises:
        UsageError: naming the closest that it knows.
    """
    course.require_assignment(assignment, known_assignments(course, gradebook))


def submitted_assignments(course_dir: Path) -> list[str]:
    """The assignments that somebody submitted.

    Raises:
        UsageError: no course there, or nobody submitted anything.
    """
    course = Course.open(course_dir)
    names = [name for name in course.source_assignments() if course.submitters(name)]
    if not names:
        raise UsageError(f"nothing was submitted in {course.root}: autograde collect --help")
    return names


def nothing_graded(course: Course, assignment: str | None = None) -> UsageError:
    """The error of a command about graded work, of an assignment or of the whole course."""
    what = f"of {assignment!r}" if assignment else f"in {course.root}"
    command = f"autograde grade {shell_word(assignment or 'ASSIGNMENT')}"
    return UsageError(f"nothing {what} is graded yet: {command}")


def read_class(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, corrected: Times = MappingProxyType({})
) -> WholeClass:
    """The class of the key's assignment, from the gradebook and the folders of submissions.

    `corrected`: when students submitted, where that is another time than the gradebook's.
    """
    stored = submission_rows.read_results(gradebook, key)
    people, roster = read_people(gradebook), read_roster(gradebook)
    people |= roster or {}
    gone = no_longer_submitted(course, key.assignment, stored)
    rule = LateRule(gradebook, course.config)
    every = with_lateness(course, rule, key.assignment, stored.values(), gone, corrected)
    graded = {result.student: result for result in every}
    older = [who for who, one in graded.items() if not isclose(one.penalty, stored[who].penalty)]
    groups = read_submitters(course, gradebook, key.assignment, graded, roster)
    together = {name: graded.pop(name) for name in set(groups.values()) if name in graded}
    alone = graded.keys() | course.submitted(groups, key.assignment)
    if together:
        graded |= _shared_among(
            gradebook, key, together, groups, alone, rule.of_members(key.assignment, corrected)
        )
    enrolled = (roster or graded).keys()  # without a roster everybody belongs to the class
    without = without_result(course, gradebook, key, enrolled - graded.keys(), groups)
    groups = {who: name for who, name in groups.items() if name in together and who not in alone}

    def known(entries: dict[str, Entry]) -> dict[str, Entry]:
        """The entries with whose they are, and where the notebooks lie."""
        return {
            who: replace(
                one,
                person=people.get(who, one.person),
                submitter=groups.get(who, who),
                submitted=one.submitted or (stored[who].submitted if who in stored else None),
                folder=course.folder("autograded", groups.get(who, who), key.assignment),
            )
            for who, one in entries.items()
        }

    return WholeClass(
        key=key,
        people=people,
        on_roster=roster is not None,
        graded=known({student: one for student, one in graded.items() if student in enrolled}),
        without=known(without),
        strangers=tuple(sorted(graded.keys() - gone - enrolled)),
        strangers_graded=known({student: one for student, one in graded.items() if student not in enrolled}),
        groups=groups,
        together=known(together),
        gone=tuple(sorted(gone)),
        older_penalties=older,
    )


def _shared_among(
    gradebook: SharedGradebook,
    key: AnswerKey,
    together: dict[str, Entry],
    groups: Groups,
    alone: set[str],
    lateness: Callable[[str, str, float], tuple[float, float]],
) -> Iterator[tuple[str, Entry]]:
    """Each member's result, with the member's own lateness, points and comments.

    Args:
        together: what the groups handed in, by their names.
        alone: who handed in without the group.
    """
    own_marks = marks.read_own_marks(gradebook, key.assignment)
    for student, group in groups.items():
        if (result := together.get(group)) is None:
            continue
        if student in alone:
            said = in_two_ways(student, group, key.assignment)
            yield student, Entry(Person(student), key.assignment, REVIEW, result.max_score, notes=(said,))
            continue
        cells = tuple(_with_own(cell, own_marks.get((student, cell.name))) for cell in result.cells)
        reached = sum(cell.score or 0.0 for cell in cells)
        late, penalty = lateness(student, group, reached)
        score = None if result.score is None else max(0.0, reached - penalty)
        yield (
            student,
            replace(result, person=Person(student), cells=cells, late=late, penalty=penalty, score=score),
        )


def _with_own(cell: CellScore, mark: Row | None) -> CellScore:
    if mark is None:
        return cell
    score = cell.score if mark.points is None else mark.points
    score = None if score is None else score + (mark.extra or 0.0)
    comment = "" if cell.waits else mark.comment or cell.comment
    return replace(cell, score=score, graded_by_hand=True, comment=comment)


def read_classes(
    course: Course, gradebook: SharedGradebook, assignment: str | None
) -> tuple[list[WholeClass], list[str]]:
    """The class of an assignment, or the classes of all that are graded; and lines on what may be doubted of them.

    Raises:
        UsageError: the assignment is unknown, or nothing is graded yet.
    """
    doubts = [AT_WORK] if grader_at_work(course) else []
    dated = read_due_dates(gradebook)
    names = (
        [assignment]
        if assignment
        else [name for name in dated if submission_rows.graded_students(gradebook, name)]
    )
    if not names:
        raise nothing_graded(course)
    classes = [read_class(course, gradebook, key_of_graded(course, gradebook, name)) for name in names]
    for whole in classes:
        doubts += wording.lines_about({OLDER_PENALTY: whole.older_penalties}, whole.key.assignment)
    return classes, doubts


def without_result(
    course: Course, gradebook: SharedGradebook, key: AnswerKey, students: Collection[str], groups: Groups
) -> dict[str, Entry]:
    """An empty result for each of these students who are not graded, which says why, in order."""
    left = files_not_collected(gradebook, key.assignment)
    of_groups = {groups.get(who, who): sent for who, sent in left.items()}  # whichever member sent it
    submitted = course.submitted({*students, *groups.values()}, key.assignment)
    made = {}
    for student in sorted(students):
        group = groups.get(student, student)
        result = Entry(Person(student), key.assignment, MISSING, key.max_score)
        if {student, group} & submitted:
            result = replace(result, status=WAITING)
        elif sent := left.get(student) or of_groups.get(group):
            result = replace(result, status=NOT_COLLECTED, notes=(sent,))
        made[student] = result
    return made


def without_time(gradebook: SharedGradebook, assignment: str, corrected: Times) -> tuple[set[str], set[str]]:
    """Submissions of unknown time: those that a system marked late, and those that it did not pack."""
    flagged = dict(LATE_FLAGS.rows(gradebook, "student", "late", assignment=assignment))
    times = {**submission_rows.submission_times(gradebook, assignment), **corrected}
    undated = {who for who, when in times.items() if when is None}
    return {who for who in undated if flagged.get(who)}, undated - flagged.keys()


def no_longer_submitted(course: Course, assignment: str, graded: Collection[str]) -> set[str]:
    """Who is graded but no longer in submitted/: matched to another student since, perhaps.

    Empty where all submissions of the assignment were put away.
    """
    there = course.submitted(graded, assignment)
    return set(graded) - there if there else set()


def with_lateness(
    course: Course,
    rule: LateRule,
    assignment: str,
    results: Iterable[Entry],
    gone: Collection[str],
    corrected: Times = MappingProxyType({}),
) -> Iterator[Entry]:
    """The results with what lateness costs now, a system's late mark, flags for a missing submission and for an unknown
    time that may cost points, and whether feedback was returned before the points changed.
    """
    late_now = rule.now(assignment, corrected)
    marked, unknown = without_time(rule.gradebook, assignment, corrected)
    may_cost = rule.costs_points() and read_due_dates(rule.gradebook).get(assignment)
    for result in results:
        student = result.student
        undated = may_cost and student in marked | unknown
        flags = tuple(flag for flag in result.flags if flag != ODD_TIMESTAMP)
        late, penalty = late_now.get(student, (0.0, 0.0))
        reached = sum(cell.score or 0.0 for cell in result.cells)
        yield replace(
            result,
            late=late,
            penalty=penalty,
            score=None if result.score is None else max(0.0, reached - penalty),
            marked_late=student in marked,
            returned=result.points_now is not None and course.is_returned(student, assignment),
            flags=flags + (SUBMISSION_GONE,) * (student in gone) + (ODD_TIMESTAMP,) * bool(undated),
        )
