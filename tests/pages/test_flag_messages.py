"""A row keeps ids and values; the sentence is said when it is shown."""

import ast
import json
import re
import sqlite3
from pathlib import Path

import pytest

from autograde.course.flags import FLAGS, NOTES, OF_NOTEBOOK, note, sentences_of, words_of
from autograde.sandbox.conversation import NOTICES, REASONS
from autograde.untrusted import notebook


def test_a_row_keeps_the_note_and_its_values_and_no_sentence(course):
    course.submit("s01", "{")
    shown = course.grade().results[0].notes
    assert shown[0].startswith("adam.ipynb is not JSON: ")
    with sqlite3.connect(course.root / "gradebook.db") as gradebook:
        [(kept,)] = gradebook.execute("select notes from autograde_submission")
    assert [one["name"] for one in json.loads(kept)] == ["notebook/not-json"]
    assert "is not JSON" not in kept


def test_whatever_reading_a_notebook_finds_odd_has_a_sentence():
    raised = re.findall(r'OddNotebookError\(\s*"([^"]+)"', Path(notebook.__file__).read_text())
    assert {f"{OF_NOTEBOOK}{reason}" for reason in raised} == {name for name in NOTES if "/" in name}


def test_a_run_is_stopped_only_with_a_flag_that_is_said():
    assert (set(NOTICES) - {"interrupted"}) | set(REASONS.values()) <= set(FLAGS)
    assert words_of("died") == "its process ended in the middle"
    assert words_of("of a later version") == "of a later version"
    assert len(sentences_of(("died", "not-run", "of a later version"))) == 1


def test_a_note_names_all_its_values():
    assert note("many-files", most=3, more=4).values == {"most": 3}
    with pytest.raises(KeyError):
        note("many-files")


def test_every_flag_that_is_set_is_said():
    folder = Path(notebook.__file__).parents[1] / "grading"
    calls = [
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") == "flag" or getattr(node.func, "id", "") == "NeedsReviewError")
    ]
    literals = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert len(literals) > 4
    assert literals <= set(FLAGS)
