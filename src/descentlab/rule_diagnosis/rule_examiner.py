"""What compares an update rule with the reference and explains a wrong one: the engine asks it for each answer.

Also the two coordinates in which an answer's path and the reference's part, for a picture.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from descentlab.rule_check.definition import TINY_EPS, RuleCheck, RuleProbe
from descentlab.rule_check.rule_runs import call_rule
from descentlab.rule_diagnosis.causes import explain_rule
from descentlab.rule_diagnosis.comparison import circumstances, rule_difference
from verdicts.agreement import EPS_SLACK, RTOL, array_tolerance, is_array
from verdicts.comparing.differences import Difference
from verdicts.diagnosis import Explanation
from verdicts.judging.examiners import ComparedPaths, Examiner, VariedRuns
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import ProbeRun, Runs
from verdicts.recording.run_student import run_trusted
from verdicts.spec import Criterion

# Paths closer together than this share of the picture look like one.
MIN_SHARE_APART = 0.01
# An expected path shorter than this share of the picture looks like one point.
MIN_SHARE_OF_EXPECTED = 0.1


def paths_of(
    probes: Sequence[RuleProbe], actual_runs: Mapping[str, Any], expected_runs: Mapping[str, Any]
) -> ComparedPaths | None:
    """Two coordinates of one array in which the paths part, on the first probe where that is visible.

    None after an exception or where a path ends in NaN or infinity: that is the mistake, and no path shows it.
    """
    if any("error" in run for run in actual_runs.values()):
        return None
    for probe in probes:
        for key, start in probe.start.items():
            if start.size < 2:
                continue
            actual = _path(start, actual_runs.get(probe.name), key)
            expected = _path(start, expected_runs[probe.name], key)
            if actual is None or actual.shape != expected.shape:
                continue
            if not np.isfinite(actual).all():
                return None
            paths = _parting(probe.name, key, actual, expected)
            if paths is not None:
                return paths
    return None


def _path(start: np.ndarray, run: Any, key: str) -> np.ndarray | None:
    """One array's numbers before the first call and after each: (calls + 1, coordinates)."""
    rows = [start.ravel()]
    for call in evidence_bytes.calls_of(run):
        array = (evidence_bytes.inner(call, "params") or {}).get(key)
        if not is_array(array, "f") or array.shape != start.shape:
            return None
        rows.append(array.ravel())
    return np.array(rows, dtype=float)


def _parting(probe: str, key: str, actual: np.ndarray, expected: np.ndarray) -> ComparedPaths | None:
    apart = np.abs(actual - expected).max(axis=0)
    extent = np.ptp(np.concatenate([actual, expected]), axis=0)
    with np.errstate(all="ignore"):
        share = np.where(extent > 0, apart / extent, 0.0)
    columns = np.argsort(-share, kind="stable")[:2].tolist()
    expected_extent = np.ptp(expected[:, columns], axis=0)
    visible = expected_extent >= MIN_SHARE_OF_EXPECTED * extent[columns]
    if share[columns[0]] < MIN_SHARE_APART or not visible.all():
        return None
    calls = len(actual) - 1
    where = ", the same gradients" if probe == "main" else f" {circumstances(probe)}"
    return ComparedPaths(
        probe,
        key,
        tuple(columns),
        tuple(map(tuple, actual[:, columns].tolist())),
        tuple(map(tuple, expected[:, columns].tolist())),
        f"{calls} call{'s' * (calls != 1)}{where}",
    )


@dataclass
class RuleExaminer(Examiner):
    """A class with the signature of a rule."""

    takes = "Pass the class itself, without parentheses; this check got an object of type {type}"
    leads_with_a_fact = True
    paths = staticmethod(paths_of)
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
                key: array_tolerance(np.stack([call["params"][key] for call in run["calls"]]), start)
                for key, start in probe.start.items()
            }
        return runs

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

    def run(self, answer: Any, probe: RuleProbe) -> ProbeRun:
        return run_trusted(answer, probe, call_rule)

    def right_parts(self, probe: RuleProbe, run: ProbeRun, expected: ProbeRun) -> Iterator[int]:
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
