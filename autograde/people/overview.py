"""What waits in a course or a class, for whom, and the command that goes on."""

from collections.abc import Iterator
from pathlib import Path

from autograde.book import class_results, late, releases
from autograde.book.gradebook import has_gradebook
from autograde.course.course import Course
from autograde.entries import wording
from autograde.entries.entry import GRADED, WAITING, Entry, Person
from autograde.people import due_dates
from autograde.untrusted.names import shell_word


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
            whole = class_results.read_class(course, gradebook, releases.read_key(gradebook, name))
            alone = {who: one for who, one in whole.graded.items() if who not in whole.groups}
            results = {**alone, **whole.together, **whole.strangers_graded}
            submitted = course.submitters(name)
            graded = [who for who, one in results.items() if one.status == GRADED]
            waiting = [Entry(Person(who), name, WAITING, 0.0) for who in submitted if who not in results]
            yield f"{name}: {due_dates.due_in_words(dates[name], zones.get(name))}, {len(submitted)} submitted, {len(graded)} graded"
            todo = wording.notices([*results.values(), *waiting])
            pages = [who for who in graded if not course.is_returned(who, name)]
            todo["without a page: {students}. Run `autograde feedback {assignment}`"] = pages
            yield from (f"  {line}" for line in wording.lines_about(todo, name, wording.MOST_NAMED))
            if not submitted:
                yield f"  nothing submitted: autograde collect {word} FILE"
