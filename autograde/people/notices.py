"""What is to be done about a class: one sentence for each, whoever prints it."""

from collections.abc import Collection

from autograde.course.results import (
    FAILED,
    GRADED,
    REVIEW,
    WAITING,
    Result,
)
from autograde.course.wording import NO_RESULT, manual_in_words

BY_STATUS = {
    **{status: f"{words}: {{students}}" for status, words in NO_RESULT.items()},
    WAITING: f"{NO_RESULT[WAITING]}: {{students}}. Run `autograde grade {{assignment}}`",
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
    by_hand = manual_in_words(sum(one.pending_manual for one in waiting))
    return {
        **{
            text: [one.student for one in results if one.status == status]
            for status, text in BY_STATUS.items()
        },
        f"not final, {by_hand}: {{students}}. `autograde lab --teacher`, then Nbgrader → Formgrader": (
            ["all"] if len(waiting) == len(graded) > 1 else [one.student for one in waiting]
        ),
    }
