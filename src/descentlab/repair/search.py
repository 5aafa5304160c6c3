"""The search for one change after which an answer is right on every probe."""

from __future__ import annotations

import ast
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from descentlab.checks.courses import content
from descentlab.checks.recording.evidence_bytes import pack
from descentlab.checks.recording.probes import RuleProbe
from descentlab.checks.recording.run_student import run_trusted
from descentlab.checks.spec import Check, Criterion, FunctionCheck, RuleCheck
from descentlab.comparing.results import Difference
from descentlab.judging.kinds import kind_of, probes_of, reference_runs
from descentlab.repair.changes import KINDS, Block, Changes, Place, Scope
from descentlab.repair.source import Answer, Part

SEED = 0
MOST_CHANGES = 6_000
MOST_PLACES = 2
"""Places that a verdict names; where a kind of change finds more, the next kinds are tried."""
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


class Target:
    """An answer's results compared with the reference's, the cheapest that fails first."""

    def __init__(self, check: Check) -> None:
        self.check, self.kind = check, kind_of(check)
        self.probes = {probe.name: probe for probe in probes_of(check.name, SEED)}
        self.expected = reference_runs(check.name, SEED)
        self.first: Callable[[Any], bool] = lambda answer: False

    def aim(self, runs: Mapping[str, Any]) -> bool:
        """Make the first difference of these runs the first test; False if there is none."""
        for criterion, name, difference in self._differences(runs):
            self.first = self._short(criterion, self.probes[name], difference.call)
            return True
        return False

    def _short(self, criterion: Criterion, probe: Any, call: int | None) -> Callable[[Any], bool]:
        """Whether an answer is right on one probe, up to a call."""
        if isinstance(probe, RuleProbe) and call is not None:
            probe = replace(probe, gradients=probe.gradients[:call])
            criterion = replace(criterion, calls=min(call, criterion.calls or call))

        def right(answer: Any) -> bool:
            run = run_trusted(answer, probe)
            return self.kind.difference(criterion, probe, run, self.expected[probe.name]) is None

        return right

    def runs(self, answer: Any) -> dict[str, Any]:
        """The answer's runs on all probes."""
        return {name: run_trusted(answer, probe) for name, probe in self.probes.items()}

    def all_right(self, answer: Any) -> bool:
        """Whether every criterion passes."""
        return not any(self._differences(self.runs(answer)))

    def _differences(self, runs: Mapping[str, Any]) -> Iterator[tuple[Criterion, str, Difference]]:
        """What is wrong, criterion by criterion, each with the probe on which it shows."""
        for criterion in self.check.criteria:
            for name in criterion.probes or self.expected:
                difference = self.kind.difference(
                    criterion, self.probes[name], runs[name], self.expected[name]
                )
                if difference is not None:
                    yield criterion, name, difference


Limit = Callable[[Callable[[], bool], int], bool]
"""Runs a change with this number, and ends it where it takes too long."""


def search(name: str, own: Answer, tell: Callable[[Found], None], limit: Limit) -> int:
    """Look for changes that make an answer right, and tell each place; returns how many were tried.

    The search ends after the first kind of change with places few enough to name. Where the code of a cell does not
    give the answer's results again, nothing is tried.
    """
    check = content().find(name)
    if not isinstance(check, RuleCheck | FunctionCheck):
        return 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        target = Target(check)
        runs = target.runs(own.answer)
        if not target.aim(runs) or pack(runs) != pack(target.runs(own.made())):
            return 0
        return _tried(own, target, tell, limit)


def _tried(own: Answer, target: Target, tell: Callable[[Found], None], limit: Limit) -> int:
    count, until = 0, time.process_time() + SECONDS
    scopes = [part.scope() for part in own.parts]
    for what, make in KINDS:
        found: list[Found] = []
        for number, part in enumerate(own.parts):
            for place in list(part.places()):
                for node, undo in _changed(make, place, scopes[number]):
                    count += 1
                    right = limit(lambda part=part, place=place: _is_right(own, part, place, target), count)
                    undo()
                    if right:
                        found.append(_found(what, number, place, node))
                        tell(found[-1])
                    if count == MOST_CHANGES or (count % LOOK == 0 and time.process_time() > until):
                        return count
        if found and len(apart(found)) <= MOST_PLACES:
            break
    return count


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
) -> Iterator[tuple[ast.AST, Callable[[], None]]]:
    """Put each change of a kind in its place; yields the node to look at, and how to put the old one back."""
    for new in make(place, scope):
        if isinstance(new, Block):
            old = getattr(place.node, new.field)
            for statement in new.statements:
                _locate(statement, new.moved)
            setattr(place.node, new.field, new.statements)
            yield new.moved, lambda new=new, old=old: setattr(place.node, new.field, old)
        else:
            _locate(new, place.node)
            place.put(new)
            yield place.node, lambda: place.put(place.node)


def _locate(new: ast.AST, old: ast.AST) -> None:
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    ast.fix_missing_locations(new)


def _is_right(own: Answer, part: Part, place: Place, target: Target) -> bool:
    try:
        answer = own.made(part, place)
        return target.first(answer) and target.all_right(answer)
    except Exception:
        return False


def _found(what: str, number: int, place: Place, node: Any) -> Found:
    """What to look at: the expression around a name or a number, else the node itself."""
    around = place.holder
    if isinstance(node, ast.Name | ast.Constant | ast.Attribute) and isinstance(around, ast.expr):
        node = around
    return Found(what, number, *span_of(node))


def span_of(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the code of a node begins and ends: lines and columns as in `Found`."""
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
