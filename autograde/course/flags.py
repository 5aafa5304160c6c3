"""Flags of a submission: a row of the gradebook keeps their ids, and the sentence is made where it is shown."""

from dataclasses import dataclass

from descentlab.sentences import say, template


@dataclass(frozen=True)
class FlagMessage:
    """A flag for the instructor's table, in few words, and for the student's page, if it says anything."""

    words: str
    sentence: str = ""


SELF_REPORTED = "self-reported: stock nbgrader graded it, in the student's own process"
GONE = "submission-gone"
UNDATED = "odd-timestamp"
HOOKED = "event-hooks"
FLAGS = {
    GONE: FlagMessage("graded, but no longer in submitted/"),
    "timeout": FlagMessage(
        "ran too long and was stopped",
        template("A cell ran too long and was stopped."),
    ),
    "memory": FlagMessage(
        "used more memory than allowed",
        template("Your notebook used more memory than allowed and was stopped."),
    ),
    "processes": FlagMessage(
        "started more processes than allowed",
        template("Your notebook started more processes than allowed and was stopped."),
    ),
    "disk": FlagMessage(
        "wrote more than allowed",
        template("Your notebook wrote more to the disk than allowed."),
    ),
    "output-limit": FlagMessage(
        "printed more than allowed",
        template("Your notebook printed more than allowed; the rest was cut off."),
    ),
    "died": FlagMessage(
        "its process ended in the middle",
        template("The process that ran your notebook ended in the middle: what came after it was not run."),
    ),
    "slow": FlagMessage("slept, or waited, for nearly all of its time"),
    "altered-cells": FlagMessage(
        "locked cells were changed or deleted, and put back",
        template("Graded cells were changed or missing. They were put back as they had been handed out."),
    ),
    "no-evidence": FlagMessage("a check got no answer"),
    "odd-evidence": FlagMessage("a check got an answer that cannot be judged"),
    "odd-score": FlagMessage("a test cell's score was no number of points"),
    "not-run": FlagMessage("a graded cell was not reached"),
    "odd-reply": FlagMessage("its sandbox sent an odd reply"),
    "malformed": FlagMessage("cannot be read as a notebook"),
    "missing-notebook": FlagMessage("its notebook is missing"),
    "duplicate-ids": FlagMessage("it has a cell twice"),
    UNDATED: FlagMessage("submitted at an unknown time, so no late penalty"),
    HOOKED: FlagMessage("event hooks ran around a test cell: its points wait for you"),
    "as-shipped": FlagMessage("as-shipped: an answer is the installed reference but for names"),
}

GONE_NEXT = (
    "graded, but no longer in submitted/: {students}. The points count. Put it back, or remove "
    "them: autograde student erase {first} --assignment {assignment} --yes"
)
REVIEW_NEXT = (
    "Fix or rename the file in submitted/, or ask the student for it and run "
    "`autograde collect {assignment} FILE --update`; then `autograde grade {assignment}`"
)


def words_of(flag: str) -> str:
    """A flag in the instructor's table."""
    return FLAGS[flag].words if flag in FLAGS else flag


def sentences_of(flags: tuple[str, ...]) -> tuple[str, ...]:
    """What flags say on the student's page."""
    return tuple(say(FLAGS[flag].sentence) for flag in flags if flag in FLAGS and FLAGS[flag].sentence)


class NeedsReviewError(Exception):
    """A submission that only a person can judge; its text says what was seen, and where.

    Attributes:
        flag: the word for it in tables and JSON, e.g. "malformed".
    """

    def __init__(self, flag: str, reason: str) -> None:
        super().__init__(reason)
        self.flag = flag
