"""What a killed grader left does not stand in the way of the next one."""

import os
from pathlib import Path

from autograde.sandbox import staging


def test_folders_deeper_than_any_recursion_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(staging.tempfile, "gettempdir", lambda: str(tmp_path))
    root = tmp_path / f"{staging.PREFIX}killed"
    root.mkdir()
    (root / "lock").touch()
    here = Path.cwd()
    try:
        os.chdir(root)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    staging._remove_left_behind()
    assert not root.exists()
