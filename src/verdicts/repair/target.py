"""An answer's results next to the reference's: all right, more right than before, and which part."""

from collections.abc import Iterator, Mapping
from typing import Any

from verdicts.comparing.differences import Difference
from verdicts.judging.examiners import Parts, examiner_of, probes_of, reference_runs
from verdicts.spec import Check, Criterion

SEED = 0
NOT_RUN = {"error": "not run"}


class Target:
    """An answer's results compared with the reference's, the cheapest that fails first, once it is aimed at that."""

    before: Parts
    """What the answer has right without a change."""
    first: tuple[Criterion, Any]
    wanted: Parts
    """The parts that the first test can gain."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.examiner = examiner_of(check).strict()
        self.probes = {probe.name: probe for probe in probes_of(check.full_name, SEED)}
        self.expected = reference_runs(check.full_name, SEED)
        self.all = {("", criterion.name) for criterion in check.criteria}
        self.ran: Mapping[str, Any] = NOT_RUN
        """The last answer's run in the first test."""

    def aim(self, runs: Mapping[str, Any]) -> bool:
        """Make the first difference of these runs the first test; False if there is none."""
        self.before = self.right(runs)
        for criterion, name, difference in self._differences(runs):
            self.first = self.examiner.shortest(criterion, self.probes.get(name), difference)
            self.wanted = self._gained(name, self.expected[name])
            return True
        return False

    def gain(self, answer: Any) -> Parts:
        """What an answer gets right, if that is more than before; else nothing. The first test may end it."""
        criterion, probe = self.first
        self.ran = run = self.examiner.run(answer, probe)
        name = run["probe"]
        # Where there are parts to gain, these are quicker to compare than all that may differ.
        if not self._gained(name, run) and (
            self.wanted or self.examiner.difference(criterion, probe, run, self.expected[name]) is not None
        ):
            return frozenset()
        right = self.right(self.runs(answer))
        return right if right > self.before else frozenset()

    def _gained(self, name: str, run: Mapping[str, Any]) -> Parts:
        """The parts that a run has right, and none had before."""
        return self._parts({name: run}) - self.before

    def runs(self, answer: Any) -> dict[str, Any]:
        """The answer's runs on all probes."""
        return {name: self.examiner.run(answer, self.probes.get(name)) for name in self.expected}

    def right(self, runs: Mapping[str, Any]) -> Parts:
        """What is right in these runs."""
        wrong = {("", criterion.name) for criterion, _, _ in self._differences(runs)}
        return frozenset(self.all - wrong) | self._parts(runs)

    def _parts(self, runs: Mapping[str, Any]) -> Parts:
        examined = ((name, run, self.probes.get(name), self.expected[name]) for name, run in runs.items())
        right_parts = self.examiner.right_parts
        return frozenset(
            (name, part) for name, run, probe, wanted in examined for part in right_parts(probe, run, wanted)
        )

    def gained(self, right: Parts) -> str:
        """In words, the criteria that pass now; else the parts that are right on every probe now."""
        passed = [one for one in self.check.criteria if ("", one.name) in right - self.before]
        # A first step, or a single example, may be right by chance.
        names = [one.name for one in passed if len(one.probes) != 1]
        if not names:
            for name, units in self.examiner.named_parts(next(iter(self.expected.values()))):
                everywhere = {(probe, unit) for probe in self.expected for unit in units}
                if everywhere <= right and not everywhere <= self.before:
                    names.append(name)
        return ", ".join(sorted(names))

    def _differences(self, runs: Mapping[str, Any]) -> Iterator[tuple[Criterion, str, Difference]]:
        """What is wrong, criterion by criterion, each with the probe on which it shows."""
        for criterion in self.check.criteria:
            for name in criterion.probes or self.expected:
                difference = self.examiner.difference(
                    criterion, self.probes.get(name), runs[name], self.expected[name]
                )
                if difference is not None:
                    yield criterion, name, difference
