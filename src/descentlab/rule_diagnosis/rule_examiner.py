"""What compares an update rule with the reference and explains a wrong one: the engine asks it for each answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from descentlab.rule_check.definition import EPS_SLACK, TINY_EPS, RuleCheck, RuleProbe
from descentlab.rule_check.rule_runs import call_rule
from descentlab.rule_diagnosis import causes, compared_paths, comparison, probe_table
from verdicts.agreement import RTOL
from verdicts.comparing.differences import Difference
from verdicts.diagnosis import Explanation
from verdicts.judging.examiners import Examiner
from verdicts.recording.probes import ProbeRun, Runs
from verdicts.recording.run_student import run_trusted
from verdicts.spec import Criterion


@dataclass
class RuleExaminer(Examiner):
    """A class with the signature of a rule."""

    takes = "Pass the class itself, without parentheses; this check got an object of type {type}"
    leads_with_a_fact = True
    picture = staticmethod(compared_paths.paths_of)
    check: RuleCheck

    def expected(self, probes: Sequence[RuleProbe], reference: type) -> Runs:
        """The parameters after each call, with each array's tolerance.

        Raises:
            RuntimeError: the reference itself fails.
        """
        runs = {}
        for probe in probes:
            runs[probe.name] = run = run_trusted(reference, probe, call_rule)
            if "error" in run:
                raise RuntimeError(
                    f"the reference {reference.__name__} fails on {probe.name!r}: {run['error']}"
                )
            run["tolerance"] = {
                key: probe_table.array_tolerance(
                    np.stack([call["params"][key] for call in run["calls"]]), start
                )
                for key, start in probe.start.items()
            }
        return runs

    def difference(
        self, criterion: Criterion, probe: RuleProbe, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first wrong step, or changed gradient."""
        return comparison.rule_difference(probe, actual, expected, criterion.calls, criterion.of_arguments)

    def explain(self, probes: Sequence[RuleProbe], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the steps."""
        return causes.explain_rule(self.check, probes, actual, expected)

    def run(self, answer: Any, probe: RuleProbe) -> ProbeRun:
        return run_trusted(answer, probe, call_rule)

    def right_units(self, probe: RuleProbe, run: ProbeRun, expected: ProbeRun) -> Iterator[int]:
        """Yield the calls before the first difference."""
        difference = self.difference(Criterion(""), probe, run, expected)
        yield from range((difference.call or 1) - 1 if difference else len(expected["calls"]))

    def for_score(self, probe: RuleProbe, expected: ProbeRun) -> ProbeRun:
        """An expected run with a tolerance for another small ε, where the criterion is not about ε."""
        if probe.hyper.get("eps") != TINY_EPS:
            return expected
        tolerance = {key: EPS_SLACK / RTOL * one for key, one in expected["tolerance"].items()}
        return {**expected, "tolerance": tolerance}

    def shortest(
        self, criterion: Criterion, probe: RuleProbe, difference: Difference
    ) -> tuple[Criterion, RuleProbe]:
        """The criterion and the probe up to the first wrong call."""
        call = difference.call
        if call is None:
            return criterion, probe
        shorter = replace(probe, gradients=probe.gradients[:call])
        return replace(criterion, calls=min(call, criterion.calls or call)), shorter
