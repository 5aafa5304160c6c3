"""Where an answer first differs, call by call, and what it remembers beside what the reference remembers."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from typing import Any

import numpy as np

import descentlab.rules
from descentlab import agreement
from descentlab.checks.comparing.difference import Difference
from descentlab.checks.comparing.functions import value_difference
from descentlab.checks.comparing.reference import reference_runs
from descentlab.checks.comparing.rules import rule_difference
from descentlab.checks.comparing.words import error_text
from descentlab.checks.judging import judge
from descentlab.checks.judging.display import table_row
from descentlab.checks.recording import evidence_bytes, run_student
from descentlab.checks.recording import record as record_evidence
from descentlab.checks.recording.probes import RuleProbe, function_probes, rule_probes
from descentlab.checks.recording.time_limit import time_limit
from descentlab.checks.spec import FunctionCheck, RuleCheck
from descentlab.exercises import find
from descentlab.sentences import say

Table = list[list[str]]


class Why:
    """A text and tables; shown as HTML in a notebook and as text elsewhere."""

    def __init__(self, title: str):
        self.parts: list[str | Table] = [title]

    def __repr__(self) -> str:
        return "\n\n".join(part if isinstance(part, str) else _as_text(part) for part in self.parts)

    def _repr_html_(self) -> str:
        return "".join(
            f"<p>{escape(part)}</p>" if isinstance(part, str) else _as_html(part) for part in self.parts
        )


def why(name: str, answer: Any) -> Why:
    """Where the answer first differs from what is expected, and, for a rule, what both remember there.

    Runs the answer again, on the numbers of your own checks.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    check = find(name)
    recorded = record_evidence(name, answer, 0)
    evidence = evidence_bytes.unpack(recorded)
    if evidence["state"] != "answered":
        reason = judge(name, recorded, 0, local=True).cause
        return Why(say("{check}: {reason}", check=name, reason=reason))
    actual = {run["probe"]: run for run in evidence["runs"]}
    reference = reference_runs(name, 0)
    with np.errstate(all="ignore"):
        if isinstance(check, RuleCheck):
            return _why_rule(check, answer, actual, reference)
        if isinstance(check, FunctionCheck):
            return _why_function(check, actual, reference)
    return Why(
        say("{check}: a single value has nothing more to show; the lesson says how to compute it", check=name)
    )


def _why_rule(check: RuleCheck, answer: Any, actual: Mapping[str, Any], reference: Mapping[str, Any]) -> Why:
    for probe in rule_probes(check, 0):
        difference = rule_difference(probe, actual.get(probe.name), reference[probe.name])
        if difference is not None:
            return _rule_report(
                check, answer, probe, actual.get(probe.name, {}), reference[probe.name], difference
            )
    return Why(say("{check}: all steps agree in every run", check=check.name))


def _rule_report(
    check: RuleCheck, answer: Any, probe: RuleProbe, actual: Any, reference: Any, difference: Difference
) -> Why:
    title = say("{check}: first difference at {difference}", check=check.name, difference=difference.message)
    report = Why(title)
    numbers = ", ".join(f"{key} = {value:.6g}" for key, value in probe.hyper.items())
    report.parts += [say("Constructor: {arguments}", arguments=numbers), _steps(probe, actual, reference)]
    if isinstance(actual.get("error"), Mapping):
        report.parts.append(error_text(actual["error"]))
    if difference.key in probe.start:
        index = difference.index or (0,) * probe.start[difference.key].ndim
        where = f'"{difference.key}"{list(index) if index else ""}'
        rule = getattr(descentlab.rules, check.rule)
        report.parts.append(say("What is remembered for {where} after each call:", where=where))
        report.parts.append(_memories(probe, rule, answer, difference.key, index))
    return report


def _steps(probe: RuleProbe, actual: Any, reference: Any) -> Table:
    """A row for each call, a column for each array: agreement, or your step and the expected one."""
    table = [[say("call"), *(f'"{key}"' for key in probe.start)]]
    calls = actual.get("calls") or []
    before = probe.start
    tolerance = reference["tolerance"]
    actual_before: Mapping[str, Any] = probe.start
    for number, expected in enumerate(reference["calls"], start=1):
        params = calls[number - 1]["params"] if number <= len(calls) else {}
        row = [str(number)]
        for key, expected_array in expected["params"].items():
            row.append(
                _cell(actual_before.get(key), params.get(key), before[key], expected_array, tolerance[key])
            )
        table.append(row)
        before, actual_before = expected["params"], params
    return table


def _cell(
    actual_before: Any, actual: Any, before: np.ndarray, expected_array: np.ndarray, tolerance: float
) -> str:
    if actual is None:
        return say("✗ not there")
    if not isinstance(actual, np.ndarray) or actual.shape != expected_array.shape or actual.dtype.kind != "f":
        return f"✗ {type(actual).__name__} {getattr(actual, 'shape', '')}"
    near = agreement.within(actual, expected_array, tolerance)
    if near.all():
        return "✓"
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    place = f"{list(index)} " if index else ""
    step = actual[index] - (actual_before[index] if _same_shape(actual_before, actual) else np.nan)
    expected_step = expected_array[index] - before[index]
    if agreement.within(step, expected_step, agreement.RTOL * abs(expected_step)):
        return say("(step right, off from before)")
    return say(
        "✗ {place}step {actual}, expected {expected}",
        place=place,
        actual=f"{step:.5g}",
        expected=f"{expected_step:.5g}",
    )


def _same_shape(one: Any, other: np.ndarray) -> bool:
    return isinstance(one, np.ndarray) and one.shape == other.shape


def _memories(probe: RuleProbe, rule: Any, answer: Any, key: str, index: tuple[int, ...]) -> Table:
    """A row for each call: the gradient, the reference's state and the answer's, for one coordinate."""
    expected, actual = _states(rule, probe, key, index), _states(answer, probe, key, index)
    reference = list(dict.fromkeys(name for state in expected for name in state))
    own = list(dict.fromkeys(name for state in actual for name in state))
    hyper = set(probe.hyper)
    reference = [name for name in reference if name not in hyper]
    own = [name for name in own if any(s.get(name) not in probe.hyper.values() for s in actual)]
    table = [[say("call"), say("gradient")]]
    table[0] += [say("expected {state}", state=name) for name in reference]
    table[0] += [say("your {state}", state=f"self.{name}") for name in own]
    for call, gradients in enumerate(probe.gradients):
        row = [str(call + 1), f"{gradients[key][index]:.6g}"]
        row += [_shown(expected[call].get(n)) if call < len(expected) else "" for n in reference]
        row += [_shown(actual[call].get(n)) if call < len(actual) else "" for n in own]
        table.append(row)
    return table


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _states(answer: Any, probe: RuleProbe, key: str, index: tuple[int, ...]) -> list[dict[str, float]]:
    """The numbers among an optimizer's attributes after each call; arrays and dicts at one coordinate."""
    states = []
    # The verdict has said what ended it; the calls before are shown.
    with run_student.captured(), suppress(Exception, SystemExit), time_limit():
        rule, other = run_student.optimizers_of(answer, probe)

        def keep(*_: Any) -> None:
            state = {name: _at(value, key, index) for name, value in copy.copy(vars(rule)).items()}
            states.append({name: value for name, value in state.items() if value is not None})

        run_student.walk(rule, other, probe, keep)
    return states


def _at(value: Any, key: str, index: tuple[int, ...]) -> float | None:
    if isinstance(value, dict):
        value = value.get(key)
    try:
        value = np.asarray(value, dtype=float)
        return float(value[index] if value.ndim else value)
    except (TypeError, ValueError, IndexError):
        return None


def _why_function(check: FunctionCheck, actual: Mapping[str, Any], reference: Mapping[str, Any]) -> Why:
    report = Why(say("{check}: every example", check=check.name))
    table = [[say("example"), say("first difference")]]
    for probe in function_probes(check, 0):
        difference = value_difference(check, actual.get(probe.name), reference[probe.name], probe)
        table.append([say(probe.name), "✓" if difference is None else difference.message])
    report.parts.append(table)
    return report


def _as_text(table: Table) -> str:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join(line.rstrip() for line in lines)


def _as_html(table: Table) -> str:
    rows = "".join(table_row(row) for row in table[1:])
    return f"<table><thead>{table_row(table[0], 'th')}</thead><tbody>{rows}</tbody></table>"
