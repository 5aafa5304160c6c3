"""The places in a student's own code where a change or two make a wrong answer right.

What it says cannot be false: with those changes the answer is right on every probe. It runs in the student's own
kernel, never in the grader's sandbox, and never shows the change.

`changes`   the table of changes
`source`    the code of an answer in the cells that ran
`target`    what of an answer is right
`search`    trying the changes
`child`     a forked process in which that does no harm
`here`      the search where no process can be forked
"""

import ast
import os
import sys
from itertools import groupby
from typing import Any, NamedTuple

from descentlab.checks.recording.time_limit import is_main_thread
from descentlab.repair.search import MOST_PLACES, Found, apart, span_of
from descentlab.repair.source import Answer, computed, defined
from descentlab.sentences import capital, say

LONGEST = 60
"""Characters of code that a sentence quotes."""


class Where(NamedTuple):
    """A sentence on a place in the student's code."""

    sentence: str
    name: str
    """Of the function or class whose cell it speaks of; of a value, its check's."""
    makes_right: bool = True
    """Whether all is right with a change there."""


def where(check: str, answer: Any, names: dict[str, Any]) -> Where | None:
    """The places where a change or two make an answer right, or part of it; else what it never uses; None if nothing.

    Only on the main thread, and at most for a second. `names`: those of the notebook.
    """
    if not is_main_thread():
        return None
    try:
        if hasattr(os, "fork") and sys.platform != "emscripten":
            from descentlab.repair.child import places
        else:
            from descentlab.repair.here import places
        own = defined(answer) if callable(answer) else computed(check, answer, names)
        return in_words(places(check, own), own) or _unused(own)
    except Exception:  # an odd object, no process left: the verdict has no place, and nothing else is lost
        return None


def in_words(found: list[Found], own: Answer) -> Where | None:
    """The sentence on one place or two, of the first kind that has no more; else on the part that holds them all.

    Where one change is not enough: on the last that was found.
    """
    if found and (found[-1].other or found[-1].gained):
        return _in_part(found[-1], own)
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
    return Where(sentence, own.parts[places[0].part].name)


def _in_part(found: Found, own: Answer) -> Where:
    place = capital(_named(found, own))
    if found.other:
        words = "Two changes make it right. {place}; and {other}."
        sentence = say(words, place=place, other=_named(found.other, own))
    else:
        words = "One change makes part of it right: {gained}. {place}. Another mistake remains."
        sentence = say(words, place=place, gained=found.gained)
    return Where(sentence, own.parts[found.part].name, bool(found.other))


def _unused(own: Answer) -> Where | None:
    """The arguments and attributes that no line reads, if there are any."""
    given: dict[str, None] = {}
    read = set()
    for node in ast.walk(own.parts[0].definition):
        if isinstance(node, ast.arg):
            given[node.arg] = None
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else f"self.{node.attr}"
            if isinstance(node.ctx, ast.Load):
                read.add(name)
            elif isinstance(node, ast.Attribute):
                given[name] = None
    names = ", ".join(f"`{name}`" for name in given if name not in read and name != "self")
    sentence = say("Your lines never use {names}.", names=names)
    return Where(sentence, own.parts[0].name, makes_right=False) if names else None


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
    return say(words, line=line, code=code, what=say(found.what), name=part.name)
