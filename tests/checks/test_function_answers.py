"""Functions of the lessons: right ones pass however written, each likely slip loses its own criterion.

The answers stand in each lesson's own `test_<lesson>_functions.py`: RIGHT, and WRONG with what they earn.
"""

from importlib import import_module

import numpy as np
import pytest

from descentlab.checks import run

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
