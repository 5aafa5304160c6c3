"""The other half of a check, outside the sandbox: expected results, differences and their messages, and causes.

A course has an examiner for each type of check that is its own; here are those for functions and values.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress
from typing import Any, Protocol

import numpy as np

from verdicts import agreement
from verdicts.comparing.differences import Difference, FunctionMessages, ValueMessages, expected_result
from verdicts.courses import course_of, find
from verdicts.diagnosis import Explanation
from verdicts.diagnosis.functions import explain
from verdicts.inline import CHECKS, CheckDefinition, Pairs
from verdicts.recording.probes import FunctionProbe, ProbeRun, Runs
from verdicts.recording.run_student import run_trusted
from verdicts.spec import Check, Criterion, FunctionCheck, ValueCheck
from verdicts.values import carried, leaves
from verdicts.values.arguments import STUBS, Functions
from verdicts.values.numbers import are_near

EXACT = 1e-6
"""The largest relative tolerance of a value where its place is looked for: a change must hit but one number."""

Units = frozenset[tuple[str, Any]]
"""What is right: criteria as ("", name); else a probe's name with a number of a result, or with a call."""


class Picture(Protocol):
    """What shows an answer next to what is expected."""

    title: str

    def drawn(self) -> tuple[bytes, str, str]:
        """A PNG, what it shows in words, and HTML that holds both."""


class Examiner:
    """What compares the answers to one check, and explains wrong ones."""

    takes = ""
    """A template: what to pass to a check that got no callable."""
    leads_with_a_fact = False
    """Whether the first fact stands above the first difference."""

    def expected(self, probes: Sequence[Any], reference: Any) -> Runs:
        """The reference's runs by the probe's name, in the form of recorded evidence."""
        raise NotImplementedError

    def difference(
        self, criterion: Criterion, probe: Any, actual: ProbeRun | None, expected: ProbeRun
    ) -> Difference | None:
        """The first difference that counts for a criterion; None if there is none."""
        raise NotImplementedError

    def explain(self, probes: Sequence[Any], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the numbers; None if nothing is certain."""
        raise NotImplementedError

    def run(self, answer: Any, probe: Any) -> ProbeRun:
        """An answer's run on a probe, with output and time unlimited."""
        raise NotImplementedError

    def right_units(self, probe: Any, run: ProbeRun, expected: ProbeRun) -> Iterator[Any]:
        """Yield what is right in a run: calls, or numbers of a result."""
        raise NotImplementedError

    def for_score(self, probe: Any, expected: ProbeRun) -> ProbeRun:
        """An expected run as it is compared for points."""
        return expected

    def picture(self, probes: Sequence[Any], actual: Runs, expected: Runs) -> Picture | None:
        """What shows where they part; None if nothing does."""
        return None

    def strict(self) -> "Examiner":
        """The examiner that the search for the place uses."""
        return self

    def shortest(self, criterion: Criterion, probe: Any, difference: Difference) -> tuple[Criterion, Any]:
        """The criterion and the probe, cut behind the first difference."""
        return criterion, probe

    def named_parts(self, expected: ProbeRun) -> Iterator[tuple[str, list[Any]]]:
        """Yield what has a name in an expected result, with its parts."""
        yield from ()


class FunctionExaminer(FunctionMessages, Examiner):
    """A function: a probe in, a number or arrays out."""

    takes = "Pass the function itself, without calling it; this check got an object of type {type}"
    check: FunctionCheck

    def expected(
        self, probes: Sequence[FunctionProbe], reference: Callable[[Mapping[str, Any]], Any]
    ) -> Runs:
        """The result on each probe."""
        return {
            probe.name: {
                "probe": probe.name,
                "result": expected_result(self.check, reference, probe.data),
            }
            for probe in probes
        }

    def explain(self, probes: Sequence[FunctionProbe], actual: Runs, expected: Runs) -> Explanation | None:
        """The mistake behind the results, or the value."""
        return explain(self.check, probes, actual, expected)

    def run(self, answer: Any, probe: FunctionProbe) -> ProbeRun:
        return run_trusted(answer, probe, self.check.call)

    def right_units(self, probe: Any, run: ProbeRun, expected: ProbeRun) -> Iterator[str]:
        """Yield the places of the right numbers, texts and others."""
        actual = dict(leaves(run.get("result")))
        for path, leaf in leaves(expected["result"]):
            mine, units = actual.get(path), _units(path, leaf)
            if all(agreement.is_array(one, "fiub") for one in (mine, leaf)) and mine.shape == leaf.shape:
                yield from compress(units, are_near(mine, leaf, self.rules).ravel())
            elif self.is_right(mine, leaf):
                yield from units

    def named_parts(self, expected: ProbeRun) -> Iterator[tuple[str, list[str]]]:
        for path, leaf in leaves(expected["result"]):
            units = _units(path, leaf)
            if path:
                yield self.part(path), units
            elif len(self.parts) == len(units):
                yield from ((self.part(unit), [unit]) for unit in units)


def _units(path: str, leaf: Any) -> list[str]:
    """Names for the numbers of an array in a result."""
    return [f"{path}[{number}]" for number in range(leaf.size)] if np.ndim(leaf) else [path]


class ValueExaminer(ValueMessages, FunctionExaminer):
    """A number, an array or a word."""

    check: ValueCheck

    def expected(self, probes: Sequence[Any], reference: Callable[[dict], Any]) -> Runs:
        """The value itself."""
        return {"value": {"probe": "value", "result": expected_result(self.check, reference, {})}}

    def run(self, answer: Any, probe: Any) -> ProbeRun:
        return {"probe": "value", "result": carried(answer)}

    def strict(self) -> Examiner:
        return ValueExaminer(replace(self.check, rtol=min(self.check.rtol, EXACT)))


def examiner_of(check: Check) -> Examiner:
    """The examiner of a check, its course's own or the engine's."""
    of_course = course_of(check).examiners()
    return {FunctionCheck: FunctionExaminer, ValueCheck: ValueExaminer, **of_course}[type(check)](check)


@lru_cache(maxsize=16)
def probes_of(name: str, seed: int) -> tuple[Any, ...]:
    """The probes of a check, cached for all who read one answer: do not change them."""
    return find(name).draw(seed)


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> Runs:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence."""
    check = find(name)
    return examiner_of(check).expected(probes_of(name, seed), course_of(check).reference(check))


def make_known(definition: CheckDefinition, pairs: Pairs, functions: Functions = STUBS, **more: Any) -> Check:
    """Make known an inline check on these problems, and forget those before; `more`: its `public` and `names`."""
    probes_of.cache_clear()
    reference_runs.cache_clear()
    return CHECKS.make_known(definition, pairs, functions, **more)
