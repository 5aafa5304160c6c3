"""The probes an answer is tried on, made from a seed.

With one array, one step and ε = 1e-8, 39 of 108 wrong rules pass. So: four arrays (a matrix, a second one of its
shape, a vector, a scalar of shape ()), six calls, ε both tiny and 0.1, gradients near 1e-9, a start without
gradient, a zero gradient in the middle, both dicts in another key order, arrays that the caller uses again, a
second instance, a spike. Hyperparameters are drawn from ranges in which no two can be confused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from descentlab.agreement import Arrays
from descentlab.sentences import say

SHAPES = {"W": (3, 2), "b": (4,), "s": (), "U": (3, 2)}
CALLS = 6
# The one long run, of two arrays: six calls do not show later changes.
LONG, MANY_CALLS, MANY_KEYS = "many calls", 120, ("b", "s")
# Small enough not to show in the main probe where ε stands: that is a criterion of its own.
TINY_EPS = 1e-15
LARGE_EPS = 0.1


ProbeRun = Mapping[str, Any]
"""The evidence of one probe, read from bytes: the results of a rule or a function."""
Runs = Mapping[str, ProbeRun]
"""By the probe's name."""


@dataclass(frozen=True)
class RuleProbe:
    """One run of a rule on prescribed gradients, which do not depend on the parameters."""

    name: str
    hyper: dict[str, float]
    """The constructor's arguments, passed by name."""
    start: Arrays
    """The parameters before the first call."""
    gradients: tuple[Arrays, ...]
    """The gradients of each call, in the key order in which the caller passes them."""
    reuses_buffers: bool = False
    """Whether the caller reuses the same arrays for each call's gradients."""
    params_turned_in: tuple[int, ...] = ()
    """The calls, counted from 1, in which the keys of the caller's parameters are reversed."""
    two_in_turn: bool = False
    """Whether two instances are made, then called in turn on the same gradients; the first one is recorded.

    The other has other hyperparameters."""

    def params_order(self, call: int) -> list[str]:
        """The keys of the caller's parameters in the order of that call, counted from 1."""
        keys = list(self.start)
        return keys[::-1] if call in self.params_turned_in else keys


ProbeData = Mapping[str, Any]
"""The numbers that a function's reference needs to know of a probe, by name."""


@dataclass(frozen=True)
class FunctionProbe:
    """One call of the student's function."""

    name: str
    """Its id, and a template: the student's text where the numbers differ."""
    args: tuple[Any, ...]
    """The positional arguments: numbers, arrays, dicts of arrays, functions."""
    data: ProbeData
    """The reference's data on the probe."""
    said: str = ""
    """A template shown to the student instead of a name that would tell the answer."""

    @property
    def label(self) -> str:
        """The name, with the arguments if all are single numbers, so that a student can repeat the call."""
        if self.said:
            return say(self.said)
        if not all(isinstance(a, int | float) for a in self.args) or list(self.args) != list(
            self.data.values()
        ):
            return say(self.name)
        return f"{say(self.name)} ({', '.join(f'{key} = {value:.6g}' for key, value in self.data.items())})"


def probe(name: str, /, **data: Any) -> FunctionProbe:
    """A probe whose arguments are the probe's data, in their order."""
    return FunctionProbe(name, tuple(data.values()), data)


@dataclass(frozen=True)
class VariedProbe(FunctionProbe):
    """An example with one argument changed: no criterion judges it, the diagnosis compares it with the example."""

    base: str = ""
    """The example's name."""
    argument: str = ""
    """The argument's name."""
    change: str = ""
    """A template: what happens to the argument, as a clause after "when"."""


def varied_probes(base: FunctionProbe, bounds: Mapping[str, float | str]) -> Iterator[VariedProbe]:
    """Yield the example with one argument changed, for each argument that is a number or array of its data.

    Args:
        base: the example.
        bounds: the largest value of an argument, or the name of the argument that it may not exceed.
    """
    names = argument_names(base)
    for place, name in enumerate(names):
        limit = bounds.get(name)
        bound = base.data[limit] if isinstance(limit, str) else limit
        for change, value in _changes(name, base.args[place], bound) if name else ():
            yield _varied(base, names, {name: value}, name, change)
    tables = [name for name in names if np.ndim(base.data.get(name, 0)) == 2]
    if len({len(base.data[name]) for name in tables}) == 1:
        longer = {name: np.concatenate((base.data[name], base.data[name][-1:])) for name in tables}
        yield _varied(base, names, longer, tables[0], "{name} gets one more row")


def argument_names(probe: FunctionProbe) -> list[str]:
    """The name of each argument in the probe's data; empty for what is not there: a function."""
    left = dict(probe.data)
    names = []
    for argument in probe.args:
        names.append(next((name for name, value in left.items() if value is argument), ""))
        left.pop(names[-1], None)
    return names


def _changes(name: str, value: Any, bound: float | None) -> Iterator[tuple[str, Any]]:
    """Yield the changes of an argument: the clause, and the new value."""
    if isinstance(value, np.ndarray) and value.size > 1:
        for place, words in ((0, "the first"), (-1, "the last")):
            changed = value.copy()
            changed.flat[place] *= 2
            yield f"{words} entry of {{name}} doubles", changed
    elif type(value) not in (int, float):
        return
    elif bound is not None and 2 * value > bound:
        between = (value + bound) // 2 if isinstance(value, int) else (value + bound) / 2
        yield f"{{name}} goes from {value:.4g} to {between:.4g}", between
    elif value:
        yield "{name} doubles", 2 * value


def _varied(
    base: FunctionProbe, names: list[str], changed: Mapping[str, Any], argument: str, change: str
) -> VariedProbe:
    args = tuple(changed.get(name, old) for name, old in zip(names, base.args, strict=True))
    name = f"{base.name}: {change.replace('{name}', argument)}"
    return VariedProbe(name, args, {**base.data, **changed}, base=base.name, argument=argument, change=change)


def digest(probes: Iterable[RuleProbe | FunctionProbe]) -> str:
    """A digest of what an answer is given, to seven digits: the last ones depend on the processor.

    NumPy promises a seed's numbers for one version only. The digest is part of the evidence, so that an answer is
    never compared with other probes.
    """
    given = [
        probe.args if isinstance(probe, FunctionProbe) else (probe.hyper, probe.start, probe.gradients)
        for probe in probes
    ]
    return sha256("\n".join(_words(given)).encode()).hexdigest()


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _words(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield value
    elif not callable(value):
        yield from (f"{number:.6e}" for number in np.ravel(value).tolist())


def generator(check: str, seed: int) -> np.random.Generator:
    """The generator of the check's probes: the same (check, seed) gives the same numbers everywhere."""
    digest = sha256(f"{check}:{seed}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def rule_probes(
    check: str, seed: int, ranges: Mapping[str, tuple[float, float]], has_eps: bool, remembers: bool
) -> tuple[RuleProbe, ...]:
    """The probes of a rule's class; the arguments are the fields of `RuleCheck`."""
    rng = generator(check, seed)
    hyper = {name: float(rng.uniform(*bounds)) for name, bounds in ranges.items()}
    tiny = hyper | ({"eps": TINY_EPS} if has_eps else {})
    large = hyper | ({"eps": LARGE_EPS} if has_eps else {})
    start = draw(rng, 1.0)
    gradients = tuple(draw(rng, (1.0, 3.0, 0.5, 2.0)[call % 4]) for call in range(CALLS))
    still = tuple(scaled(g, 0.0 if call < 2 else 1.0) for call, g in enumerate(gradients))
    spike = tuple(scaled(g, 1e4 if call == 0 else 1.0) for call, g in enumerate(gradients))
    # Not at every call: state kept by position in the loop is right as long as the order is the same.
    turned = tuple(dict(reversed(g.items())) if call % 2 == 0 else g for call, g in enumerate(gradients))
    # One array has no gradient in call 4, and none has one in call 5: states must persist.
    pause = tuple(
        scaled(g, 0.0) if call == 4 else g | ({"W": 0.0 * g["W"]} if call == 3 else {})
        for call, g in enumerate(gradients)
    )
    probes = [
        RuleProbe("main", tiny, start, gradients),
        RuleProbe("quiet start", tiny, start, still),
        RuleProbe("other order", tiny, start, turned, params_turned_in=(4,)),
        RuleProbe("arrays used again", tiny, start, gradients, reuses_buffers=True),
        RuleProbe("second instance", tiny, start, gradients, two_in_turn=True),
        RuleProbe("spike", tiny, start, spike),
    ]
    if has_eps:
        small = tuple(scaled(g, 1e-9) for g in gradients)
        # ε near the size of the gradients, inside or outside the root; from zero, so that no digits are lost.
        near = tiny | {"eps": 1e-8}
        zeros = scaled(start, 0.0)
        probes.append(RuleProbe("large eps", large, start, gradients))
        probes.append(RuleProbe("small gradients", near, zeros, small))
    if remembers:
        probes.append(RuleProbe("zero in the middle", tiny, start, pause))
        few = {key: start[key] for key in MANY_KEYS}
        long = tuple({key: gradients[call % CALLS][key] for key in MANY_KEYS} for call in range(MANY_CALLS))
        probes.append(RuleProbe(LONG, tiny, few, long))
    return tuple(probes)


def draw(rng: np.random.Generator, scale: float) -> Arrays:
    """Gaussian arrays, kept away from zero so that ratios are not decided by rounding."""
    arrays = {}
    for key, shape in SHAPES.items():
        drawn = rng.normal(size=shape)
        arrays[key] = np.asarray(scale * np.sign(drawn) * np.maximum(np.abs(drawn), 0.1))
    return arrays


def scaled(arrays: Arrays, factor: float) -> Arrays:
    """The arrays times a number, as new arrays (a product of a 0-d array alone would be a scalar)."""
    return {key: np.asarray(factor * value) for key, value in arrays.items()}
