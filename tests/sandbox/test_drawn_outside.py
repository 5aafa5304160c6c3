"""Checks whose problems are made from their answers: a submission's process has the arguments alone."""

import pytest

from autograde.sandbox import CellTask
from verdicts import judging

SEED = 8_765_432_109_876_543
# What earned full points while the problems were drawn in the sandbox.
FRAME = """
import sys
def read_off(path):
    d = sys._getframe(1).f_locals["probe"].data
    return d["step"], d["momentum"]
"""
SEEDS = """
import sys
import numpy as np
from verdicts.courses import find
from verdicts.recording.probes import generator
def read_off(path):
    frame = sys._getframe(1)
    while frame is not None:
        for seed in [value for value in frame.f_locals.values() if isinstance(value, int)]:
            for p in find("momentum/read-off").probes(generator("momentum/read-off", seed)):
                if np.shape(p.args[0]) == np.shape(path) and np.allclose(p.args[0], path):
                    return p.data["step"], p.data["momentum"]
        frame = frame.f_back
"""
OBJECT = """
def faults(steps):
    lr, memory, mixes = steps.args
    return {"remembers": bool(memory), "mixes": bool(mixes)}
"""
NAME = """
import sys
def faults(steps):
    name = sys._getframe(1).f_locals["probe"].name
    return {"remembers": not name.startswith("no memory"), "mixes": "apart" not in name}
"""
RIGHT = {
    "momentum/read-off": """
import numpy as np
def read_off(path):
    moves = np.diff(path)
    return tuple(np.linalg.lstsq(np.stack([-path[1:-1], moves[:-1]], axis=1), moves[1:], rcond=None)[0])
""",
    "rmsprop/faults": """
import numpy as np
def faults(steps):
    mixes = steps[2, 0, 0] != steps[0, 0, 0] or steps[3, 0, 1] != steps[0, 0, 1]
    return {"remembers": not np.allclose(steps[1, 1], steps[0, 0]), "mixes": bool(mixes)}
""",
}


def fraction(pool, check: str, answer: str) -> float:
    """What an answer earns in the sandbox, judged outside."""
    function = check.partition("/")[2].replace("-", "_")
    cell = f'from descentlab import check\ncheck("{check}", {function})'
    *_, checked = (
        pool.submit_run([CellTask(answer), CellTask(cell, SEED, check)], 1).result(timeout=120).cells
    )
    return judging.judge(check, checked.evidence, SEED).fraction


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        ("momentum/read-off", FRAME),
        ("momentum/read-off", SEEDS),
        ("rmsprop/faults", OBJECT),
        ("rmsprop/faults", NAME),
    ],
    ids=["the probe's data", "the seed", "the argument's parts", "the probe's name"],
)
def test_an_answer_read_from_the_problem_earns_nothing(pool, check, answer):
    assert fraction(pool, check, answer) == 0


@pytest.mark.parametrize("check", RIGHT)
def test_a_right_answer_earns_all(pool, check):
    assert fraction(pool, check, RIGHT[check]) == 1


def test_arguments_of_one_check_are_no_problem_of_another(run):
    cell = 'from descentlab import check\ncheck("sgd/noise-floor", lambda *a: 1.0)'
    *_, checked = run("1", (cell, SEED, "momentum/read-off")).cells
    assert judging.judge("momentum/read-off", checked.evidence, SEED).fraction == 0
