"""What a killed process left in a scratch folder does not stand in the way of the next one."""

import fcntl
import multiprocessing
import os
from contextlib import closing
from pathlib import Path

import pytest

from autograde.scratch import ScratchFolder, remove_left_behind, scratch_folder


def left_behind(parent: Path) -> Path:
    root = parent / "made-killed"
    root.mkdir()
    (root / "lock").touch()
    return root


def test_folders_deeper_than_any_recursion_are_removed(tmp_path):
    root = left_behind(tmp_path)
    here = Path.cwd()
    try:
        os.chdir(root)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    remove_left_behind(tmp_path, "made-")
    assert not root.exists()


def test_what_a_kill_left_before_its_lock_was_made_is_removed_too(tmp_path):
    (tmp_path / "made-killed").mkdir()
    with scratch_folder(tmp_path, "made-") as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.parent.name]
    assert not any(tmp_path.iterdir())


def test_a_folder_in_use_is_left_alone(tmp_path):
    with closing(ScratchFolder(tmp_path, "made-")) as first:
        (first.files / "kept").touch()
        with scratch_folder(tmp_path, "made-") as second:
            assert second != first.files
        assert (first.files / "kept").exists()


def test_a_lock_counts_only_while_it_is_the_file_at_its_path(tmp_path, monkeypatch):
    """Another process removes the new folder after its lock was opened and before it is held."""
    flock = fcntl.flock

    def removed_first(lock: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        remove_left_behind(tmp_path, "made-")
        flock(lock, operation)

    monkeypatch.setattr(fcntl, "flock", removed_first)
    with scratch_folder(tmp_path, "made-") as folder:
        assert folder.is_dir()
    assert not any(tmp_path.iterdir())


def test_of_many_that_start_at_once_each_keeps_its_folder(tmp_path):
    with multiprocessing.get_context("spawn").Pool(12) as processes:
        kept = processes.map(_folders_kept, [tmp_path] * 12, chunksize=1)
    assert kept == [FOLDERS_EACH] * 12
    assert not any(tmp_path.iterdir())


FOLDERS_EACH = 100


def _folders_kept(parent: Path) -> int:
    kept = 0
    for _ in range(FOLDERS_EACH):
        with scratch_folder(parent, "made-") as folder:
            (folder / "file").touch()
            kept += (folder / "file").exists()
    return kept


def test_a_link_and_what_it_leads_to_are_left_alone(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "made-link").symlink_to(elsewhere)
    remove_left_behind(tmp_path, "made-")
    assert (tmp_path / "made-link").is_symlink()
    assert elsewhere.exists()


def test_a_linked_lock_is_not_followed(tmp_path):
    root = tmp_path / "made-odd"
    root.mkdir()
    (root / "lock").symlink_to(tmp_path / "made-by-the-lock")
    remove_left_behind(tmp_path, "made-")
    assert root.exists()
    assert not (tmp_path / "made-by-the-lock").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="not run: only root can give a folder away: run as root")
def test_another_users_folder_is_left_alone(tmp_path):
    root = left_behind(tmp_path)
    os.chown(root, 65534, 65534)
    remove_left_behind(tmp_path, "made-")
    assert root.exists()


def test_nothing_is_left_where_no_folder_can_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError), scratch_folder(tmp_path / "file", "made-"):
        pass
