"""The kinds of checks as a judge sees them: what is expected, what differs and in which words, and why.

A check of a kind records by itself (`checks.spec`); the objects here are its other half, outside the sandbox.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from descentlab.checks.comparing import Difference
from descentlab.checks.comparing.functions import FunctionWords, ValueWords
from descentlab.checks.comparing.rules import rule_difference, rule_runs
from descentlab.checks.courses import course
from descentlab.checks.judging.call_by_call import Why, why_rule
from descentlab.checks.judging.display import paths_of
from descentlab.checks.judging.verdict import ComparedPaths
from descentlab.checks.recording.probes import FunctionProbe, ProbeRun, RuleProbe
from descentlab.checks.recording.run_student import snapshot
from descentlab.checks.spec import Check, Criterion, FunctionCheck, RuleCheck, ValueCheck
from descentlab.diagnosis import Explanation, functions
from descentlab.diagnosis.explain import explain_rule
from descentlab.sentences import say, template

Runs = Mapping[str, ProbeRun]
"""By the probe's name what an answer, or the reference, does there."""
FUNCTION = template(
    "this check takes your function itself, without calling it; it got an object of type {type}"
)


class Kind(Protocol):
    """A check as it is judged."""

    takes: str
    """What is said of an answer that cannot be called."""

    def expected(self, problems: Sequence[Any], reference: Any) -> dict[str, dict[str, Any]]:
        """The reference's runs, in the form of recorded ones."""

    def difference(
        self, criterion: Criterion, probe: Any, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first difference that counts for a criterion on one probe, in words."""

    def explain(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the numbers."""

    def paths(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> ComparedPaths | None:
        """What a picture of both shows; None where there is none to draw."""

    def why(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> Why:
        """Every difference."""


class RuleKind:
    """A class with the signature of a rule."""

    takes = template("this check takes your class itself, by its name alone; it got an object of type {type}")

    def __init__(self, check: RuleCheck) -> None:
        self.check = check

    def expected(self, problems: Sequence[RuleProbe], reference: type) -> dict[str, dict[str, Any]]:
        """The parameters after each call."""
        return rule_runs(reference, problems)

    def difference(
        self, criterion: Criterion, probe: RuleProbe, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first wrong step, or changed gradient."""
        return rule_difference(probe, actual, expected, criterion.calls, criterion.looks_at)

    def explain(self, problems: Sequence[RuleProbe], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the steps."""
        return explain_rule(self.check, problems, actual, expected)

    def paths(self, problems: Sequence[RuleProbe], actual: Runs, expected: Runs) -> ComparedPaths | None:
        """Two coordinates in which the paths part."""
        return paths_of(problems, actual, expected)

    def why(self, problems: Sequence[RuleProbe], actual: Runs, expected: Runs) -> Why:
        """The first wrong run, call by call."""
        return why_rule(self.check.name, problems, actual, expected)


class FunctionKind(FunctionWords):
    """A function: a problem in, a number or arrays out."""

    takes = FUNCTION
    check: FunctionCheck

    def __init__(self, check: FunctionCheck) -> None:
        super().__init__(check, check.parts)

    def expected(
        self, problems: Sequence[FunctionProbe], reference: Callable[[Mapping[str, Any]], Any]
    ) -> dict[str, dict[str, Any]]:
        """The result on each problem."""
        return {
            probe.name: {"probe": probe.name, "result": snapshot(reference(probe.data))} for probe in problems
        }

    def explain(self, problems: Sequence[FunctionProbe], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the results."""
        return functions.explain_function(self.check, problems, actual, expected)

    def paths(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> None:
        """No picture."""

    def why(self, problems: Sequence[FunctionProbe], actual: Runs, expected: Runs) -> Why:
        """Every example, right or wrong."""
        whole = Criterion("")
        table = [[say("example"), say("first difference")]]
        for probe in problems:
            difference = self.difference(whole, probe, actual.get(probe.name), expected[probe.name])
            table.append([probe.label, "✓" if difference is None else difference.message])
        return Why(say("{check}: every example", check=self.check.name), table)


class ValueKind(ValueWords):
    """A number, an array or a word."""

    takes = FUNCTION
    check: ValueCheck

    def expected(
        self, problems: Sequence[Any], reference: Callable[[dict], Any]
    ) -> dict[str, dict[str, Any]]:
        """The value itself."""
        return {"value": {"probe": "value", "result": snapshot(reference({}))}}

    def explain(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the value."""
        return functions.explain_value(self.check, actual, expected)

    def paths(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> None:
        """No picture."""

    def why(self, problems: Sequence[Any], actual: Runs, expected: Runs) -> Why:
        """Nothing: the expected value is never shown."""
        sentence = "{check}: a single value has nothing more to show; the lesson says how to compute it"
        return Why(say(sentence, check=self.check.name))


KINDS: Mapping[type, Callable[[Any], Kind]] = {
    RuleCheck: RuleKind,
    FunctionCheck: FunctionKind,
    ValueCheck: ValueKind,
}


def kind_of(check: Check) -> Kind:
    """The check as it is judged."""
    return KINDS[type(check)](check)


@lru_cache(maxsize=16)
def problems_of(name: str, seed: int) -> tuple[Any, ...]:
    """The probes of a check, kept for all who look at one answer: nobody may change them."""
    return course().find(name).problems(seed)


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> dict[str, dict[str, Any]]:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence."""
    check = course().find(name)
    return kind_of(check).expected(problems_of(name, seed), course().reference(check))
