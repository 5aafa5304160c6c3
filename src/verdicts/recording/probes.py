"""The probes a function is tried on, made from a seed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


def argument_names(probe: FunctionProbe) -> list[str]:
    """The name of each argument in the probe's data; empty for what is not there: a function."""
    left = dict(probe.data)
    names = []
    for argument in probe.args:
        names.append(next((name for name, value in left.items() if value is argument), ""))
        left.pop(names[-1], None)
    return names


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
