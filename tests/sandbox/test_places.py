"""Where a box shows the machine's files."""

import pytest

from autograde.sandbox import bubblewrap


@pytest.mark.parametrize(
    ("path", "seen"),
    [("/home/teacher/.venv", "/home/teacher/.venv"), ("/tmp/clone/.venv", "/outside/tmp/clone/.venv")],
)
def test_an_environment_below_tmp_stays_clear_of_the_boxs_own_tmp(path, seen):
    assert bubblewrap.inside(path) == seen
