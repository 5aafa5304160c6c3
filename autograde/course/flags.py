"""Flags of a submission, and the notes that explain them.

A row of the gradebook keeps ids and values; the sentence is made where it is shown.
"""

from dataclasses import dataclass
from string import Formatter
from typing import Any

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

GONE_NEXT = template(
    "graded, but no longer in submitted/: {students}. The points count. Put it back, or remove "
    "them: autograde student erase {first} --assignment {assignment} --yes"
)
OF_NOTEBOOK = "notebook/"  # with what `untrusted.notebook` says is odd, the id of a note
NOTES = {
    "not-used": template("files of the submission that were not used: {files}"),
    "put-back": template("put back as released: {cells}"),
    HOOKED: template("event hooks that the solution does not have ran around: {cells}"),
    "as-shipped": template("as-shipped, the installed reference but for names and layout: {cells}"),
    "twice": template("more than one cell is {cells}: delete all but one"),
    "missing": template("{file} is not there and no other notebook is"),
    "renamed": template("{file} is not there; found {others}. Rename it if it is the one"),
    "no-folder": template("{name} is a file or a link: put the notebook into a folder of that name"),
    "folder-unreadable": template("the folder {name} cannot be read: {reason}"),
    "many-files": template("the folder holds more than {most} files"),
    "unreadable": template("{file} cannot be read: {reason}"),
    "link": template("{file} is a link, not a file"),
    "irregular": template("{file} is not a regular file"),
    "large": template("{file} is larger than {megabytes} MB"),
    "empty": template("{file} is empty"),
    "costly": template("{file} cannot be read with {seconds} seconds or {mebibytes} MiB"),
    "notebook/not-utf-8": template("{file} is not UTF-8 text"),
    "notebook/not-json": template("{file} is not JSON: {error} at line {line}"),
    "notebook/constant": template("{file} is not JSON: it holds {literal}"),
    "notebook/key-twice": template("{file} is not JSON: a key stands twice in one object"),
    "notebook/unreadable": template("{file} cannot be read: {error}"),
    "notebook/many-values": template("{file} holds more than {most} values"),
    "notebook/long-number": template("{file} holds a number longer than {most} digits"),
    "notebook/large-number": template("{file} holds a number too large for a float"),
    "notebook/deep": template("{file} is nested deeper than {most}"),
    "notebook/format-3": template("{file} is in notebook format 3: open and save it in JupyterLab"),
    "notebook/not-format-4": template("{file} is not in notebook format 4"),
    "notebook/no-cells": template("{file} is no notebook: it has no list of cells"),
    "notebook/many-cells": template("{file} has more than {most} cells"),
    "notebook/cell-type": template("{file} has an odd cell {cell}: neither code nor markdown nor raw"),
    "notebook/cell-metadata": template("{file} has an odd cell {cell}: its metadata is no object"),
    "notebook/cell-source": template("{file} has an odd cell {cell}: its source is no text"),
    "notebook/cell-length": template(
        "{file} has an odd cell {cell}: its source is longer than {most} characters"
    ),
}


@dataclass(frozen=True)
class Note:
    """What one of `NOTES` says of a submission, by its id and the values it names."""

    name: str
    values: dict[str, Any]

    def sentence(self) -> str:
        """The sentence."""
        return say(NOTES[self.name], **self.values)


def note(name: str, /, **values: str | int) -> Note:
    """A note.

    Raises:
        KeyError: no such note, or a value that it names is not there.
    """
    return Note(name, {field: values[field] for field in fields_of(name)})


def fields_of(name: str) -> list[str]:
    """The values that a note names."""
    return [field for _, field, _, _ in Formatter().parse(NOTES[name]) if field]


def words_of(flag: str) -> str:
    """A flag in the instructor's table."""
    return FLAGS[flag].words if flag in FLAGS else flag


def sentences_of(flags: tuple[str, ...]) -> tuple[str, ...]:
    """What flags say on the student's page."""
    return tuple(say(FLAGS[flag].sentence) for flag in flags if flag in FLAGS and FLAGS[flag].sentence)


class NeedsReviewError(Exception):
    """A submission that only a person can judge.

    Attributes:
        flag: the word for it in tables and JSON, e.g. "malformed".
        note: what was seen, and where.
    """

    def __init__(self, flag: str, reason: Note) -> None:
        super().__init__(reason.sentence())
        self.flag, self.note = flag, reason
