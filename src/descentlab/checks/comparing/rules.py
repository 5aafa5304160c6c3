"""A rule's run beside the reference's, call by call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.arrays import Arrays
from descentlab.checks.comparing.difference import Difference, kind_of_difference
from descentlab.checks.comparing.words import (
    at,
    circumstances,
    distinct_texts,
    kind_of,
    place_of,
    rule_error_text,
)
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import ProbeRun, RuleProbe
from descentlab.sentences import say, template

ODD_ARRAYS = {
    "missing": template("{place} is missing"),
    "no array": template("{place} is {actual}; expected is {expected}"),
    "shape": template("{place}: shape {actual}, expected {expected}"),
    "dtype": template("{place}: dtype {actual}, expected {expected}"),
}


def rule_difference(
    probe: RuleProbe,
    actual: ProbeRun | None,
    expected: ProbeRun,
    calls: int | None = None,
    looks_at: str = "params",
) -> Difference | None:
    """The first place where a rule's run leaves the reference's; None where it agrees to rounding."""
    if actual is None:
        message = say("{place}: nothing was recorded", place=circumstances(probe.name))
        return Difference(probe.name, message)
    recorded = evidence_bytes.calls_of(actual)
    before: Arrays = probe.start
    tolerance = expected["tolerance"]
    if looks_at == "params" and calls is None and _agrees(recorded, expected, tolerance):
        return None
    for number, expected_call in enumerate(expected["calls"][:calls], start=1):
        if number > len(recorded) or not isinstance(recorded[number - 1], Mapping):
            return _ended_early(probe, actual, number)
        arrays = recorded[number - 1].get(looks_at)
        arrays = arrays if isinstance(arrays, Mapping) else {}
        if looks_at == "grads":
            difference = _changed_gradient(probe, number, arrays)
        else:
            difference = _call_difference(probe, number, before, arrays, expected_call["params"], tolerance)
        if difference is not None:
            return difference
        before = expected_call["params"]
    return None


def _agrees(recorded: Sequence[Any], expected: ProbeRun, tolerance: Mapping[str, float]) -> bool:
    """Whether a whole run agrees: a look at each array, where a look at each call takes ten times as long."""
    if not isinstance(recorded, evidence_bytes.Table):
        return False
    columns = recorded.columns.get("params", {})
    for key, path in expected["path"].items():
        actual = columns[key][: len(path)] if key in columns else None
        if actual is None or actual.shape != path.shape:
            return False
        if not agreement.within(actual, path, tolerance[key]).all():
            return False
    return True


def _call_difference(
    probe: RuleProbe,
    call: int,
    before: Arrays,
    actual: Arrays,
    expected: Arrays,
    tolerance: Mapping[str, float],
) -> Difference | None:
    for key, array in expected.items():
        name = f'{place_of(probe, call)}, "{key}"'
        message = _odd_array(actual.get(key), array, name)
        if message:
            return Difference(probe.name, message, call, key)
        wrong = ~agreement.within(actual[key], array, tolerance[key])
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            ratio = _common_ratio(before, actual, expected)
            place = f"{name}{at(index)}"
            message = _moves(place, before[key][index], actual[key][index], array[index], ratio)
            return Difference(probe.name, message, call, key, index, ratio)
    return None


def _odd_array(actual: Any, expected: np.ndarray, name: str) -> str:
    """What is wrong with an array whose numbers cannot be compared; empty where they can."""
    kind = kind_of_difference(actual, expected)
    if not kind:
        return ""
    shown = attrgetter(kind) if kind in ("shape", "dtype") else kind_of
    return say(ODD_ARRAYS[kind], place=name, actual=shown(actual), expected=shown(expected))


def _moves(place: str, before: float, actual: float, expected: float, ratio: float | None) -> str:
    """The step made beside the expected one; `ratio`: where it is the same in the whole call."""
    if not np.isfinite(actual):
        return say(
            "{place}: yours {actual}, expected a step of {expected}",
            place=place,
            actual=actual,
            expected=f"{expected - before:.6g}",
        )
    if actual == before:
        return say(
            "{place}: yours did not move, expected a step of {expected}",
            place=place,
            expected=f"{expected - before:.6g}",
        )
    step, expected_step = distinct_texts(actual - before, expected - before)
    factor = f"{ratio:.4g}" if ratio else ""
    if factor in ("", "1"):  # so near to 1 that the steps' own digits say more
        return say(
            "{place}: your step {actual}, expected {expected}",
            place=place,
            actual=step,
            expected=expected_step,
        )
    return say(
        "{place}: your step {actual}, expected {expected}; {ratio} times the expected step, everywhere in "
        "this call",
        place=place,
        actual=step,
        expected=expected_step,
        ratio=factor,
    )


def _common_ratio(before: Arrays, actual: Arrays, expected: Arrays) -> float | None:
    """The answer's step over the expected one, if it is the same for every coordinate of the call."""
    ratios = []
    for key, array in expected.items():
        after = actual.get(key)
        if not isinstance(after, np.ndarray) or after.shape != array.shape or after.dtype.kind != "f":
            return None
        step = array - before[key]
        moving = step != 0
        with np.errstate(all="ignore"):
            ratios.append(np.ravel((after - before[key])[moving] / step[moving]))
    flat = np.concatenate(ratios) if ratios else np.array([])
    return agreement.common_value(flat) if flat.size > 1 else None


def _changed_gradient(probe: RuleProbe, call: int, actual: Arrays) -> Difference | None:
    for key, gradient in probe.gradients[call - 1].items():
        after = actual.get(key)
        same_shape = isinstance(after, np.ndarray) and after.shape == gradient.shape
        if same_shape and np.array_equal(after, gradient):
            continue
        message = say('call {call}: the caller\'s gradient "{key}" was changed', call=call, key=key)
        return Difference(probe.name, message, call, key)
    return None


def _ended_early(probe: RuleProbe, actual: ProbeRun, call: int) -> Difference:
    error = actual.get("error")
    error = error if isinstance(error, Mapping) else {}
    message = say("{place}: {error}", place=place_of(probe, call), error=rule_error_text(error, probe))
    return Difference(probe.name, message, call)
