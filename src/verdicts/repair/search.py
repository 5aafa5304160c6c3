"""The search for a change, or two, after which an answer is right on every probe."""

import ast
import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import chain, groupby
from typing import Any, NamedTuple

import numpy as np

from verdicts.comparing.differences import Difference
from verdicts.courses import find
from verdicts.judging.examiners import Units, examiner_of, probes_of, reference_runs
from verdicts.recording.evidence_bytes import pack
from verdicts.recording.probes import ProbeRun
from verdicts.repair.changes import CHANGE_KINDS, OF_TEXTS, Block, ChangeKind, Changes, Place
from verdicts.repair.source import AnswerCode, CellPart
from verdicts.spec import Check, Criterion

MOST_LINES = 6_000_000
"""Lines of Python that all changes may run: a limit that does not depend on the machine, nor on its load."""
EACH_LINES = 500
"""What making an answer again is counted as."""
SLOW_LINES = 400_000
"""What a change that had to be ended is counted as."""
MOST_PLACES = 2
"""Places that a verdict names; where a kind of change finds more, the next kinds are tried."""
MOST_FIRST = 3
"""Changes that make part of the answer right on which every second one is tried: the best."""
SECONDS = 5.0
"""Of processor time: a backstop, for lines that take long."""
MORE = (str, list, tuple, dict, set, date, timedelta)
"""Arguments for which the changes of texts and lists are tried, too."""
BY_CHANCE = ("number", "factor", "term")
"""Where the tolerance is large, changes of these kinds make a result right that has nothing to do with them."""
SEED = 0
NOT_RUN = {"error": "not run"}


class Found(NamedTuple):
    """A place in the student's code, and what to look at there."""

    kind: str
    """Of the change: `WORDS` has what to look at."""
    part: int
    """The number of the definition."""
    begin: tuple[int, int]
    """The line in its cell, counted from 1, and the column in bytes."""
    end: tuple[int, int]
    other: "Found | None" = None
    """The place of a second change, if it takes two."""
    gained: str = ""
    """The part of the result that this change makes right, if it is not all, in words."""


Limit = Callable[[Callable[[], Units], int], Units | None]
"""Runs a change with this number; None where it took too long and was ended."""


def search(
    name: str,
    code: AnswerCode,
    tell: Callable[[Found], None],
    limit: Limit,
    kinds: Sequence[ChangeKind] = CHANGE_KINDS,
    longest: float = math.inf,
) -> None:
    """Look for changes that make an answer right, and tell each place.

    The search ends after the first kind of change with places few enough to name. Where there is none, two changes are
    tried. Where the code of a cell does not give the answer's results again, or it takes `longest` seconds on a probe,
    nothing is tried.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        target = Target(find(name))
        begun = time.process_time()
        runs = target.runs(code.answer)
        is_slow = time.process_time() - begun >= longest * len(runs)
        if is_slow or not target.aim(runs) or pack(runs) != pack(target.runs(code.made())):
            return
        failing = {name for name, run in runs.items() if "error" in run}
        if code.failing not in (None, failing):  # as it needs what is refused here, such as a socket
            return
        if any(run.get("error", {}).get("type") == "ZeroDivisionError" for run in runs.values()):
            np.seterr(divide="raise")  # a NumPy number in its place would only hide the division
        arguments = chain.from_iterable(getattr(probe, "args", ()) for probe in target.probes.values())
        left_out = () if any(isinstance(argument, MORE) for argument in arguments) else OF_TEXTS
        if getattr(target.check, "rtol", 0) > 0.1:
            left_out = (*left_out, *BY_CHANCE)
        kinds = [one for one in kinds if one[0] not in left_out]
        tries = _Tries(code, target, limit, kinds, begun + SECONDS)
        run = target.ran
        if tried := _one_change(tries, tell):
            _second_changes(tries, tried, run, tell)


class Target:
    """An answer's results next to the reference's: all right, more right than before, and which part.

    Once it is aimed at the cheapest that fails, that is compared first.
    """

    before: Units
    """What the answer has right without a change."""
    first: tuple[Criterion, Any]
    wanted: Units
    """The parts that the first test can gain."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.examiner = examiner_of(check).strict()
        self.probes = {probe.name: probe for probe in probes_of(check.full_name, SEED)}
        self.expected = reference_runs(check.full_name, SEED)
        self.all = {("", criterion.name) for criterion in check.criteria}
        self.ran: Mapping[str, Any] = NOT_RUN
        """The last answer's run in the first test."""

    def aim(self, runs: Mapping[str, Any]) -> bool:
        """Make the first difference of these runs the first test; False if there is none."""
        self.before = self.right(runs)
        for criterion, name, difference in self._differences(runs):
            self.first = self.examiner.shortest(criterion, self.probes.get(name), difference)
            self.wanted = self._gained(name, self.expected[name])
            return True
        return False

    def gain(self, answer: Any) -> Units:
        """What an answer gets right, if that is more than before; else nothing. The first test may end it."""
        criterion, probe = self.first
        self.ran = run = self.examiner.run(answer, probe)
        name = run["probe"]
        # Where there are parts to gain, these are quicker to compare than all that may differ.
        if not self._gained(name, run) and (
            self.wanted or self.examiner.difference(criterion, probe, run, self.expected[name]) is not None
        ):
            return frozenset()
        right = self.right(self.runs(answer))
        return right if right > self.before else frozenset()

    def _gained(self, name: str, run: Mapping[str, Any]) -> Units:
        """The parts that a run has right, and none had before."""
        return self._units({name: run}) - self.before

    def runs(self, answer: Any) -> dict[str, Any]:
        """The answer's runs on all probes."""
        return {name: self.examiner.run(answer, self.probes.get(name)) for name in self.expected}

    def right(self, runs: Mapping[str, Any]) -> Units:
        """What is right in these runs."""
        wrong = {("", criterion.name) for criterion, _, _ in self._differences(runs)}
        return frozenset(self.all - wrong) | self._units(runs)

    def _units(self, runs: Mapping[str, Any]) -> Units:
        return frozenset(
            (name, unit)
            for name, run in runs.items()
            for unit in self.examiner.right_units(self.probes.get(name), run, self.expected[name])
        )

    def gained(self, right: Units) -> str:
        """In words, the criteria that pass now; else the parts that are right on every probe now."""
        # A first step, or a single example, may be right by chance; a call that fails leaves arguments alone or not.
        names = [
            one.name
            for one in self.check.criteria
            if ("", one.name) in right - self.before and len(one.probes) != 1 and not one.of_arguments
        ]
        if not names:
            for name, units in self.examiner.named_parts(next(iter(self.expected.values()))):
                everywhere = {(probe, unit) for probe in self.expected for unit in units}
                if everywhere <= right and not everywhere <= self.before:
                    names.append(name)
        return ", ".join(sorted(names))

    def _differences(self, runs: Mapping[str, Any]) -> Iterator[tuple[Criterion, str, Difference]]:
        """What is wrong, criterion by criterion, each with the probe on which it shows."""
        for criterion in self.check.criteria:
            for name in criterion.probes or self.expected:
                difference = self.examiner.difference(
                    criterion, self.probes.get(name), runs[name], self.expected[name]
                )
                if difference is not None:
                    yield criterion, name, difference


@dataclass
class _Change:
    """A change of one place, and what came of it."""

    found: Found
    part: CellPart
    place: Place
    put: partial[None]
    undo: partial[None]
    right: Units = frozenset()
    """What it makes right, if that is more than before."""
    run: ProbeRun = field(default_factory=dict)
    """The answer's run on the first probe that fails."""


@dataclass
class _Tries:
    """The changes of an answer, tried one by one as long as there is time."""

    code: AnswerCode
    target: Target
    limit: Limit
    kinds: Sequence[ChangeKind]
    until: float
    """The processor time at which it is over."""
    count: int = 0
    lines: int = 0

    def __post_init__(self) -> None:
        self.each = EACH_LINES + _lines_run(partial(self.target.gain, self.code.answer))

    def alone(self) -> Iterator[_Change]:
        """Try each change of the code as it is."""
        places = [list(part.places()) for part in self.code.parts]
        return self.each_of(
            _Change(_found(kind, number, place, node), part, place, put, undo)
            for kind, make in self.kinds
            for number, part in enumerate(self.code.parts)
            for place in places[number]
            for node, put, undo in _changes_of(make, place)
        )

    def each_of(self, changes: Iterable[_Change]) -> Iterator[_Change]:
        """Try each of these changes."""
        for change in changes:
            if self.is_over():
                return
            yield replace(change, right=self._run(change), run=self.target.ran)

    def is_over(self) -> bool:
        """Whether enough was tried."""
        return self.lines > MOST_LINES or time.process_time() > self.until

    def _run(self, change: _Change) -> Units:
        self.count += 1
        change.put()
        right = self.limit(partial(self._gain, change), self.count)
        change.undo()
        self.lines += SLOW_LINES if right is None else self.each
        return right or frozenset()

    @contextmanager
    def kept(self, change: _Change) -> Iterator[None]:
        """Keep a change while others are tried."""
        aimed, self.target = self.target, copy(self.target)
        change.put()
        self.code.bytecode[id(change.part)] = change.part.compiled()
        if change.right:
            self.target.aim(self.target.runs(self.code.made()))
        yield
        change.undo()
        self.code.bytecode[id(change.part)] = change.part.compiled()
        self.target = aimed

    def _gain(self, change: _Change) -> Units:
        self.target.ran = NOT_RUN
        try:
            return self.target.gain(self.code.made(change.part, change.place))
        except Exception:
            return frozenset()


def _lines_run(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs: as many on each machine, whatever else it does."""
    lines = 0

    def trace(frame: Any, event: str, value: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if lines < MOST_LINES else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return lines


def _one_change(tries: _Tries, tell: Callable[[Found], None]) -> list[_Change]:
    """Tell the places where one change is enough; if there are none, return all changes that were tried."""
    tried, any_found = [], False
    for _, several in groupby(tries.alone(), key=lambda one: one.found.kind):
        found = []
        for one in several:
            tried.append(one)
            if tries.target.all <= one.right:
                tell(one.found)
                found.append(one.found)
        any_found |= bool(found)
        if found and len(apart(found)) <= MOST_PLACES:
            break
    return [] if any_found else tried


def _second_changes(
    tries: _Tries, tried: list[_Change], run: ProbeRun, tell: Callable[[Found], None]
) -> None:
    """Tell the two places where two changes are enough; else the one where a change makes a part right.

    A second change is tried on the few that make most of the answer right, or end its error; then others in pairs.
    """
    target = tries.target
    better = [one for one in tried if one.right or ("error" in run and "error" not in one.run)]
    best = sorted(better, key=lambda one: -len(one.right))[:MOST_FIRST]
    for one in best:
        if gained := target.gained(one.right):
            tell(one.found._replace(gained=gained))
            break
    others = _telling(tried, run)
    pairs = (
        (one, [other for other in others[:number] if other.place != one.place])
        for number, one in enumerate(others)
    )
    for first, seconds in chain(((one, None) for one in best), pairs):
        if tries.is_over():
            return
        with tries.kept(first):
            several = tries.alone() if seconds is None else tries.each_of(seconds)
            second = next(
                (one for one in several if target.all <= one.right and not _cancel(first, one)), None
            )
        if second:
            one, other = sorted((first.found, second.found), key=lambda found: (found.part, found.begin))
            tell(one._replace(other=other))
            return


def _cancel(first: _Change, second: _Change) -> bool:
    """Whether one change undoes the other: two of one place, or two signs where no wrong one stands.

    A sign is wrong before the second term of a sum; others can be turned in pairs.
    """
    one, other = first.found, second.found
    if (one.part, one.begin, one.end) == (other.part, other.begin, other.end):
        return True
    both = first, second
    return not first.right and all(map(_turns_a_sign, both)) and not all(map(_is_second, both))


def _turns_a_sign(change: _Change) -> bool:
    match change.place.node, change.put.args[-1]:
        case ast.Constant(old), ast.Constant(new):
            return bool(new == -old)
        case ast.BinOp(_, ast.Sub()), _ if change.found.kind == "order":
            return True
    return change.found.kind == "sign"


def _is_second(change: _Change) -> bool:
    """Whether it is of the second term of a sum or difference: where a wrong sign stands."""
    holder: Any = change.place.holder
    return change.place.field == "right" and isinstance(holder.op, ast.Add | ast.Sub)


def _telling(tried: list[_Change], run: ProbeRun) -> list[_Change]:
    """The changes of expressions with an effect, one of each at a place: the kinds with the fewest first.

    A statement that moves would change where others stand.
    """
    distinct: dict[tuple[Place, bytes], _Change] = {}
    before = pack(run)
    for one in tried:
        effect = before if "error" in one.run else pack(one.run)
        if effect != before and isinstance(one.place.node, ast.expr):
            distinct.setdefault((one.place, effect), one)
    of_kind = Counter(one.found.kind for one in distinct.values())
    return sorted(distinct.values(), key=lambda one: of_kind[one.found.kind])


def apart(found: list[Found]) -> list[Found]:
    """Places that do not contain each other: of two that do, the larger."""
    kept: list[Found] = []
    for one in sorted(set(found), key=lambda one: (one.part, one.begin, [-number for number in one.end])):
        if not any(other.part == one.part and other.end >= one.end for other in kept):  # which begin no later
            kept.append(one)
    return kept


def _changes_of(
    make: Callable[[Place], Changes], place: Place
) -> Iterator[tuple[ast.AST, partial[None], partial[None]]]:
    """Yield each change of a kind in a place: the node to look at, and what puts it there and back."""
    for new in make(place):
        if isinstance(new, Block):
            hang = partial(setattr, place.node, new.field)
            node, old, put = new.moved, getattr(place.node, new.field), new.statements
            for statement in new.statements:
                _locate(statement, new.moved)
        else:
            hang, node, old, put = place.put, place.node, place.node, new
            _locate(new, place.node)
        yield node, partial(hang, put), partial(hang, old)


def _locate(new: ast.AST, old: ast.AST) -> None:
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    ast.fix_missing_locations(new)


def _found(kind: str, number: int, place: Place, node: Any) -> Found:
    """What to look at: the expression around a name or a number, else the node itself."""
    around = place.holder
    if isinstance(node, ast.Name | ast.Constant | ast.Attribute) and isinstance(around, ast.expr):
        node = around
    return Found(kind, number, *span_of(node))


def span_of(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the code of a node begins and ends: lines and columns as in `Found`."""
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
