"""The probes a function is tried on, made from a seed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import sha256
from numbers import Number
from typing import Any

import numpy as np

from verdicts.values.numbers import LARGEST

ProbeRun = Mapping[str, Any]
"""The evidence of one probe, read from bytes: what an answer gave."""
Runs = Mapping[str, ProbeRun]
"""By the probe's name."""


ProbeData = Mapping[str, Any]
"""The numbers that a function's reference needs to know of a probe, by name."""


@dataclass(frozen=True, eq=False)
class FunctionProbe:
    """One call of the student's function."""

    name: str
    """Its id, and the student's text where the numbers differ."""
    args: tuple[Any, ...]
    """The positional arguments: numbers, arrays, dicts of arrays, functions."""
    data: ProbeData
    """The reference's data on the probe."""
    said: str = ""
    """Shown to the student instead of a name that would tell the answer."""

    @property
    def given(self) -> Any:
        """What an answer is given, for `digest`."""
        return self.args

    @property
    def label(self) -> str:
        """The name, with the arguments if all are single numbers, so that a student can repeat the call."""
        if self.said:
            return self.said
        if not all(isinstance(a, int | float) for a in self.args) or list(self.args) != list(
            self.data.values()
        ):
            return self.name
        return f"{self.name} ({', '.join(f'{key} = {value:.6g}' for key, value in self.data.items())})"


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
    special: str = ""
    """Instead of a change: which special argument it has, in words after "where"."""
    free: Set[str] = frozenset()
    """The numbers and arrays that are as in the example."""


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
        for change, value in _changes(base.args[place], bound) if name else ():
            yield _varied(base, names, {name: value}, name, change)
    tables = [name for name in names if np.ndim(base.data.get(name, 0)) == 2]
    if len({len(base.data[name]) for name in tables}) == 1:
        longer = {name: np.concatenate((base.data[name], base.data[name][-1:])) for name in tables}
        yield _varied(base, names, longer, tables[0], "{name} gets one more row")


MOST_SPECIAL = 4
"""Problems that get each special argument."""


def special_probes(
    probes: Sequence[FunctionProbe], bounds: Mapping[str, float | str]
) -> Iterator[VariedProbe]:
    """Yield the first problems with one argument that is special: 0, 1, equal to another, or a plain array."""
    for number, base in enumerate(probes[:MOST_SPECIAL]):
        names = argument_names(base)
        plain = {key for key, value in base.data.items() if isinstance(value, int | float | np.ndarray)}
        for name in filter(None, names):
            for words, changed in _specials(name, base.data):
                data = {**base.data, **changed}
                limits = ((data[one], data.get(most, most)) for one, most in bounds.items())
                if {*changed} <= {*names} and all(np.all(value <= most) for value, most in limits):
                    made = _varied(base, names, changed, name, f"{words}, {number}")
                    yield replace(made, special=words, free=plain - {*changed})


def _specials(name: str, data: ProbeData) -> Iterator[tuple[str, dict[str, Any]]]:
    value = data[name]
    if type(value) in (int, float):
        for number in (0, 1):
            yield f"`{name} = {number}`", {name: type(value)(number)}
        for other in [*data][[*data].index(name) + 1 :]:
            if type(data[other]) is type(value):
                yield f"`{name} = {other}`", {name: data[other]}
    elif isinstance(value, np.ndarray) and value.ndim and len(value) > 1:
        short = {
            key: one[:1]
            for key, one in data.items()
            if isinstance(one, np.ndarray) and one.shape[:1] == value.shape[:1]
        }
        if next(iter(short)) == name:
            yield f"`{name}` has one {'row' if value.ndim > 1 else 'entry'}", short
        yield f"the entries of `{name}` are equal", {name: np.broadcast_to(value[:1], value.shape).copy()}
        yield f"`{name}` is sorted", {name: np.sort(value, axis=0)}


def argument_names(probe: FunctionProbe) -> list[str]:
    """The name of each argument in the probe's data; empty for what is not there: a function."""
    left = dict(probe.data)
    names = []
    for argument in probe.args:
        names.append(next((name for name, value in left.items() if value is argument), ""))
        left.pop(names[-1], None)
    return names


def _changes(value: Any, bound: float | None) -> Iterator[tuple[str, Any]]:
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


def digest(probes: Iterable[Any]) -> str:
    """A digest of what an answer is `given`, to seven digits: the last ones depend on the processor.

    NumPy promises a seed's numbers for one version only. The digest is part of the evidence, so that an answer is
    never compared with other probes.
    """
    return sha256("\n".join(_words([probe.given for probe in probes])).encode()).hexdigest()


def _words(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [word for key, item in value.items() for word in (*_words(key), *_words(item))]
    if isinstance(value, list | tuple):
        return [word for item in value for word in _words(item)]
    if isinstance(value, set):
        return sorted(_words([*value]))
    if isinstance(value, np.ndarray):
        return _words(value.ravel().tolist())
    if isinstance(value, Number):
        return [hex(value) if type(value) is int and abs(value) >= LARGEST else f"{value:.6e}"]
    return [] if callable(value) or value is None else [f"{value}"]


def generator(check: str, seed: int) -> np.random.Generator:
    """The generator of the check's probes: the same (check, seed) gives the same numbers everywhere."""
    digest = sha256(f"{check}:{seed}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
