"""Every flag has words."""

import ast
from pathlib import Path

from autograde.course.results import FLAGS, sentences_of, words_of
from autograde.sandbox.conversation import NOTICES, REASONS
from autograde.untrusted import notebook


def test_a_run_is_stopped_only_with_a_flag_that_is_said():
    assert (set(NOTICES) - {"interrupted"}) | set(REASONS.values()) <= set(FLAGS)
    assert words_of("died") == "its process ended in the middle"
    assert words_of("of a later version") == "of a later version"
    assert len(sentences_of(("died", "not-run", "of a later version"))) == 1


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
