"""Results of functions and values next to the reference's, and the words for a difference of any kind."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verdicts.courses import ENGINE
from verdicts.inline import LATER
from verdicts.recording import evidence_bytes, time_limit
from verdicts.recording.probes import FunctionProbe, ProbeRun, argument_names
from verdicts.spec import Check, Criterion, FunctionCheck, ValueCheck, same_word
from verdicts.values import (
    Carried,
    Mismatch,
    Rules,
    called,
    carried,
    first,
    is_note,
    is_of,
    kind,
    kind_of,
    leaves,
    named,
    outcomes,
    plain,
    rows,
    same,
    shown,
    told,
    unordered,
)

# exception types raised by a time limit
TIME_LIMIT_ERRORS = ("endless", "waiting")


@dataclass(frozen=True)
class Difference:
    """The place where an answer first differs from the reference, and by how much."""

    message: str
    call: int | None = None
    """Counted from 1; None where the answer is not a sequence of calls."""
    argument: str = ""
    """The argument that a function changed."""
    was_seen: bool = True
    """False where the run ended before there was anything to compare."""


def error_text(error: Mapping[str, Any]) -> str:
    """An exception of the student's code in one line, with the line that raised it."""
    if not error:
        return "no numbers were recorded"
    line = error.get("line")
    if error.get("type") in TIME_LIMIT_ERRORS:
        text = f"your code did not finish: {time_limit.stopped_after(str(error.get('seconds', '?')), error['type'] == 'waiting')}"
    else:
        text = ": ".join(filter(None, (error.get("type", "?"), error.get("message"))))
    return f"{text}, in your line `{line}`" if line else text


COMPARED = (
    f"checks compare numbers, texts, dates, and lists, dicts and sets of at most {kind.MAX_VALUES} of these"
)


def expected_result(check: Check, reference: Callable[[Any], Any], data: Any) -> Carried:
    """What the reference gives on a probe; a solution's results were carried when it ran."""
    result = reference(data)
    return result if check.course == ENGINE else carried(result)


def not_compared(kept: Carried) -> str:
    """What no check compares of a result, or of arguments, with its place; empty if there is nothing."""
    for path, leaf in leaves(kept):
        if is_note(leaf):
            return f"{shown(leaf)}{path and f' at {path}'}: {COMPARED}"
    return ""


class FunctionMessages:
    """The messages for a wrong result of a function."""

    same_text: Callable[[str, str], bool] = operator.eq
    """Whether a text is the expected one."""

    def __init__(self, check: FunctionCheck | ValueCheck) -> None:
        self.check = check
        self.parts: Sequence[str] = getattr(check, "parts", ())
        self.rules = Rules(check.rtol, check.atol, self.same_text, by_entry=check.course == ENGINE)

    def difference(
        self,
        criterion: Criterion,
        probe: FunctionProbe | None,
        actual: ProbeRun | None,
        expected: ProbeRun,
    ) -> Difference | None:
        """The first place where a result, or the part that the criterion is about, is not as expected."""
        name = probe.label if probe else "value"
        if kind_of(expected["result"]) is outcomes.RAISED:
            return None if criterion.of_arguments else _not_raised(name, actual or {}, expected)
        if criterion.of_arguments:
            return argument_change(probe, actual)
        if actual is None:
            return Difference(f"{name}: nothing was recorded")
        if "error" in actual or "result" not in actual:
            return Difference(f"{name}: {error_text(actual.get('error', {}))}")
        found = self._first(actual["result"], expected["result"], criterion.part.split("\n"))
        return Difference(self.said(name, found)) if found else None

    def _first(
        self, actual: Carried, expected: Carried, parts: Sequence[str], path: str = ""
    ) -> Mismatch | None:
        """Where a part of a result, or all of it, first differs.

        Raises:
            LookupError: there is no such part; to compare nothing would pass every answer.
        """
        if parts in ([], [""]):
            return first(actual, expected, self.rules, path)
        part, *inside = parts
        mine, right = map(rows.parts_of, (actual, expected))
        place = f"[{self.parts.index(part)}]" if part in self.parts else unordered.place_of(part)
        places = [place] if part else [*right]
        if not right.keys() >= {*places}:
            raise LookupError(f"{self.check.name}: the expected result has no part {part!r}")
        if mine.keys() >= {*places} and (is_of("dict", expected) or len(mine) == len(right)):
            found = (
                self._first(
                    mine[place],
                    right[place],
                    inside,
                    f"{path}{unordered.place_of(part) if path and part else place}",
                )
                for place in places
            )
            return next(filter(None, found), None)
        missing = Mismatch(path + place, "it is missing", None, right.get(place))
        return first(actual, expected, self.rules, path) or missing

    def is_right(self, actual: Carried, expected: Carried) -> bool:
        """Whether a part of a result is right; None is one that is not there."""
        return actual is not None and first(actual, expected, self.rules) is None

    def part(self, path: str) -> str:
        """The name of a result's part; empty for the whole result."""
        if self.parts and (found := re.match(r"\[(\d+)(?:, (.*))?\]", path)):
            number, inside = found.groups()
            name = self.parts[int(number)] if int(number) < len(self.parts) else f"[{number}]"
            return f"{name}{f'[{inside}]' if inside else ''}{path[found.end() :]}"
        named = path[1:].replace('"]["', '", "').replace('"]', '"') if path.startswith('["') else path
        return named.removeprefix(f'"{LATER}", ')

    def said(self, example: str, found: Mismatch) -> str:
        """The sentence on a mismatch."""
        return f"{example}{f', {self.part(found.path)}' if found.path else ''}: {told(found)}"


def _not_raised(example: str, actual: ProbeRun, expected: ProbeRun) -> Difference | None:
    """That not the expected exception was raised, and what else."""
    result = actual.get("result")
    given = (
        [plain(result)] if kind_of(result) is outcomes.RAISED else evidence_bytes.calls_of(actual, "raised")
    )
    if plain(expected["result"]) in given:
        return None
    said = error_text(actual["error"]) if "error" in actual else "nothing was raised"
    return Difference(f"{example}: {said}, expected {shown(expected['result'])}")


class ValueMessages(FunctionMessages):
    """The messages for a wrong value, which never show the expected one."""

    check: ValueCheck
    same_text = staticmethod(same_word)

    def said(self, example: str, found: Mismatch) -> str:
        """The sentence on a wrong value: what it is, and what is expected."""
        place = f" at {found.path}" if found.path else ""
        mine, right = (kind_of(one).tag for one in (found.actual, found.expected))
        words = (shown if mine == right else named)(found.actual)
        quotes = ", without quotes" if (mine, right) == ("str", "array") else ""
        sentence = (
            f"your answer is {words}{place}. Expected: {self.check.asks or called(found.expected)}{quotes}"
        )
        if self.check.rtol and right in ("array", "int"):
            return f"{sentence}, at most {100 * self.check.rtol:g} % off"
        return sentence


def argument_change(probe: FunctionProbe, actual: ProbeRun | None) -> Difference | None:
    """The first array argument that a function's call changed, in any bit."""
    given = [
        (name, value)
        for name, value in zip(argument_names(probe), probe.args, strict=True)
        if not callable(value)
    ]
    held = [carried(value) for _, value in given]
    if words := not_compared(held):
        raise TypeError(f"an argument of {probe.name} is not kept whole: {words}")
    kept = actual.get("args") if actual else None
    if kept is None:
        return Difference(f"{probe.name}: the function did not finish", was_seen=False)
    before, after = dict(leaves(held)), dict(leaves(kept))
    for path in [*before, *after]:
        if path not in before or path not in after or not same(after[path], before[path]):
            place, _, inside = path[1:].partition("]")
            name = given[int(place)][0] if int(place) < len(given) else ""
            argument = f"{name or 'argument'}{inside}"
            return Difference(f"{probe.name}: your function changes {argument}", argument=argument)
    return None
