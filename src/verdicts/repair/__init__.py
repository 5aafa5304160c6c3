"""The places in a student's own code where a change or two make a wrong answer right.

With those changes the answer, or the part that the sentence names, is right on every probe. It runs in the student's own
kernel, never in the grader's sandbox, and never shows the change.

`changes`   the table of changes
`source`    the code of an answer in the cells that ran
`search`    what of an answer is right, and trying the changes
`child`     a forked process in which that does no harm
`beside`    those that run and wait while the student works
`here`      the search where no process can be forked
"""

import ast
import builtins
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from itertools import groupby
from symtable import symtable
from typing import Any, NamedTuple

from verdicts.recording.time_limit import is_main_thread
from verdicts.repair.changes import WORDS, is_own, is_self
from verdicts.repair.search import MOST_PLACES, Found, apart, find, span_of
from verdicts.repair.source import AnswerCode, CellPart, computed, defined, outer_names
from verdicts.sentences import capital

Names = dict[str, ast.AST]
LONGEST = 60
"""Characters of the marked spot that a sentence quotes."""
BESIDE = 45
"""Characters of the line on either side of it."""


class Where(NamedTuple):
    """A sentence on a place in the student's code."""

    sentence: str
    name: str
    """Of the function or class whose cell it speaks of; of a value, its check's."""
    makes_right: bool = True
    """Whether all is right with a change there."""


def can_fork() -> bool:
    """Whether a child can be made: not on Windows and in a browser."""
    return hasattr(os, "fork") and sys.platform != "emscripten"


def code_of(check: str, answer: Any, names: dict[str, Any], failing: set[str] | None) -> AnswerCode | None:
    """The code of an answer; None where there is none to be seen, and outside the main thread.

    `names`: those of the notebook. `failing`: the probes on which the answer failed when it was checked; where it fails on
    others while it is searched, nothing is.
    """
    with suppress(Exception):  # an odd object
        if is_main_thread():
            code = defined(answer) if callable(answer) else computed(check, answer, names)
            code.failing = failing
            return code
    return None


def look(check: str, code: AnswerCode, say: Callable[[Where | None], None]) -> None:
    """Say what an answer never uses, then the places where a change or two make it right, or part of it: the last holds.

    Where processes can be forked, in one only.
    """
    unused = None if getattr(find(check), "is_watched", False) else _unused(code)
    say(unused)
    found: list[Found] = []

    def tell(one: Found) -> None:
        found.append(one)
        say(in_words(found, code) or unused)

    if can_fork():
        from verdicts.repair.child import seek
    else:
        from verdicts.repair.here import seek
    seek(check, code, tell)


def in_words(found: list[Found], code: AnswerCode) -> Where | None:
    """The sentence on one place or two, of the first kind that has no more; else on the part that holds them all.

    Where one change is not enough: on the last that was found.
    """
    if not found:
        return None
    last = found[-1]
    if last.other or last.gained:
        place = capital(_named(last, code))
        if last.other:
            sentence = f"Two changes make it right. {place}; and {_named(last.other, code)}."
        else:
            sentence = f"One change makes part of it right: {last.gained}. {place}."
        return Where(sentence, code.parts[last.part].name, bool(last.other))
    kinds = [apart([*group]) for _, group in groupby(found, key=lambda one: one.kind)]
    places = next((few for few in kinds if len(few) <= MOST_PLACES), None) or _around(kinds[0], code)
    if not places:
        return None
    named = capital("; or ".join(_named(one, code) for one in places))
    either = " in either of two places" if len(places) > 1 else ""
    return Where(f"One change{either} makes it right. {named}.", code.parts[places[0].part].name)


def _names_in(part: CellPart) -> tuple[Names, Names]:
    """The arguments and attributes of self that a definition makes, and the names and attributes that it reads."""
    made: Names = {}
    read: Names = {}
    for node in ast.walk(part.definition):
        match node:
            case ast.arg(name):
                made[name] = node
            case ast.FunctionDef(name):
                made[f"self.{name}"] = node
            case ast.AugAssign(ast.Name() | ast.Attribute() as target):
                read[ast.unparse(target)] = target
            case ast.Name(_, context) | ast.Attribute(ast.Name("self"), _, context):
                (read if isinstance(context, ast.Load) else made)[ast.unparse(node)] = node
    return made, read


def _knows_attributes(code: AnswerCode) -> bool:
    """Whether all attributes are in sight: every base class is the student's, `self` is handed to nobody, none is made up."""
    nodes = [node for part in code.parts for node in ast.walk(part.definition)]
    bases = {ast.unparse(base) for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases}
    return (
        bases <= {"object", *(part.name for part in code.parts)}
        and not any(getattr(node, "name", "") == "__getattr__" for node in nodes)
        and sum(map(is_own, nodes)) == sum(map(is_self, nodes))
    )


def misspelt(code: AnswerCode) -> Where | None:
    """The first name or attribute that there is not, and the nearest that there is."""
    found = [_names_in(part) for part in code.parts]
    made = {name for own_names, _ in found for name in own_names}
    known = {*made, *code.names, *vars(builtins), *(part.name for part in code.parts)}
    knows_attributes = _knows_attributes(code)
    for number, (part, (_, read)) in enumerate(zip(code.parts, found, strict=True)):
        missing = outer_names(symtable(ast.unparse(part.definition), part.file, "exec")) - known
        if knows_attributes:  # one of the class stands there without `self`
            missing |= {
                name
                for name in read
                if name.startswith("self.") and made.isdisjoint((name, name.removeprefix("self.")))
            }
        for name, node in read.items():
            for near in get_close_matches(name, [*made, *code.names], 1) if name in missing else ():
                place = capital(_named(Found("name", number, *span_of(node)), code))
                sentence = f"{place}. The nearest that is there is `{near}`."
                return Where(sentence, part.name, makes_right=False)
    return None


def _unused(code: AnswerCode) -> Where | None:
    """The arguments and attributes that no line reads, if there are any."""
    given, read = _names_in(code.parts[0])
    for part in code.parts[1:]:
        read |= _names_in(part)[1]
    may_be_named = (ast.arg, ast.Attribute) if _knows_attributes(code) else ast.arg
    unused = [
        name for name, node in given.items() if isinstance(node, may_be_named) and name not in {*read, "self"}
    ]
    sentence = f"Your lines never use {', '.join(f'`{name}`' for name in unused)}."
    return Where(sentence, code.parts[0].name, makes_right=False) if unused else None


def _around(found: list[Found], code: AnswerCode) -> list[Found]:
    """The smallest part of one line that contains all places; none where there is no such part."""
    begin, end = min(one.begin for one in found), max(one.end for one in found)
    if begin[0] != end[0] or len({one.part for one in found}) > 1:
        return []
    definition = code.parts[found[0].part].definition
    spans = [span_of(node) for node in ast.walk(definition) if isinstance(node, ast.expr | ast.stmt)]
    around = [span for span in spans if span[0] <= begin and span[1] >= end]  # what is inside comes later
    return [found[0]._replace(begin=around[-1][0], end=around[-1][1])]


def _named(found: Found, code: AnswerCode) -> str:
    """The line with the spot marked, and what to look at."""
    part = code.parts[found.part]
    (line, begin), (end_line, end) = found.begin, found.end
    text = part.source.splitlines()[line - 1].encode()
    stop = end if end_line == line else len(text)
    before, spot, after = (piece.decode() for piece in (text[:begin], text[begin:stop], text[stop:]))
    before, spot, after = before.lstrip(), spot.strip(), after.rstrip()
    if len(before) > BESIDE:
        before = f"…{before[-BESIDE:]}"
    spot, after = (
        f"{one[:most]}…" if len(one) > most else one for one, most in ((spot, LONGEST), (after, BESIDE))
    )
    shown = f"{before}⟨{spot}⟩{after}" if before or after else spot
    cell = f" of the cell of {part.name}" if found.part else ""
    return f"line {line}{cell}, `{shown}`: look at {WORDS[found.kind]}"
