"""What waits in a course or a class, for whom, and the command that goes on."""

from collections.abc import Collection, Iterator
from pathlib import Path

from autograde.course import answer_key, wording
from autograde.course.course import Course
from autograde.course.gradebook import has_gradebook
from autograde.course.results import FAILED, GRADED, REVIEW, WAITING, Result
from autograde.people import class_results, due_dates, late
from autograde.untrusted.names import shell_word

BY_STATUS = {
    **{status: f"{words}: {{students}}" for status, words in wording.NO_RESULT.items()},
    WAITING: f"{wording.NO_RESULT[WAITING]}: {{students}}. Run `autograde grade {{assignment}}`",
    REVIEW: "needs-review: {students}. Why: autograde explain {assignment} {first}",
    FAILED: "failed (internal error): {students}. Retry with `autograde grade {assignment}`",
}
STRANGERS = (
    "not on the roster, in no report or export until added: {students}. Add: autograde roster add {first}"
)


def notices(results: Collection[Result]) -> dict[str, list[str]]:
    """Sentences for `wording.lines_about`, in the order in which a person reads them, with the students of each."""
    graded = [one for one in results if one.status == GRADED]
    waiting = [one for one in graded if one.pending_manual]
    by_hand = wording.manual_in_words(sum(one.pending_manual for one in waiting))
    return {
        **{
            text: [one.student for one in results if one.status == status]
            for status, text in BY_STATUS.items()
        },
        f"not final, {by_hand}: {{students}}. `autograde lab --teacher`, then Nbgrader → Formgrader; or `autograde "
        "marks page {assignment}`": (
            ["all"] if len(waiting) == len(graded) > 1 else [one.student for one in waiting]
        ),
    }


def overview(root: Path) -> Iterator[str]:
    """Lines on each assignment of the course in a folder, from the gradebook and the folders.

    Raises:
        UsageError: the course or its gradebook cannot be opened.
        CourseError: the gradebook refuses.
    """
    if not has_gradebook(Course.open(root)):
        yield "nothing is released yet. Next: autograde roster import FILE, autograde release --all"
        return
    with class_results.graded_course(root) as (course, gradebook):
        dates, zones = late.read_due_dates(gradebook), late.read_zones(gradebook)
        for name in class_results.known_assignments(course, gradebook):
            word = shell_word(name)
            if name not in dates:
                yield f"{name}: not released: autograde release {word}"
                continue
            whole = class_results.read_class(course, gradebook, answer_key.read_key(gradebook, name))
            alone = {who: one for who, one in whole.graded.items() if who not in whole.groups}
            results = {**alone, **whole.together, **whole.strangers_graded}
            submitted = course.submitters(name)
            graded = [who for who, one in results.items() if one.status == GRADED]
            waiting = [Result(who, name, WAITING, 0.0) for who in submitted if who not in results]
            yield f"{name}: {due_dates.due_in_words(dates[name], zones.get(name))}, {len(submitted)} submitted, {len(graded)} graded"
            todo = notices([*results.values(), *waiting])
            pages = [who for who in graded if not course.is_returned(who, name)]
            todo["without a page: {students}. Run `autograde feedback {assignment}`"] = pages
            yield from (f"  {line}" for line in wording.lines_about(todo, name, wording.MOST_NAMED))
            if not submitted:
                yield f"  nothing submitted: autograde collect {word} FILE"
