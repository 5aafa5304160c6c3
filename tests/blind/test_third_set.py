"""The third blind set: every wrong rule rejected, with something said; every right one accepted."""

from pathlib import Path

import pytest
from blind_collection import of_folder

from descentlab.checks import run

SETS = Path(__file__).with_name("sets")
WRONG = [blind for name in ("third", "third-odd", "third-double") for blind in of_folder(SETS / name)]
RIGHT = of_folder(SETS / "third-right")


def test_the_sets_are_whole():
    assert len(WRONG) >= 109
    assert len(RIGHT) >= 20


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
