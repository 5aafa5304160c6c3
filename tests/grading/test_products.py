"""What a kill left of a submission's files is moved on or removed."""

from __future__ import annotations

import pytest

from autograde.grading.autograded_files import (
    read_autograded,
    remove_autograded,
    repair_autograded,
    stage_autograded,
)


@pytest.fixture
def folder(tmp_path):
    """A submission's files in their places, and others of the same names that wait in `next`."""
    (tmp_path / ".autograde" / "next").mkdir(parents=True)
    for name, place in (("hw.ipynb", tmp_path), ("hw.json", tmp_path / ".autograde")):
        (place / name).write_text("old")
        (tmp_path / ".autograde" / "next" / name).write_text("new")
    return tmp_path


def words(folder):
    """The word for the old files, and for the new ones."""
    old = read_autograded(folder, ["hw"])
    for name, place in (("hw.ipynb", folder), ("hw.json", folder / ".autograde")):
        (place / name).write_text("new")
    new = read_autograded(folder, ["hw"])
    for name, place in (("hw.ipynb", folder), ("hw.json", folder / ".autograde")):
        (place / name).write_text("old")
    return old, new


@pytest.mark.parametrize("moved", [None, "hw.ipynb", "hw.json"])
def test_files_whose_row_is_committed_are_moved_on(folder, moved):
    _, new = words(folder)
    if moved:
        place = folder if moved.endswith(".ipynb") else folder / ".autograde"
        (folder / ".autograde" / "next" / moved).replace(place / moved)
    assert repair_autograded(folder, ["hw"], new)
    assert read_autograded(folder, ["hw"]) == new
    assert not (folder / ".autograde" / "next").exists()


def test_files_whose_row_was_never_committed_go(folder):
    old, _ = words(folder)
    assert repair_autograded(folder, ["hw"], old)
    assert read_autograded(folder, ["hw"]) == old
    assert not (folder / ".autograde" / "next").exists()


def test_files_that_fit_no_row_are_neither_believed_nor_kept(folder):
    assert not repair_autograded(folder, ["hw"], "another")
    assert not (folder / ".autograde" / "next").exists()


def test_what_waits_is_replaced_whole_by_what_is_written_next(folder):
    (folder / ".autograde" / "next" / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC\n")
    stage_autograded({}, folder, 0o444)
    assert list((folder / ".autograde" / "next").iterdir()) == []


def test_where_a_person_has_to_look_no_file_waits(folder):
    remove_autograded(folder)
    assert [path.name for path in folder.rglob("*")] == [".autograde"]
