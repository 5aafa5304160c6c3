"""The kinds of checks for the judge: expected results, differences and their messages, and causes.

`Why` is the display of `why`: the first difference, call by call, with both states.

A check records by itself (`checks.spec`); the objects here are its other half, outside the sandbox.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.results import Difference, FunctionMessages, ValueMessages, error_text
from descentlab.checks.comparing.rules import rule_difference, rule_runs
from descentlab.checks.courses import course
from descentlab.checks.judging.display import table_row
from descentlab.checks.recording.evidence_bytes import calls_of
from descentlab.checks.recording.probes import FunctionProbe, ProbeRun, RuleProbe, Runs
from descentlab.checks.recording.run_student import snapshot
from descentlab.checks.spec import Check, Criterion, FunctionCheck, RuleCheck, ValueCheck
from descentlab.diagnosis import Explanation, functions
from descentlab.diagnosis.case import number_at
from descentlab.diagnosis.explain import explain_rule
from descentlab.sentences import say

TAKES_A_FUNCTION = (
    "this check takes your function itself, without calling it; it got an object of type {type}"
)


Table = list[list[str]]
VariedRuns = Sequence[tuple[FunctionProbe, ProbeRun]]
"""The first example again, examples with one argument changed, and an answer's results there."""


class Why:
    """A text and tables; shown as HTML in a notebook and as text elsewhere."""

    def __init__(self, *parts: str | Table) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return "\n\n".join(part if isinstance(part, str) else _as_text(part) for part in self.parts)

    def _repr_html_(self) -> str:
        return "".join(
            f"<p>{escape(part)}</p>" if isinstance(part, str) else _as_html(part) for part in self.parts
        )


def _steps(probe: RuleProbe, actual: ProbeRun, expected: ProbeRun) -> Table:
    """A row for each call, a column for each array: agreement, or both steps."""
    table = [[say("call"), *(f'"{key}"' for key in probe.start)]]
    calls = calls_of(actual)
    before: Mapping[str, np.ndarray] = probe.start
    own_before: Mapping[str, Any] = probe.start
    for number, call in enumerate(expected["calls"], start=1):
        own = calls[number - 1]["params"] if number <= len(calls) else {}
        steps = (
            _step(own_before.get(key), own.get(key), before[key], array, expected["tolerance"][key])
            for key, array in call["params"].items()
        )
        table.append([str(number), *steps])
        before, own_before = call["params"], own
    return table


def _step(own_before: Any, own: Any, before: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """One array's cell: agreement, or the first wrong step."""
    if own is None:
        return say("✗ not there")
    if not isinstance(own, np.ndarray) or own.shape != expected.shape or own.dtype.kind != "f":
        return f"✗ {type(own).__name__} {getattr(own, 'shape', '')}"
    near = agreement.within(own, expected, tolerance)
    if near.all():
        return "✓"
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    is_like = isinstance(own_before, np.ndarray) and own_before.shape == expected.shape
    step = own[index] - (own_before[index] if is_like else np.nan)
    expected_step = expected[index] - before[index]
    if agreement.within(step, expected_step, agreement.RTOL * abs(expected_step)):
        return say("(step right, off from before)")
    return say(
        "✗ {place}step {actual}, expected {expected}",
        place=f"{list(index)} " if index else "",
        actual=f"{step:.5g}",
        expected=f"{expected_step:.5g}",
    )


def _memories(
    probe: RuleProbe, reference: ProbeRun, actual: ProbeRun, difference: Difference
) -> list[str | Table]:
    """For the first wrong number, call by call: the gradient, the expected states and the answer's.

    Memory is recorded in the first run alone.
    """
    key, own = difference.key, actual.get("remembered")
    if key not in probe.start or not isinstance(own, list):
        return []
    index = difference.index or (0,) * probe.start[key].ndim
    given = set(probe.hyper.values())
    expected = _numbers(reference.get("remembered", ()), key, index, given)
    numbers = _numbers(own, key, index, given)
    calls = range(len(probe.gradients))
    table = [[say("call"), *(str(call + 1) for call in calls)]]
    table.append([say("gradient"), *(f"{gradients[key][index]:.6g}" for gradients in probe.gradients)])
    for name, row in expected.items():
        table.append([say("expected {state}", state=name), *(row.get(call, "") for call in calls)])
    for name, row in numbers.items():
        table.append([say("your {state}", state=f"self.{name}"), *(row.get(call, "") for call in calls)])
    table = [list(row) for row in zip(*table, strict=True)]
    where = f'"{key}"{list(index) if index else ""}'
    return [say("What is remembered for {where} after each call:", where=where), table]


def _numbers(
    states: Sequence[Any], key: str, index: tuple[int, ...], given: set[float]
) -> dict[str, dict[int, str]]:
    """One coordinate's number by attribute and call, without the constructor's arguments."""
    found: dict[str, dict[int, str]] = {}
    for call, state in enumerate(states):
        for name, value in state.items() if isinstance(state, Mapping) else ():
            number = number_at(value, key, index)
            if isinstance(value, Mapping) and key not in value:
                text = say('no "{key}"', key=key)
            elif number is None or number in given:
                continue
            else:
                text = f"{number:.6g}"
            found.setdefault(name, {})[call] = text
    return found


def _as_text(table: Table) -> str:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return "\n".join(line.rstrip() for line in lines)


def _as_html(table: Table) -> str:
    rows = "".join(table_row(row) for row in table[1:])
    return f"<table><thead>{table_row(table[0], 'th')}</thead><tbody>{rows}</tbody></table>"


# ------------------------------------------------------------------------------------------------------ kinds


class RuleKind:
    """A class with the signature of a rule."""

    takes = "this check takes your class itself, by its name alone; it got an object of type {type}"

    def __init__(self, check: RuleCheck) -> None:
        self.check = check

    def expected(self, problems: Sequence[RuleProbe], reference: type) -> Runs:
        """The parameters after each call."""
        return rule_runs(reference, problems)

    def difference(
        self, criterion: Criterion, probe: RuleProbe, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first wrong step, or changed gradient."""
        return rule_difference(probe, actual, expected, criterion.calls, criterion.looks_at)

    def explain(
        self, problems: Sequence[RuleProbe], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the steps."""
        return explain_rule(self.check, problems, actual, expected)

    def why(self, problems: Sequence[RuleProbe], actual: Runs, expected: Runs) -> Why:
        """The first wrong run: both steps at each call, and both states if it is the first run."""
        for probe in problems:
            run = actual.get(probe.name, {})
            difference = rule_difference(probe, run, expected[probe.name])
            if difference is None:
                continue
            numbers = ", ".join(f"{key} = {value:.6g}" for key, value in probe.hyper.items())
            found = say(
                "{check}: first difference at {difference}",
                check=self.check.name,
                difference=difference.message,
            )
            parts = [
                found,
                say("Constructor: {arguments}", arguments=numbers),
                _steps(probe, run, expected[probe.name]),
            ]
            if isinstance(run.get("error"), Mapping):
                parts.append(error_text(run["error"]))
            return Why(*parts, *_memories(probe, expected[probe.name], run, difference))
        return Why(say("{check}: all steps agree in every run", check=self.check.name))


class FunctionKind(FunctionMessages):
    """A function: a problem in, a number or arrays out."""

    takes = TAKES_A_FUNCTION
    check: FunctionCheck

    def __init__(self, check: FunctionCheck) -> None:
        super().__init__(check, check.parts)

    def expected(
        self, problems: Sequence[FunctionProbe], reference: Callable[[Mapping[str, Any]], Any]
    ) -> Runs:
        """The result on each problem."""
        return {
            probe.name: {"probe": probe.name, "result": snapshot(reference(probe.data))} for probe in problems
        }

    def explain(
        self, problems: Sequence[FunctionProbe], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the results."""
        return functions.explain_function(self.check, problems, actual, expected, varied)

    def why(self, problems: Sequence[FunctionProbe], actual: Runs, expected: Runs) -> Why:
        """Every example, right or wrong."""
        whole = Criterion("")
        table = [[say("example"), say("first difference")]]
        for probe in problems:
            difference = self.difference(whole, probe, actual.get(probe.name), expected[probe.name])
            table.append([probe.label, "✓" if difference is None else difference.message])
        return Why(say("{check}: every example", check=self.check.name), table)


class ValueKind(ValueMessages):
    """A number, an array or a word."""

    takes = TAKES_A_FUNCTION
    check: ValueCheck

    def expected(self, problems: Sequence[Any], reference: Callable[[dict], Any]) -> Runs:
        """The value itself."""
        return {"value": {"probe": "value", "result": snapshot(reference({}))}}

    def explain(
        self, problems: Sequence[Any], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the value."""
        return functions.explain_value(self.check, actual, expected)

    def why(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> Why:
        """Nothing: the expected value is never shown."""
        sentence = "{check}: a single value has nothing more to show; the lesson says how to compute it"
        return Why(say(sentence, check=self.check.name))


KINDS: Mapping[type, Callable[[Any], Any]] = {
    RuleCheck: RuleKind,
    FunctionCheck: FunctionKind,
    ValueCheck: ValueKind,
}


def kind_of(check: Check) -> RuleKind | FunctionKind | ValueKind:
    """The kind of a check."""
    return KINDS[type(check)](check)


@lru_cache(maxsize=16)
def problems_of(name: str, seed: int) -> tuple[Any, ...]:
    """The probes of a check, cached for all who read one answer: do not change them."""
    return course().find(name).problems(seed)


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> Runs:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence."""
    check = course().find(name)
    return kind_of(check).expected(problems_of(name, seed), course().reference(check))
