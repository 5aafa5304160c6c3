"""What a solution's cell gives on the problems of its inline check: run in a box that no student's cell uses.

Problems are drawn here, too, from a seed for each student, by the notebook's generator or around the examples.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from math import ceil
from typing import Any

import numpy as np

from verdicts.inline import CheckDefinition, DefinitionError, Functions, Problem, call_of, encoded, make_check
from verdicts.recording.evidence_bytes import Evidence, OddEvidenceError, pack, unpack
from verdicts.recording.run_student import run_trusted, snapshot
from verdicts.recording.time_limit import time_limit

PROBLEMS = 8
"""The fewest problems of a check for each student."""
TRIES = 6
"""Problems that are drawn until the solution gives a result."""


def solved(
    name: str, solution: Any, task: bytes, words: Mapping[str, Any], names: Mapping[str, Any]
) -> bytes | None:
    """What a solution's cell says of its check; None for a student's task.

    Args:
        task: with `solve`: "definition", a seed, or the problems themselves. They are solved twice, in a fork, the second
            time from the last to the first: results that depend on what ran before differ.
        words: of the call.
        names: of the notebook, among them its generator.
    """
    held = unpack(task) if task else {}
    if "solve" not in held:
        return None
    asked = held["solve"]
    if asked == "definition":
        return CheckDefinition.read(name, f"draws: {name}" in held["draws"], **words).packed().encode()
    definition = CheckDefinition(**held["inline"])
    functions = definition.own_functions()

    def solve(slots: Iterable[Iterable[Problem]]) -> Evidence:
        if not definition.examples:
            return {"problems": [{}], "results": [snapshot(solution)]}
        done = [_first_result(definition, solution, slot, functions) for slot in slots]
        return {
            "problems": [problem for problem, _ in done],
            "results": [run["result"] for _, run in done],
            "args": [run["args"] for _, run in done],
        }

    slots = [[problem] for problem in asked] if isinstance(asked, list) else _drawn(definition, names, asked)

    def solve_twice() -> Evidence:
        first = solve(slots)
        again = solve([problem] for problem in reversed(first["problems"]))
        return {"again": again["results"][::-1], **first}

    return pack({"check": name, **(_in_fork(solve_twice) if definition.examples else solve_twice())})


def _drawn(definition: CheckDefinition, names: Mapping[str, Any], seed: int) -> Iterator[Iterable[Problem]]:
    """Alternatives for each problem of a student: the examples themselves come first."""
    many, rng = len(definition.examples), np.random.default_rng(seed)
    yield from ([around(definition, number)] for number in range(many))
    if definition.is_generated:
        if "draws" not in names:
            raise DefinitionError("the cell tagged `draws:` defines no draws(rng), or stands below the call")
        drawn = ({key: encoded(value) for key, value in one.items()} for one in names["draws"](rng))
        for _ in range(PROBLEMS):
            yield islice(drawn, TRIES)
        return
    turns = max(ceil(PROBLEMS / many), *map(_choices, definition.examples))
    for number in range(turns * many):
        yield (around(definition, number, lambda shape: 2 ** rng.uniform(-1, 1, shape)) for _ in range(TRIES))


def _choices(value: Any) -> int:
    """The most functions that one argument has to choose from."""
    return max((len(one.get("one of", ())) for one in value.values() if isinstance(one, Mapping)), default=0)


def around(definition: CheckDefinition, number: int, factor: Callable[[Any], Any] | None = None) -> Problem:
    """The problem with this number, the examples and the functions in their turn; `factor` gives each float's."""
    turn, place = divmod(number, len(definition.examples))
    example = definition.examples[place]
    if not definition.method:
        return _varied(example, factor, turn)
    calls = [_varied(example, factor, turn + k) for k in range(definition.calls)]
    return definition.flat([_varied(definition.start, factor, turn) for _ in range(2)], calls)


def _varied(value: Any, factor: Callable[[Any], Any] | None, turn: int) -> Any:
    """A value whose floats are multiplied, all else as it is; of several functions the one whose turn it is."""
    if isinstance(value, list):
        return [_varied(item, factor, turn) for item in value]
    if isinstance(value, Mapping):
        if "one of" in value:
            return value["one of"][turn % len(value["one of"])]
        return {key: _varied(item, factor, turn) for key, item in value.items()}
    if factor and type(value) is float:
        return value * float(factor(None))
    if factor and isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value * factor(value.shape)
    return value


def _first_result(
    definition: CheckDefinition, solution: Any, alternatives: Iterable[Problem], functions: Functions
) -> tuple[Problem, Evidence]:
    """The first problem on which the solution gives a result, and its run.

    Raises:
        DefinitionError: there is none.
    """
    said = "draws(rng) yields too few problems"
    for problem in alternatives:
        if problem.keys() != around(definition, 0).keys():
            raise DefinitionError(
                f"draws(rng) yields {', '.join(problem)} and not the arguments of the example"
            )
        check = make_check(definition, [(problem, None)], functions)
        run = run_trusted(solution, check.draw(0)[0], call_of(definition))
        if "error" not in run:
            return problem, run
        said = f"the solution fails: {run['error']['type']}: {run['error']['message']}"
    raise DefinitionError(said)


def _in_fork(work: Callable[[], Evidence]) -> Evidence:
    """What a piece of work gives that leaves nothing behind in this process; {"failed": why} where it fails."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            try:
                with time_limit():
                    data = pack({"check": "", **work()})
                if "problems" not in unpack(data):
                    raise OddEvidenceError("more than 1 MiB")
            except BaseException as error:
                said = f"{error}"
                if isinstance(error, OddEvidenceError):
                    said = f"its problems and results are more than evidence can hold: {said}"
                elif not isinstance(error, DefinitionError):
                    said = f"its problems cannot be drawn or solved: {type(error).__name__}: {said}"
                data = pack({"failed": said, "problems": []})
            with open(writing, "wb") as pipe:
                pipe.write(data)
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return unpack(data) if data else {"failed": "the solution ends its process", "problems": []}
