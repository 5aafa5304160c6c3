"""Results of functions and values next to the reference's, and the words for a difference of any kind."""

import json
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verdicts import agreement
from verdicts.recording.probes import FunctionProbe, ProbeRun, argument_names
from verdicts.recording.run_student import MAX_VALUES, RESERVED, snapshot
from verdicts.recording.time_limit import stopped_after
from verdicts.spec import Criterion, FunctionCheck, ValueCheck, same_word

NOTHING = {"odd": "NoneType"}
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


def distinct_texts(actual: float, expected: float, digits: int = 4) -> tuple[str, str]:
    """Both numbers with so many digits, or with as many more as show that they differ."""
    for more in range(digits, 18):
        texts = f"{actual:.{more}g}", f"{expected:.{more}g}"
        if texts[0] != texts[1]:
            break
    return texts


def error_text(error: Mapping[str, Any]) -> str:
    """An exception of the student's code in one line, with the line that raised it."""
    if not error:
        return "no numbers were recorded"
    line = error.get("line")
    if error.get("type") in TIME_LIMIT_ERRORS:
        text = f"your code did not finish: {stopped_after(str(error.get('seconds', '?')), error['type'] == 'waiting')}"
    else:
        text = ": ".join(filter(None, (error.get("type", "?"), error.get("message"))))
    return f"{text}, in your line `{line}`" if line else text


def value_text(value: Any) -> str:
    """A value of the wrong kind in words."""
    if value is None or (isinstance(value, Mapping) and value == NOTHING):
        return "nothing"
    if isinstance(value, str):
        return repr(value[:40])
    if isinstance(value, np.ndarray):
        if not value.shape:
            return f"{'the complex number ' * (value.dtype.kind == 'c')}{value.item()!r}"
        return f"an array of shape {value.shape}, dtype {value.dtype}"
    if _is_note(value):
        return f"a {str(value['odd'])[:80]}"
    return f"a {type(value).__name__}"


def at(index: tuple[int, ...]) -> str:
    """An array index as it is written in code; empty for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def leaves(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each array and word of a result, and each dict without keys, with its path: ("", array), ('["x"][0]', array) …"""
    yield from ((path, node) for path, node in _nodes(value, "") if not _holds_others(node))


def _nodes(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield a result, and all that it holds, with their paths."""
    yield path, value
    if _holds_others(value):
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _nodes(item, path + _place_of(key))


def _place_of(key: str | int) -> str:
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def _holds_others(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, Mapping) and bool(value) and not _is_note(value))


def _is_note(value: Any) -> bool:
    return isinstance(value, Mapping) and "odd" in value


COMPARED = (
    f"checks compare real numbers of 64 bits, arrays, short texts, and lists and dicts of at most {MAX_VALUES} of these, whose "
    f"keys are texts other than {' and '.join(RESERVED)}"
)


def not_compared(kept: Any, are_arguments: bool = False) -> str:
    """What no check compares of a result, or of arguments, with its place; empty if there is nothing."""
    for path, leaf in leaves(kept):
        is_complex = isinstance(leaf, np.ndarray) and leaf.dtype.kind == "c"
        if _is_note(leaf) and leaf != NOTHING if are_arguments else _is_note(leaf) or is_complex:
            return f"{value_text(leaf)}{path and f' at {path}'}: {COMPARED}"
    return ""


class FunctionMessages:
    """The messages for a wrong result of a function."""

    same_text = staticmethod(operator.eq)
    """Whether a text is the expected one."""

    def __init__(self, check: FunctionCheck | ValueCheck) -> None:
        self.check = check
        self.parts: Sequence[str] = getattr(check, "parts", ())

    def difference(
        self,
        criterion: Criterion,
        probe: FunctionProbe | None,
        actual: ProbeRun | None,
        expected: ProbeRun,
    ) -> Difference | None:
        """The first place where a result, or the part that the criterion is about, is not as expected."""
        if criterion.looks_at == "args":
            return argument_change(probe, actual)
        name = probe.label if probe else "value"
        if actual is None:
            return Difference(f"{name}: nothing was recorded")
        if "error" in actual or "result" not in actual:
            return Difference(f"{name}: {error_text(actual.get('error', {}))}")
        found, wanted = (
            dict(_nodes(self._in_parts(run["result"], criterion), "")) for run in (actual, expected)
        )
        for path, leaf in self._part_leaves(wanted, criterion.part).items():
            above = path if path in found else [place for place in found if path.startswith(place)][-1]
            if above != path and not _holds_others(found[above]):
                words = self.wrong_kind(found[above], wanted[above])
                return Difference(self.with_place(name, above, words))
            words = self.leaf(found.get(path), leaf)
            if words:
                return Difference(self.with_place(name, path, words))
        extra = [path for path in found if path not in wanted]
        if extra and not criterion.part:
            return Difference(self.with_place(name, extra[0], "an unexpected extra value"))
        return None

    def _in_parts(self, result: Any, criterion: Criterion) -> Any:
        """A result, its entries apart where they are numbers that the criterion names."""
        is_named = (
            criterion.part and isinstance(result, np.ndarray) and result.shape[:1] == (len(self.parts),)
        )
        return [*map(np.asarray, result)] if is_named else result

    def part(self, path: str) -> str:
        """The name of a result's part; empty for the whole result."""
        names = {f"[{place}]": name for place, name in enumerate(self.parts)}
        return names.get(path) or (path[1:-1].replace("][", ", ") if '"' in path else path)

    def with_place(self, example: str, path: str, words: str) -> str:
        """The sentence on a wrong part of a result."""
        return f"{example}, {self.part(path)}: {words}" if path else f"{example}: {words}"

    def _part_leaves(self, expected: Mapping[str, Any], part: str) -> Mapping[str, Any]:
        """The leaves among all of the expected result that a criterion compares.

        Raises:
            LookupError: the result has no such part; to compare nothing would pass every answer.
        """
        expected = {path: node for path, node in expected.items() if not _holds_others(node)}
        if not part:
            return expected
        place = _place_of(self.parts.index(part) if part in self.parts else part)
        chosen = {path: leaf for path, leaf in expected.items() if path.startswith(place)}
        if not chosen:
            raise LookupError(f"{self.check.name}: the expected result has no part {part!r}")
        return chosen

    def leaf(self, actual: Any, expected: Any) -> str:
        """The message for one number, array or word; empty if it is right."""
        if isinstance(expected, str | Mapping) and not _is_note(expected):
            same = self.same_text if isinstance(expected, str) else operator.eq
            right = type(actual) is type(expected) and same(actual, expected)
            return "" if right else self.wrong_kind(actual, expected)
        if not agreement.is_array(actual, "fiub"):
            return self.wrong_kind(actual, expected)
        if actual.shape != expected.shape:
            return self.other_shape(actual, expected)
        # Zeros and ones are truths, too; a truth is no number.
        if not np.isin(actual, (0, 1)).all() if expected.dtype.kind == "b" else actual.dtype.kind == "b":
            return self.wrong_kind(actual, expected)
        # Adding zero makes 0 of −0.
        actual, expected = actual.astype(float) + 0.0, expected.astype(float) + 0.0
        wrong = ~self.near(actual, expected)
        return self.numbers(actual, expected, wrong) if wrong.any() else ""

    def near(self, actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
        """Which numbers of an array of the right shape are right; both of floats."""
        tolerance = agreement.result_tolerance(expected, self.check.rtol, self.check.atol)
        return agreement.within(actual, expected, tolerance)

    def numbers(self, actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
        """The message for an array of the right shape with wrong numbers."""
        if expected.ndim and len(self.parts) == len(expected):
            named = zip(self.parts, actual, expected, wrong, strict=True)
            return "; ".join(_part_difference(*part) for part in named if part[-1].any())
        index = first_place(wrong)
        return _number_difference(actual[index], expected[index], at(index), self.check.rtol)

    def other_shape(self, actual: np.ndarray, expected: np.ndarray) -> str:
        """The message for an array of the wrong shape."""
        return f"shape {actual.shape}, expected {expected.shape}"

    def wrong_kind(self, actual: Any, expected: Any) -> str:
        """The message for a value of the wrong kind."""
        wanted = value_text(expected) if isinstance(expected, str) else expected_text(expected)
        return f"{value_text(actual)}, expected {wanted}"


class ValueMessages(FunctionMessages):
    """The messages for a wrong value, which never show the expected one."""

    check: ValueCheck
    same_text = staticmethod(same_word)

    def with_place(self, example: str, path: str, words: str) -> str:
        """The message for a wrong value, with its place if it is an entry of a tuple."""
        return super().with_place(example, path, words) if path else words

    def numbers(self, actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
        """The message for a wrong number."""
        index = first_place(wrong)
        number = f"{actual[index]:.6g}"
        return self._not_right(f"{number} at {at(index)}" if index else number, expected)

    def wrong_kind(self, actual: Any, expected: Any) -> str:
        """The message for a value of the wrong kind: what was returned, and what is expected."""
        return self._not_right(value_text(actual), expected)

    other_shape = wrong_kind

    def _not_right(self, actual: str, expected: Any) -> str:
        sentence = f"your answer is {actual}. Expected: {self.check.asks or expected_text(expected)}"
        if self.check.rtol and not isinstance(expected, str | list | Mapping):
            return f"{sentence}, at most {100 * self.check.rtol:g} % off"
        return sentence


def argument_change(probe: FunctionProbe, actual: ProbeRun | None) -> Difference | None:
    """The first array argument that a function's call changed, in any bit."""
    named = zip(argument_names(probe), probe.args, strict=True)
    given = [(name, value) for name, value in named if not callable(value)]
    held = [snapshot(value) for _, value in given]
    if words := not_compared(held, are_arguments=True):
        raise TypeError(f"an argument of {probe.name} is not kept whole: {words}")
    kept = actual.get("args") if actual else None
    if not isinstance(kept, list):
        return Difference(f"{probe.name}: the function did not finish", was_seen=False)
    before, after = dict(leaves(held)), dict(leaves(kept))
    for path in [*before, *after]:
        if path not in before or not np.array_equal(after.get(path), before[path]):
            place, _, inside = path[1:].partition("]")
            name = given[int(place)][0] if int(place) < len(given) else ""
            argument = f"{name or 'argument'}{inside}"
            return Difference(f"{probe.name}: your function changes {argument}", argument=argument)
    return None


def first_place(wrong: np.ndarray) -> tuple[int, ...]:
    """The index of the first True."""
    return tuple(np.argwhere(wrong)[0].tolist())


def _part_difference(name: str, actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
    index = first_place(wrong)
    texts = distinct_texts(actual[index], expected[index])
    return f"your {name}{at(index)} {texts[0]}, expected {texts[1]}"


def _number_difference(actual: float, expected: float, place: str, rtol: float) -> str:
    """Both numbers; for a measurement that is nearly right also the distance and the tolerance."""
    texts = distinct_texts(actual, expected)
    both = f"yours{place} {texts[0]}, expected {texts[1]}"
    off = abs(actual / expected - 1) if expected else np.inf
    if rtol < 0.001 or not off < 0.2:
        return both
    return f"{both}: {off:.1%} off, and {rtol:.0%} is allowed"


def expected_text(expected: Any) -> str:
    """The kind of value that is expected, in words."""
    if isinstance(expected, str):
        return "a word in quotes"
    if isinstance(expected, Mapping | list) and not _is_note(expected):
        return f"{value_text(expected)} of length {len(expected)}"
    if expected.dtype.kind == "b":
        return "True or False"
    if expected.shape == ():
        return "a number"
    return f"an array of shape {expected.shape}"
