"""What a solution's cell gives on the problems of its inline check: run in a box that no student's cell uses.

Problems are drawn here, too, from a seed for each student, by the notebook's generator or around the examples.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

import numpy as np

from verdicts.inline import CheckDefinition, DefinitionError, Problem, call_of, probe_of, problem_of
from verdicts.recording.evidence_bytes import MAX_BYTES, Evidence, OddEvidenceError, pack, unpack
from verdicts.recording.run_student import captured, run_trusted
from verdicts.recording.time_limit import time_limit
from verdicts.values import carried
from verdicts.values.arguments import Functions, choices
from verdicts.values.outcomes import raised

FEWEST = 6
"""The fewest different ones, everybody's among them."""
TRIES = 20
"""Problems that are drawn until the solution gives a result on a new one."""

Slot = tuple[int, Iterable[Problem]]
"""What a problem is like, as `CheckDefinition.origins` has it, and alternatives for it."""


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

    def solve(slots: Iterable[Slot]) -> Evidence:
        if not definition.examples:
            return {"problems": [{}], "origins": [0], "results": [carried(solution)]}
        seen: set[bytes] = set()
        found = (
            (_first_result(definition, solution, slot, functions, seen), origin) for origin, slot in slots
        )
        done = [(*first, origin) for first, origin in found if first]
        if len(seen) < FEWEST and not isinstance(asked, list):
            raise DefinitionError(
                f"{len(seen)} different problems are drawn, at least {FEWEST} are needed: {remedy(definition)}"
            )
        return {
            "problems": [problem for problem, _, _ in done],
            "origins": [origin for _, _, origin in done],
            "results": [run["result"] for _, run, _ in done],
            "args": [run.get("args", []) for _, run, _ in done],
        }

    slots = (
        [(0, [problem]) for problem in asked] if isinstance(asked, list) else _drawn(definition, names, asked)
    )

    def solve_twice() -> Evidence:
        first = solve(slots)
        again = solve((0, [problem]) for problem in reversed(first["problems"]))
        return {"check": name, "again": again["results"][::-1], **first}

    return _in_fork(solve_twice) if definition.examples else pack(solve_twice())


def remedy(definition: CheckDefinition) -> str:
    """What to do where the problems of a check tell too little."""
    if definition.is_generated:
        return "let draws(rng) draw from more"
    return f"give a second example, or a cell tagged `draws: {definition.name}` with a function draws(rng)"


def _drawn(definition: CheckDefinition, names: Mapping[str, Any], seed: int) -> Iterator[Slot]:
    """The origin of each problem of a student, and alternatives for it: what everybody gets comes first."""
    many, rng = len(definition.examples), np.random.default_rng(seed)
    yield from ((origin, [definition.around(origin)]) for origin in range(many))
    yield from ((origin, [problem]) for origin, problem in definition.shared)
    if definition.is_generated:
        if "draws" not in names:
            raise DefinitionError("the cell tagged `draws:` defines no draws(rng), or stands below the call")
        drawn = map(problem_of, names["draws"](rng))
        for _ in range(definition.each):
            yield many, islice(drawn, TRIES)
        return
    most = (len(choices(value)) for example in definition.examples for value in example.values())
    for turn, origin in product(range(max(definition.each, *most)), definition.origins):
        number = turn * many + origin
        yield origin, (definition.around(number, rng, tried % 2 == 0) for tried in range(TRIES))


def _first_result(
    definition: CheckDefinition,
    solution: Any,
    alternatives: Iterable[Problem],
    functions: Functions,
    seen: set[bytes],
) -> tuple[Problem, Evidence] | None:
    """The first new problem on which the solution gives a result, and its run; None if all are known.

    Raises:
        DefinitionError: the solution gives no result.
    """
    said, is_known = "", False
    for problem in alternatives:
        if problem.keys() != definition.around(0).keys():
            raise DefinitionError(
                f"draws(rng) yields {', '.join(problem)} and not the arguments of the example"
            )
        if (packed := pack(problem)) in seen:
            is_known = True
            continue
        run = run_trusted(solution, probe_of(definition, problem, functions), call_of(definition))
        if "raised" in run:
            run["result"] = raised(run["raised"][0])
        elif "error" in run:
            said = f"the solution fails: {run['error']['type']}: {run['error']['message']}"
            continue
        seen.add(packed)
        return problem, run
    if said and not is_known:
        raise DefinitionError(said)
    return None


def _in_fork(work: Callable[[], Evidence]) -> bytes:
    """The evidence of work that leaves nothing behind in this process; {"failed": why} where it fails."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            try:
                with captured(), time_limit():
                    data = pack(work())
                if "problems" not in unpack(data):
                    raise OddEvidenceError(f"more than {MAX_BYTES >> 20} MiB")
            except BaseException as error:
                said = f"{error}"
                if isinstance(error, OddEvidenceError):
                    said = f"its problems and results are more than evidence can hold: {said}"
                elif not isinstance(error, DefinitionError):
                    said = f"its problems cannot be drawn or solved: {type(error).__name__}: {said}"
                data = pack({"failed": said})
            with open(writing, "wb") as pipe:
                pipe.write(data)
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return data or pack({"failed": "the solution ends its process"})
