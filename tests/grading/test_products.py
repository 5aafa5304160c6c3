"""The autograded notebook is the file that nbformat would write; what a kill left is moved on or removed."""

from __future__ import annotations

import copy
import json

import nbformat.v4
import pytest
from nbformat import from_dict

from autograde.grading.autograded_files import (
    notebook_as_json,
    read_autograded,
    remove_autograded,
    repair_autograded,
    stage_autograded,
)

METADATA = {"trusted": True, "tags": [], "deep": {"b": [1, {"c": None}], "a": 2.5}, "empty": {}}
BUNDLE = {
    "text/plain": "a\nb",
    "text/html": "",
    "image/svg+xml": "<svg>\n</svg>",
    "image/png": "iVBOR\n",
    "application/javascript": "a\r\nb",
    "application/json": {"lines": "a\nb", "list": [[], True]},
}
CELLS = [
    {"id": "a", "cell_type": "markdown", "source": "è\n\u2028\ud800 x\n", "metadata": METADATA},
    {"id": "b", "cell_type": "markdown", "source": "", "metadata": {}, "attachments": {"x.png": BUNDLE}},
    {
        "id": "c",
        "cell_type": "code",
        "source": "print(1)\nprint(2)",
        "metadata": {"nbgrader": {"points": 2.0, "grade": True}},
        "execution_count": 3,
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "1\n2\n"},
            {"output_type": "error", "ename": "E", "evalue": "a\nb", "traceback": ["a\nb", ""]},
            {"output_type": "display_data", "data": BUNDLE, "metadata": {"image/png": {"alt": "ß"}}},
            {"output_type": "execute_result", "data": BUNDLE, "metadata": {}, "execution_count": None},
        ],
    },
]


def test_a_notebook_is_written_as_nbformat_writes_it_and_stays_as_it_is():
    fields = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"signature": "x", **METADATA}, "cells": CELLS}
    notebook = from_dict(copy.deepcopy(fields))
    written = notebook_as_json(notebook).decode("utf-8")
    assert json.loads(written) == json.loads(nbformat.v4.writes(from_dict(fields)).encode("utf-8", "replace"))
    assert written.endswith("}\n")
    assert max(map(len, written.splitlines())) < 200
    assert json.dumps(notebook) == json.dumps(fields)


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
