"""The table of doors names tests that are there, and every door has a row."""

import re

import pytest
from support import ROOT

PAGE = (ROOT / "docs" / "where-to-run.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in re.search(r"^\| door .*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)[1].splitlines()
]


# What they hold is no door: README's own lines, and what the wheel consists of.
NO_DOORS = {"tests/roles/test_readme.py", "tests/roles/test_wheel.py"}


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


def test_each_test_of_a_door_stands_in_some_row():
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "roles").rglob("test_*.py")}
    named = {name for row in ROWS for name in re.findall(r"`(tests/[\w/]+\.py)`", row[2])}
    assert there - named == NO_DOORS


def test_each_row_says_what_nobody_tried_and_leads_somewhere():
    for door, way, _, not_tried in ROWS:
        assert not_tried, door
        for page, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]+)\)", way)):
            text = (ROOT / "docs" / page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            assert not anchor or anchor in [_anchor(heading) for heading in headings], door


def _anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_each_command_of_the_table_is_one():
    from typer.main import get_command

    from autograde.cli import app

    known = get_command(app).commands
    for row in ROWS:
        for line in re.findall(r"`autograde ([^`]+)`", row[1]):
            first, *more = line.split()
            assert first in known, line
            assert not more or more[0] in known[first].commands, line
