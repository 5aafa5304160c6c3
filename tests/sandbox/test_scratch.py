"""The writable folder of a box stays clear of the environment that the box reads."""

from pathlib import Path

import pytest

from autograde.sandbox import bubblewrap


@pytest.mark.parametrize(
    ("environment", "scratch"), [("/home/teacher/course/.venv", "/tmp"), ("/tmp/clone/.venv", "/scratch")]
)
def test_a_clone_below_tmp_gets_another_writable_folder(monkeypatch, environment, scratch):
    monkeypatch.setattr(bubblewrap, "bound_folders", lambda: [Path("/usr"), Path(environment)])
    assert bubblewrap.scratch() == scratch
