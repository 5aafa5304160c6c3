"""The table of doors names tests that are there, and every door has a row."""

import re

import pytest
from support import ROOT

PAGE = (ROOT / "docs" / "where-to-run.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in re.search(r"^\| door .*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)[1].splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_shows_a_door_is_a_test(row):
    named = re.findall(r"`(tests/[\w/]+\.py)`", row[2])
    assert named
    for name in named:
        assert re.search(r"^ *def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)


def test_each_platform_that_a_command_makes_something_for_has_a_row():
    from autograde.new.workflows import PLACES

    text = " ".join(row[1] for row in ROWS)
    assert [name for name in ("gradescope", *PLACES) if name not in text] == []
