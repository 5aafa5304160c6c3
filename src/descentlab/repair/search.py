"""The search for a change, or two, after which an answer is right on every probe."""

from __future__ import annotations

import ast
import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from descentlab.checks.courses import content
from descentlab.checks.recording.evidence_bytes import pack
from descentlab.repair.changes import KINDS, Block, Changes, Kind, Place, Scope
from descentlab.repair.source import Answer, Part
from descentlab.repair.target import Right, Target

MOST_CHANGES = 6_000
MOST_PLACES = 2
"""Places that a verdict names; where a kind of change finds more, the next kinds are tried."""
MOST_FIRST = 3
"""Changes that make part of the answer right on which a second is tried: the best."""
LIKELIEST = 3
"""The number of kinds of changes that are tried in twos where none makes a part right."""
LOOK = 16
"""Changes from one look at the clock to the next."""
SECONDS = 1.0
"""Of processor time: a backstop; the number of changes is the limit."""


class Found(NamedTuple):
    """A place in the student's code, and what to look at there."""

    what: str
    """A template."""
    part: int
    """The number of the definition."""
    begin: tuple[int, int]
    """The line in its cell, counted from 1, and the column in bytes."""
    end: tuple[int, int]
    other: Found | None = None
    """The place of a second change, if it takes two."""
    gained: str = ""
    """The part of the result that this change makes right, if it is not all, in words."""


Limit = Callable[[Callable[[], Right], int], Right]
"""Runs a change with this number, and ends it where it takes too long."""


def search(
    name: str,
    own: Answer,
    tell: Callable[[Found], None],
    limit: Limit,
    kinds: Sequence[Kind] = KINDS,
    longest: float = math.inf,
) -> int:
    """Look for changes that make an answer right, and tell each place; returns how many were tried.

    The search ends after the first kind of change with places few enough to name. Where there is none, a second change
    is tried on the best of those that make part of the answer right. Where the code of a cell does not give the answer's
    results again, or it takes `longest` seconds on a probe, nothing is tried.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        target = Target(content().find(name))
        begun = time.perf_counter()
        runs = target.runs(own.answer)
        is_slow = time.perf_counter() - begun >= longest * len(runs)
        if is_slow or not target.aim(runs) or pack(runs) != pack(target.runs(own.made())):
            return 0
        tries = _Tries(own, target, limit, kinds)
        better = _one_change(tries, tell)
        _second_changes(tries, better, tell)
        return tries.count


class _Tried(NamedTuple):
    """A change, and what it makes right if that is more than before."""

    right: Right
    found: Found
    put: Callable[[], None]
    undo: Callable[[], None]


class _Tries:
    """The changes of an answer, tried one by one as long as there is time."""

    def __init__(self, own: Answer, target: Target, limit: Limit, kinds: Sequence[Kind]) -> None:
        self.own, self.target, self.limit, self.kinds = own, target, limit, kinds
        self.count, self.until = 0, time.process_time() + SECONDS
        self.scopes = [part.scope() for part in own.parts]

    def all(self, kinds: int | None = None) -> Iterator[_Tried]:
        """Try every change, or those of the first kinds; yields each with what it makes right."""
        places = [list(part.places()) for part in self.own.parts]
        for what, make in self.kinds[:kinds]:
            for number, part in enumerate(self.own.parts):
                for place in places[number]:
                    for node, put, undo in _changed(make, place, self.scopes[number]):
                        if self.count == MOST_CHANGES or (
                            self.count % LOOK == 0 and time.process_time() > self.until
                        ):
                            undo()
                            return
                        self.count += 1
                        right = self.limit(partial(self._gain, part, place), self.count)
                        undo()
                        yield _Tried(right, _found(what, number, place, node), put, undo)

    def _gain(self, part: Part, place: Place) -> Right:
        try:
            return self.target.gain(self.own.made(part, place))
        except Exception:
            return frozenset()


def _one_change(tries: _Tries, tell: Callable[[Found], None]) -> list[_Tried]:
    """Tell the places where one change is enough; if there are none, return those to try a second change on.

    These are the few that make most of the answer right, then all of the likeliest kinds.
    """
    partly, likely, any_found = [], [], False
    for what, several in groupby(tries.all(), key=lambda one: one.found.what):
        found = []
        for one in several:
            if tries.target.all <= one.right:
                tell(one.found)
                found.append(one.found)
            elif one.right:
                partly.append(one)
            elif what in dict(tries.kinds[:LIKELIEST]):
                likely.append(one)
        any_found = any_found or bool(found)
        if found and len(apart(found)) <= MOST_PLACES:
            break
    return [] if any_found else sorted(partly, key=lambda one: -len(one.right))[:MOST_FIRST] + likely


def _second_changes(tries: _Tries, firsts: list[_Tried], tell: Callable[[Found], None]) -> None:
    """Tell the two places where two changes are enough; else the one where a change makes a part right."""
    own, target = tries.own, tries.target
    gains = ((one, target.gained(one.right)) for one in firsts)
    part = next((one.found._replace(gained=gained) for one, gained in gains if gained), None)
    if part:
        tell(part)
    for first in firsts:
        changed = own.parts[first.found.part]
        first.put()
        own.code[id(changed)] = changed.compiled()
        if first.right:
            target.aim(target.runs(own.made()))
        seconds = tries.all(None if first.right else LIKELIEST)
        second = next((one.found for one in seconds if target.all <= one.right), None)
        first.undo()
        own.code[id(changed)] = changed.compiled()
        if second:
            tell(first.found._replace(other=second))
            return


def apart(found: list[Found]) -> list[Found]:
    """Places that do not contain each other: of two that do, the larger."""
    kept: list[Found] = []
    for one in sorted(set(found), key=lambda one: (one.part, one.begin, [-number for number in one.end])):
        if not any(
            other.part == one.part and other.begin <= one.begin and other.end >= one.end for other in kept
        ):
            kept.append(one)
    return kept


def _changed(
    make: Callable[[Place, Scope], Changes], place: Place, scope: Scope
) -> Iterator[tuple[ast.AST, Callable[[], None], Callable[[], None]]]:
    """Put each change of a kind in its place; yields the node to look at, and how to put it there and back."""
    for new in make(place, scope):
        if isinstance(new, Block):
            hang = partial(setattr, place.node, new.field)
            node, old, put = new.moved, getattr(place.node, new.field), new.statements
            for statement in new.statements:
                _locate(statement, new.moved)
        else:
            hang, node, old, put = place.put, place.node, place.node, new
            _locate(new, place.node)
        hang(put)
        yield node, partial(hang, put), partial(hang, old)


def _locate(new: ast.AST, old: ast.AST) -> None:
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    ast.fix_missing_locations(new)


def _found(what: str, number: int, place: Place, node: Any) -> Found:
    """What to look at: the expression around a name or a number, else the node itself."""
    around = place.holder
    if isinstance(node, ast.Name | ast.Constant | ast.Attribute) and isinstance(around, ast.expr):
        node = around
    return Found(what, number, *span_of(node))


def span_of(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the code of a node begins and ends: lines and columns as in `Found`."""
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
