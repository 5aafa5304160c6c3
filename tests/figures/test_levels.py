"""Level lines of a function with kinks: straight where it is straight, with its corners."""

import numpy as np
import pytest

from descentlab.figures.levels import Levels

GRID = np.linspace(-1.0, 1.0, 17)


def diamond(x, y):
    """Its level lines are squares that stand on a corner."""
    return abs(x - 0.03) + abs(y + 0.02)


def slanted(x, y):
    """A cliff: flat on one side of a line, steep on the other."""
    return max(0.2, 0.2 + 9 * (x - 0.37 * y))


@pytest.mark.parametrize("level", [0.3, 0.55, 0.8])
def test_every_point_of_a_line_lies_on_it_and_the_corners_are_there(level):
    (line,) = Levels.of(diamond, GRID, GRID).lines(level)
    heights = [diamond(x, y) for x, y in line]
    assert heights == pytest.approx([level] * len(line), abs=1e-3)
    for corner in ((level, 0), (-level, 0), (0, level), (0, -level)):
        assert np.abs(line - (0.03, -0.02) - corner).max(axis=1).min() < 1e-3


def test_a_line_along_a_cliff_is_straight():
    (line,) = Levels.of(slanted, GRID, GRID).lines(0.25)
    assert np.ptp(line[:, 0] - 0.37 * line[:, 1]) < 1e-3


def test_what_is_below_a_level_ends_at_the_grids_edge():
    (edge,) = Levels.of(slanted, GRID, GRID).below(0.25)
    assert edge.min() == -1
    assert {(-1.0, -1.0), (-1.0, 1.0)} <= {tuple(point) for point in edge.tolist()}
    assert max(slanted(x, y) for x, y in edge) < 0.26


def test_the_lowest_point_is_found_in_a_kink():
    x, y, height = Levels.of(diamond, GRID, GRID).lowest()
    assert (x, y, height) == (
        pytest.approx(0.03, abs=1e-3),
        pytest.approx(-0.02, abs=1e-3),
        pytest.approx(0, abs=2e-3),
    )
