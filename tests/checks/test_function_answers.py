"""Functions of the lessons: right ones pass however written, each likely slip loses its own criterion.

The answers stand in each lesson's own `test_<lesson>_functions.py`: RIGHT, and WRONG with what they earn.
"""

from importlib import import_module

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.checks.comparing.functions import value_difference
from descentlab.checks.spec import Criterion, FunctionCheck

LESSONS = [
    import_module(f"test_{name}_functions")
    for name in ("gradients", "momentum", "nesterov", "adagrad", "rmsprop")
]


@pytest.mark.parametrize(
    ("seeds", "name", "answer"), [(lesson.SEEDS, *row) for lesson in LESSONS for row in lesson.RIGHT]
)
def test_a_right_answer_earns_full_points_at_every_seed(seeds, name, answer):
    for seed in seeds:
        verdict = run(name, answer, seed)
        assert verdict.passed, verdict.cause
        assert verdict.fraction == 1


@pytest.mark.parametrize(
    ("seeds", "name", "answer", "fraction"),
    [(lesson.SEEDS, *row) for lesson in LESSONS for row in lesson.WRONG],
)
def test_a_slip_loses_the_criterion_it_breaks(seeds, name, answer, fraction):
    with np.errstate(invalid="ignore"):
        for seed in seeds:
            assert run(name, answer, seed).fraction == pytest.approx(fraction), seed


PAIR = FunctionCheck("unknown/pair", probes=lambda rng: (), section="", parts=("loss", "slope"))
RIGHT = {"result": [np.array(1.0), np.array([2.0, 3.0])]}
WRONG_SLOPE = {"result": [np.array(1.0), np.array([2.0, 4.0])]}


def test_a_part_of_a_tuple_is_compared_alone():
    assert value_difference(PAIR, WRONG_SLOPE, RIGHT, part="loss") is None
    assert value_difference(PAIR, WRONG_SLOPE, RIGHT, part="slope") is not None


def test_a_criterion_on_a_part_that_is_not_there_compares_nothing_and_says_so():
    criterion = Criterion("its slope", part="slpoe")
    with pytest.raises(LookupError, match="slpoe"):
        value_difference(PAIR, RIGHT, RIGHT, part=criterion.part)
