"""The criteria of a check, each passed or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from descentlab.checks.comparing.difference import Difference
from descentlab.checks.comparing.functions import changed_argument, value_difference
from descentlab.checks.comparing.reference import probes_of
from descentlab.checks.comparing.rules import rule_difference
from descentlab.checks.recording.probes import ProbeRun
from descentlab.checks.spec import Check, Criterion, RuleCheck
from descentlab.sentences import say

Differ = Callable[[Criterion, str], Difference | None]
"""The first difference that counts for a criterion on the probe of that name."""


@dataclass(frozen=True)
class CriterionResult:
    """One idea of the answer: right or not, and where not."""

    name: str
    passed: bool
    message: str
    weight: float
    looked_at: bool = True
    """False where it says nothing yet: another criterion has to pass first."""

    @property
    def wrong(self) -> bool:
        """Whether it was looked at and is not right."""
        return self.looked_at and not self.passed


def criteria_results(
    check: Check, actual: Mapping[str, ProbeRun], expected: Mapping[str, ProbeRun], seed: int
) -> tuple[CriterionResult, ...]:
    """What each criterion of the check says of an answer. Both runs by the probe's name."""
    differ = _differ(check, actual, expected, seed)
    results: list[CriterionResult] = []
    for criterion in check.criteria:
        passed_before = {result.name for result in results if result.passed}
        results.append(_result(criterion, differ, passed_before, expected))
    return tuple(results)


def _differ(
    check: Check, actual: Mapping[str, ProbeRun], expected: Mapping[str, ProbeRun], seed: int
) -> Differ:
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


def _result(
    criterion: Criterion, differ: Differ, passed_before: set[str], expected: Mapping[str, ProbeRun]
) -> CriterionResult:
    """Whether a criterion passes; where not, why, or which other one comes first."""
    needed = [name for name in criterion.needs if name not in passed_before]
    message = None if needed else _failure(criterion, differ, expected)
    if message is None and not needed:
        return CriterionResult(criterion.name, True, "", criterion.weight)
    before = needed or [name for name in criterion.shown_after if name not in passed_before]
    if before:
        message = say("not looked at until “{criterion}” is right", criterion=say(before[0]))
    return CriterionResult(criterion.name, False, message or "", criterion.weight, not before)


def _failure(criterion: Criterion, differ: Differ, expected: Mapping[str, ProbeRun]) -> str | None:
    """Where an answer first fails a criterion; None where it does not."""
    # A lesson need not know which probes a rule without ε has.
    for name in [name for name in criterion.probes if name in expected] or list(expected):
        difference = differ(criterion, name)
        if difference is not None:
            return difference.message
    return None
