"""The further blind sets: every wrong rule rejected, with something said; every right one accepted."""

from pathlib import Path

import pytest
from blind_collection import of_folder

from descentlab.checks import run

SETS = Path(__file__).with_name("sets")
ALL = [blind for folder in sorted(SETS.iterdir()) if folder.is_dir() for blind in of_folder(folder)]
WRONG, RIGHT = [blind for blind in ALL if blind.mistakes], [blind for blind in ALL if not blind.mistakes]


def test_the_sets_are_whole():
    assert len(WRONG) >= 309
    assert len(RIGHT) >= 60


@pytest.mark.parametrize("blind", WRONG, ids=lambda b: b.name)
def test_a_wrong_rule_is_rejected_and_something_is_said(blind):
    verdict = run(blind.check, blind.answer, 0)
    assert not verdict.passed
    assert verdict.cause
    assert verdict.mistake or verdict.facts or verdict.hint
    assert "line by line of your code" not in verdict.hint, "a hint that says nothing of this rule"


@pytest.mark.parametrize("blind", RIGHT, ids=lambda b: b.name)
def test_a_right_rule_is_accepted(blind):
    assert run(blind.check, blind.answer, 0).passed
