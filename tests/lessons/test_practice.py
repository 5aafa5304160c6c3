"""Lesson 08's Lion, against steps from outside."""

import numpy as np
import pytest
from lesson import LESSONS

(LESSON,) = [lesson for lesson in LESSONS if lesson.name == "08-practice"]


def cell_with(mark):
    """The source of the lesson's cell that holds the mark."""
    (source,) = [cell.source for cell in LESSON.plain_code_cells if mark in cell.source]
    return source


def test_lion_makes_the_steps_of_its_papers_algorithm_worked_by_hand():
    """Chen and others 2023, Algorithm 2: β₁ = 0.9, β₂ = 0.99, η = 0.1, w = 0.5, from θ = 1 and m = 0.

    g = 2: c = 0.2, θ = 1 − 0.1 (1 + 0.5) = 0.85, m = 0.02. g = −0.1: c = 0.018 − 0.01 > 0, so θ = 0.85 − 0.1
    (1 + 0.425) = 0.7075, m = 0.0198 − 0.001 = 0.0188. g = −1: c = 0.01692 − 0.1 < 0, θ = 0.7075 + 0.1 (1 −
    0.35375) = 0.772125.
    """
    names = {"np": np}
    exec(cell_with("class Lion"), names)
    rule, params = names["Lion"](0.1, weight_decay=0.5), {"theta": np.array([1.0])}
    places = []
    for g in (2.0, -0.1, -1.0):
        rule.update(params, {"theta": np.array([g])})
        places.append(params["theta"][0])
    assert places == pytest.approx([0.85, 0.7075, 0.772125], rel=1e-12)
