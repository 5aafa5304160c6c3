"""Inline checks: a teacher's call of `check` defines one by an example of the arguments, and no package has it.

    check("ode/heun-step", heun_step, points=4, example=dict(f=[falls, swings], t=0.7, y=[1.0, 2.0], h=0.1))
    check("ode/energy-drift", energy_drift, points=2, rtol=1e-6)
    check("ode/rk4", RK4, points=4, start=dict(h=0.2), method="step", calls=5, carry={"y": 0}, example=dict(t=0.0, y=[1.0]))

What is right is what the solution's own cell gives. Definitions and problems are plain data: they travel to the boxes of
the solution and of the students, stand in the released notebook, and are kept.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from io import StringIO
from itertools import chain, cycle, islice
from types import MappingProxyType
from typing import Any

import numpy as np

from verdicts import agreement
from verdicts.courses import ENGINE, BoxFiles, CourseContent
from verdicts.recording.evidence_bytes import Evidence, pack, unpack
from verdicts.recording.probes import FunctionProbe
from verdicts.recording.run_student import call_function
from verdicts.recording.time_limit import TimeLimitError
from verdicts.spec import Check, Criterion, FunctionCheck, ValueCheck
from verdicts.values import Carried, brief, carried, is_of, kind, outcomes
from verdicts.values.arguments import (
    STUBS,
    ArgumentError,
    Functions,
    can_change,
    choices,
    decoded,
    encoded,
    near,
    part_handed_on,
)

WORDS = frozenset(("rtol", "atol", "method", "calls", "carry", "changes", "prints"))
PROBLEMS = 8
"""The fewest problems of a check that are drawn for each student, besides those that everybody gets."""
MOST_CALLS = 16
MOST_NAMED = 16
NEVER_ASKED = (MemoryError, TimeLimitError, NotImplementedError)
CHANGED = 0.2
"""The share of the points that an answer loses which changes its arguments."""
AT_START, OF_ANOTHER = "at the start", "of another object"
FIRST, LATER, OTHER = "first call", "later calls", "another object"

Problem = dict[str, Any]
"""The arguments of one problem by name, as `encoded` makes them; those of a class as `CheckDefinition.around` names them."""
Pairs = Sequence[tuple[Problem, Any]]
"""Problems, and what the solution gives on each, as it is carried."""


class DefinitionError(ValueError):
    """A call of `check` that defines none, or a solution that defines no result; one line for the teacher."""


@dataclass(frozen=True)
class CheckDefinition:
    """What a call of `check` says of the problems, and what goes with it wherever they are solved."""

    name: str = ""
    """The check's."""
    section: str = ""
    """The section to read again."""
    cells: Sequence[Sequence[str]] = ()
    """The lines of each locked cell that the functions of the problems need."""
    examples: Sequence[Problem] = ()
    """The arguments by name, in the order in which they are handed over; none for a value."""
    rtol: float = agreement.RTOL
    atol: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)
    """The weights of the parts of a tuple, in order, or of a dict, by name."""
    start: Problem = field(default_factory=dict)
    """The constructor's arguments of a class."""
    method: str = ""
    """What is called of a class; empty for a function or a value."""
    calls: int = 1
    carry: Mapping[str, Any] = field(default_factory=dict)
    """Of a class: the arguments that take the result of the call before; of a tuple or dict this part."""
    raises: Sequence[str] = ()
    """The names of the exceptions that a problem may ask for."""
    changes: str = ""
    """The argument that is changed in place; it is the result."""
    prints: bool = False
    """Whether the result is what is printed."""
    is_generated: bool = False
    """Whether a generator of the notebook draws the problems, instead of one around each example."""
    shared: Sequence[tuple[int, Problem]] = ()
    """What a release drew for everybody: the origin and the arguments of each problem."""
    least: int = 2
    """The fewest problems of each origin that are drawn for one student; a release raises it."""

    @classmethod
    def read(
        cls,
        name: str,
        is_generated: bool,
        *,
        example: Any = None,
        parts: Any = (),
        start: Mapping[str, Any] = MappingProxyType({}),
        raises: Any = (),
        **words: Any,
    ) -> CheckDefinition:
        """The definition in the words of a call.

        Raises:
            DefinitionError: they define nothing, or one is unknown.
        """
        if unknown := words.keys() - WORDS:
            raise DefinitionError(f"check has no {'=, '.join(unknown)}=")
        for word, value in {"start": start, "carry": words.get("carry", {})}.items():
            if not isinstance(value, Mapping):
                raise DefinitionError(f"{word}= is a dict of arguments by name")
        dicts = example if isinstance(example, list) else [] if example is None else [example]
        alike = all(isinstance(one, Mapping) and one and [*one] == [*dicts[0]] for one in dicts)
        if not alike or example == []:
            raise DefinitionError(
                "example= is a dict of arguments by name, or a list of dicts with the same names"
            )
        types = raises if isinstance(raises, tuple) else (raises,)
        if not all(isinstance(one, type) and issubclass(one, Exception) for one in types):
            raise DefinitionError("raises= is a type of exceptions, or a tuple of them")
        if reserved := {*kind.RESERVED} & {*parts, *start, *chain(*dicts)}:
            raise DefinitionError(f"no part and no argument can have the name {reserved.pop()!r}")
        made = cls(
            name,
            examples=[problem_of(one, may_choose=True) for one in dicts],
            parts=parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0),
            start=problem_of(start),
            raises=[one.__name__ for one in types],
            is_generated=is_generated,
            **words,
        )
        made._require_sound()
        return made

    def _require_sound(self) -> None:
        names = {*chain(*self.examples)}
        for number in (self.rtol, self.atol, *self.parts.values()):
            if type(number) not in (int, float) or not 0 <= number < math.inf:
                raise DefinitionError("rtol=, atol= and the weights of parts= are numbers, 0 or more")
        if not self.method and (self.start or self.carry or self.calls != 1):
            raise DefinitionError("start=, calls= and carry= are for a class: say which method= is called")
        if self.changes and self.changes not in names:
            raise DefinitionError("changes= is the name of an argument of example=")
        if self.method and (self.raises or self.changes or self.prints):
            raise DefinitionError("raises=, changes= and prints= are for a function")
        if self.method and not self.examples:
            raise DefinitionError("a class has an example= of the arguments of its method=")
        if type(self.calls) is not int or not 1 <= self.calls <= MOST_CALLS:
            raise DefinitionError(f"calls= is a whole number from 1 to {MOST_CALLS}")
        if unknown := self.carry.keys() - names:
            raise DefinitionError(f"carry= names {', '.join(unknown)}, and example= does not")

    def one_result(self, result: Carried) -> Carried:
        """What a function gives, or the first call of an object."""
        return result[FIRST] if self.method and kind.has_names(result) else result

    def asked(self, result: Any) -> str:
        """What an answer is called with, and the parts of its result: who holds other words has an older version."""
        named = [*(self.parts or (result if kind.has_names(result) else ()))][:MOST_NAMED]
        called = f"Arguments: {', '.join(chain(self.start, self.examples[0]))}."
        return (
            " ".join(f"{called} Parts of the result: {', '.join(named)}.".splitlines()) if named else called
        )

    def packed(self, **more: Any) -> str:
        """The definition as a text for boxes, folded cells and the gradebook, with anything more that evidence holds."""
        return pack({"check": self.name, "inline": asdict(self), **more}).decode()

    @classmethod
    @lru_cache(maxsize=100)  # it is asked for with each student's problems, and again with the verdict
    def of_text(cls, text: str) -> CheckDefinition:
        """The definition that `packed` wrote."""
        return cls(**unpack(text.encode())["inline"])

    @property
    def functions(self) -> set[str]:
        """The names of the functions in the examples."""
        # In an argument's text, quotes are escaped.
        return {*re.findall(r'"function":"(\w+)"', self.packed())}

    def own_functions(self) -> Functions:
        """The functions that the locked cells define, run in a namespace of their own."""
        names: dict[str, Any] = {}
        for lines in self.cells:
            exec(compile("\n".join(lines), "<locked cell>", "exec"), names)
        return names

    def around(
        self, number: int, rng: np.random.Generator | None = None, draws_whole: bool = True
    ) -> Problem:
        """The problem with this number, the examples and the functions in their turn; near them with a generator.

        Of a class: the constructor's arguments of two objects, and those of each call, but what is carried.
        """
        turn, origin = divmod(number, len(self.examples))

        def one(example: Problem) -> Problem:
            several = {key: choices(value) for key, value in example.items()}
            chosen = {key: many[turn % len(many)] for key, many in several.items()}
            return {key: near(value, rng, draws_whole) for key, value in chosen.items()} if rng else chosen

        if not self.method:
            return one(self.examples[origin])
        calls = [one(self.examples[origin]) for _ in range(self.calls)]
        named = {
            f"{name} {when}": value
            for when in (AT_START, OF_ANOTHER)
            for name, value in one(self.start).items()
        }
        for at, call in enumerate(calls):
            named |= {_name(name, at): call[name] for name in call if not (at and name in self.carry)}
        return named

    def asking(self, problems: Sequence[Problem], origins: Sequence[int]) -> CheckDefinition:
        """The definition with these problems, the examples first: an earlier release may have drawn others for everybody."""
        return replace(self, shared=[*zip(origins, problems, strict=False)][len(self.examples) :])

    @property
    def origins(self) -> Sequence[int]:
        """What problems are drawn like, in turn: the numbers of examples, or one more for a generator's."""
        return [len(self.examples)] if self.is_generated else self.varying

    @property
    def each(self) -> int:
        """How many problems of each origin are drawn for one student; more where there are more functions."""
        return max(self.least, math.ceil(PROBLEMS / len(self.origins or "?")))

    @cached_property
    def varying(self) -> Sequence[int]:
        """The examples around which problems are drawn; one in which nothing varies goes to everybody as it is."""
        many = len(self.examples)

        def varies(origin: int) -> bool:
            others = (self.around(origin + turn * many, np.random.default_rng(turn)) for turn in range(1, 5))
            return any(pack(other) != pack(self.around(origin)) for other in others)

        return [origin for origin in range(many) if varies(origin)]


@lru_cache(maxsize=100)
def public_in(text: str) -> Pairs:
    """The problems that everybody gets of a packed definition, and what is right there, as a release found them."""
    return unpack(text.encode()).get("solved", ())


def problem_of(arguments: Mapping[str, Any], may_choose: bool = False) -> Problem:
    """The arguments by name as plain data.

    Raises:
        DefinitionError: one cannot be.
    """
    try:
        return {key: encoded(value, may_choose) for key, value in arguments.items()}
    except ArgumentError as error:
        raise DefinitionError(str(error)) from None
    except RecursionError:
        raise DefinitionError("an argument contains itself, or is nested too deeply") from None


def _name(argument: str, number: int) -> str:
    return f"{argument} in call {number + 1}" if number else argument


class _Arguments(dict[str, Any]):
    """The arguments of a problem by name, and what the solution gives on it."""

    expected: Any = None


def probe_of(
    definition: CheckDefinition,
    problem: Problem,
    functions: Functions,
    number: int = 1,
    expected: Carried = None,
) -> FunctionProbe:
    """The call to make of an answer on one problem."""
    data = _Arguments({key: decoded(value, functions) for key, value in problem.items()})
    data.expected = expected
    said = ", ".join(
        f"{name.removesuffix(f' {AT_START}')} = {getattr(value, '__name__', brief(value))}"
        for name, value in data.items()
        if not definition.method or name.endswith(AT_START)
    )
    name = f"problem {number}"
    return FunctionProbe(name, tuple(data.values()), data, f"{name} ({said})" if said else name)


def make_check(
    definition: CheckDefinition, pairs: Pairs, functions: Functions = STUBS
) -> FunctionCheck | ValueCheck:
    """The check of a definition on these problems; `functions`: those of the examples, by name."""
    common: dict[str, Any] = {name: getattr(definition, name) for name in ("name", "section", "rtol", "atol")}
    common["course"] = ENGINE
    if not definition.examples:
        return ValueCheck(**common)
    probes = [
        probe_of(definition, problem, functions, number, expected)
        for number, (problem, expected) in enumerate(pairs, 1)
    ]
    in_order = not any(is_of("dict", definition.one_result(expected)) for _, expected in pairs)
    return FunctionCheck(
        **common,
        probes=lambda rng: probes,
        criteria=tuple(_criteria(definition, probes)),
        parts=tuple(definition.parts) if in_order else (),
        call=call_of(definition),
        drawn_outside=True,
    )


def _criteria(definition: CheckDefinition, probes: Sequence[FunctionProbe]) -> Iterator[Criterion]:
    parts = (definition.parts or {"": 1.0}).items()
    if definition.method:
        later = [("the later calls", f"{LATER}\n\n")] if definition.calls > 1 else []
        numbers = [
            Criterion(_idea(part, words), weight, part=f"{when}{part}".strip("\n"))
            for words, when in [("the first call", f"{FIRST}\n"), *later, ("another object", f"{OTHER}\n")]
            for part, weight in parts
        ]
    else:
        numbers = [
            Criterion(
                _idea(part, words), weight, names, part=part, needs=tuple(_idea(part, one) for one in needs)
            )
            for words, names, needs in _alike(definition, probes)
            for part, weight in parts
        ]
    yield from numbers
    if not definition.changes and any(
        can_change(value) for example in definition.examples for value in example.values()
    ):
        kept = "the arguments are left as they were"
        yield Criterion(kept, 0, of_arguments=True, penalty=CHANGED, needs=(numbers[0].name,))


def _idea(part: str, words: str) -> str:
    return ", ".join(filter(None, (part, words))) or "the function's numbers"


def _alike(
    definition: CheckDefinition, probes: Sequence[FunctionProbe]
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield the problems that are alike: in words, their names, and in words those that must be right, too.

    What everybody gets earns nothing alone, nor does it to raise an exception wherever one is asked for.
    """
    many = len(definition.examples)
    if many == 1:
        yield "", (), ()
        return
    drawn = chain(
        range(many), (origin for origin, _ in definition.shared), cycle(definition.origins or [many])
    )
    turns = [*zip(probes, drawn, strict=False)]
    gives = {
        turn
        for probe, turn in turns
        if kind.kind_of(getattr(probe.data, "expected", None)) is not outcomes.RAISED
    }
    words = [f"like example {origin + 1}" for origin in range(many)] + ["as drawn"]
    answered = [origin for origin in definition.origins if origin in gives] or [many]
    for origin in [*answered, *(origin for origin in range(many) if origin not in answered)]:
        alike = tuple(probe.name for probe, turn in turns if turn == origin)
        yield words[origin], alike, () if origin in answered else (words[answered[0]],)


def call_of(definition: CheckDefinition) -> Callable[[Evidence, Any, FunctionProbe], None]:
    """What records an answer's run on one problem; of a class an object is made and called, and a second one in between."""

    def call_class(run: Evidence, answer: Any, problem: FunctionProbe) -> None:
        def fresh() -> dict[str, Any]:
            return copy.deepcopy(dict(problem.data))

        def method(when: str) -> Callable[..., Any]:
            data = fresh()
            made = answer(**{name: data[f"{name} {when}"] for name in definition.start})
            return getattr(made, definition.method)

        def answers(data: Problem, one: Callable[..., Any]) -> Iterator[Carried]:
            last = None
            for number in range(definition.calls):
                takes = definition.carry if number else {}
                last = one(
                    *(
                        part_handed_on(last, takes[name]) if name in takes else data[_name(name, number)]
                        for name in definition.examples[0]
                    )
                )
                yield carried(last)

        data, number = fresh(), min(1, definition.calls - 1)
        given = answers(data, method(AT_START))
        results = [*islice(given, number)]
        # With the arguments of the call to come: the states of the two objects differ.
        next_data = fresh()
        arguments = (next_data.get(_name(name, number), next_data[name]) for name in definition.examples[0])
        other = carried(method(OF_ANOTHER)(*arguments))
        results += given
        later = {f"call {number}": result for number, result in enumerate(results[1:], 2)}
        run["result"] = {FIRST: results[0], LATER: later, OTHER: other}
        run["args"] = [carried(value) for value in data.values() if not callable(value)]
        *_, run["alone"] = answers(fresh(), method(AT_START))

    def call(run: Evidence, answer: Any, problem: FunctionProbe) -> None:
        text = StringIO()
        try:
            with redirect_stdout(text):
                call_function(run, answer, problem)
        except Exception as error:
            names = [one.__name__ for one in type(error).__mro__ if one.__name__ in definition.raises]
            if names and not isinstance(error, NEVER_ASKED):
                run["raised"] = names
            raise
        finally:
            print(text.getvalue(), end="")
        if definition.prints:
            lines = text.getvalue().rstrip().splitlines()
            run["result"] = carried("\n".join(map(str.rstrip, lines)))
        if definition.changes:
            names = [name for name, value in problem.data.items() if not callable(value)]
            run["result"] = {definition.changes: run["args"][names.index(definition.changes)]}

    return call_class if definition.method else call


@lru_cache(maxsize=1)
def of_task(task: bytes) -> FunctionCheck | ValueCheck | None:
    """The check with the problems of a task that the grader packed; None for other bytes. Kept, as one answer asks twice."""
    held = unpack(task) if task else {}
    if "inline" not in held:
        return None
    definition = CheckDefinition(**held["inline"])
    return make_check(
        definition, [(problem, None) for problem in held["problems"]], definition.own_functions()
    )


class NotebookChecks(CourseContent):
    """The course of all checks that notebooks define; whoever judges one makes it known first."""

    def __init__(self) -> None:
        self.known: dict[str, Check] = {}
        self.values: dict[str, Any] = {}

    def checks(self) -> Mapping[str, Check]:
        """Those that are known here."""
        return self.known

    def reference(self, check: Check) -> Callable[[Any], Any]:
        """What the solution gave."""
        return lambda data: data.expected if isinstance(data, _Arguments) else self.values[check.name]

    def box_files(self, names: Any, for_solution: bool = False) -> BoxFiles:
        """The engine's files that any submission gets."""
        return BoxFiles(("*.py", "recording/*.py", "values/*.py", "notebook/*.py"))

    def make_known(
        self, definition: CheckDefinition, pairs: Pairs, functions: Functions, **more: Any
    ) -> Check:
        """Make known a check on these problems, in place of those before; `more`: its `public` and `names`."""
        self.known[definition.name] = made = replace(make_check(definition, pairs, functions), **more)
        self.values[definition.name] = pairs[0][1] if pairs else None
        return made


CHECKS = NotebookChecks()


def notebook_checks() -> NotebookChecks:
    """The course of all checks that notebooks define, for `verdicts.courses`."""
    return CHECKS
