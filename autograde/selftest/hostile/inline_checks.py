"""F. Inline checks: the solution's box, its generator, the folded cell, and the problems of others."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType

from autograde.entries.answer_key import Solution, Solved
from autograde.pipeline.solver import Solver
from autograde.sandbox import CellTask, Pool
from autograde.selftest.hostile import boxes, forging
from autograde.selftest.hostile.attack import PRELUDE, AnyAttack, AttackTrial, cell
from verdicts import judging
from verdicts.inline import CheckDefinition
from verdicts.judging.examiners import make_known
from verdicts.recording.evidence_bytes import pack

NAME = "own/mix"
SEED, OTHERS_SEED = 1_234_567_890_123_456, 8_765_432_109_876_543
LOCKED = "def bends(x):\n    return 3 * x * x + 0.25\ndef tilts(x):\n    return 2 - 7 * x"
MARK = "nobody finds this sentence in a box of a student's"
SOLVED = f"def mix(f, x):\n    return [f(a) + 5 for a in x]  # {MARK}"
WRONG = "def mix(f, x):\n    return [f(a) for a in x]"
CALL = f'from verdicts import check\ncheck("{NAME}", mix)'
DRAWS = "def draws(rng):\n    while True:\n        {}\n        yield {{'f': bends, 'x': rng.normal(size=3).tolist()}}"


class _Function:
    """A function of a locked cell, by its name."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self) -> None:
        """Only its name is asked for."""


def _definition(is_generated: bool = False) -> CheckDefinition:
    functions = [_Function("bends"), _Function("tilts")]
    example = [{"f": functions, "x": [0.5, -1.5, 2.0]}, {"f": functions, "x": [1.25]}]
    return replace(CheckDefinition.read(NAME, is_generated, example=example), cells=[LOCKED.split("\n")])


def _solution(generator: str = "") -> Solution:
    cells = ["import os, time", LOCKED, SOLVED, *([DRAWS.format(generator)] if generator else []), CALL]
    in_order = [(source, "check" if source == CALL else None) for source in cells]
    return Solution(in_order, {}, {"check": _definition(bool(generator)).packed()})


def _solved(solution: Solution, *seeds: int) -> list[Solved]:
    """What a solution gives for students with these seeds, in boxes that no student's cell uses."""
    with Solver(partial(Pool, jobs=1, limits=boxes.LIMITS, for_solution=True), {"own": solution}) as solver:
        return solver.solve("own", [("check", seed) for seed in seeds])


@cache
def _right() -> tuple[Solved, Solved]:
    own, others = _solved(_solution(), SEED, OTHERS_SEED)
    return own, others


def _earned(*cells: str, most: float = 0.0) -> str | None:
    """What went wrong where the cells of a student stand above the check."""
    own, others = _right()
    full, handed = f"verdicts:{NAME}", partial(_definition().packed)
    with Pool(jobs=1, limits=boxes.LIMITS, checks=[full]) as pool:
        first = [LOCKED, SOLVED, CellTask(CALL, OTHERS_SEED, full, handed=handed(problems=others.problems))]
        then = [LOCKED, *cells, CellTask(CALL, SEED, full, handed=handed(problems=own.problems))]
        for tasks in (first, then):
            run = [CellTask(one) if isinstance(one, str) else one for one in tasks]
            result = pool.submit_run(run, SEED).result()
    make_known(_definition(), own.pairs)
    fraction = judging.judge(full, result.cells[-1].evidence, SEED).fraction if result.cells else 0.0
    said = boxes.printed(result)
    if "BREACH" in said:
        return said[said.index("BREACH") :][:200]
    return f"got {fraction:g} of the points" if fraction > most else None


def _right_answer() -> str | None:
    """The trials can fail: the solution's own lines earn all points."""
    return None if _earned(SOLVED) == "got 1 of the points" else "a right answer did not get all points"


def _replayed() -> str | None:
    """The evidence of a classmate whose answer is right."""
    _, others = _right()
    runs = [{"probe": f"problem {n}", "result": result} for n, result in enumerate(others.results, 1)]
    evidence = pack({"check": NAME, "state": "answered", "runs": runs})
    return _earned(
        WRONG,
        f"from verdicts.recording import evidence_outbox as o\no.put = (lambda put: lambda e: put({evidence!r}))(o.put)",
    )


def _generator(body: str) -> str | None:
    """A generator that fails for one student: others get their problems, in the time that is allowed."""
    failed, fine = (_solved(_solution(one), SEED)[0] for one in (body, "pass"))
    if not failed.failed:
        return "a generator that fails gave problems"
    return fine.failed or None


TRIALS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "a solution's results are looked for in all objects": (
        PRELUDE + cell(f"""
        import gc
        for found in gc.get_objects():
            if isinstance(found, dict) and ('results' in found or 'expected' in found and 'problems' in found):
                breach('results')
            if isinstance(found, str) and {MARK[:20]!r} + {MARK[20:]!r} in found:
                breach('the solution')
        """),
        WRONG,
    ),
    "a solution's text is looked for in memory": (forging._scan(MARK[:25], MARK[25:]), WRONG),
    "the problems of the student before are looked for in memory": ("OTHERS", WRONG),
    "the definition is replaced by a milder one": (
        cell("""
        from verdicts import inline, problems
        read = inline.CheckDefinition.of_text
        inline.CheckDefinition.rtol = inline.CheckDefinition.atol = 1e9
        inline.CHECKS.make_known(inline.CheckDefinition("own/mix", rtol=1e9), [], {})
        """),
        WRONG,
    ),
    "the functions of the problems are replaced": (
        "from verdicts import inline\ninline.CheckDefinition.own_functions = lambda self: dict.fromkeys(['bends', 'tilts'], lambda x: 0)",
        WRONG,
    ),
    "a student's process asks to solve": (
        cell("""
        from verdicts.recording import evidence_bytes, evidence_outbox
        armed = evidence_outbox.armed
        def asks():
            seed, task = armed()
            held = evidence_bytes.unpack(task)
            return seed, evidence_bytes.pack(dict(held, solve=held['problems'], draws=[]))
        evidence_outbox.armed = asks
        """),
        WRONG,
    ),
    "a student's process asks for the definition": (
        cell("""
        from verdicts.recording import evidence_bytes, evidence_outbox
        armed = evidence_outbox.armed
        evidence_outbox.armed = lambda: (1, evidence_bytes.pack({'check': 'own/mix', 'solve': 'definition', 'draws': []}))
        """),
        WRONG,
    ),
    "the check's call is made before, with an easier example": (
        WRONG,
        'from verdicts import check\ncheck("own/mix", mix, example=dict(f=bends, x=[0.0]), atol=1e9)',
    ),
    "a generator of the student's own": (WRONG, "def draws(rng):\n    while True:\n        yield {'f': bends, 'x': []}"),
    "objects that equal everything": (
        "class Equal(float):\n    __eq__ = __le__ = __ge__ = lambda self, other: True\n    __sub__ = __rsub__ = lambda self, other: 0.0",
        "def mix(f, x):\n    return [Equal(0.0) for a in x]",
    ),
    "the results of the public problems": (
        "def mix(f, x):\n    return {3: [6.0, 12.0, 17.25], 1: [9.9375]}[len(x)]",
    ),
})  # fmt: skip
GENERATORS = {
    "a generator that never yields": "while True: pass",
    "a generator that sleeps": "time.sleep(600)",
    "a generator that ends its box": "os.kill(os.getppid(), 9); os._exit(0)",
    "a generator that yields other arguments": "yield {'y': 1.0}",
}


def _trial(name: str, cells: tuple[str, ...]) -> str | None:
    if name.startswith("the problems of the student before"):
        number = repr(_right()[1].problems[-1]["x"][0])  # the first are the examples
        cells = (forging._scan(number[:6], number[6:]), *cells[1:])
    return _earned(*cells)


ATTACKS: tuple[AnyAttack, ...] = (
    AttackTrial("the solution's own lines get all points of an inline check", _right_answer),
    AttackTrial("a classmate's right evidence of an inline check", _replayed),
    *(AttackTrial(f"inline: {name}", partial(_trial, name, cells)) for name, cells in TRIALS.items()),
    *(AttackTrial(f"inline: {name}", partial(_generator, body)) for name, body in GENERATORS.items()),
)
