"""Lesson 00's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np
import pytest

from descentlab.judging import run


@pytest.mark.parametrize("side", [0, 1])
def test_a_relative_error_with_one_array_below_fails_at_every_seed(side):
    def one_side_below(*arrays):
        size = np.abs(arrays[side])
        return np.max(np.abs(arrays[0] - arrays[1]) / np.where(size == 0, 1.0, size))

    assert not any(run("gradients/relative-error", one_side_below, seed).passed for seed in range(60))


def test_a_relative_error_with_the_largest_entry_below_fails_at_every_seed():
    def largest_below(a, b):
        size = max(np.abs(a).max(), np.abs(b).max())
        return np.max(np.abs(a - b)) / size if size else 0.0

    assert not any(run("gradients/relative-error", largest_below, seed).passed for seed in range(200))
