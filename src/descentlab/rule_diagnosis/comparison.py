"""Rules: an answer's runs compared with the reference's, call by call."""

from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.objectives import Arrays
from descentlab.rule_check.definition import RuleProbe
from verdicts import agreement
from verdicts.comparing.differences import Difference, error_text
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import ProbeRun
from verdicts.sentences import rows
from verdicts.values import called, shown
from verdicts.values.numbers import at, distinct_texts, first_place

ODD_ARRAYS = {
    "missing": "{place} is missing",
    "no array": "{place} is {actual}; expected is {expected}",
    "shape": "{place}: shape {actual}, expected {expected}",
    "dtype": "{place}: dtype {actual}, expected {expected}",
}


def kind_of_difference(actual: Any, expected: np.ndarray) -> str:
    """Return why an array cannot be compared with the expected one, a key of `ODD_ARRAYS`; empty if it can."""
    if actual is None:
        return "missing"
    if not isinstance(actual, np.ndarray):
        return "no array"
    if actual.shape != expected.shape:
        return "shape"
    return "dtype" if actual.dtype != expected.dtype else ""


CIRCUMSTANCES = dict(rows(Path(__file__).with_name("circumstances.txt")))
"""The special circumstance of each probe of a rule, for students, who do not see probes."""


def place_of(probe: RuleProbe, call: int) -> str:
    """A call in words, and the probe where it is not the main one."""
    if probe.name == "main":
        return f"call {call}"
    return f"call {call} {circumstances(probe.name)}"


def circumstances(probe: str) -> str:
    """The special circumstance of a rule's probe, as a phrase that continues a sentence."""
    return CIRCUMSTANCES.get(probe, f"in the run “{probe}”")


def rule_error_text(error: Mapping[str, Any], probe: RuleProbe) -> str:
    """An exception of a rule's class in one line; how to call the class, if the call itself failed."""
    text = error_text(error)
    if error.get("line") or error.get("function") or error.get("type") not in ("TypeError", "AttributeError"):
        return text
    if error.get("during") == "making":
        return f"your class does not take the arguments {', '.join(probe.hyper)}: {text}"
    if error["type"] == "AttributeError":
        return f"your class needs a method update(self, params, grads): {text}"
    return f"`update` is called as rule.update(params, grads), so define update(self, params, grads): {text}"


def rule_difference(
    probe: RuleProbe,
    actual: ProbeRun | None,
    expected: ProbeRun,
    calls: int | None = None,
    of_gradients: bool = False,
) -> Difference | None:
    """The first place where a rule's run differs from the reference's; None if it agrees to rounding."""
    if actual is None:
        return Difference(f"{circumstances(probe.name)}: nothing was recorded")
    recorded = evidence_bytes.calls_of(actual)
    before: Arrays = probe.start
    tolerance = expected["tolerance"]
    for number, expected_call in enumerate(expected["calls"][:calls], start=1):
        if number > len(recorded) or not isinstance(recorded[number - 1], Mapping):
            text = rule_error_text(actual.get("error", {}), probe)
            message = f"{place_of(probe, number)}: {text}"
            return Difference(message, number, was_seen=not of_gradients)
        arrays = evidence_bytes.inner(recorded[number - 1], "grads" if of_gradients else "params") or {}
        if of_gradients:
            if key := changed_gradient(probe.gradients[number - 1], arrays):
                return Difference(f'call {number}: the caller\'s gradient "{key}" was changed', number)
            continue
        difference = _call_difference(probe, number, before, arrays, expected_call["params"], tolerance)
        if difference is not None:
            return difference
        before = expected_call["params"]
    return None


def _call_difference(
    probe: RuleProbe,
    call: int,
    before: Arrays,
    actual: Arrays,
    expected: Arrays,
    tolerance: Mapping[str, float],
) -> Difference | None:
    for key, array in expected.items():
        value = actual.get(key)
        kind = kind_of_difference(value, array)
        near = kind or agreement.within(value, array, tolerance[key])
        if not kind and near.all():
            continue
        place = f'{place_of(probe, call)}, "{key}"'
        if kind:
            said = attrgetter(kind) if kind in ("shape", "dtype") else shown
            message = ODD_ARRAYS[kind].format(
                place=place,
                actual=said(value),
                expected=f"{called(array)}, dtype {array.dtype}" if said is shown else said(array),
            )
            return Difference(message, call)
        index = first_place(~near)
        ratio = _common_ratio(before, actual, expected)
        message = _moves(f"{place}{at(index)}", before[key][index], value[index], array[index], ratio)
        return Difference(message, call)
    return None


def _moves(place: str, before: float, actual: float, expected: float, ratio: float | None) -> str:
    """The step made and the expected one; `ratio`: their ratio, where it is the same in the whole call."""
    if actual == before or not np.isfinite(actual):
        result = "did not move" if actual == before else actual
        return f"{place}: yours {result}, expected a step of {expected - before:.6g}"
    step, expected_step = distinct_texts(actual - before, expected - before)
    steps = f"{place}: your step {step}, expected {expected_step}"
    factor = f"{ratio:.4g}" if ratio else ""
    if factor in ("", "1"):  # so near to 1 that the digits of the steps say more
        return steps
    return f"{steps}; {factor} times the expected step, everywhere in this call"


def _common_ratio(before: Arrays, actual: Arrays, expected: Arrays) -> float | None:
    """The answer's step over the expected one, if the same for every coordinate of the call."""
    ratios = []
    for key, array in expected.items():
        after = actual.get(key)
        if not agreement.is_array(after, "f") or after.shape != array.shape:
            return None
        step = array - before[key]
        moving = step != 0
        with np.errstate(all="ignore"):
            ratios.append(np.ravel((after - before[key])[moving] / step[moving]))
    flat = np.concatenate(ratios)
    return agreement.common_value(flat) if flat.size > 1 else None


def changed_gradient(given: Arrays, after: Mapping[str, Any]) -> str | None:
    """The key of the first gradient that is not what was given."""
    for key, gradient in given.items():
        left = after.get(key)
        if not (isinstance(left, np.ndarray) and np.array_equal(left, gradient)):
            return key
    return None
