"""docs/lines.md: where the lines of the code are."""

import re
import sys

import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import lines as page

ROW = re.compile(r"^\| `([\w.]+)` \| [\d,]+ \| ([\d,]+) ", re.MULTILINE)
SOURCE = '''"""A module.

With a text of three lines."""

import os  # counts as code

# a remark


def f():
    """One line."""
    return """no
docstring"""
'''


def test_lines_are_told_apart():
    assert page.figures(SOURCE) == {"docstring": 3, "code": 4, "comment": 1}


def test_the_page_has_every_room_and_its_code_to_a_tenth():
    """Figures move with every commit, so that they are not held to the line; `make pages` brings them up."""
    rows = ROW.findall((ROOT / "docs/lines.md").read_text(encoding="utf-8"))
    said = {room: int(code.replace(",", "")) for room, code in rows}
    counted = {room: count["code"] for room, count in page.rooms().items()}
    assert said.keys() == counted.keys(), "run `make pages`"
    assert sum(said.values()) == pytest.approx(sum(counted.values()), rel=0.1), "run `make pages`"
