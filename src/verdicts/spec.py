"""The definition of a check: plain data, each field documented.

A check of any type draws its probes from a seed. How an answer to it is recorded, compared and diagnosed is said by its
course, for each type of check (`courses`); here are the two types that every course has.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator

from verdicts import agreement
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import FunctionProbe, ProbeData, generator, probe
from verdicts.recording.run_student import Call, call_function

__all__ = [
    "Check",
    "Criterion",
    "FunctionCheck",
    "FunctionProbe",
    "ProbeData",
    "Probes",
    "ValueCheck",
    "probe",
    "same_word",
]

Probes = Iterator[FunctionProbe]
"""What draws a check's probes yields them."""


@dataclass(frozen=True)
class Criterion:
    """One idea of an answer, judged by itself and worth a share of the points."""

    name: str
    """Its id, and the student's text in the table."""
    weight: float = 1.0
    """Its share, relative to the other criteria of the check."""
    probes: tuple[str, ...] = ()
    """The probes on which the numbers must agree; empty: all that count."""
    calls: int | None = None
    """How many first calls of each probe are compared; None: all."""
    of_arguments: bool = False
    """Whether the arguments stay as they were given; else the results agree with the reference's."""
    part: str = ""
    """The part of a function's result to compare: a key of a dict, or one of the check's `parts` of a tuple;
    empty: all. A part of that part stands on the next line; an empty line stands for each."""
    penalty: float = 0.0
    """The share of what the others earn that is lost where this one fails; it has no weight then."""
    needs: tuple[str, ...] = ()
    """Criteria that must pass too: what does nothing also leaves its arguments alone."""
    shown_after: tuple[str, ...] = ()
    """Criteria that must pass before a failure of this one is shown; until then it is "not looked at yet". Never
    changes the points.
    """


@dataclass(frozen=True, kw_only=True)
class Check:
    """Base class of all checks."""

    name: str = field(kw_only=False)
    """`lesson/what`."""
    section: str = field(kw_only=False)
    """The section to read again."""
    criteria: tuple[Criterion, ...] = ()
    course: str = ""
    """The name of its course, which `courses.find` fills in."""
    public: Sequence[tuple[Any, Any]] = ()
    """Of a check that a notebook defines: its first problems, where everybody gets them, and what is right there."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Those that a class gave to mistakes in it, as `diagnosis.common_mistakes` masks them."""

    @property
    def full_name(self) -> str:
        """`course:lesson/what`, which no other check has."""
        return f"{self.course}:{self.name}"

    @property
    def lends(self) -> str:
        """The name of the class that is kept when this check has passed, and lent; empty if nothing is."""
        return ""

    def draw(self, seed: int) -> tuple[Any, ...]:
        """The probes to try an answer on; none for a value."""
        return ()

    def arguments(self, seed: int) -> bytes:
        """The arguments of each probe, for `record`, if they are drawn outside the sandbox; else b""."""
        return b""


@dataclass(frozen=True, kw_only=True)
class FunctionCheck(Check):
    """The student's answer is a function: a probe in, a number or arrays out."""

    probes: Callable[[Generator], Iterable[FunctionProbe]] = field(kw_only=False)
    """The probes, drawn from the seed's generator."""
    rtol: float = agreement.RTOL
    """Allowed distance, relative to the largest expected number of the probe: by default that of rounding."""
    atol: float = 0.0
    """Allowed distance where the expected number is zero."""
    parts: tuple[str, ...] = ()
    """The names of a returned tuple's entries in a verdict; empty: their positions."""
    criteria: tuple[Criterion, ...] = (Criterion("the function's numbers", 1),)
    """The default is one criterion with all probes."""
    drawn_outside: bool = False
    """Set it where the probes are made from their answers, and draw them in the lesson's `reference.py`. The grader's
    sandbox then gets the arguments, which must be numbers and arrays, but neither the seed nor `data`.
    """
    call: Call = call_function
    """What records the answer's run on one probe."""
    stated_by: str = ""
    """The dotted name of a function of the course that states the answer: it does nothing where this is asked."""

    @property
    def is_watched(self) -> bool:
        """Whether what an answer does is judged, too: parts of its evidence are no student's, and no argument need matter."""
        return self.call is not call_function and not self.drawn_outside

    def draw(self, seed: int) -> tuple[FunctionProbe, ...]:
        """The calls to make of an answer."""
        return tuple(self.probes(generator(self.name, seed)))

    def arguments(self, seed: int) -> bytes:
        if not self.drawn_outside:
            return b""
        calls = [[probe.name, *probe.args] for probe in self.draw(seed)]
        return evidence_bytes.pack({"check": self.name, "probes": calls})


@dataclass(frozen=True, kw_only=True)
class ValueCheck(Check):
    """The student's answer is a number, an array or a word. The expected value is never shown."""

    rtol: float = 0.0
    """Allowed distance, relative to the expected number. Words must be equal: `same_word`."""
    asks: str = ""
    """The question, as the message for a wrong answer repeats it; empty: only its kind."""
    atol: float = 0.0
    """Allowed distance where the expected number is zero."""
    criteria: tuple[Criterion, ...] = (Criterion("the value", 1),)


def same_word(one: str, other: str) -> bool:
    """Whether two words are equal, apart from case and spaces."""
    return "".join(one.split()).lower() == "".join(other.split()).lower()
