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


def wedge(x, y):
    """Below 1 between two lines that meet at (-0.9, 0.31) at a small angle, beyond which there is a cliff."""
    along, across = x + 0.9, y - 0.31
    return 1 + max(across - 0.05 * along, -across - 0.05 * along, x - 0.8)


def test_a_tip_thinner_than_a_cell_is_there_and_in_one_piece():
    (line,) = Levels.of(wedge, GRID, GRID, [1.0], 1).lines(1.0)
    assert line[:, 0].min() == pytest.approx(-0.9, abs=0.05)
    assert [wedge(x, y) for x, y in line] == pytest.approx([1.0] * len(line), abs=0.01)


def test_a_finer_grid_costs_calls_only_near_the_levels():
    calls = []

    def counted(x, y):
        calls.append((x, y))
        return diamond(x, y)

    fine = Levels.of(counted, GRID, GRID, [0.3], 2)
    assert fine.heights.shape == (65, 65)
    assert len(calls) == len(set(calls)) < 65 * 65 / 4


def test_a_label_finds_the_most_room_between_two_levels():
    grid = Levels.of(diamond, GRID, GRID, [0.3, 0.8], 1)
    x, y = grid.roomiest(0.8, 0.3, [*grid.lines(0.8), *grid.lines(0.3)], flat=1.0)
    assert diamond(x, y) == pytest.approx(0.55, abs=0.1)
    assert grid.roomiest(-1.0, -2.0, grid.lines(0.3)) is None
