"""An answer's results next to the reference's: all right, more right than before, and which part."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from descentlab.checks.recording.probes import RuleProbe
from descentlab.checks.recording.run_student import run_trusted, snapshot
from descentlab.checks.spec import Check, Criterion, RuleCheck, ValueCheck
from descentlab.comparing.results import Difference, leaves
from descentlab.judging.kinds import kind_of, probes_of, reference_runs
from descentlab.sentences import say

SEED = 0
EXACT = 1e-6
"""The largest relative tolerance of a value: there is but one number that a change must hit."""
NOT_RUN = {"error": "not run"}

Right = frozenset[tuple[str, Any]]
"""What is right: criteria as ("", name); parts of a function's result, and a rule's calls, each with the probe's name."""


class Target:
    """An answer's results compared with the reference's, the cheapest that fails first."""

    def __init__(self, check: Check) -> None:
        self.check = replace(check, rtol=min(check.rtol, EXACT)) if isinstance(check, ValueCheck) else check
        self.kind: Any = kind_of(self.check)
        self.probes = {probe.name: probe for probe in probes_of(check.name, SEED)}
        self.expected = reference_runs(check.name, SEED)
        self.all = {("", criterion.name) for criterion in check.criteria}
        self.before: Right = frozenset()
        self.first: tuple[Criterion, Any] = Criterion(""), None
        self.wanted: Right = frozenset()
        """The parts that the first test can gain."""
        self.ran: Mapping[str, Any] = NOT_RUN
        """The last answer's run in the first test."""

    def aim(self, runs: Mapping[str, Any]) -> bool:
        """Make the first difference of these runs the first test; False if there is none."""
        self.before = self.right(runs)
        for criterion, name, difference in self._differences(runs):
            probe, call = self.probes.get(name), difference.call
            if isinstance(probe, RuleProbe) and call is not None:
                probe = replace(probe, gradients=probe.gradients[:call])
                criterion = replace(criterion, calls=min(call, criterion.calls or call))
            self.first = criterion, probe
            self.wanted = self._gained(name, self.expected[name])
            return True
        return False

    def gain(self, answer: Any) -> Right:
        """What an answer gets right, if that is more than before; else nothing. The first test may end it."""
        criterion, probe = self.first
        self.ran = run = self._run(answer, probe)
        name = run["probe"]
        # Where there are parts to gain, these are quicker to compare than all that may differ.
        if not self._gained(name, run) and (
            self.wanted or self.kind.difference(criterion, probe, run, self.expected[name]) is not None
        ):
            return frozenset()
        right = self.right(self.runs(answer))
        return right if right > self.before else frozenset()

    def _gained(self, name: str, run: Mapping[str, Any]) -> Right:
        """The parts of a function's result that a run has right, and none had before."""
        is_rule = isinstance(self.check, RuleCheck)
        return frozenset() if is_rule else self._parts({name: run}) - self.before

    def runs(self, answer: Any) -> dict[str, Any]:
        """The answer's runs on all probes."""
        return {name: self._run(answer, self.probes.get(name)) for name in self.expected}

    def _run(self, answer: Any, probe: Any) -> dict[str, Any]:
        return run_trusted(answer, probe) if probe else {"probe": "value", "result": snapshot(answer)}

    def right(self, runs: Mapping[str, Any]) -> Right:
        """What is right in these runs."""
        wrong = {("", criterion.name) for criterion, _, _ in self._differences(runs)}
        return frozenset(self.all - wrong) | self._parts(runs)

    def _parts(self, runs: Mapping[str, Any]) -> Right:
        right: set[tuple[str, Any]] = set()
        for name, run in runs.items():
            if isinstance(self.check, RuleCheck):
                expected = self.expected[name]
                difference = self.kind.difference(Criterion(""), self.probes[name], run, expected)
                calls = (difference.call or 1) - 1 if difference else len(expected["calls"])
                right |= {(name, call) for call in range(calls)}
            elif "result" in run:
                actual = dict(leaves(run["result"]))
                for path, leaf in leaves(self.expected[name]["result"]):
                    near = self._near(actual.get(path), leaf)
                    right |= {
                        (name, unit) for unit, good in zip(_units(path, leaf), near, strict=True) if good
                    }
        return frozenset(right)

    def _near(self, actual: Any, expected: Any) -> Any:
        """Which numbers of an array are right; of anything else nothing."""
        are_numbers = all(
            isinstance(one, np.ndarray) and one.dtype.kind in "fiub" for one in (actual, expected)
        )
        if not are_numbers or actual.shape != expected.shape:
            return [False] * len(_units("", expected))
        return self.kind.near(actual.astype(float), expected.astype(float)).ravel()

    def gained(self, right: Right) -> str:
        """In words, the criteria that pass now; else the parts that are right on every probe now."""
        passed = [one for one in self.check.criteria if ("", one.name) in right - self.before]
        # A first step, or a single example, may be right by chance.
        names = [say(one.name) for one in passed if one.calls is None and len(one.probes) != 1]
        if not names and not isinstance(self.check, RuleCheck):
            for name, units in self._named_parts():
                everywhere = {(probe, unit) for probe in self.expected for unit in units}
                if everywhere <= right and not everywhere <= self.before:
                    names.append(name)
        return ", ".join(sorted(names))

    def _named_parts(self) -> Iterator[tuple[str, list[str]]]:
        for path, leaf in leaves(next(iter(self.expected.values()))["result"]):
            units = _units(path, leaf)
            if path:
                yield self.kind.part(path), units
            elif len(self.kind.parts) == len(units):
                yield from ((self.kind.part(unit), [unit]) for unit in units)

    def _differences(self, runs: Mapping[str, Any]) -> Iterator[tuple[Criterion, str, Difference]]:
        """What is wrong, criterion by criterion, each with the probe on which it shows."""
        for criterion in self.check.criteria:
            for name in criterion.probes or self.expected:
                difference = self.kind.difference(
                    criterion, self.probes.get(name), runs[name], self.expected[name]
                )
                if difference is not None:
                    yield criterion, name, difference


def _units(path: str, leaf: Any) -> list[str]:
    """Names for the numbers of an array in a result."""
    return [f"{path}[{number}]" for number in range(leaf.size)] if np.ndim(leaf) else [path]
