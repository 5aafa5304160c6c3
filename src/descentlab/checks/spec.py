"""The definition of a check: plain data, each field documented.

A check of any kind draws its probes from a seed with `draw` and can `record` what an answer does on them. The
expected results, and the messages for differences, are outside the sandbox: `judging.kinds`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import (
    FunctionProbe,
    ProbeData,
    RuleProbe,
    VariedProbe,
    digest,
    generator,
    probe,
    rule_probes,
    varied_probes,
)
from descentlab.checks.recording.run_student import keep_value, run_answer

__all__ = [
    "Check",
    "Criterion",
    "FunctionCheck",
    "FunctionProbe",
    "ProbeData",
    "RuleCheck",
    "UnknownCheckError",
    "ValueCheck",
    "probe",
    "same_word",
]


@dataclass(frozen=True)
class Criterion:
    """One idea of an answer, judged by itself and worth a share of the points."""

    name: str
    """Its id, and a template: the student's text in the table."""
    weight: float = 1.0
    """Its share, relative to the other criteria of the check."""
    probes: tuple[str, ...] = ()
    """The probes on which the numbers must agree; empty: all that count."""
    calls: int | None = None
    """How many first calls of each probe are compared; None: all."""
    looks_at: str = "params"
    """`params`: the iterates, or a function's result, agree with the reference's. `grads`: the gradients stay
    as they were given. `args`: a function's arguments do."""
    part: str = ""
    """The part of a function's result to compare: a key of a dict, or one of the check's `parts` of a tuple;
    empty: all."""
    needs: tuple[str, ...] = ()
    """Criteria that must pass too: a rule that does nothing also leaves the gradients alone."""
    shown_after: tuple[str, ...] = ()
    """Criteria that must pass before a failure of this one is shown; until then it is "not looked at yet". Never
    changes the points.
    """


class AnyCheck:
    """Base class of all checks."""

    def draw(self, seed: int) -> tuple[Any, ...]:
        """The probes to try an answer on; none for a value."""
        return ()

    def varied(self, seed: int) -> tuple[VariedProbe, ...]:
        """Examples with one argument changed, for the diagnosis of a function."""
        return ()

    def arguments(self, seed: int) -> bytes:
        """The arguments of each probe, for `record`, if they are drawn outside the sandbox; else b""."""
        return b""


@dataclass(frozen=True)
class RuleCheck(AnyCheck):
    """The student's answer is a class with the signature of a rule."""

    name: str
    """`lesson/what`."""
    rule: str
    """The name of the reference class."""
    hyper: Mapping[str, tuple[float, float]]
    """The range each hyperparameter is drawn from, ε left out: apart enough that no two can be confused."""
    has_eps: bool
    """Whether the constructor takes `eps`: it is then probed both tiny and 0.1."""
    remembers: bool
    """Whether the rule has a state."""
    section: str
    """The section to read again."""
    criteria: tuple[Criterion, ...] = field(default=())
    """Empty: `rule_criteria`."""

    def __post_init__(self) -> None:
        if not self.criteria:
            object.__setattr__(self, "criteria", rule_criteria(self.has_eps, self.remembers))

    def draw(self, seed: int) -> tuple[RuleProbe, ...]:
        """The runs to put an answer through."""
        return rule_probes(self.name, seed, self.hyper, self.has_eps, self.remembers)

    def record(self, answer: Any, seed: int | None, drawn: bytes = b"") -> evidence_bytes.Evidence:
        """Run the answer on the probes; returns the evidence."""
        return _recorded(answer, self.draw(seed))


def _recorded(answer: Any, probes: Sequence[RuleProbe | FunctionProbe]) -> evidence_bytes.Evidence:
    return run_answer(answer, probes) | {"probes": digest(probes)}


def rule_criteria(has_eps: bool, remembers: bool) -> tuple[Criterion, ...]:
    """The ideas in an update rule: the first step, its memory, ε, order and ownership of arrays.

    The weights sum to 5, so that scores are round.
    """
    if remembers:
        first = Criterion("the first step", 1, ("main",), calls=1)
    else:
        first = Criterion("the step", 3 - has_eps, ("main", "quiet start"))
    criteria = [first]
    if remembers:
        probes = ("main", "quiet start", "zero in the middle", "many calls")
        every = "every step: what is remembered"
        criteria.append(Criterion(every, 2 - has_eps, probes, shown_after=(first.name,)))
    steps = tuple(criterion.name for criterion in criteria)
    if has_eps:
        eps_probes = ("large eps", "small gradients")
        criteria.append(Criterion("where ε stands", 1, eps_probes, shown_after=steps))
    criteria.append(
        Criterion(
            "any key order, its own memory for each optimizer",
            1,
            ("other order", "arrays used again", "second instance", "spike"),
            needs=(first.name,),
            shown_after=steps,
        )
    )
    criteria.append(
        Criterion("gradients left as they were", 1, ("main",), looks_at="grads", needs=(first.name,))
    )
    return tuple(criteria)


@dataclass(frozen=True)
class FunctionCheck(AnyCheck):
    """The student's answer is a function: a probe in, a number or arrays out."""

    name: str
    """`lesson/what`."""
    probes: Callable[[np.random.Generator], Iterable[FunctionProbe]]
    """The probes, drawn from the seed's generator."""
    section: str
    """The section to read again."""
    rtol: float = agreement.RTOL
    """Allowed distance, relative to the largest expected number of the probe: by default that of rounding."""
    atol: float = 0.0
    """Allowed distance where the expected number is zero."""
    parts: tuple[str, ...] = ()
    """The names of a returned tuple's entries in a verdict; empty: their positions."""
    criteria: tuple[Criterion, ...] = (Criterion("the function's numbers", 1),)
    """The default is one criterion with all probes."""
    bounds: Mapping[str, float | str] = field(default_factory=dict)
    """The largest value of each argument that may not always be doubled, or the argument it may not exceed."""
    drawn_outside: bool = False
    """Set it where the probes are made from their answers, and draw them in the lesson's `reference.py`. The grader's
    sandbox then gets the arguments, which must be numbers and arrays, but neither the seed nor `data`.
    """
    stated_by: str = ""
    """The dotted name of a function of descentlab that states the answer: it does nothing where this is asked."""

    def draw(self, seed: int) -> tuple[FunctionProbe, ...]:
        """The calls to make of an answer."""
        return tuple(self.probes(generator(self.name, seed)))

    def varied(self, seed: int) -> tuple[VariedProbe, ...]:
        """Each criterion's first example with one argument changed; none where examples are made from answers."""
        if self.drawn_outside:
            return ()
        probes = {probe.name: probe for probe in self.draw(seed)}
        bases = dict.fromkeys(next(iter(criterion.probes or probes)) for criterion in self.criteria)
        return tuple(varied for base in bases for varied in varied_probes(probes[base], self.bounds))

    def record(self, answer: Any, seed: int | None, drawn: bytes = b"") -> evidence_bytes.Evidence:
        """Call the answer; returns the evidence. `drawn`: the `arguments` of a check drawn outside."""
        if not drawn:
            return _recorded(answer, self.draw(seed))
        calls = evidence_bytes.unpack(drawn)["probes"]
        return _recorded(answer, [FunctionProbe(name, tuple(args), {}) for name, *args in calls])

    def arguments(self, seed: int) -> bytes:
        if not self.drawn_outside:
            return b""
        calls = [[probe.name, *probe.args] for probe in self.draw(seed)]
        return evidence_bytes.pack({"check": self.name, "probes": calls})


@dataclass(frozen=True)
class ValueCheck(AnyCheck):
    """The student's answer is a number, an array or a word. The expected value is never shown."""

    name: str
    """`lesson/what`."""
    rtol: float
    """Allowed distance, relative to the expected number. Words must be equal: `same_word`."""
    section: str
    """The section to read again."""
    asks: str = ""
    """A template: the question, as the message for a wrong answer repeats it; empty: only its kind."""
    atol: float = 0.0
    """Allowed distance where the expected number is zero."""
    criteria: tuple[Criterion, ...] = (Criterion("the value", 1),)

    def record(self, answer: Any, seed: int | None, drawn: bytes = b"") -> evidence_bytes.Evidence:
        """Return the answer itself as evidence."""
        return keep_value(answer)


def same_word(one: str, other: str) -> bool:
    """Whether two words are equal, apart from case and spaces."""
    return "".join(one.split()).lower() == "".join(other.split()).lower()


Check = RuleCheck | FunctionCheck | ValueCheck


class UnknownCheckError(LookupError):
    """No check has this name."""
