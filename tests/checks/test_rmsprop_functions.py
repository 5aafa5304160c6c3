"""Lesson 05's functions: right ones pass however written, each likely slip loses its own criterion."""

import re
from pathlib import Path

import numpy as np

from descentlab.exercises.rmsprop.withheld.reference import RUNS


def test_the_lesson_shows_the_runs_of_the_check():
    lesson = Path(__file__).parents[2] / "solutions/05-rmsprop/rmsprop.md"
    table = re.search(r"^runs = (np.array\(.*?^\]\))$", lesson.read_text(), re.MULTILINE | re.DOTALL)
    assert np.array_equal(eval(table[1], {"np": np}), RUNS)
