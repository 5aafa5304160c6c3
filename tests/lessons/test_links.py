"""Links of the lessons lead somewhere, and their sections are there."""

import re
from urllib.parse import unquote

import nbformat
import pytest
from support import ROOT

NOT_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(\s*(?!<?(?:[A-Za-z][\w+.-]*:|//))<?([^)\s>]+)")  # none with a scheme or host
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
# "section 4 of the book" is another text's, and so is "section 2.1".
SECTIONS = re.compile(r"\b[Ss]ections? (\d+)(?:(?:,| and| to|–) (\d+))?(?![\d.]*\d)(?!\s+(?:of|in)\b)")
LESSONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_links_and_sections_of_a_lesson_are_there(path):
    cells = nbformat.read(path, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    headings = [heading for text in texts for heading in HEADING.findall(text)]
    prose = "\n".join(NOT_PROSE.sub("", text) for text in texts)
    anchors = {heading.replace(" ", "-") for heading in headings}
    for target in LINK.findall(prose):
        file, _, anchor = unquote(target).partition("#")
        if file:
            place = path.parent / file
            assert place.exists() or place.with_suffix(".md").exists(), target
        else:
            assert anchor in anchors, target
    numbers = {heading.split()[0].rstrip(".") for heading in headings}
    for pair in SECTIONS.findall(prose):
        assert set(filter(None, pair)) <= numbers
