"""The kinds of checks for the judge: expected results, differences and their messages, and causes.

A check records by itself (`checks.spec`); the objects here are its other half, outside the sandbox.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from descentlab.checks.courses import content
from descentlab.checks.recording.probes import FunctionProbe, ProbeRun, RuleProbe, Runs
from descentlab.checks.recording.run_student import snapshot
from descentlab.checks.spec import Check, Criterion, FunctionCheck, RuleCheck, ValueCheck
from descentlab.comparing.results import Difference, FunctionMessages, ValueMessages
from descentlab.comparing.rules import rule_difference, rule_runs
from descentlab.diagnosis import Explanation
from descentlab.diagnosis.functions.explain import explain_function, explain_value
from descentlab.diagnosis.rules.explain import explain_rule

TAKES_A_FUNCTION = "Pass the function itself, without calling it; this check got an object of type {type}"

VariedRuns = Sequence[tuple[FunctionProbe, ProbeRun]]
"""The first example again, examples with one argument changed, and an answer's results there."""


class RuleKind:
    """A class with the signature of a rule."""

    takes = "Pass the class itself, without parentheses; this check got an object of type {type}"

    def __init__(self, check: RuleCheck) -> None:
        self.check = check

    def expected(self, probes: Sequence[RuleProbe], reference: type) -> Runs:
        """The parameters after each call."""
        return rule_runs(reference, probes)

    def difference(
        self, criterion: Criterion, probe: RuleProbe, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first wrong step, or changed gradient."""
        return rule_difference(probe, actual, expected, criterion.calls, criterion.looks_at)

    def explain(
        self, probes: Sequence[RuleProbe], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the steps."""
        return explain_rule(self.check, probes, actual, expected)


class FunctionKind(FunctionMessages):
    """A function: a probe in, a number or arrays out."""

    takes = TAKES_A_FUNCTION
    check: FunctionCheck

    def __init__(self, check: FunctionCheck) -> None:
        super().__init__(check, check.parts)

    def expected(
        self, probes: Sequence[FunctionProbe], reference: Callable[[Mapping[str, Any]], Any]
    ) -> Runs:
        """The result on each probe."""
        return {
            probe.name: {"probe": probe.name, "result": snapshot(reference(probe.data))} for probe in probes
        }

    def explain(
        self, probes: Sequence[FunctionProbe], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the results."""
        return explain_function(self.check, probes, actual, expected, varied)


class ValueKind(ValueMessages):
    """A number, an array or a word."""

    takes = TAKES_A_FUNCTION
    check: ValueCheck

    def expected(self, probes: Sequence[Any], reference: Callable[[dict], Any]) -> Runs:
        """The value itself."""
        return {"value": {"probe": "value", "result": snapshot(reference({}))}}

    def explain(
        self, probes: Sequence[Any], actual: Runs, expected: Runs, varied: VariedRuns
    ) -> Explanation | None:
        """The mistake behind the value."""
        return explain_value(self.check, actual, expected)


KINDS: Mapping[type, Callable[[Any], Any]] = {
    RuleCheck: RuleKind,
    FunctionCheck: FunctionKind,
    ValueCheck: ValueKind,
}


def kind_of(check: Check) -> RuleKind | FunctionKind | ValueKind:
    """The kind of a check."""
    return KINDS[type(check)](check)


@lru_cache(maxsize=16)
def probes_of(name: str, seed: int) -> tuple[Any, ...]:
    """The probes of a check, cached for all who read one answer: do not change them."""
    return content().find(name).draw(seed)


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> Runs:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence."""
    check = content().find(name)
    return kind_of(check).expected(probes_of(name, seed), content().reference(check))
