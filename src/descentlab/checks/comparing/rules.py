"""A rule's run beside the reference's, call by call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from descentlab.checks.comparing import agreement
from descentlab.checks.comparing.difference import Difference
from descentlab.checks.comparing.words import at, kind_of, place_of, rule_error_text, told_apart
from descentlab.checks.recording import wire
from descentlab.checks.recording.probes import RuleProbe

Run = Mapping[str, Any]
Arrays = Mapping[str, Any]


def rule_difference(
    probe: RuleProbe, actual: Run | None, expected: Run, calls: int | None = None, looks_at: str = "params"
) -> Difference | None:
    """The first place where a rule's run leaves the reference's; None where it agrees to rounding."""
    if actual is None:
        return Difference(probe.name, f"probe {probe.name!r}: nothing was recorded")
    recorded = wire.calls_of(actual)
    before: Arrays = probe.start
    tolerance = {key: agreement.of_an_array(expected["path"][key], start) for key, start in before.items()}
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


def _agrees(recorded: Sequence[Any], expected: Run, tolerance: Mapping[str, float]) -> bool:
    """Whether a whole run agrees: a look at each array, where a look at each call takes ten times as long."""
    if not isinstance(recorded, wire.Table):
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
            message = f"{name}{at(index)}: {_moves(before[key][index], actual[key][index], array[index])}"
            if ratio:
                message += f"; {ratio:.4g} times the expected step, everywhere in this call"
            return Difference(probe.name, message, call, key, index, ratio)
    return None


def _odd_array(actual: Any, expected: np.ndarray, name: str) -> str:
    """What is wrong with an array whose numbers cannot be compared; empty where they can."""
    if actual is None:
        return f"{name} is missing"
    if not isinstance(actual, np.ndarray):
        return f"{name} is {kind_of(actual)}, not an array"
    if actual.shape != expected.shape:
        return f"{name}: shape {actual.shape}, expected {expected.shape}"
    if actual.dtype != expected.dtype:
        return f"{name}: dtype {actual.dtype}, expected {expected.dtype}"
    return ""


def _moves(before: float, actual: float, expected: float) -> str:
    if not np.isfinite(actual):
        return f"yours {actual}, expected a step of {expected - before:.6g}"
    if actual == before:
        return f"yours did not move, expected a step of {expected - before:.6g}"
    step, expected_step = told_apart(actual - before, expected - before)
    return f"your step {step}, expected {expected_step}"


def _common_ratio(before: Arrays, actual: Arrays, expected: Arrays) -> float | None:
    """The answer's step over the expected one, if it is the same for every coordinate of the call."""
    ratios = []
    for key, array in expected.items():
        found = actual.get(key)
        if not isinstance(found, np.ndarray) or found.shape != array.shape or found.dtype.kind != "f":
            return None
        step = array - before[key]
        moving = step != 0
        with np.errstate(all="ignore"):
            ratios.append(np.ravel((found - before[key])[moving] / step[moving]))
    flat = np.concatenate(ratios) if ratios else np.array([])
    return agreement.common_value(flat) if flat.size > 1 else None


def _changed_gradient(probe: RuleProbe, call: int, actual: Arrays) -> Difference | None:
    for key, given in probe.gradients[call - 1].items():
        after = actual.get(key)
        if isinstance(after, np.ndarray) and after.shape == given.shape and np.array_equal(after, given):
            continue
        message = f'call {call}: the caller\'s gradient "{key}" was changed'
        return Difference(probe.name, message, call, key)
    return None


def _ended_early(probe: RuleProbe, actual: Run, call: int) -> Difference:
    error = actual.get("error")
    error = error if isinstance(error, Mapping) else {}
    return Difference(probe.name, f"{place_of(probe, call)}: {rule_error_text(error, probe)}", call)
