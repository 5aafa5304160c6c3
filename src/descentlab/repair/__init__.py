"""The place in a student's own code where one change makes a wrong answer right.

What it says cannot be false: with that change the answer is right on every probe. It runs in the student's own
kernel, never in the grader's sandbox, and never shows the change.

`changes`   the table of changes
`source`    the code of an answer in the cells that ran
`search`    trying the changes
`child`     a forked process in which that does no harm
"""

import ast
import os
import sys
from itertools import groupby
from typing import Any, NamedTuple

from descentlab.checks.recording.time_limit import is_main_thread
from descentlab.repair.search import MOST_PLACES, Found, apart, span_of
from descentlab.repair.source import Answer
from descentlab.sentences import capital, say

LONGEST = 60
"""Characters of code that a sentence quotes."""


class Where(NamedTuple):
    """A sentence, and the name of the function or class whose cell it speaks of."""

    sentence: str
    name: str


def where(check: str, answer: Any) -> Where | None:
    """The place or the two places where one change makes an answer right; None where there is none to name.

    Only on the main thread of a system that can fork, and at most for a second.
    """
    if not hasattr(os, "fork") or sys.platform == "emscripten" or not is_main_thread():
        return None
    try:
        from descentlab.repair.child import places

        own = Answer(answer)
        return in_words(places(check, own), own)
    except Exception:  # an odd object, no process left: the verdict has no place, and nothing else is lost
        return None


def in_words(found: list[Found], own: Answer) -> Where | None:
    """The sentence on one place or two, of the first kind that has no more; else on the part that holds them all."""
    kinds = [apart([*group]) for _, group in groupby(found, key=lambda one: one.what)]
    places = next((few for few in kinds if len(few) <= MOST_PLACES), kinds[0] if kinds else [])
    if len(places) > MOST_PLACES:
        places = _around(places, own)
    if not places:
        return None
    named = [_named(one, own) for one in places]
    if len(named) == 1:
        sentence = say("One change makes it right. {place}.", place=capital(named[0]))
    else:
        words = "One change in either of two places makes it right. {place}; or {other}."
        sentence = say(words, place=capital(named[0]), other=named[1])
    return Where(sentence, own.parts[places[0].part].definition.name)


def _around(found: list[Found], own: Answer) -> list[Found]:
    """The smallest part of one line that contains all places; none where there is no such part."""
    begin, end = min(one.begin for one in found), max(one.end for one in found)
    if begin[0] != end[0] or len({one.part for one in found}) > 1:
        return []
    definition = own.parts[found[0].part].definition
    spans = [span_of(node) for node in ast.walk(definition) if isinstance(node, ast.expr | ast.stmt)]
    around = [span for span in spans if span[0] <= begin and span[1] >= end]  # what is inside comes later
    return [found[0]._replace(begin=around[-1][0], end=around[-1][1])]


def _named(found: Found, own: Answer) -> str:
    part = own.parts[found.part]
    (line, column), (end_line, end_column) = found.begin, found.end
    text = (
        part.source.splitlines()[line - 1]
        .encode()[column : end_column if end_line == line else None]
        .decode()
        .strip()
    )
    code = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    words = "line {line}, `{code}`: look at {what}"
    if found.part:
        words = "line {line} of the cell of {name}, `{code}`: look at {what}"
    return say(words, line=line, code=code, what=say(found.what), name=part.definition.name)
