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
    """A submission's files in their places, and others that wait to take them."""
    (tmp_path / ".autograde").mkdir()
    for name, place in (("hw.ipynb", tmp_path), ("hw.json", tmp_path / ".autograde")):
        (place / name).write_text("old")
        (tmp_path / ".autograde" / f"{name}.next").write_text("new")
    return tmp_path


def waiting(folder):
    return sorted((folder / ".autograde").glob("*.next"))


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
        (folder / ".autograde" / f"{moved}.next").replace(place / moved)
    assert repair_autograded(folder, ["hw"], new)
    assert read_autograded(folder, ["hw"]) == new
    assert waiting(folder) == []


def test_files_whose_row_was_never_committed_go(folder):
    old, _ = words(folder)
    assert repair_autograded(folder, ["hw"], old)
    assert read_autograded(folder, ["hw"]) == old
    assert waiting(folder) == []


def test_files_that_fit_no_row_are_neither_believed_nor_kept(folder):
    assert not repair_autograded(folder, ["hw"], "another")
    assert waiting(folder) == []


def test_what_waits_is_replaced_whole_by_what_is_written_next(folder):
    (folder / ".autograde" / "timestamp.txt.next").write_text("2026-01-01 10:00:00 UTC\n")
    stage_autograded({"hw.json": [b"newer ", b"still"]}, folder, 0o444)
    assert [(path.name, path.read_text()) for path in waiting(folder)] == [("hw.json.next", "newer still")]


def test_where_a_person_has_to_look_no_file_waits(folder):
    remove_autograded(folder)
    assert [path.name for path in folder.rglob("*")] == [".autograde"]
