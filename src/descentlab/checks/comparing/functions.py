"""A function's result, or a value, beside the reference's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.difference import Difference
from descentlab.checks.comparing.words import at, distinct_texts, error_text, kind_of
from descentlab.checks.recording.probes import ProbeRun
from descentlab.checks.recording.run_student import snapshot
from descentlab.checks.spec import FunctionCheck, FunctionProbe, ValueCheck, same_word
from descentlab.sentences import say


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The arrays and words of a result, with their place in it: ("", array), ('["x"][0]', array) …"""
    if isinstance(value, Mapping) and "odd" not in value:
        for key, item in value.items():
            yield from leaves(item, f'{path}["{key}"]')
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def value_difference(
    check: FunctionCheck | ValueCheck,
    actual: ProbeRun | None,
    expected: ProbeRun,
    probe: FunctionProbe | None = None,
    part: str = "",
) -> Difference | None:
    """The first place where a function's result on a probe, or its `part`, or a value is not as expected."""
    name = probe.label if probe else say("value")
    if actual is None:
        return Difference(name, say("{probe}: nothing was recorded", probe=name))
    if actual.get("error") is not None or "result" not in actual:
        error = actual.get("error")
        text = error_text(error if isinstance(error, Mapping) else {})
        return Difference(name, say("{place}: {error}", place=name, error=text))
    actual_leaves, expected_leaves = dict(leaves(actual["result"])), dict(leaves(expected["result"]))
    for path, leaf in _of_the_part(expected_leaves, check, part).items():
        own = actual_leaves.get(path, None if path else actual["result"])
        difference = _leaf_difference(own, leaf, check)
        if difference and isinstance(check, ValueCheck) and not path:
            return Difference(name, difference)
        if difference:
            message = say("{place}: {difference}", place=f"{name}{path}", difference=difference)
            return Difference(name, message, key=path or None)
    extra = [path for path in actual_leaves if path not in expected_leaves]
    if extra and not part:
        message = say("{place}: nothing of that name is asked for", place=f"{name}{extra[0]}")
        return Difference(name, message, key=extra[0])
    return None


def _of_the_part(
    expected: Mapping[str, Any], check: FunctionCheck | ValueCheck, part: str
) -> Mapping[str, Any]:
    """The leaves of the expected result that a criterion compares.

    Raises:
        LookupError: the result has no such part; to compare nothing would pass every answer.
    """
    if not part:
        return expected
    names = check.parts if isinstance(check, FunctionCheck) else ()
    place = f"[{names.index(part)}]" if part in names else f'["{part}"]'
    chosen = {path: leaf for path, leaf in expected.items() if path.startswith(place)}
    if not chosen:
        raise LookupError(f"{check.name}: the expected result has no part {part!r}")
    return chosen


def changed_argument(name: str, actual: ProbeRun | None, args: Sequence[Any]) -> Difference | None:
    """The first array among a function's arguments that the call did not leave as it was, to the last bit."""
    kept = actual.get("args") if actual else None
    if not isinstance(kept, list):
        return Difference(name, say("{probe}: the function did not come to its end", probe=say(name)))
    after = dict(leaves(kept))
    before = dict(leaves([snapshot(value) for value in args if not callable(value)]))
    for path in [*before, *after]:
        left = isinstance(after.get(path), np.ndarray) and np.array_equal(after[path], before.get(path))
        if (isinstance(before.get(path), np.ndarray) and not left) or path not in before:
            message = say(
                "{probe}: your function left its argument{place} changed", probe=say(name), place=path[3:]
            )
            return Difference(name, message, key=path)
    return None


def _leaf_difference(actual: Any, expected: Any, check: FunctionCheck | ValueCheck) -> str:
    """What is wrong with one number, array or word; empty where nothing is."""
    if isinstance(expected, str):
        right = isinstance(actual, str) and same_word(actual, expected)
        return "" if right else _not_right(kind_of(actual), expected, check)
    if not isinstance(actual, np.ndarray) or actual.dtype.kind not in "fiub":
        return _not_asked(actual, expected, check)
    if actual.shape != expected.shape:
        if isinstance(check, ValueCheck):
            return _not_asked(actual, expected, check)
        return say("shape {actual}, expected {expected}", actual=actual.shape, expected=expected.shape)
    if (actual.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return _not_asked(actual, expected, check)
    # Adding zero makes 0 of −0.
    actual, expected = actual.astype(float) + 0.0, expected.astype(float) + 0.0
    tolerance = agreement.relative(expected, check.rtol, check.atol)
    return _array_difference(actual, expected, ~agreement.within(actual, expected, tolerance), check)


def _array_difference(
    actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray, check: FunctionCheck | ValueCheck
) -> str:
    if not wrong.any():
        return ""
    if isinstance(check, FunctionCheck) and expected.ndim and len(check.parts) == len(expected):
        named = zip(check.parts, actual, expected, wrong, strict=True)
        return "; ".join(_part_difference(*part) for part in named if part[-1].any())
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    if isinstance(check, ValueCheck):
        number = f"{actual[index]:.6g}"
        own = say("{number} at {place}", number=number, place=at(index)) if index else number
        return _not_right(own, expected, check)
    return _number_difference(actual[index], expected[index], at(index), check.rtol)


def _part_difference(name: str, actual: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    texts = distinct_texts(actual[index], expected[index])
    return say(
        "your {part} {actual}, expected {expected}",
        part=f"{say(name)}{at(index)}",
        actual=texts[0],
        expected=texts[1],
    )


def _number_difference(actual: float, expected: float, place: str, rtol: float) -> str:
    """Both numbers; of a measurement that is not far off also how far, and what is allowed."""
    texts = distinct_texts(actual, expected)
    off = abs(actual / expected - 1) if expected else np.inf
    if rtol < 0.001 or off >= 0.2:
        return say(
            "yours{place} {actual}, expected {expected}", place=place, actual=texts[0], expected=texts[1]
        )
    return say(
        "yours{place} {actual}, expected {expected}: {off} off, and {allowed} is allowed",
        place=place,
        actual=texts[0],
        expected=texts[1],
        off=f"{off:.1%}",
        allowed=f"{rtol:.0%}",
    )


def _not_asked(actual: Any, expected: np.ndarray, check: FunctionCheck | ValueCheck) -> str:
    if isinstance(check, ValueCheck):
        return _not_right(kind_of(actual), expected, check)
    return say("{actual}, expected {expected}", actual=kind_of(actual), expected=_expected_kind(expected))


def _not_right(actual: str, expected: Any, check: FunctionCheck | ValueCheck) -> str:
    """What was answered and what is asked for, never the answer itself."""
    kind = say("a word in quotes") if isinstance(expected, str) else _expected_kind(expected)
    asked = say(check.asks) if isinstance(check, ValueCheck) and check.asks else kind
    named = {"actual": actual, "asked": asked}
    if isinstance(check, ValueCheck) and check.rtol and not isinstance(expected, str):
        return say(
            "your answer is {actual}, and that is not right; asked for is {asked}, at most {percent} % off",
            percent=f"{100 * check.rtol:g}",
            **named,
        )
    return say("your answer is {actual}, and that is not right; asked for is {asked}", **named)


def _expected_kind(expected: np.ndarray) -> str:
    if expected.dtype.kind == "b":
        return say("True or False")
    if expected.shape == ():
        return say("a number")
    return say("an array of shape {shape}", shape=expected.shape)
