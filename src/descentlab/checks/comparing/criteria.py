"""The criteria of a check, each passed or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from descentlab.checks.comparing.difference import Difference
from descentlab.checks.comparing.functions import changed_argument, value_difference
from descentlab.checks.comparing.reference import probes_of
from descentlab.checks.comparing.rules import rule_difference
from descentlab.checks.spec import Check, Criterion, RuleCheck
from descentlab.sentences import say

Run = Mapping[str, Any]
Differ = Callable[[Criterion, str], Difference | None]
"""The first difference that counts for a criterion on the probe of that name."""


@dataclass(frozen=True)
class CriterionResult:
    """One idea of the answer: right or not, and where not."""

    name: str
    passed: bool
    message: str
    weight: float


def criteria_results(
    check: Check, actual: Mapping[str, Run], expected: Mapping[str, Run], seed: int
) -> tuple[CriterionResult, ...]:
    """What each criterion of the check says of an answer. Both runs by the probe's name."""
    differ = _differ(check, actual, expected, seed)
    results: list[CriterionResult] = []
    for criterion in check.criteria:
        passed_before = {result.name for result in results if result.passed}
        message = _failure(criterion, differ, passed_before, expected)
        results.append(CriterionResult(criterion.name, message is None, message or "", criterion.weight))
    return tuple(results)


def _differ(check: Check, actual: Mapping[str, Run], expected: Mapping[str, Run], seed: int) -> Differ:
    probes = {probe.name: probe for probe in probes_of(check.name, seed)}
    if isinstance(check, RuleCheck):
        return lambda criterion, name: rule_difference(
            probes[name], actual.get(name), expected[name], criterion.calls, criterion.looks_at
        )

    def differ(criterion: Criterion, name: str) -> Difference | None:
        if criterion.looks_at == "args":
            return changed_argument(name, actual.get(name), probes[name].args)
        return value_difference(check, actual.get(name), expected[name], probes.get(name), criterion.part)

    return differ


def _failure(
    criterion: Criterion, differ: Differ, passed_before: set[str], expected: Mapping[str, Run]
) -> str | None:
    """Why a criterion does not pass; None where it does."""
    missing = [name for name in criterion.needs if name not in passed_before]
    if missing:
        return say("counts once this passes: {criterion}", criterion=say(missing[0]))
    # A lesson need not know which probes a rule without ε has.
    for name in [name for name in criterion.probes if name in expected] or list(expected):
        difference = differ(criterion, name)
        if difference is not None:
            return difference.message
    return None
