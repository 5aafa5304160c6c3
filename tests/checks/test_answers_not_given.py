"""No check gives its answer to the student's process: not in what it hands over or lets it draw there."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from verdicts.courses import find
from verdicts.judging.examiners import reference_runs
from verdicts.recorders import arguments, record
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import generator
from verdicts.spec import FunctionCheck
from verdicts.values import leaves

SEEDS = (0, 1, 77, 2**63 - 1)
FUNCTIONS = [name for name, check in all_checks().items() if isinstance(check, FunctionCheck)]
ITS_ARGUMENT = (
    "practice/clip",
    "a gradient below the limit, or of zeros, stays",
)  # what a right answer returns
OUTSIDE = [name for name in FUNCTIONS if find(name).drawn_outside]


class Watched:
    """A generator that keeps every number it draws."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng, self.drawn = rng, []

    def __getattr__(self, name: str) -> Any:
        def draw(*args: Any, **named: Any) -> Any:
            self.drawn.append(getattr(self._rng, name)(*args, **named))
            return self.drawn[-1]

        return draw


def found(value: Any, depth: int = 6) -> Iterator[Any]:
    """Every number and word that the student's process could reach from a value, functions included."""
    if isinstance(value, np.ndarray | np.number | bool | np.bool_ | int | float | str):
        yield from np.ravel(value)
        return
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list):
        parts = list(value)
    else:  # a function, a partial, an object
        parts = [getattr(value, name, None) for name in ("__dict__", "__defaults__", "args", "keywords")]
        parts += [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    for part in parts if depth else ():
        yield from found(part, depth - 1)


def within_reach(name: str, seed: int) -> dict[str, list[Any]]:
    """What the student's process could find, for each probe; numbers that are drawn are in reach of all."""
    if drawn := arguments(name, seed):
        probes = evidence_bytes.unpack(drawn)["probes"]
        return {probe[0]: list(found(probe)) for probe in probes}
    rng = Watched(generator(name, seed))
    probes = list(find(name).probes(rng))
    return {probe.name: list(found([probe.name, probe.args, probe.data, rng.drawn])) for probe in probes}


def holds(reach: list[Any], expected: list[Any]) -> bool:
    """Whether all of an expected result is there as it stands; a 0 or 1 is everywhere, and no sign of it."""
    telling = [one for one in expected if isinstance(one, np.bool_ | str) or one not in (0, 1)]
    return bool(telling) and all(any(_same(one, other) for other in reach) for one in telling)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool | np.bool_ | str) or isinstance(other, bool | np.bool_ | str):
        return isinstance(other, type(one)) and one == other
    return bool(np.isclose(one, other, rtol=1e-9, atol=0))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_criterion_is_earned_by_what_is_in_reach(name):
    check = find(name)
    for seed in SEEDS:
        with np.errstate(all="ignore"):
            reach, expected = within_reach(name, seed), reference_runs(name, seed)
        for criterion in check.criteria:
            probes = [probe for probe in criterion.probes if probe in expected] or list(expected)
            given = [holds(reach[probe], _asked(check, expected[probe], criterion.part)) for probe in probes]
            assert not all(given) or (name, criterion.name) == ITS_ARGUMENT, (criterion.name, seed)


def _asked(check: FunctionCheck, run: Mapping[str, Any], part: str) -> list[Any]:
    places = {f"[{check.parts.index(part)}]" if part in check.parts else f'["{part}"]'} if part else None
    return [x for path, leaf in leaves(run["result"]) if not places or path in places for x in np.ravel(leaf)]


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_drawn_outside_is_recorded_as_what_the_seed_gives(name):
    for seed in SEEDS:
        assert record(name, np.sum, None, arguments(name, seed)) == record(name, np.sum, seed)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_drawn_outside_stands_for_no_answer(name):
    """Else a table of names and answers would do."""
    answers = [
        {probe: str(run["result"]) for probe, run in reference_runs(name, seed).items()} for seed in range(20)
    ]
    assert all(len({each[probe] for each in answers}) > 1 for probe in answers[0])


def test_other_checks_are_drawn_where_they_are_recorded():
    assert OUTSIDE == ["momentum/read-off", "rmsprop/faults"]
    assert arguments("sgd/noise-floor", 3) == arguments("adam/update", 3) == arguments("nothing", 3) == b""


@pytest.mark.parametrize(
    "name", [name for name, check in all_checks().items() if isinstance(check, RuleCheck)]
)
def test_no_last_step_of_a_rule_is_in_reach(name):
    for seed in SEEDS:
        probes = {probe.name: list(found([vars(probe)])) for probe in find(name).draw(seed)}
        for probe, run in reference_runs(name, seed).items():
            last = [number for array in run["calls"][-1]["params"].values() for number in np.ravel(array)]
            assert not holds(probes[probe], last), (probe, seed)
